import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PlanDocument } from '../../src/core/document.ts';
import { UUID_A } from '../support/builders.ts';
import { type Bench, openBench } from '../support/cli.ts';
import { tellingJob } from '../support/telling-job.ts';
import {
  type Case,
  type JobCase,
  type RuleCase,
  aCase,
  aJobCase,
  configOf,
  mirrored,
  namedPaths,
  seedOf,
  withoutPaths,
} from './support/rule-cases.ts';

const open = (one: Case): Promise<Bench> => openBench({ seed: seedOf(one) }, configOf(one));

/** What a plan comes to, without lines, and with lists as the sets that they are. */
function told(document: PlanDocument, isAbout: (address: string) => boolean = () => true) {
  const changes = document.changes.filter(({ address }) => isAbout(address));
  return changes.map(({ address, verb, op, fields, blocked }) => ({
    address,
    verb,
    op,
    blocked: blocked === null ? null : [blocked.reason, withoutLines(blocked.message)],
    fields: fields.map(({ path, before, after }) => [path, setOf(before), setOf(after)]),
  }));
}

const warned = ({ diagnostics }: PlanDocument): readonly string[] =>
  diagnostics.map(({ code, message }) => `${code}: ${withoutLines(message)}`).sort();

const withoutLines = (text: string): string => text.replaceAll(/[^ (]*notifications\.yml:\d+/gu, 'FILE');

function setOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String).sort() : value;
}

/** The plan, or what is wrong with the file whatever the workspace looks like. */
async function planned({ lakebell }: Bench): Promise<PlanDocument | string> {
  const { code, out, err } = await lakebell('plan', '--format', 'json');
  return code === 1 ? 'refused by the file' : expectDocument(out, err);
}

function expectDocument(out: string, err: string): PlanDocument {
  if (out === '') throw new Error(err);
  return JSON.parse(out) as PlanDocument;
}

describe('random rules and entries on random jobs', () => {
  test('come to the same in whatever order they, the jobs and the recipients stand', async () => {
    await fc.assert(
      fc.asyncProperty(aCase, async (one) => {
        const [there, back] = [await planned(await open(one)), await planned(await open(mirrored(one)))];
        if (typeof there === 'string' || typeof back === 'string') return expect(back).toBe(there);
        expect(told(back)).toEqual(told(there));
        expect(warned(back)).toEqual(warned(there));
        expect(back.digest).toBe(there.digest);
        expect(back.rules?.map(({ source: _source, ...rest }) => rest)).toEqual(
          there.rules?.map(({ source: _source, ...rest }) => rest),
        );
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('come to the same whether rows are planned as they go by or each job is read first', async () => {
    await fc.assert(
      fc.asyncProperty(aCase, async (one) => {
        const seed = seedOf(one);
        const telling = { ...seed, jobs: [...(seed.jobs ?? []), tellingJob('900', UUID_A)] };
        const [rows, gets] = await Promise.all([
          openBench({ seed: telling }, configOf(one)),
          openBench({ seed: telling, behaviour: { listOmits: ['email_notifications'] } }, configOf(one)),
        ]);
        const [seen, read] = [await planned(rows), await planned(gets)];
        if (typeof seen === 'string' || typeof read === 'string') return expect(seen).toBe(read);
        expect(told(seen)).toEqual(told(read));
        expect(warned(seen)).toEqual(warned(read));
        expect(seen.digest).toBe(read.digest);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('touch nothing that they do not name, and are at rest once they are applied', async () => {
    await fc.assert(
      fc.asyncProperty(aCase, async (one) => {
        const bench = await open(one);
        const plan = await planned(bench);
        fc.pre(typeof plan !== 'string');
        const before = bench.sandbox.snapshot().jobs;
        const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
        if (code !== 0) throw new Error(out + err);
        for (const job of bench.sandbox.snapshot().jobs) {
          const was = before.find(({ job_id: id }) => id === job.job_id);
          const change = plan.changes.find(({ address }) => address === `job/${job.job_id}`);
          const paths = change?.verb === 'update' ? change.fields.map(({ path }) => path) : [];
          expect(withoutPaths(job.settings, paths)).toEqual(withoutPaths(was?.settings ?? {}, paths));
          for (const path of paths) expect(namedPaths(one, job.job_id)).toContain(path);
        }
        expect(told((await planned(bench)) as PlanDocument).filter(({ verb }) => verb === 'update')).toEqual(
          [],
        );
        expect((await bench.document('drift')).drift).toEqual({ edited: 0, deleted: 0, uncovered: 0 });
        expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
        expect(bench.writes()).toEqual([]);
      }),
      { numRuns: 35 },
    );
  }, 60_000);

  test.each([
    ['ensure', 'take nobody away'],
    ['forbid', 'put nobody there'],
  ] as const)(
    'of mode %s alone %s',
    async (mode, _what) => {
      await fc.assert(
        fc.asyncProperty(aCase, async (one) => {
          const [first, ...others] = one.rules.filter((rule) => rule.mode === mode);
          const rules = [first, ...others.map(withoutScalars).filter(saysAnything)].filter(
            (rule) => rule !== undefined,
          );
          fc.pre(rules.length > 0);
          const plan = await planned(await open({ ...one, entries: [], rules }));
          if (typeof plan === 'string') throw new Error('lists of one mode cannot contradict each other');
          for (const { fields } of plan.changes) {
            for (const { before, after } of fields) {
              const [was, is] = [membersOf(before), membersOf(after)];
              const [fewer, more] = mode === 'ensure' ? [was, is] : [is, was];
              expect(fewer.filter((item) => !more.includes(item))).toEqual([]);
            }
          }
        }),
        { numRuns: 25 },
      );
    },
    60_000,
  );

  test('come to the same for a job whatever other job there is', async () => {
    await fc.assert(
      fc.asyncProperty(aCase, aJobCase('stranger'), async (one, stranger: JobCase) => {
        const isOther = (address: string): boolean => address !== 'job/99';
        const more = { ...one, jobs: [...one.jobs, { ...stranger, id: '99' }] };
        const [alone, beside] = [await planned(await open(one)), await planned(await open(more))];
        if (typeof alone === 'string' || typeof beside === 'string') return expect(beside).toBe(alone);
        expect(told(beside, isOther)).toEqual(told(alone, isOther));
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});

/** Two values of one switch or threshold do contradict each other, in one mode too. */
function withoutScalars(rule: RuleCase): RuleCase {
  return { ...rule, flags: {}, metrics: {} };
}

function saysAnything({ notify, tasks }: RuleCase): boolean {
  return Object.keys(notify).length + Object.keys(tasks).length > 0;
}

/** A flag that is not set is as good as one that is absent. */
function membersOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'number' || value === true ? [String(value)] : [];
}
