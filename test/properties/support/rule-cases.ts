import * as fc from 'fast-check';
import { matchesGlob } from '../../../src/core/glob.ts';
import type { JsonObject } from '../../../src/sandbox/json.ts';
import type { Seed, SeedJob } from '../../../src/sandbox/seed.ts';

/** A file of rules and entries, and the jobs of a workspace. */
export type Case = {
  readonly rules: readonly RuleCase[];
  readonly entries: readonly EntryCase[];
  readonly jobs: readonly JobCase[];
};

type Lists = Readonly<Record<string, readonly string[]>>;

export type Statement = {
  readonly notify: Lists;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** By task key, in rules a glob over them. */
  readonly tasks: Readonly<Record<string, Lists>>;
};

export type RuleCase = Statement & {
  readonly mode: 'ensure' | 'exact' | 'forbid';
  readonly select: JsonObject;
};

export type EntryCase = Statement & {
  readonly mode: 'ensure' | 'exact';
  readonly meant: { readonly id: string } | { readonly name: string };
};

export type JobCase = {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly emails: Lists;
  readonly webhooks: Lists;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly owner: 'nobody' | 'bundle' | 'system';
  readonly hasSchedule: boolean;
  readonly tasks: Readonly<Record<string, { readonly emails: Lists; readonly webhooks: Lists }>>;
};

const EVENTS = ['on_start', 'on_success', 'on_failure'];
const FLAGS = ['no_alert_for_skipped_runs', 'no_alert_for_canceled_runs'];
const METRICS = ['RUN_DURATION_SECONDS', 'STREAMING_BACKLOG_BYTES'];
const TASKS = ['load', 'load_more', 'publish'];
const EMAILS = ['a@company.test', 'B@company.test', 'me@gmail.com'];
const KEYS = ['chat', 'page', 'leads'];
const PATTERNS = ['*@GMAIL.com', 'a@*', 'pa*', 'Foreign ?', 'leads', '*@nowhere.test'];
const NAMES = ['etl-1', 'etl-2', 'ml'];

const idOf = (at: number): string => `${at}${at}${at}${at}${at}${at}${at}${at}-0000-4000-8000-000000000000`;
/** Those of the file's keys, and two that nobody declares. */
const IDS = [1, 2, 3, 4, 5].map(idOf);
const GONE = idOf(9);

const subset = <Item>(items: readonly Item[], maxLength: number, minLength = 0): fc.Arbitrary<Item[]> =>
  fc.shuffledSubarray([...items], { maxLength, minLength });

const some = <Item>(
  keys: readonly string[],
  value: fc.Arbitrary<Item>,
  most = 2,
  least = 0,
): fc.Arbitrary<Readonly<Record<string, Item>>> =>
  subset(keys, most, least).chain(
    (chosen) =>
      fc.record(Object.fromEntries(chosen.map((key) => [key, value]))) as fc.Arbitrary<Record<string, Item>>,
  );

const rarely = <Item>(arbitrary: fc.Arbitrary<Item>, otherwise: Item): fc.Arbitrary<Item> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });

const stated = (recipients: readonly string[]) => ({
  notify: some(EVENTS, subset(recipients, 2, 1), 2, 1),
  tasks: rarely(some(['*', 'load*', 'publish'], some(EVENTS, subset(recipients, 2, 1)), 1), {}),
});
const values = {
  flags: rarely(some(FLAGS, fc.boolean()), {}),
  metrics: rarely(some(METRICS, fc.integer({ min: 1, max: 2 })), {}),
};
const none = { flags: fc.constant({}), metrics: fc.constant({}) };

const criteria = fc.oneof(
  fc.constantFrom('etl-*', '*', 'ml', 'etl-?').map((name): JsonObject => ({ name })),
  fc.constantFrom('prod', 'dev', '*').map((env): JsonObject => ({ tags: { env } })),
  fc.boolean().map((is): JsonObject => ({ has_schedule: is })),
  fc.boolean().map((is): JsonObject => ({ bundle: is })),
);
const select = fc
  .tuple(criteria, rarely(criteria, {}))
  .map(([all, exclude]): JsonObject => (Object.keys(exclude).length === 0 ? all : { ...all, exclude }));

