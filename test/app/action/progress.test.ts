import { expect, test } from '@jest/globals';
import { jobName } from '../../../bench/workload.ts';
import { manyJobs } from '../../../src/sandbox/many-jobs.ts';
import { dispatchTrigger, openAction } from '../../support/action.ts';

const JOBS = 100;

const CONFIG = [
  'version: 1',
  'jobs:',
  ...Array.from(
    { length: JOBS },
    (_none, at) => `  ${jobName(at)}: { notify: { on_failure: [a@company.test] } }`,
  ),
  '',
].join('\n');

async function applyAt(perSecond: string): Promise<string> {
  const bench = await openAction({ seed: { jobs: manyJobs(JOBS, { notifyEvery: 0 }) } }, CONFIG);
  bench.env['DATABRICKS_RATE_LIMIT'] = perSecond;
  const { code, log } = await bench.step(dispatchTrigger(), { mode: 'apply', approve: 'none' });
  expect(code).toBe(0);
  return log;
}

test('the log of a long apply says now and then how far it is', async () => {
  const told = (await applyAt('2')).split('\n').filter((line) => line.startsWith('applying '));
  expect(told.length).toBeGreaterThanOrEqual(2);
  expect(told.length).toBeLessThanOrEqual(4);
  for (const line of told) expect(line).toMatch(/^applying \d+ of 100, [\d.]+\/(s|min), about .+ left$/);
});

test('the log of a short one does not', async () => {
  expect(await applyAt('20')).not.toContain('applying ');
});
