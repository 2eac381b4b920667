import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { hoist } from '../../src/config/hoist.ts';
import { composeEditorSchema } from '../../src/config/schema.ts';
import { type EntryValue, isEntry } from '../../src/core/entry.ts';
import { gapAt, ruleFor } from '../../src/core/resource.ts';
import { Secret } from '../../src/core/secret.ts';
import { isSame, Ref, type Value } from '../../src/core/value.ts';
import { resolveSpec } from '../../src/engine/resolve-spec.ts';
import { KINDS, SECTIONS } from '../../src/kinds/index.ts';
import { exactNumber, type Json } from '../../src/kinds/client.ts';
import type { Kind } from '../../src/kinds/kind.ts';
import { aClient, TOKEN } from '../databricks/support/a-client.ts';
import { aDirectory, declare, SOURCE } from '../support/builders.ts';
import { type Bench, openBench } from '../support/cli.ts';
import { entryOf, KEY, type KindFixture, secretNames, secretText, type Written } from './fixture.ts';

const CASES = await Promise.all(
  KINDS.map(async (kind) => ({ name: kind.name, kind, fixture: await fixtureOf(kind) })),
);

async function fixtureOf(kind: Kind): Promise<KindFixture> {
  const file = `./${kind.name}.fixture.ts`;
  try {
    const { fixture } = (await import(file)) as { readonly fixture: KindFixture };
    return fixture;
  } catch (cause) {
    const message = `the kind "${kind.name}" has no fixture: write test/kinds/${kind.name}.fixture.ts that exports a KindFixture as \`fixture\``;
    throw new Error(message, { cause });
  }
}

/** The text of a configuration with these entries of a kind, and what they refer to; JSON is YAML. */
function configOf(
  kind: Kind,
  fixture: KindFixture,
  entries: Record<string, Written>,
  settings: Written = {},
): string {
  return JSON.stringify({ version: 1, settings, ...fixture.around, [kind.section]: entries });
}

async function benchOf(
  kind: Kind,
  fixture: KindFixture,
  entries: Record<string, Written>,
  settings: Written = {},
): Promise<Bench> {
  const bench = await openBench({ seed: fixture.seed }, configOf(kind, fixture, entries, settings));
  const names = Object.values(fixture.examples).flatMap(secretNames);
  for (const name of names) bench.env[name] = secretText(name);
  return bench;
}

const APPLY = [
  'apply',
  '--auto-approve',
  ...['silenced', 'in_use', 'empty_config'].flatMap((guard) => ['--allow', guard]),
];

async function apply(bench: Bench): Promise<void> {
  const { code, out, err } = await bench.lakebell(...APPLY);
  if (code !== 0) throw new Error(`apply ended with ${code}:\n${out}${err}`);
}

const ownWrites = (bench: Bench, fixture: KindFixture): readonly string[] =>
  bench.writes().filter((line) => fixture.writes.test(line));

const acceptsFile = new Ajv2020({ strict: false, allErrors: true }).compile(
  hoist(composeEditorSchema(SECTIONS)),
);

