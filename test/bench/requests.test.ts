import { describe, expect, jest, test } from '@jest/globals';
import { requestBudget } from '../../bench/budget.ts';
import {
  configOf,
  jobName,
  OWN_DESTINATIONS,
  SECRETS,
  settledWorkspaceOf,
  workspaceOf,
} from '../../bench/workload.ts';
import type { PlanDocument } from '../../src/core/document.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { manyJobs } from '../../src/sandbox/many-jobs.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const FIRST_JOB_ID = 100_000_000_001n;

async function benchOf(seed: Seed, config: string): Promise<Bench> {
  const bench = await openBench({ seed }, config);
  Object.assign(bench.env, SECRETS);
  return bench;
}

function withoutRecord(config: string): string {
  return config.replace('settings:\n', 'settings:\n  record: none\n');
}

/** Tells one mailbox, and no destination, of the failures of the first `count` jobs. */
function mailConfigOf(count: number): string {
  const entries = Array.from(
    { length: count },
    (_none, at) => `  ${jobName(at)}: { notify: { on_failure: [a@sandbox.test] } }\n`,
  );
  return `version: 1\njobs:\n${entries.join('')}`;
}

/** Sets some settings of the jobs at these places of the list. */
function poke({ sandbox }: Bench, places: readonly number[], settings: JsonObject): void {
  for (const at of places) {
    sandbox.poke.setJob(String(FIRST_JOB_ID + BigInt(at)), (before) => ({ ...before, ...settings }));
  }
}

type Expected = {
  readonly jobs: number;
  readonly named: number;
  readonly changing: number;
  readonly destinations?: number;
};

function expectWithinBudget(document: PlanDocument, expected: Expected): void {
  const { summary, requests, complete } = document;
  expect({ update: summary.update, blocked: summary.blocked, complete }).toEqual({
    update: expected.changing,
    blocked: 0,
    complete: true,
  });
  expect(requests.retried).toBe(0);
  expect(requests.count).toBeLessThanOrEqual(requestBudget({ destinations: OWN_DESTINATIONS, ...expected }));
}

/** Thousands of requests on a busy machine; nothing here depends on time. */
jest.setTimeout(60_000);

describe('requests of a plan of few jobs by name', () => {
  test.each([
    { jobs: 1, named: 1 },
    { jobs: 100, named: 20 },
    { jobs: 2_000, named: 20 },
    { jobs: 2_001, named: 20 },
  ])('stay within the budget at first, again and with changes: $named of $jobs', async ({ jobs, named }) => {
    const bench = await benchOf(workspaceOf(jobs), configOf(named));
    expectWithinBudget(await bench.document('plan'), { jobs, named, changing: named });
    await bench.document('apply', '--auto-approve');
    expectWithinBudget(await bench.document('plan'), { jobs, named, changing: 0 });
    poke(bench, [0], { webhook_notifications: {} });
    expectWithinBudget(await bench.document('plan'), { jobs, named, changing: 1 });
  });

  test('stay within the budget without a record', async () => {
    const expected = { jobs: 1_200, named: 20, changing: 0 };
    const bench = await benchOf(settledWorkspaceOf(1_200, 20), withoutRecord(configOf(20)));
    expectWithinBudget(await bench.document('plan'), expected);
  });

  test('stay within the budget where no two jobs show the same block', async () => {
    const bench = await benchOf(settledWorkspaceOf(5_000, 20), configOf(20));
    poke(bench, [4_999], {
      email_notifications: {},
      webhook_notifications: {},
      health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 9 }] },
    });
    poke(bench, [4_998], {
      email_notifications: {},
      webhook_notifications: {},
      notification_settings: { no_alert_for_skipped_runs: true },
    });
    poke(bench, [4_997], {
      email_notifications: { on_start: ['a@sandbox.test'] },
      webhook_notifications: {},
    });
    poke(bench, [4_996], { email_notifications: {} });
    expectWithinBudget(await bench.document('plan'), { jobs: 5_000, named: 20, changing: 0 });
  });

  test('stay within the budget where the recorded number of jobs is out of date', async () => {
    const bench = await benchOf(settledWorkspaceOf(1_200, 20), configOf(20));
    await bench.document('apply', '--auto-approve');
    const names = manyJobs(3_800, { firstId: 300_000_000_000n });
    for (const job of names) bench.sandbox.poke.addJob({ ...job, settings: { name: 'newer' } });
    expectWithinBudget(await bench.document('plan'), { jobs: 5_000, named: 20, changing: 0 });
  });

  test('list the jobs where an offset is refused', async () => {
    const bench = await benchOf(settledWorkspaceOf(1_900, 20), configOf(20));
    const body = { error_code: 'INVALID_PARAMETER_VALUE', message: 'offset is not supported' };
    const path = '*/jobs/list?*offset=*';
    bench.sandbox.fault({ kind: 'status', status: 400, body, path, times: Infinity });
    expectWithinBudget(await bench.document('plan'), { jobs: 1_900, named: 20, changing: 0 });
  });
});

