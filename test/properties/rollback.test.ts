import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../src/kinds/client.ts';
import { EVENT_NAMES, HEALTH_METRICS, JOB_FLAGS } from '../../src/kinds/job/shape.ts';
import type { SeedDestination } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const KEYS = ['chat', 'pager', 'leads'];
const EMAILS = ['a@company.test', 'b@company.test', 'c@company.test'];
const EVENTS = EVENT_NAMES.slice(0, 3);
const THEIRS = 'f0000000-0000-4000-8000-00000000000f';
// Not `in_use`: who is left with a pointer at what was deleted keeps that pointer, whatever is made again.
const GUARDS = ['silenced', 'empty_config', 'max_deletes', 'max_delete_percent'];
const LIFTED = GUARDS.flatMap((guard) => ['--allow', guard]);

const subset = <Item>(items: readonly Item[], maxLength = 2): fc.Arbitrary<Item[]> =>
  fc.shuffledSubarray([...items], { maxLength });
const some = <Value>(
  keys: readonly string[],
  value: fc.Arbitrary<Value>,
): fc.Arbitrary<Record<string, Value>> =>
  subset(keys, keys.length).chain(
    (chosen) =>
      fc.record(Object.fromEntries(chosen.map((key) => [key, value]))) as fc.Arbitrary<Record<string, Value>>,
  );

/** Readable ones, ones that cannot be read back, and others' that are only looked up. */
const destination: fc.Arbitrary<Json> = fc.oneof(
  subset(EMAILS).map((addresses) => ({ email: { addresses: addresses.length > 0 ? addresses : EMAILS } })),
  fc.constantFrom('one', 'two').map((name) => ({
    generic_webhook: { url: `https://${name}.test`, username: name },
  })),
);

const rules = subset(Object.keys(HEALTH_METRICS)).map((metrics) =>
  metrics.map((metric, at) => ({ metric, op: 'GREATER_THAN', value: at * 30 + 30 })),
);

/** A whole file; what a job names is declared in it. */
const file: fc.Arbitrary<JsonObject> = fc
  .record({
    destinations: some(KEYS, destination),
    mode: fc.constantFrom('exact', 'ensure'),
    events: subset(EVENTS, 3),
    told: fc.array(subset([...KEYS, ...EMAILS]), { minLength: 3, maxLength: 3 }),
    flags: some(Object.keys(JOB_FLAGS), fc.boolean()),
    health: fc.option(rules, { nil: undefined }),
    isNamed: fc.boolean(),
  })
  .map(({ destinations, mode, events, told, flags, health, isNamed }) => {
    const known = (name: string): boolean => name.includes('@') || name in destinations;
    const notify = Object.fromEntries(events.map((event, at) => [event, (told[at] ?? []).filter(known)]));
    const entry = {
      mode,
      notify,
      notification_settings: flags,
      ...(health ? { health: { rules: health } } : {}),
    };
    const settings = { prune: true, limits: { max_delete_percent: 100 } };
    return plain({ version: 1, settings, destinations, jobs: isNamed ? { etl: entry } : {} });
  });

/** Somebody else's job: recipients, rules and flags of theirs, and keys that nobody knows. */
const theirs: fc.Arbitrary<JsonObject> = fc
  .record({
    email_notifications: some(EVENTS, subset([...EMAILS, 'theirs@company.test'])),
    webhook_notifications: some(EVENTS, fc.constant([{ id: THEIRS }])),
    notification_settings: some(Object.keys(JOB_FLAGS), fc.boolean()),
    health: rules.map((of) => ({ rules: of })),
  })
  .map((settings) => plain({ name: 'etl', ...settings, a_key_of_tomorrow: { deep: ['kept'] } }));

describe('any two files, on a workspace that is not only ours', () => {
  test('undoing the second one leaves what the first one did, and nothing foreign is touched', async () => {
    await fc.assert(
      fc.asyncProperty(file, file, theirs, async (first, second, settings) => {
        const bench = await workspaceWith(settings);
        await applied(bench, first);
        const before = worldOf(bench);
        const wasWritten = await applied(bench, second);
        bench.sandbox.poke.setJob('7', (all) => ({ ...all, tags: { by: 'hand' } }));
        if (wasWritten) await ran(bench, 'rollback', '--auto-approve', ...LIFTED);
        bench.sandbox.poke.setJob('7', ({ tags, ...all }) => {
          expect(tags).toEqual({ by: 'hand' });
          return all;
        });
        expect(worldOf(bench)).toEqual(before);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});

async function workspaceWith(settings: JsonObject): Promise<Bench> {
  const destinations: readonly SeedDestination[] = [
    { id: THEIRS, display_name: 'Theirs', config: { slack: { url: 'https://theirs.test' } } },
    { display_name: 'leads', config: { email: { addresses: ['by-hand@company.test'] } } },
  ];
  return openBench({ seed: { destinations, jobs: [{ job_id: '7', settings }] } });
}

/** Whether there was anything to write; JSON is YAML. */
async function applied(bench: Bench, config: JsonObject): Promise<boolean> {
  await bench.write(JSON.stringify(config));
  await ran(bench, 'apply', '--auto-approve', ...LIFTED);
  return bench.writes().length > 0;
}

async function ran(bench: Bench, ...argv: string[]): Promise<void> {
  const { code, out, err } = await bench.lakebell(...argv);
  fc.pre(!out.includes('refused by in_use'));
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${out}${err}`);
}

/** What is made again has another id, lists are sets, and what is empty is as good as absent. */
function worldOf({ sandbox }: Bench): unknown {
  const { destinations, jobs } = sandbox.snapshot();
  const nameOf = ({ display_name: name, config }: SeedDestination): string =>
    `${name} ${Object.keys(config).join()}`;
  const text = destinations.reduce(
    (rest, one) => rest.replaceAll(String(one.id), nameOf(one)),
    JSON.stringify({
      jobs,
      destinations: [...destinations].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    }),
  );
  return tidied(JSON.parse(text) as Json);
}

function tidied(value: Json): Json {
  if (Array.isArray(value)) {
    const items = value.map(tidied);
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as JsonObject).map(([key, inner]) => [key, tidied(inner)] as const);
  return plain(Object.fromEntries(members.filter(([, inner]) => !isNothing(inner))));
}

function isNothing(value: Json): boolean {
  return [undefined, 'null', 'false', '[]', '{}'].includes(JSON.stringify(value));
}

function plain(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