describe.each(CASES)('the kind $name', ({ kind, fixture }) => {
  const examples = Object.entries(fixture.examples);

  test('has an example that is minimal and one that is full', () => {
    expect(Object.keys(fixture.examples)).toEqual(expect.arrayContaining(['minimal', 'full']));
  });

  test('is declared: names, rules for paths that it wishes for, and every field of its schema described', () => {
    expect(kind.section).toMatch(/^[a-z_]+$/);
    expect(new URL(kind.docs).protocol).toBe('https:');
    const wished = new Set(
      examples.flatMap(([, written]) => Object.keys(kind.resolve(KEY, entryOf(written), NAMES).wishes)),
    );
    for (const { path } of kind.rules)
      expect([...wished].some((one) => ruleFor([{ path }], one) !== undefined)).toBe(true);
  });

  test.each(examples)('accepts the example “%s”: its schema, and its own judgement', (_name, written) => {
    const isValid = acceptsFile(JSON.parse(configOf(kind, fixture, { [KEY]: written })));
    expect(acceptsFile.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
    const { diagnostics } = declareOne(kind, fixture, written);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('resolves without looking around: the same twice, and nothing changed in what it was given', () => {
    for (const [, written] of examples) {
      const entry = deepFreeze(entryOf(written));
      expect(kind.resolve(KEY, entry, NAMES)).toEqual(kind.resolve(KEY, entry, NAMES));
    }
  });

  test('resolves whatever it is given and never throws', () => {
    fc.assert(
      fc.property(garbageEntry(fixture), (entry) => void kind.resolve(KEY, entry as never, NAMES)),
      { numRuns: 500 },
    );
  });

  test('observes whatever it is given and never throws', () => {
    fc.assert(
      fc.property(garbageJson(), (raw) => {
        const { id, name, spec } = kind.observe(raw as Json);
        expect([typeof id, typeof name, typeof spec]).toEqual(['string', 'string', 'object']);
      }),
      { numRuns: 500 },
    );
  });

  test.each(examples)(
    'applies the example “%s” with one request, and then has nothing to do',
    async (_name, written) => {
      const bench = await benchOf(kind, fixture, { [KEY]: written });
      const before = fixture.unmanaged(bench.sandbox.snapshot());
      await apply(bench);
      expect(ownWrites(bench, fixture).length).toBe(
        Object.keys(written).length > 1 ? objectsMade(kind, fixture) : 0,
      );
      expect(fixture.live(bench.sandbox.snapshot())).toBeDefined();
      expect(fixture.unmanaged(bench.sandbox.snapshot())).toBe(before);
      const { code, out } = await bench.lakebell('plan', '--detailed-exitcode');
      expect([code, bench.writes()]).toEqual([0, []]);
      expect(out).toContain('othing');
    },
  );

  test.each(fixture.updates)(
    'updates “%s” to “%s” in place, and then has nothing to do',
    async (from, to) => {
      const bench = await benchOf(kind, fixture, { [KEY]: fixture.examples[from]! });
      await apply(bench);
      const before = bench.sandbox.snapshot();
      await bench.write(configOf(kind, fixture, { [KEY]: fixture.examples[to]! }));
      const plan = await bench.document('plan');
      expect(plan.changes.map(({ verb }) => verb)).toEqual(['update']);
      await apply(bench);
      expect(ownWrites(bench, fixture).length).toBe(1);
      const after = bench.sandbox.snapshot();
      expect(fixture.live(after)).not.toEqual(fixture.live(before));
      expect(fixture.unmanaged(after)).toBe(fixture.unmanaged(before));
      expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    },
  );

  const secretive = examples.filter(([, written]) => secretNames(written).length > 0);
  test('shows its secrets to nobody but the one request that sets them', async () => {
    for (const [, written] of secretive) {
      const bench = await benchOf(kind, fixture, { [KEY]: written });
      const printed = [
        await bench.lakebell('plan', '--verbose'),
        await bench.lakebell('plan', '--format', 'json'),
      ];
      printed.push(await bench.lakebell('plan', '--format', 'markdown'));
      printed.push(await bench.lakebell(...APPLY, '--verbose', '--format', 'json'));
      const sent = bench.sandbox.requests.map((request) => JSON.stringify(request));
      for (const name of secretNames(written)) {
        const text = secretText(name);
        expect(JSON.stringify(printed)).not.toContain(text);
        expect(sent.filter((request) => request.includes(text)).length).toBe(1);
        expect(JSON.stringify(bench.sandbox.snapshot().files)).not.toContain(text);
      }
    }
  });

  test.each(['GET', undefined])(
    'never makes or writes anything where it may not read (%s)',
    async (method) => {
      const bench = await benchOf(kind, fixture, { [KEY]: fixture.examples['full']! });
      const body = { error_code: 'PERMISSION_DENIED', message: 'not for you' };
      const fault = { kind: 'status', status: 403, path: fixture.reads, times: Infinity, body } as const;
      bench.sandbox.fault(method === undefined ? fault : { ...fault, method });
      const before = JSON.stringify(fixture.live(bench.sandbox.snapshot()) ?? null);
      const { code } = await bench.lakebell(...APPLY);
      expect(JSON.stringify(fixture.live(bench.sandbox.snapshot()) ?? null)).toBe(before);
      expect(ownWrites(bench, fixture)).toEqual([]);
      const plan = await bench.document('plan');
      const own = plan.changes.filter(({ address }) => address.startsWith(`${kind.name}/`));
      expect(own.map(({ verb }) => verb)).toEqual(['blocked']);
      expect([plan.complete, code === 0 && plan.complete]).toEqual([false, false]);
    },
  );
});

const whole = CASES.filter(({ kind }) => kind.ownership === 'whole');
const part = CASES.filter(({ kind }) => kind.ownership === 'part');

describe.each(whole)('the kind $name, whose objects are ours whole', ({ kind, fixture }) => {
  const examples = Object.entries(fixture.examples);

  test.each(examples)('reads “%s” back as it was created', async (_name, written) => {
    const bench = await openBench({
      seed: { identities: [{ token: TOKEN, user_name: 'admin', admin: true }] },
    });
    const api = kind.connect(aClient(bench.sandbox));
    const resource = {
      ...kind.resolve(KEY, entryOf(written), NAMES),
      kind: kind.name,
      key: KEY,
      address: '',
      source: SOURCE,
    };
    const wished = Object.fromEntries(
      Object.entries(resource.wishes).map(([path, { value }]) => [path, value]),
    );
    const spec = resolveSpec(resource, wished, kind.rules, aDirectory());
    if (spec === null) throw new Error('an example of a whole kind points at nothing');
    const id = await api.create({ name: resource.name, traits: resource.traits, spec });
    const observed = kind.observe(await api.get(id));
    expect(observed).toMatchObject({
      id,
      name: resource.name,
      traits: resource.traits,
      obstacles: [],
    });
    const isWriteOnly = (path: string): boolean => ruleFor(kind.rules, path)?.writeOnly !== undefined;
    // Of a write-only field some APIs do not even tell whether it is set.
    expect(observed.gaps.filter(({ prefix }) => !isWriteOnly(prefix))).toEqual([]);
    for (const [path, value] of Object.entries(wished)) {
      if (gapAt(observed.gaps, path) !== undefined) continue;
      const live = observed.spec[path];
      const isAlike = isWriteOnly(path) ? isSame(live, !isSame(value, null)) : isSameShown(value, live);
      expect([path, isAlike]).toEqual([path, true]);
    }
    const { rows, isComplete } = await api.find([], { seen: null });
    expect(isComplete).toBe(true);
    expect(rows.map(({ observed }) => observed.id)).toEqual([id]);
    await api.remove(id);
    await api.remove(id);
    expect(await api.get(id)).toBeNull();
  });

  test.each(['minimal', 'full'])('removes “%s” with prune once the file drops it', async (name) => {
    const bench = await benchOf(kind, fixture, { [KEY]: fixture.examples[name]! }, { prune: true });
    const before = bench.sandbox.snapshot();
    await apply(bench);
    await bench.write(configOf(kind, fixture, {}, { prune: true }));
    await apply(bench);
    expect(fixture.live(bench.sandbox.snapshot())).toBeUndefined();
    expect(fixture.unmanaged(bench.sandbox.snapshot())).toBe(fixture.unmanaged(before));
    expect(ownWrites(bench, fixture).length).toBe(1);
    expect((await bench.document('plan')).changes).toEqual([]);
  });

  test('makes nothing twice where the list lags behind', async () => {
    const bench = await benchOf(kind, fixture, { [KEY]: fixture.examples['full']! });
    bench.sandbox.behave({ listLag: 2 });
    await apply(bench);
    await apply(bench);
    expect(ownWrites(bench, fixture)).toEqual([]);
  });
});

describe.each(part)('the kind $name, whose objects are somebody else’s', ({ kind, fixture }) => {
  test('takes back what it ensured and leaves the object as it found it', async () => {
    const bench = await benchOf(kind, fixture, { [KEY]: fixture.examples['ensured']! }, { prune: true });
    const before = fixture.live(bench.sandbox.snapshot());
    await apply(bench);
    expect(fixture.live(bench.sandbox.snapshot())).not.toEqual(before);
    await bench.write(configOf(kind, fixture, {}, { prune: true }));
    await apply(bench);
    expect(fixture.live(bench.sandbox.snapshot())).toEqual(before);
  });
});

const NAMES = { keysOf: () => ['d1', 'd2', 'd3'] };

function declareOne(kind: Kind, fixture: KindFixture, written: Written): ReturnType<typeof declare> {
  const around = Object.entries(fixture.around).map(([section, entries]) => [
    section,
    Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, entryOf(entry)])),
  ]);
  return declare({ ...Object.fromEntries(around), [kind.section]: { [KEY]: entryOf(written) } });
}

