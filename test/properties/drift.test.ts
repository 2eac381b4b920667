import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PlanDocument } from '../../src/core/document.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { openBench } from '../support/cli.ts';

const EVENTS = ['on_start', 'on_success', 'on_failure'] as const;
const ADDRESSES = ['a@company.test', 'b@company.test', 'c@company.test'];
const JOBS = ['1', '2', '3'];

type Statement = Readonly<Partial<Record<(typeof EVENTS)[number], readonly string[]>>>;

const addresses = fc.shuffledSubarray(ADDRESSES, { minLength: 1 });
const statement = fc.record(Object.fromEntries(EVENTS.map((event) => [event, addresses])), {
  requiredKeys: [],
}) as fc.Arbitrary<Statement>;
/** What somebody does to one event of one job. */
const poke = fc.record({
  job: fc.constantFrom(...JOBS),
  event: fc.constantFrom(...EVENTS),
  to: fc.option(fc.shuffledSubarray([...ADDRESSES, 'new@company.test'], { minLength: 1 })),
});

const configOf = (statements: readonly Statement[]): string =>
  `version: 1\njobs:\n${statements
    .map((one, at) => `  j${at + 1}: ${JSON.stringify({ id: JOBS[at], notify: one })}\n`)
    .join('')}`;

describe('drift', () => {
  test('after a random poke is exactly what was poked of what is managed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(statement, statement, statement),
        fc.array(poke, { maxLength: 4 }),
        async (statements, pokes) => {
          const jobs = JOBS.map((id) => ({ job_id: id, settings: { name: `job ${id}` } }));
          const bench = await openBench({ seed: { jobs } }, configOf(statements));
          expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
          for (const { job, event, to } of pokes) bench.sandbox.poke.setJob(job, withEvent(event, to));
          const { code, out } = await bench.lakebell('drift', '--format', 'json');
          const document = JSON.parse(out) as PlanDocument;
          const told = document.changes.flatMap(({ address, fields }) =>
            fields.map(({ path, before, after }) => ({
              address,
              path,
              before: setOf(before),
              after: setOf(after),
            })),
          );
          const expected = edits(statements, pokes);
          expect(told.sort(byPlace)).toEqual(expected.sort(byPlace));
          expect(code).toBe(expected.length === 0 ? 0 : 2);
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);
});

type Poke = {
  readonly job: string;
  readonly event: (typeof EVENTS)[number];
  readonly to: readonly string[] | null;
};
type Edit = {
  readonly address: string;
  readonly path: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
};

function withEvent(event: string, to: readonly string[] | null): (settings: JsonObject) => JsonObject {
  return (settings) => {
    const { [event]: _old, ...others } = (settings['email_notifications'] ?? {}) as JsonObject;
    return { ...settings, email_notifications: to === null ? others : { ...others, [event]: [...to] } };
  };
}

/** The last poke of a place counts, and only where it made a difference to something that the file states. */
function edits(statements: readonly Statement[], pokes: readonly Poke[]): Edit[] {
  const last = new Map(pokes.map((one) => [`${one.job} ${one.event}`, one]));
  return [...last.values()].flatMap(({ job, event, to }) => {
    const stated = statements[JOBS.indexOf(job)]?.[event];
    if (stated === undefined) return [];
    const [before, after] = [setOf(stated), setOf(to ?? [])];
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    return [{ address: `job/${job}`, path: `email_notifications.${event}`, before, after }];
  });
}

function setOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value.map(String) : []).sort();
}

function byPlace(one: { address: string; path: string }, other: { address: string; path: string }): number {
  return `${one.address} ${one.path}` < `${other.address} ${other.path}` ? -1 : 1;
}