const aRule: fc.Arbitrary<RuleCase> = fc.oneof(
  fc.record({
    mode: fc.constantFrom('ensure' as const, 'ensure' as const, 'exact' as const),
    select,
    ...stated([...EMAILS, ...KEYS]),
    ...values,
  }),
  fc.record({ mode: fc.constant('forbid' as const), select, ...stated(PATTERNS), ...none }),
);

const anEntry: fc.Arbitrary<EntryCase> = fc.record({
  mode: fc.constantFrom('ensure' as const, 'exact' as const),
  meant: fc.oneof(
    fc.constantFrom(...NAMES).map((name) => ({ name })),
    fc.constantFrom('1', '2').map((id) => ({ id })),
  ),
  notify: some(EVENTS, subset([...EMAILS, ...KEYS], 2)),
  tasks: fc.constant({}),
  ...values,
});

const blocks = (ids: readonly string[]) => ({
  emails: some(EVENTS, subset(EMAILS, 3)),
  webhooks: some(EVENTS, subset(ids, 3)),
});

/** @param name what it is called; several jobs may have one name. */
export function aJobCase(...names: readonly string[]): fc.Arbitrary<JobCase> {
  return fc.record({
    id: fc.constant(''),
    name: fc.constantFrom(...names),
    tags: some(['env', 'team'], fc.constantFrom('prod', 'dev')),
    // One that is gone from the workspace makes a job refuse every write.
    ...blocks(IDS),
    webhooks: fc.oneof(
      { weight: 7, arbitrary: some(EVENTS, subset(IDS, 3)) },
      { weight: 1, arbitrary: fc.constant({ on_start: [GONE] }) },
    ),
    flags: rarely(some(FLAGS, fc.boolean()), {}),
    metrics: rarely(some(METRICS, fc.integer({ min: 1, max: 2 })), {}),
    owner: rarely<JobCase['owner']>(fc.constantFrom('bundle', 'system'), 'nobody'),
    hasSchedule: fc.boolean(),
    tasks: some(TASKS, fc.record(blocks(IDS))),
  });
}

const withIds = (jobs: readonly JobCase[]): readonly JobCase[] =>
  jobs.map((job, at) => ({ ...job, id: String(at + 1) }));

export const aCase: fc.Arbitrary<Case> = fc.record({
  rules: fc.uniqueArray(aRule, { minLength: 1, maxLength: 3, selector: keyOf }),
  entries: rarely(fc.array(anEntry, { maxLength: 1 }), []),
  jobs: fc.array(aJobCase(...NAMES), { minLength: 1, maxLength: 4 }).map(withIds),
});

/** The same with every list and every mapping the other way round. */
export function mirrored({ rules, entries, jobs }: Case): Case {
  return reversed({ rules, entries, jobs }, true) as Case;
}

/** Keys of rules are made of their place, so they stay with what they say. */
function reversed(value: unknown, isTop = false): unknown {
  if (Array.isArray(value)) return value.map((item) => reversed(item)).toReversed();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)] as const);
  return Object.fromEntries(isTop ? entries : entries.toReversed());
}

