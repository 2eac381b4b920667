import { describe, expect, test } from '@jest/globals';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const seed: Seed = {
  jobs: [
    {
      job_id: '7',
      settings: {
        name: 'etl',
        tasks: [
          { task_key: 'load', notebook_task: { notebook_path: '/load' } },
          { task_key: 'each', for_each_task: { inputs: '[1]', task: { task_key: 'one' } } },
        ],
      },
    },
  ],
};

type Mode = 'exact' | 'ensure';

/** `goes` and `stays` told at the job, in a task and in a nested task; without `goes` it is dropped from the file. */
const file = (mode: Mode, keys: readonly string[], settings = ''): string => `version: 1
settings: { limits: { max_delete_percent: 100 }${settings} }
destinations:
${keys.map((key) => `  ${key}: { email: { addresses: [${key}@company.test] } }`).join('\n')}
jobs:
  etl:
    mode: ${mode}
    notify: { on_failure: [${keys.join(', ')}] }
    tasks:
      load: { notify: { on_start: [${keys.join(', ')}] } }
      each: { for_each: { notify: { on_success: [${keys.join(', ')}] } } }
`;

const pruned = (mode: Mode, keys: readonly string[]): string => file(mode, keys, ', prune: true');

describe.each<Mode>(['exact', 'ensure'])('deleting what a job names in mode %s', (mode) => {
  test('rewires the job at every level first, and deletes last', async () => {
    const { bench, goes } = await applied(mode);
    await bench.write(pruned(mode, ['stays']));
    const plan = await bench.document('plan');
    expect(plan.refusals).toEqual([]);
    expect((await bench.lakebell('apply', '--approve', plan.digest)).code).toBe(0);
    expect(steps(bench)).toEqual([
      'POST /api/2.2/jobs/update',
      `DELETE /api/2.0/notification-destinations/${goes}`,
    ]);
    expect(JSON.stringify(bench.sandbox.snapshot().jobs)).not.toContain(goes);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('keeps the destination where the job could not be rewired', async () => {
    const { bench, goes } = await applied(mode);
    await bench.write(pruned(mode, ['stays']));
    bench.sandbox.fault({ kind: 'status', status: 400, path: '*/jobs/update', times: Infinity });
    const { outcomes } = await bench.document('apply', '--auto-approve');
    expect(outcomes?.map(({ address, state }) => [address, state])).toEqual([
      ['destination/goes', 'skipped'],
      ['job/7', 'failed'],
    ]);
    expect(idsOf(bench)).toContain(goes);
    bench.sandbox.clearFaults();
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(idsOf(bench)).not.toContain(goes);
  });

  test('keeps the destination where nobody approved that the job is rewired', async () => {
    const { bench, goes } = await applied(mode);
    await bench.write(pruned(mode, ['stays']));
    const text = (await bench.lakebell('plan', '--format', 'json')).out;
    const plan = JSON.parse(text) as { changes: { address: string }[] };
    const changes = plan.changes.filter(({ address }) => address !== 'job/7');
    await bench.write(JSON.stringify({ ...plan, changes }), 'plan.json');
    await bench.lakebell('apply', '--plan', bench.path('plan.json'));
    expect(idsOf(bench)).toContain(goes);
  });

  test('refuses where somebody else put it into another event of the job', async () => {
    const { bench, goes } = await applied(mode);
    bench.sandbox.poke.setJob('7', (settings) => ({
      ...settings,
      webhook_notifications: {
        ...(settings['webhook_notifications'] as object),
        on_streaming_backlog_exceeded: [{ id: goes }],
      },
    }));
    await bench.write(pruned(mode, ['stays']));
    const { refusals } = await bench.document('plan');
    expect(refusals.map(({ guard, users }) => [guard, users?.map(({ place }) => place)])).toEqual([
      ['in_use', ['webhook_notifications.on_streaming_backlog_exceeded']],
    ]);
  });
});

test('replacing what an entry named once and names no longer moves what we added to the successor', async () => {
  const { bench, goes } = await applied('ensure');
  const other = 'generic_webhook: { url: "https://hook.test" }';
  const text = file('ensure', ['stays', 'goes']).replace('email: { addresses: [goes@company.test] }', other);
  await bench.write(text.replaceAll(/\[stays, goes\]/gu, '[stays]'));
  const plan = await bench.document('plan');
  expect(plan.refusals).toEqual([]);
  expect((await bench.lakebell('apply', '--approve', plan.digest)).code).toBe(0);
  const jobs = JSON.stringify(bench.sandbox.snapshot().jobs);
  const successor = idsOf(bench).at(-1) ?? '';
  expect([jobs.includes(goes), jobs.split(successor).length - 1, idsOf(bench).includes(goes)]).toEqual([
    false,
    3,
    false,
  ]);
  expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
});

test('what an ensure entry found there already is not ours to take out', async () => {
  const { bench, goes } = await applied('ensure', true);
  await bench.write(pruned('ensure', ['stays']));
  const { refusals } = await bench.document('plan');
  expect(refusals[0]?.users).toEqual([
    {
      user: 'job/7',
      name: 'etl',
      place: 'webhook_notifications.on_failure',
      uses: 'destination/goes',
      link: `${bench.sandbox.url}/jobs/7`,
    },
  ]);
  expect(idsOf(bench)).toContain(goes);
});

test('who uses what is read once, however much goes', async () => {
  const { bench } = await applied('exact');
  await bench.write(
    'version: 1\nsettings: { prune: true, limits: { max_delete_percent: 100 } }\ndestinations: { x: { email: { addresses: [x@company.test] } } }\n',
  );
  await bench.lakebell('plan');
  const asked = (part: string): number =>
    bench.sandbox.requests.filter(({ path }) => path.includes(part)).length;
  expect(['expand_tasks=true', '/2.0/alerts', '/lakeview/dashboards'].map(asked)).toEqual([1, 1, 1]);
});

async function applied(
  mode: Mode,
  isThere = false,
): Promise<{ readonly bench: Bench; readonly goes: string }> {
  const id = 'aaaaaaaa-0000-4000-8000-000000000001';
  const there = [{ id, display_name: 'goes', config: { email: { addresses: ['goes@company.test'] } } }];
  const bench = await openBench(
    { seed: isThere ? { ...seed, destinations: there } : seed },
    file(mode, ['stays', 'goes']),
  );
  if (isThere)
    bench.sandbox.poke.setJob('7', (settings) => ({
      ...settings,
      webhook_notifications: { on_failure: [{ id }] },
    }));
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  expect(code === 0 ? '' : out + err).toBe('');
  const { destinations } = bench.sandbox.snapshot();
  return { bench, goes: String(destinations.find(({ display_name: name }) => name === 'goes')?.id) };
}

function idsOf({ sandbox }: Bench): readonly string[] {
  return sandbox.snapshot().destinations.map(({ id }) => String(id));
}

function steps(bench: Bench): readonly string[] {
  return bench.writes().filter((line) => !line.includes('/workspace'));
}
