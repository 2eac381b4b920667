import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PlanDocument } from '../../src/core/document.ts';
import type { RecordDocument, RecordedObject } from '../../src/core/record.ts';
import { violation } from '../../src/record/check.ts';
import { RECORD_SCHEMA } from '../../src/record/schema.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const RUNS = { numRuns: 60 };
const THEIRS = { id: '99999999-0000-4000-8000-000000000009', display_name: 'Theirs' };
const seed: Seed = {
  destinations: [{ ...THEIRS, config: { email: { addresses: ['theirs@company.test'] } } }],
  jobs: [{ job_id: '7', settings: { name: 'etl' } }],
};

/** Everything that may remove something is allowed, so that nothing but the record stands in the way. */
const file = (record: object | string, orphans: string): string => `version: 1
settings: { record: ${JSON.stringify(record)}, prune: true, limits: { max_delete_percent: 100, max_deletes: 50, silenced: 9 } }
destinations:
  kept: { email: { addresses: [kept@company.test] } }
${orphans}`;
const ORPHANS = `  dropped: { email: { addresses: [dropped@company.test] } }
jobs: { etl: { notify: { on_failure: [kept] } } }
registry_webhooks:
  dropped: { model_name: m, events: [COMMENT_CREATED], http_url_spec: { url: "https://hook.test" } }
`;

/** What takes something away from the workspace, or out of our hands. */
const LOSSES = ['delete', 'replace', 'detach'];

describe('a record', () => {
  test('as it was saved lets go of what the file no longer names', async () => {
    const { bench } = await withOrphans();
    const { out } = await bench.lakebell('plan', '--format', 'json');
    expect(lossesIn(out)).toEqual(['destination/dropped', 'registry_webhook/dropped']);
  });

  test('with a wrong type or a member too few or too many anywhere is refused in one sentence', async () => {
    const { bench, record, lay } = await withOrphans();
    await fc.assert(
      fc.asyncProperty(brokenOnes(record), async (broken) => {
        fc.pre(violation(RECORD_SCHEMA, broken) !== null);
        await lay(JSON.stringify(broken));
        await expectRefused(bench, /^error: the record \(file [^\n]+\) is damaged: [^\n]+$/m);
      }),
      RUNS,
    );
  }, 120_000);

  test.each<[string, Partial<RecordDocument>, RegExp]>([
    ['another workspace', { workspace_id: '5' }, /belongs to the workspace 5, and this run is for/],
    ['another configuration', { config: 'other' }, /belongs to the configuration "other"/],
    ['another target', { target: 'prod' }, /belongs to the target "prod"/],
    ['a newer format', { format_version: '1.999' }, /has format 1\.999, and this lakebell reads up to/],
    ['a format of the future', { format_version: '2.0' }, /has format 2\.0, and this lakebell reads up to/],
    ['no lineage', { lineage: 'none' }, /is damaged: lineage does not have the form/],
  ])('of %s is refused in one sentence', async (_what, changes, sentence) => {
    const { bench, record, lay } = await withOrphans();
    await lay(JSON.stringify({ ...record, ...changes }));
    await expectRefused(bench, sentence);
  });

  test('that was cut short anywhere is refused in one sentence', async () => {
    const { bench, record, lay } = await withOrphans();
    const text = JSON.stringify(record);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), async (length) => {
        await lay(text.slice(0, length));
        await expectRefused(bench, /is damaged: it is (empty|not JSON, or was cut short)/);
      }),
      RUNS,
    );
  }, 120_000);

  test('that takes other objects for ours never loses one of them', async () => {
    const { bench, record, lay } = await withOrphans();
    const before = bench.sandbox.snapshot();
    const ids = [THEIRS.id, '7', ...Object.values(record.objects).map(({ id }) => id), 'nobody'];
    const lie = fc.record({
      address: fc.constantFrom('destination/dropped', 'destination/kept', 'registry_webhook/dropped'),
      kind: fc.option(fc.constantFrom('destination', 'job', 'registry_webhook', 'pipeline', ''), {
        nil: undefined,
      }),
      id: fc.option(fc.constantFrom(...ids), { nil: undefined }),
      name: fc.option(fc.constantFrom('Ours', ''), { nil: undefined }),
      type: fc.option(fc.constantFrom('slack', ''), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(lie, async ({ address, type, ...told }) => {
        const object = record.objects[address];
        if (object === undefined) throw new Error(`${address} is not on record`);
        const traits = type === undefined ? {} : { traits: { ...object.traits, type } };
        const lies: RecordedObject = { ...object, ...dropUndefined(told), ...traits };
        // What is told of it in every particular cannot be told from what is ours.
        fc.pre(lies.id !== object.id || lies.name !== object.name || lies.kind !== object.kind);
        await lay(JSON.stringify({ ...record, objects: { [address]: lies } }));
        const plan = await bench.lakebell('plan', '--format', 'json');
        // An id that this kind cannot have is what the workspace refuses.
        if (plan.out === '')
          expect([plan.code, plan.err]).toEqual([4, expect.stringMatching(/^error: [^\n]+\n/)]);
        else expect(lossesIn(plan.out)).toEqual([]);
        await bench.lakebell('apply', '--auto-approve');
        expect(bench.writes().filter((line) => line.startsWith('DELETE'))).toEqual([]);
        const after = bench.sandbox.snapshot();
        expect(idsIn(after)).toEqual(expect.arrayContaining([...idsIn(before)]));
      }),
      RUNS,
    );
  }, 120_000);

  test.each<[string, Partial<RecordDocument>]>([
    ['another lineage', { lineage: '7a6c1d7e-6a0a-4c3e-8a43-5b3a3f0d2c11', serial: 99 }],
    ['an older one', { serial: 0 }],
  ])(
    'that is exchanged for %s before the lock is taken stops the run before it writes',
    async (_what, changes) => {
      let isArmed = false;
      const bench = await openBench(
        { seed, behaviour: { latencyMs: 1 }, sleep: exchange },
        file('workspace', ORPHANS),
      );
      expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
      await bench.write(file('workspace', ''));
      const before = bench.sandbox.snapshot();
      isArmed = true;
      const { code, err } = await bench.lakebell('apply', '--auto-approve');
      expect([isArmed, code]).toEqual([false, 5]);
      expect(err).toMatch(/the record \([^\n]+\) was replaced while we ran/);
      const { destinations, registry_webhooks: webhooks, jobs } = bench.sandbox.snapshot();
      expect({ destinations, webhooks, jobs }).toEqual({
        destinations: before.destinations,
        webhooks: before.registry_webhooks,
        jobs: before.jobs,
      });

      /** Somebody lays another record there just when the lock is asked for. */
      async function exchange(): Promise<void> {
        const { path = '' } = bench.sandbox.requests.at(-1) ?? {};
        if (!isArmed || !path.includes('.lock?overwrite=false')) return;
        const saved = bench.sandbox.snapshot().files.find((one) => one.path.endsWith('/default.json'));
        if (saved === undefined) return;
        isArmed = false;
        const other = { ...(JSON.parse(saved.content) as RecordDocument), ...changes };
        await fetch(bench.sandbox.url + path.replace('.lock?overwrite=false', '?overwrite=true'), {
          method: 'POST',
          headers: { authorization: 'Bearer sandbox-token' },
          body: JSON.stringify(other),
        });
      }
    },
  );
});