/** One line for each entry and rule; flow style, as JSON is YAML. */
export function configOf({ rules, entries }: Case): string {
  const lines = [
    'version: 1',
    'settings: { limits: { silenced: 99 } }',
    'destinations:',
    ...KEYS.map((key) => `  ${key}: { display_name: "The ${key}", existing: true }`),
    ...(entries.length === 0 ? [] : ['jobs:']),
    ...entries.map(
      ({ meant, mode, ...rest }) => `  mine: ${JSON.stringify({ ...meant, mode, ...blocksOf(rest) })}`,
    ),
    ...(rules.length === 0 ? [] : ['rules:']),
    ...rules.map((rule) => {
      const { mode, select: selected, ...rest } = rule;
      return `  ${keyOf(rule)}: ${JSON.stringify({ select: selected, mode, ...blocksOf(rest) })}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

/** Of what it says, so that it has the same key wherever it stands. */
function keyOf(rule: RuleCase): string {
  const text = JSON.stringify(sorted(rule));
  let hash = 0;
  for (const letter of text) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000_000_007;
  return `r${hash}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, sorted(inner)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function blocksOf({ notify, flags, metrics, tasks }: Statement): JsonObject {
  const rules = Object.entries(metrics).map(([metric, value]) => ({ metric, op: 'GREATER_THAN', value }));
  const block = {
    notify,
    ...(Object.keys(flags).length === 0 ? {} : { notification_settings: flags }),
    ...(rules.length === 0 ? {} : { health: { rules } }),
    tasks: Object.fromEntries(Object.entries(tasks).map(([key, lists]) => [key, { notify: lists }])),
  };
  return JSON.parse(JSON.stringify(block)) as JsonObject;
}

export function seedOf({ jobs }: Case): Seed {
  const called = [...KEYS.map((key) => `The ${key}`), 'Foreign 1', 'Foreign 2'];
  return {
    destinations: IDS.map((id, at) => ({
      id,
      display_name: called[at] ?? '',
      config: { email: { addresses: [`${at}@company.test`] } },
    })),
    jobs: jobs.map(seedJobOf),
  };
}

function seedJobOf(job: JobCase): SeedJob {
  const rules = Object.entries(job.metrics).map(([metric, value]) => ({ metric, op: 'GREATER_THAN', value }));
  const settings = {
    name: job.name,
    tags: job.tags,
    ...recipientsOf(job),
    notification_settings: { ...job.flags, a_flag_of_tomorrow: true },
    ...(rules.length === 0 ? {} : { health: { rules } }),
    ...(job.owner === 'nobody' ? {} : { deployment: deploymentOf(job.owner) }),
    ...(job.hasSchedule ? { schedule: { quartz_cron_expression: '0 0 * * * ?', timezone_id: 'UTC' } } : {}),
    tasks: Object.entries(job.tasks).map(([key, task]) => ({
      task_key: key,
      notebook_task: { notebook_path: '/Shared/a' },
      a_key_of_tomorrow: { x: [1] },
      ...recipientsOf(task),
    })),
    a_key_of_tomorrow: { deep: ['kept'] },
  };
  return { job_id: job.id, settings: JSON.parse(JSON.stringify(settings)) as JsonObject };
}

function recipientsOf({ emails, webhooks }: Pick<JobCase, 'emails' | 'webhooks'>) {
  const ids = Object.entries(webhooks).map(([event, list]) => [event, list.map((id) => ({ id }))]);
  return { email_notifications: emails, webhook_notifications: Object.fromEntries(ids) as JsonObject };
}

function deploymentOf(owner: 'bundle' | 'system'): JsonObject {
  const path = '/Workspace/Users/a@company.test/.bundle/etl/prod/state/metadata.json';
  return owner === 'bundle' ? { kind: 'BUNDLE', metadata_file_path: path } : { kind: 'SYSTEM_MANAGED' };
}

/** Every field path of a job that any statement of the file may be about. */
export function namedPaths({ rules, entries, jobs }: Case, id: string): readonly string[] {
  const keys = Object.keys(jobs.find((job) => job.id === id)?.tasks ?? {});
  return [...rules, ...entries].flatMap(({ notify, flags, metrics, tasks }) => [
    ...listPaths('', notify),
    ...Object.keys(flags).map((flag) => `notification_settings.${flag}`),
    ...Object.keys(metrics).map((metric) => `health.${metric}`),
    ...Object.entries(tasks).flatMap(([glob, lists]) =>
      keys.filter((key) => matchesGlob(glob, key)).flatMap((key) => listPaths(`tasks.${key}.`, lists)),
    ),
  ]);
}

function listPaths(prefix: string, lists: Lists): readonly string[] {
  return Object.keys(lists).flatMap((event) => [
    `${prefix}email_notifications.${event}`,
    `${prefix}webhook_notifications.${event}`,
  ]);
}

/** A job's settings without those fields, and without what is empty. */
export function withoutPaths(settings: JsonObject, paths: readonly string[]): unknown {
  return strip(settings, '', new Set(paths));
}

function strip(value: unknown, path: string, named: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) {
    const items = value.filter(
      (item) => !named.has(`${path.replace(/\.rules$/, '')}.${text(item, 'metric')}`),
    );
    return items.map((item) =>
      strip(item, path === 'tasks' ? `tasks.${text(item, 'task_key')}` : path, named),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`;
    const left = named.has(at) ? undefined : strip(inner, at, named);
    return left === undefined || isBare(left) ? [] : [[key, left] as const];
  });
  return Object.fromEntries(kept);
}

function text(item: unknown, key: string): string {
  const value = typeof item === 'object' && item !== null ? (item as JsonObject)[key] : undefined;
  return typeof value === 'string' ? value : '';
}

function isBare(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