describe('requests of a plan of many jobs by name', () => {
  test('stay within the budget at first', async () => {
    const bench = await benchOf(workspaceOf(5_000), configOf(2_000));
    expectWithinBudget(await bench.document('plan'), { jobs: 5_000, named: 2_000, changing: 2_000 });
  });

  test('stay within the budget with a record, and with few changes', async () => {
    const bench = await benchOf(settledWorkspaceOf(5_000, 2_000), configOf(2_000));
    await bench.document('apply', '--auto-approve');
    poke(bench, [0, 700, 1_999], { webhook_notifications: {} });
    expectWithinBudget(await bench.document('plan'), { jobs: 5_000, named: 2_000, changing: 3 });
  });

  test('stay within the budget without a record', async () => {
    const bench = await benchOf(settledWorkspaceOf(5_000, 2_000), withoutRecord(configOf(2_000)));
    expectWithinBudget(await bench.document('plan'), { jobs: 5_000, named: 2_000, changing: 0 });
  });

  test('are one for each job, and say why, where no row proves that lists tell of a block', async () => {
    const email_notifications = { on_failure: ['a@sandbox.test'] };
    const jobs = manyJobs(1_200, { notifyEvery: 0 }).map((job) => ({
      ...job,
      settings: { ...job.settings, email_notifications },
    }));
    const bench = await benchOf({ jobs }, mailConfigOf(600));
    const { notes, requests } = await bench.document('plan');
    expect(requests.count).toBeGreaterThan(600);
    expect(notes.join()).toContain('read one by one: no row of jobs/list shows webhook_notifications');
  });
});

describe('a plan of many jobs by name', () => {
  test.each(['email_notifications', 'webhook_notifications'])(
    'sees what a list without %s hides',
    async (block) => {
      const bench = await benchOf(settledWorkspaceOf(300, 50), configOf(50));
      bench.sandbox.behave({ listOmits: [block] });
      poke(bench, [30], { [block]: {} });
      const document = await bench.document('plan');
      expect(document.notes.join()).toContain(`disagree about ${block}`);
      expect(document.changes.filter(({ verb }) => verb === 'update').map(({ id }) => id)).toEqual([
        String(FIRST_JOB_ID + 30n),
      ]);
    },
  );

  test('sees what the list hides of one of ten', async () => {
    const jobs = manyJobs(10).map((job) => ({
      ...job,
      settings: { ...job.settings, email_notifications: { on_failure: ['a@sandbox.test'] } },
    }));
    const seed = { jobs, destinations: workspaceOf(0).destinations ?? [] };
    const bench = await benchOf(seed, mailConfigOf(10));
    bench.sandbox.behave({ listOmits: ['webhook_notifications'] });
    poke(bench, [7], { webhook_notifications: { on_failure: [{ id: seed.destinations[0]?.id ?? '' }] } });
    const { changes } = await bench.document('plan');
    expect(changes.map(({ id, verb }) => [id, verb])).toEqual([[String(FIRST_JOB_ID + 7n), 'update']]);
  });

  test('reads what will change whole, although the list shows most of it', async () => {
    const bench = await benchOf(settledWorkspaceOf(300, 50), configOf(50));
    poke(bench, [7, 9], { webhook_notifications: {} });
    await bench.document('plan');
    const read = bench.sandbox.requests.filter(({ path }) => path.startsWith('/api/2.2/jobs/get'));
    expect(new Set(read.map(({ path }) => path)).size).toBe(read.length);
    expect(read.length).toBeLessThanOrEqual(4);
  });
});