type Orphaned = {
  readonly bench: Bench;
  readonly record: RecordDocument;
  /** Puts a text where the record is. */
  readonly lay: (text: string) => Promise<void>;
};

/** What was applied with a file that named more than the one that is there now. */
async function withOrphans(): Promise<Orphaned> {
  const bench = await openBench({ seed });
  const path = bench.path('record.json');
  await bench.write(file({ file: path }, ORPHANS));
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  if (code !== 0) throw new Error(out + err);
  await bench.write(file({ file: path }, ''));
  const record = JSON.parse(await readFile(path, 'utf8')) as RecordDocument;
  return { bench, record, lay: (text) => writeFile(path, text) };
}

function lossesIn(printed: string): readonly string[] {
  const { changes } = JSON.parse(printed) as PlanDocument;
  return changes.filter(({ verb }) => LOSSES.includes(verb)).map(({ address }) => address);
}

async function expectRefused(bench: Bench, sentence: RegExp): Promise<void> {
  for (const command of [['plan'], ['plan', '--format', 'json'], ['apply', '--auto-approve']]) {
    const { code, out, err } = await bench.lakebell(...command);
    expect([command, code, out]).toEqual([command, 5, '']);
    expect(err).toMatch(sentence);
    expect(bench.writes()).toEqual([]);
  }
}

type Step = string | number;

/** The record with one of its members, however deep, of another type, gone, or with another one beside it. */
function brokenOnes(record: RecordDocument): fc.Arbitrary<unknown> {
  const values = fc.constantFrom<unknown>(null, true, -1, 1.5, 'text', [], {}, [1], { x: 1 });
  return fc
    .tuple(fc.constantFrom(...pathsIn(record)), fc.constantFrom('change', 'drop', 'add'), values)
    .map(([path, how, value]) => edited(record, path, { how, value }));
}

function pathsIn(value: unknown, at: readonly Step[] = []): readonly (readonly Step[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const deeper = Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...at, key]));
  return [at, ...deeper];
}

type Edit = { readonly how: string; readonly value: unknown };

function edited(whole: unknown, [step, ...rest]: readonly Step[], edit: Edit): unknown {
  if (step === undefined)
    return edit.how === 'add' ? { ...(whole as object), tomorrow: edit.value } : edit.value;
  const entries = Object.entries(whole as object).flatMap(([key, member]) => {
    if (key !== step) return [[key, member] as const];
    return edit.how === 'drop' && rest.length === 0 ? [] : [[key, edited(member, rest, edit)] as const];
  });
  return Array.isArray(whole) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}

function dropUndefined(told: Readonly<Record<string, string | undefined>>): Partial<RecordedObject> {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

function idsIn({
  destinations,
  registry_webhooks: webhooks,
}: ReturnType<Bench['sandbox']['snapshot']>): readonly string[] {
  return [...destinations, ...webhooks].map(({ id }) => id);
}
