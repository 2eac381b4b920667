import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { counts, isPending } from '../../src/core/change.ts';
import { diff } from '../../src/core/diff.ts';
import { directoryOf } from '../../src/core/directory.ts';
import { match } from '../../src/core/match.ts';
import { type Plan, plan } from '../../src/core/plan.ts';
import type { PlanContext } from '../../src/core/plan-parts.ts';
import type { Entry } from '../../src/core/entry.ts';
import type { Observed, Resource } from '../../src/core/resource.ts';
import { IdRef, isList, isSame, Ref, type Spec } from '../../src/core/value.ts';
import { resolveSpec } from '../../src/engine/resolve-spec.ts';
import { asObject, asText, type Json, type JsonObject } from '../../src/kinds/client.ts';
import { composeSettings } from '../../src/kinds/job/compose.ts';
import { observeJob } from '../../src/kinds/job/observe.ts';
import { EVENT_NAMES, HEALTH_METRICS, JOB_FLAGS } from '../../src/kinds/job/shape.ts';
import { aContext, aDiffContext, declare, kindNamed } from '../support/builders.ts';

const IDS = ['a', 'b', 'c'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`);
const KEYS = ['slack', 'pager', 'leads'];
const FOREIGN = 'f0000000-0000-4000-8000-00000000000f';
const EVENTS = [...EVENT_NAMES.slice(0, 3), 'on_comet'];
const EMAILS = ['a@company.test', 'b@company.test', 'c@company.test'];

const subset = <Item>(items: readonly Item[], maxLength = 3): fc.Arbitrary<Item[]> =>
  fc.shuffledSubarray([...items], { maxLength });
const some = <Item>(keys: readonly string[], value: fc.Arbitrary<Item>): fc.Arbitrary<Record<string, Item>> =>
  subset(keys, keys.length).chain(
    (chosen) =>
      fc.record(Object.fromEntries(chosen.map((key) => [key, value]))) as fc.Arbitrary<Record<string, Item>>,
  );
const optional = (arbitrary: fc.Arbitrary<Json>): fc.Arbitrary<Json | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** Settings of a live job as the API may answer them: ours, foreign and unknown things, empty in every spelling. */
const liveSettings: fc.Arbitrary<JsonObject> = fc
  .record({
    email_notifications: optional(
      some(
        [...EVENTS, 'no_alert_for_skipped_runs'],
        fc.oneof(subset(EMAILS), fc.constant(null)),
      ) as fc.Arbitrary<Json>,
    ),
    webhook_notifications: optional(
      some(
        EVENTS,
        subset([...IDS, FOREIGN]).map((ids) => ids.map((id) => ({ id, kept: id.length }))),
      ) as fc.Arbitrary<Json>,
    ),
    notification_settings: optional(
      some([...Object.keys(JOB_FLAGS), 'unknown'], fc.boolean()) as fc.Arbitrary<Json>,
    ),
    health: optional(
      subset([...Object.keys(HEALTH_METRICS), 'NEW_METRIC'], 4).map((metrics) => ({
        rules: metrics.map((metric, at) => ({ metric, op: 'GREATER_THAN', value: at * 60, kept: true })),
        unknown: 1,
      })) as fc.Arbitrary<Json>,
    ),
    tags: fc.constant({ env: 'prod' }),
  })
  .map((settings) => JSON.parse(JSON.stringify({ name: 'etl', ...settings })) as JsonObject);

const rules = subset(Object.keys(HEALTH_METRICS), 5).map((metrics) =>
  metrics.map((metric, at) => ({ metric, op: 'GREATER_THAN', value: at * 30 })),
);

const aStatement = (mode: 'exact' | 'ensure'): fc.Arbitrary<Entry> =>
  fc
    .record({
      events: subset(EVENT_NAMES.slice(0, 4), 4),
      lists: fc.array(subset([...KEYS, ...EMAILS], 4), { minLength: 4, maxLength: 4 }),
      flags: some(Object.keys(JOB_FLAGS), fc.boolean()),
      health: fc.option(rules, { nil: undefined }),
      isStrict: fc.boolean(),
    })
    .map(({ events, lists, flags, health, isStrict }) => ({
      name: 'etl',
      mode,
      notify: Object.fromEntries(events.map((event, at) => [event, lists[at] ?? []])),
      // Plain mappings, as a parser makes them.
      notification_settings: { ...flags },
      ...(health === undefined ? {} : { health: { rules: health } }),
      ...(isStrict && mode === 'exact' ? { strict: true } : {}),
    }));

const statement = fc.oneof(aStatement('exact'), aStatement('ensure'));

const DIRECTORY = directoryOf({
  names: new Map([['destination', new Map([...IDS, FOREIGN].map((id) => [id, id]))]]),
  complete: new Set(['destination']),
  ids: new Map(KEYS.map((key, at) => [`destination/${key}`, IDS[at] ?? ''])),
});

const context: PlanContext = aContext({ directory: DIRECTORY });

function jobOf(entry: Entry): Resource {
  const { resources } = declare({
    destinations: Object.fromEntries(KEYS.map((key) => [key, { existing: true }])),
    jobs: { etl: entry },
  });
  return resources.find(({ kind }) => kind === 'job')!;
}

const observe = (settings: JsonObject, id = '1'): Observed => observeJob({ job_id: id, settings });

function planOf(resource: Resource, ...observed: readonly Observed[]): Plan {
  const found = match(resource, {
    rows: observed,
    recorded: undefined,
    isIntended: false,
    isTaken: () => false,
    believes: 'id-and-name',
    isSame: (declared, row) => kindNamed('job').isSame(declared, row),
  });
  const input = {
    resources: [resource],
    matches: new Map([[resource.address, found]]),
    orphans: new Map(),
    config: 'c',
  };
  return plan(input, context);
}

/** What `jobs/update` makes of the one pending change of a plan. */
function applied(made: Plan, settings: JsonObject): JsonObject {
  const [change] = made.changes;
  if (change === undefined || !isPending(change) || !('target' in change)) return settings;
  const spec = resolveSpec(change.resource, change.target, [], DIRECTORY);
  if (spec === null) throw new Error('a reference has no id');
  const changed = change.fields.filter(counts).map(({ path }) => path);
  const { new_settings: set, fields_to_remove: gone } = composeSettings(settings, spec, changed);
  return { ...Object.fromEntries(Object.entries(settings).filter(([key]) => !gone.includes(key))), ...set };
}

const isWithinThree = (made: Plan): boolean => made.changes.every(({ verb }) => verb !== 'blocked');

describe('any job and any statement about it', () => {
  test('have no difference once applied', () => {
    fc.assert(
      fc.property(statement, liveSettings, (entry, settings) => {
        const resource = jobOf(entry);
        const first = planOf(resource, observe(settings));
        fc.pre(isWithinThree(first));
        const after = applied(first, settings);
        expect(planOf(resource, observe(after)).changes.map(({ verb }) => verb)).toEqual(['noop']);
      }),
      { numRuns: 300 },
    );
  });

  test('leave what nobody names as it was, to the letter', () => {
    fc.assert(
      fc.property(statement, liveSettings, (entry, settings) => {
        const resource = jobOf(entry);
        const first = planOf(resource, observe(settings));
        fc.pre(isWithinThree(first));
        const named = new Set(Object.keys(resource.wishes));
        expect(rest(applied(first, settings), named)).toBe(rest(settings, named));
      }),
      { numRuns: 300 },
    );
  });

  test('lose nobody where they are only ensured', () => {
    fc.assert(
      fc.property(aStatement('ensure'), liveSettings, (entry, settings) => {
        const first = planOf(jobOf(entry), observe(settings));
        const [before, after] = [observe(settings).spec, observe(applied(first, settings)).spec];
        for (const [path, value] of Object.entries(before)) expect(contains(after[path], value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('do not depend on order, in the file or in the workspace', () => {
    fc.assert(
      fc.property(statement, liveSettings, (entry, settings) => {
        const there = planOf(jobOf(entry), observe(settings));
        const back = planOf(jobOf(reversed(entry) as Entry), observe(reversed(settings) as JsonObject));
        expect(back.digest).toBe(there.digest);
        expect(observe(applied(back, settings)).spec).toEqual(expect.anything());
        expect(
          isSameSpec(observe(applied(back, settings)).spec, observe(applied(there, settings)).spec),
        ).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('come to the same whatever other jobs there are', () => {
    fc.assert(
      fc.property(
        statement,
        liveSettings,
        fc.array(liveSettings, { maxLength: 3 }),
        (entry, settings, others) => {
          const strangers = others.map((other, at) =>
            observe({ ...other, name: `other-${at}` }, String(at + 2)),
          );
          const alone = planOf(jobOf(entry), observe(settings));
          expect(planOf(jobOf(entry), ...strangers, observe(settings))).toEqual(alone);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('differ in nothing from what they are', () => {
    fc.assert(
      fc.property(liveSettings, (settings) => {
        const observed = observe(settings);
        const wishes = Object.fromEntries(
          Object.entries(observed.spec).map(([path, value]) => [path, { mode: 'exact', value } as const]),
        );
        expect(diff({ wishes }, observed, aDiffContext({ rules: [], directory: DIRECTORY })).fields).toEqual(
          [],
        );
      }),
      { numRuns: 200 },
    );
  });
});

/** Settings without the paths that were named, and without what is empty, in sorted order. */
function rest(settings: JsonObject, named: ReadonlySet<string>): string {
  const blocks = Object.entries(settings).map(
    ([block, value]) => [block, restOfBlock(block, value, named)] as const,
  );
  const left = blocks.filter(([, value]) => JSON.stringify(value) !== '{}');
  return JSON.stringify(left.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function restOfBlock(block: string, value: Json, named: ReadonlySet<string>): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(asObject(value)).filter(([field]) => !named.has(`${block}.${field}`));
  const kept = fields.map(([field, inner]): readonly [string, Json] => [
    field,
    block === 'health' && Array.isArray(inner)
      ? inner.filter((rule: Json) => !named.has(`health.${asText(asObject(rule)['metric'])}`))
      : inner,
  ]);
  return Object.fromEntries(
    kept.filter(([, inner]) => JSON.stringify(inner) !== '[]').sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function contains(after: Spec[string] | undefined, before: Spec[string]): boolean {
  if (!isList(before)) return isSame(after, before) || isSame(before, null);
  const there = new Set((isList(after) ? after : []).map(idOf));
  return before.every((item) => there.has(idOf(item)));
}

function idOf(item: unknown): string {
  return item instanceof Ref
    ? (DIRECTORY.idOf(item.to) ?? '')
    : item instanceof IdRef
      ? item.id
      : String(item);
}

function isSameSpec(a: Spec, b: Spec): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((path) => isSame(a[path], b[path]));
}

/** The same content with every list and every mapping the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).toReversed();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
