import { matchesGlob } from '../../core/glob.ts';
import type { Obstacle } from '../../core/resource.ts';
import { didYouMean } from '../../core/suggest.ts';
import { isList, keyOf, type Spec } from '../../core/value.ts';
import type { Judgement } from '../kind.ts';
import { JOB_LEVEL, levelsOf, nameLevel, splitPath, type Level } from './level.ts';
import { EVENTS, JOB_FLAGS, MAX_DESTINATIONS_PER_EVENT, type TaskNature } from './shape.ts';

const SIDES = ['email_notifications', 'webhook_notifications'] as const;

export type JobWrite = { readonly changed: readonly string[]; readonly consents: readonly string[] };

/** Judges what a job would be like, and whether the tasks that would be sent whole can be. */
export function judgeJob(target: Spec, write: JobWrite): Judgement {
  const levels = levelsOf(Object.keys(target));
  return {
    obstacles: [...unwritable(target, write), ...crowded(target)],
    warnings: [
      ...levels.flatMap((level) => silentEvents(target, level)),
      ...toldTwice(target, levels),
      ...stillLoud(target, levels),
    ],
  };
}

/** Who would be told of a failure, by level. */
export function audienceOf(spec: Spec): Readonly<Record<string, number>> {
  const levels = [JOB_LEVEL, ...levelsOf(Object.keys(spec)).filter(({ task }) => task !== '')];
  return Object.fromEntries(
    levels.map((level) => [
      nameLevel(level) || 'job',
      SIDES.reduce((sum, side) => sum + countAt(spec, `${level.prefix}${side}.on_failure`), 0),
    ]),
  );
}

function unwritable(target: Spec, { changed, consents }: JobWrite): readonly Obstacle[] {
  return levelsOf(changed).flatMap((level) => {
    if (level.task === '') return [];
    const nature = target[level.prefix.slice(0, -1)];
    if (nature === undefined) return [unknownTask(target, level)];
    // The task inside is sent with the one around it.
    const isBound = nature === 'policy' || target[`tasks.${level.task}`] === 'policy';
    return refusal(nature === 'condition' ? nature : isBound ? 'policy' : 'plain', level, consents);
  });
}

function unknownTask(target: Spec, level: Level): Obstacle {
  const keys = Object.keys(target).flatMap((path) => /^tasks\.([^.]+)$/.exec(path)?.[1] ?? []);
  const message =
    level.isNested && keys.includes(level.task)
      ? `task ${level.task} is no for-each task`
      : `the job has no task "${level.task}"`;
  return { reason: 'unknown-task', message, hint: didYouMean(level.task, keys) };
}

function refusal(nature: TaskNature, level: Level, consents: readonly string[]): readonly Obstacle[] {
  const name = nameLevel(level);
  if (nature === 'condition') {
    const hint = 'set them on the job, or on the tasks that depend on it';
    return [{ reason: 'condition-task', message: `${name} is a condition task, which cannot notify`, hint }];
  }
  if (nature !== 'policy' || consents.some((consent) => matchesGlob(consent, `rewrite_task:${level.task}`)))
    return [];
  const message = `${name} has a new cluster that is bound to a policy: a task is sent whole, and the API never tells whether the policy's defaults apply, so they would be lost`;
  const hint = 'set them on the job; or accept the loss with `rewrite_task: true` under the task';
  return [{ reason: 'policy-task', message, hint }];
}

/** By path, as the first is what is told: the order in which an answer lists events means nothing. */
function crowded(target: Spec): readonly Obstacle[] {
  const long = Object.keys(target).filter((path) => countAt(target, path) > MAX_DESTINATIONS_PER_EVENT);
  return long.sort().flatMap((path) => {
    const parts = splitPath(path);
    if (parts?.block !== 'webhook_notifications') return [];
    const where = [nameLevel(parts.level), parts.field].filter((part) => part !== '').join(' ');
    const message = `${where} would have ${countAt(target, path)} destinations, and Databricks allows ${MAX_DESTINATIONS_PER_EVENT}`;
    return [{ reason: 'more-than-three', message, path, most: MAX_DESTINATIONS_PER_EVENT }];
  });
}

/** Duration and backlog events are accepted without their health rule, and then never fire. */
function silentEvents(target: Spec, level: Level): readonly Obstacle[] {
  return Object.entries(EVENTS).flatMap(([event, { needs }]) => {
    if (needs === undefined) return [];
    const isTold = SIDES.some((side) => countAt(target, `${level.prefix}${side}.${event}`) > 0);
    if (!isTold || hasRule(target, `${level.prefix}health.${needs}`)) return [];
    const metric = needs === 'RUN_DURATION_' ? 'RUN_DURATION_SECONDS' : `${needs}*`;
    const owner = nameLevel(level) || 'the job';
    const message = `${event} never fires: ${owner} has no ${metric} health rule`;
    return [{ reason: 'needs-health-rule', message, hint: `add a health rule for ${metric}` }];
  });
}

function hasRule(target: Spec, prefix: string): boolean {
  return Object.keys(target).some((path) => path.startsWith(prefix) && target[path] !== null);
}

/** One failure of such a task comes as two messages to the same place. Tasks that share the same recipients are one sentence. */
function toldTwice(target: Spec, levels: readonly Level[]): readonly Obstacle[] {
  const tasks = levels.filter(({ task }) => task !== '');
  if (tasks.length === 0) return [];
  return Object.keys(EVENTS).flatMap((event) => {
    const sharing = new Map<string, Level[]>();
    for (const level of tasks) {
      const twice = SIDES.flatMap((side) => shared(target, `${side}.${event}`, level)).join(', ');
      if (twice !== '') sharing.set(twice, [...(sharing.get(twice) ?? []), level]);
    }
    return [...sharing].map(([twice, those]) => {
      const message = `${event} is told twice to ${twice}: by the job and by ${nameLevels(those)}`;
      return { reason: 'told-twice', message, hint: 'name it at one of the two' };
    });
  });
}

/** So many tasks are named before the rest is counted: a rule may speak of a thousand. */
const NAMED_TASKS = 5;

function nameLevels(levels: readonly Level[]): string {
  const names = levels.map(nameLevel).sort();
  const more = names.length - NAMED_TASKS;
  const named = more > 1 ? names.slice(0, NAMED_TASKS) : names;
  return `${named.join(', ')}${more > 1 ? ` and ${more} more` : ''}`;
}

function shared(target: Spec, path: string, level: Level): readonly string[] {
  const [above, below] = [target[path], target[`${level.prefix}${path}`]];
  if (!isList(above) || !isList(below)) return [];
  const there = new Set(above.map(keyOf));
  const twice = below.filter((item) => there.has(keyOf(item)));
  return twice.map(String).sort();
}

/** Muting a job does not mute what its tasks send by themselves. */
function stillLoud(target: Spec, levels: readonly Level[]): readonly Obstacle[] {
  return Object.keys(JOB_FLAGS).flatMap((flag) => {
    const path = `notification_settings.${flag}`;
    if (target[path] !== true) return [];
    const loud = levels.filter(
      (level) =>
        level.task !== '' &&
        target[`${level.prefix}${path}`] !== true &&
        SIDES.some((side) => countAt(target, `${level.prefix}${side}.on_failure`) > 0),
    );
    if (loud.length === 0) return [];
    const message = `${flag} mutes the job and not what is sent by ${nameLevels(loud)}`;
    return [{ reason: 'tasks-loud', message, hint: 'set the flag on the tasks too' }];
  });
}

function countAt(spec: Spec, path: string): number {
  const value = spec[path];
  return isList(value) ? value.length : 0;
}