/** A secret that the API shows is compared as a text; whether it is shown as a secret depends on its look. */
function isSameShown(value: Value, live: Value | undefined): boolean {
  if (!(value instanceof Secret)) return isSame(live, value);
  return live instanceof Secret ? value.isSameAs(live) : value.isText(String(live));
}

/** Objects of the kind that a first apply writes: those that the entry refers to are of it too, where they are. */
function objectsMade(kind: Kind, fixture: KindFixture): number {
  return 1 + Object.keys(fixture.around[kind.section] ?? {}).length;
}

function deepFreeze(value: EntryValue): never {
  if (Array.isArray(value)) value.forEach(deepFreeze);
  else if (isEntry(value)) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value) as never;
}

/** Entries with the right keys and the wrong values, and with any keys at all. */
function garbageEntry(fixture: KindFixture): fc.Arbitrary<unknown> {
  const keys = [...new Set(Object.values(fixture.examples).flatMap(keysIn))];
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      'd1',
      'a@company.test',
      0,
      -1,
      NaN,
      true,
      new Ref('destination/d1'),
      Secret.of('(secret A)', [], 'x'),
    ),
    fc.string(),
    fc.double(),
  );
  const key = fc.oneof(
    fc.constantFrom(...keys),
    fc.constantFrom('toString', 'constructor', '__proto__', 'valueOf'),
    fc.string(),
  );
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(key, tie('node'), { maxKeys: 5 }),
    ),
  }));
  return fc.dictionary(key, node, { maxKeys: 8 });
}

function keysIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)]);
}

function garbageJson(): fc.Arbitrary<unknown> {
  const names =
    'pipeline_id spec notifications email_recipients alerts continuous last_modified run_as id job_id display_name destination_type config email events model_name http_url_spec url job_spec workspace_url creation_timestamp enable_ssl_verification slack addresses settings name tasks task_key email_notifications webhook_notifications notification_settings health rules metric value on_failure deployment kind for_each_task task sql_task alert subscriptions destination_id'.split(
      ' ',
    );
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(null, '', 'EMAIL', 'SLACK', 'BUNDLE', true, exactNumber('9007199254740993')),
    fc.string(),
    fc.double(),
  );
  const key = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...names) },
    fc.constantFrom('__proto__', 'toString'),
  );
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 6 },
      leaf,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(key, tie('node'), { maxKeys: 6 }),
    ),
  }));
  return node;
}
