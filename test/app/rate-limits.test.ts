import { describe, expect, jest, test } from '@jest/globals';
import { jobName } from '../../bench/workload.ts';
import type { PlanDocument } from '../../src/core/document.ts';
import type { RateLimits } from '../../src/sandbox/behaviour.ts';
import { manyJobs } from '../../src/sandbox/many-jobs.ts';
import { type Bench, openBench, type Ran } from '../support/cli.ts';
import { virtualTime, type VirtualTime } from '../support/virtual-time.ts';

const JOBS = 200;
/** What Databricks publishes. */
const LIMITS: RateLimits = { list: 20, get: 20, update: 10 };

/** Hundreds of requests on a busy machine; nothing here depends on its time. */
jest.setTimeout(60_000);

function configOf(count: number): string {
  const jobs = Array.from(
    { length: count },
    (_none, at) => `  ${jobName(at)}: { notify: { on_failure: [oncall@sandbox.test] } }\n`,
  );
  return `version: 1\nsettings: { limits: { max_changes: 1000 } }\njobs:\n${jobs.join('')}`;
}

type Limited = Bench & { readonly time: VirtualTime };

/** Enough for a request to come and an answer to go. */
const QUIET_TURNS = 20;

/** A limited workspace that goes by the commands' clock. */
async function openLimited(rateLimits: RateLimits): Promise<Limited> {
  const time = virtualTime(0, QUIET_TURNS);
  const seed = { jobs: manyJobs(JOBS, { notifyEvery: 0 }) };
  const options = { now: time.clock, seed, behaviour: { rateLimits } };
  const bench = await openBench(options, configOf(JOBS), time);
  // As it is away from loopback.
  bench.env['DATABRICKS_RATE_LIMIT'] = '20';
  return { ...bench, time };
}

function apply({ time, lakebell }: Limited): Promise<Ran> {
  return time.run(lakebell('apply', '--auto-approve', '--format', 'json'));
}

function updatesOf({ sandbox }: Bench, status: number): readonly string[] {
  return sandbox.requests
    .filter((request) => request.path === '/api/2.2/jobs/update' && request.status === status)
    .map(({ body }) => String((JSON.parse(body) as { readonly job_id: number }).job_id));
}

describe.each([{ retryAfter: true }, { retryAfter: false }])(
  'an apply where a 429 comes with %j',
  (asking) => {
    test.each([
      { othersShare: 0, most: 0 },
      // A pause tells all of them: the first refusals, and then one in about twenty seconds.
      { othersShare: 0.5, most: 20 },
    ])('and others take $othersShare of the limits writes each job once', async ({ othersShare, most }) => {
      const bench = await openLimited({ ...LIMITS, ...asking, othersShare });
      const { code, out } = await apply(bench);
      const { outcomes = [], requests } = JSON.parse(out) as PlanDocument;
      expect(code).toBe(0);
      expect(outcomes.filter(({ state }) => state !== 'done')).toEqual([]);
      expect(outcomes).toHaveLength(JOBS);
      const written = updatesOf(bench, 200);
      expect([written.length, new Set(written).size]).toEqual([JOBS, JOBS]);
      const refused = bench.sandbox.requests.filter(({ status }) => status === 429);
      expect(refused.length).toBeLessThanOrEqual(most);
      expect(requests.retried).toBe(refused.length);
      expect(refused.length > 0).toBe(othersShare > 0);
    });

    test('and nothing is left at first waits, and then writes each job once', async () => {
      const rateLimits = { ...LIMITS, ...asking, othersShare: 1, othersPeriodMs: 240_000 };
      const bench = await openLimited(rateLimits);
      const { code } = await apply(bench);
      expect([code, updatesOf(bench, 200).length]).toEqual([0, JOBS]);
      expect(bench.time.clock()).toBeGreaterThan(120_000);
    });
  },
);

test('an apply where nothing is left for longer than anybody waits ends, all of it, and says so', async () => {
  const bench = await openLimited({ ...LIMITS, update: 0, retryAfter: false });
  const { code, out } = await apply(bench);
  const { outcomes = [] } = JSON.parse(out) as PlanDocument;
  expect(code).toBe(4);
  expect(outcomes.some(({ state }) => state === 'failed')).toBe(true);
  expect(JSON.stringify(outcomes)).toContain('DATABRICKS_RATE_LIMIT');
  // Not five minutes for each of them.
  expect(bench.time.clock()).toBeLessThan(8 * 60_000);
});
