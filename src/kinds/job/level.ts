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

/** A field path in its parts; undefined for what is none, such as the marker of a task. */
export function splitPath(path: string): FieldPath | undefined {
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
