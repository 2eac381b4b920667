import { matchesGlob } from '../../core/glob.ts';
import type { Spec } from '../../core/value.ts';

/** Where notifications can be set: the job, one of its tasks, or the task inside a for-each task. */
export type Level = {
  /** What its field paths begin with: empty, `tasks.load.` or `tasks.load.for_each.`. */
  readonly prefix: string;
  /** Empty for the job itself. */
  readonly task: string;
  readonly isNested: boolean;
};

export const JOB_LEVEL: Level = { prefix: '', task: '', isNested: false };

export function taskLevel(task: string): Level {
  return { prefix: `tasks.${task}.`, task, isNested: false };
}

export function nestedLevel(task: string): Level {
  return { prefix: `tasks.${task}.for_each.`, task, isNested: true };
}

/** For people: `` for the job, `task load`, `task load (each)`. */
export function nameLevel({ task, isNested }: Level): string {
  return task === '' ? '' : `task ${task}${isNested ? ' (each)' : ''}`;
}

export type FieldPath = { readonly level: Level; readonly block: string; readonly field: string };

/** Task keys hold letters, digits, `-` and `_`, so that dots separate. */
const PATH = /^(?:tasks\.(?<task>[^.]+)\.(?<nested>for_each\.)?)?(?<block>[^.]+)\.(?<field>.+)$/;

/** What says what a task is like; most paths of a job are that. */
const MARKER = /^tasks\.([^.]+)$/;

/** A field path in its parts; undefined for what is none, such as the marker of a task. */
export function splitPath(path: string): FieldPath | undefined {
  if (MARKER.test(path)) return undefined;
  const parts = PATH.exec(path)?.groups;
  if (parts === undefined) return undefined;
  const { task = '', nested, block = '', field = '' } = parts;
  const level = task === '' ? JOB_LEVEL : nested === undefined ? taskLevel(task) : nestedLevel(task);
  return block === 'tasks' ? undefined : { level, block, field };
}

/** Each level that one of these paths belongs to, once. */
export function levelsOf(paths: readonly string[]): readonly Level[] {
  const levels = new Map<string, Level>();
  for (const path of paths) {
    const level = splitPath(path)?.level;
    if (level !== undefined) levels.set(level.prefix, level);
  }
  return [...levels.values()];
}

/**
 * Field paths of a job that a path of a rule speaks of: the key of a task may be a glob, and a job without such a task is
 * not spoken of. A task that cannot notify is left out where a glob names it.
 */
export function reachTasks(path: string, spec: Spec): readonly string[] {
  const [, pattern, rest] = TASK_PATH.exec(path) ?? [];
  if (pattern === undefined || rest === undefined) return [path];
  const isGlob = /[*?\\]/.test(pattern);
  return Object.entries(spec).flatMap(([marker, nature]) => {
    const key = MARKER.exec(marker)?.[1];
    if (key === undefined || !matchesGlob(pattern, key)) return [];
    if (isGlob && nature === 'condition') return [];
    const isInside = rest.startsWith('for_each.');
    return isInside && spec[`${marker}.for_each`] === undefined ? [] : [`${marker}.${rest}`];
  });
}

const TASK_PATH = /^tasks\.([^.]+)\.(.+)$/;
