import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../src/kinds/client.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Seed, SeedJob } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const GONE = 'deadbeef-0000-4000-8000-000000000001';
const LIVE = '11111111-0000-4000-8000-000000000001';
const destinations = [
  { id: LIVE, display_name: 'theirs', config: { email: { addresses: ['t@company.test'] } } },
];
const hook = (...ids: string[]): Json => ({ on_failure: ids.map((id) => ({ id, kept: id.length })) });
const onSuccess = (...ids: string[]): Json => ({ on_success: ids.map((id) => ({ id })) });
const people: Json = [
  { user_name: 'someone@company.test' },
  { destination_id: GONE },
  { destination_id: LIVE, kept: 1 },
];
const email = { email_notifications: { on_failure: ['team@company.test'] } };
const FILE = `version: 1
jobs: { etl: { notify: { on_start: [], on_failure: [team@company.test] } } }
`;

/** Each place that an id may stand in, in a job of which the file says something else. */
const places: readonly (readonly [string, JsonObject, string])[] = [
  [
    'an event of the job',
    {
      ...email,
      webhook_notifications: { on_success: [{ id: GONE }, { id: LIVE }], on_comet: [{ id: LIVE }] },
    },
    'webhook_notifications.on_success',
  ],
  [
    'an event that nobody knows',
    { ...email, webhook_notifications: { on_comet: [{ id: GONE }, { id: LIVE }] } },
    'webhook_notifications.on_comet',
  ],
  [
    'a task',
    inTask({ webhook_notifications: hook(GONE, LIVE), ...email }),
    'tasks.t.webhook_notifications.on_failure',
  ],
  [
    'a nested task',
    inTask({
      for_each_task: { inputs: '[1]', task: { task_key: 'n', webhook_notifications: hook(LIVE, GONE) } },
    }),
    'tasks.t.for_each.webhook_notifications.on_failure',
  ],
  [
    'a legacy alert',
    inTask({ sql_task: { warehouse_id: 'w', alert: { alert_id: 'a', subscriptions: people } } }),
    'tasks.t.sql_task.alert.subscriptions',
  ],
  [
    'a legacy dashboard',
    inTask({ sql_task: { dashboard: { dashboard_id: 'a', custom_subject: 's', subscriptions: people } } }),
    'tasks.t.sql_task.dashboard.subscriptions',
  ],
  [
    'an alert task',
    inTask({ alert_task: { alert_id: 'a', subscribers: people } }),
    'tasks.t.alert_task.subscribers',
  ],
  [
    'a dashboard task',
    inTask({ dashboard_task: { dashboard_id: 'a', subscription: { paused: true, subscribers: people } } }),
    'tasks.t.dashboard_task.subscription.subscribers',
  ],
  [
    'a nested alert task',
    inTask({
      for_each_task: {
        inputs: '[1]',
        task: { task_key: 'n', alert_task: { alert_id: 'a', subscribers: people } },
      },
    }),
    'tasks.t.for_each.alert_task.subscribers',
  ],
];

describe('--repair dangling', () => {
  test.each(places)('takes exactly the id that is gone out of %s', async (_what, settings, place) => {
    const bench = await opened(settings);
    expect((await bench.document('plan')).summary).toMatchObject({ noop: 1, update: 0 });
    const plan = await bench.document('plan', '--repair', 'dangling');
    expect(plan.changes.map(({ verb, fields }) => [verb, fields.map(({ path }) => path)])).toEqual([
      ['update', [place]],
    ]);
    const [field] = plan.changes[0]?.fields ?? [];
    expect([field?.before, field?.after]).toEqual([[GONE, `theirs (${LIVE})`], [`theirs (${LIVE})`]]);
    const before = settingsOf(bench);
    const apply = await bench.lakebell('apply', '--repair', 'dangling', '--approve', plan.digest);
    expect(apply.code === 0 ? '' : apply.out + apply.err).toBe('');
    expect(settingsOf(bench)).toEqual(withoutGone(before));
    expect((await bench.lakebell('plan', '--repair', 'dangling', '--detailed-exitcode')).code).toBe(0);
  });

  test('records nothing of it as ours, and no other statement than that of the file', async () => {
    const bench = await opened({ webhook_notifications: hook(GONE, LIVE) });
    await bench.write(FILE.replace('on_start: [], ', ''));
    await bench.lakebell('apply', '--repair', 'dangling', '--auto-approve');
    const record = JSON.parse(await recordOf(bench)) as {
      objects: Record<string, Record<string, JsonObject>>;
    };
    const etl = record.objects['job/7'] ?? {};
    expect(etl['added']).toEqual({ 'email_notifications.on_failure': ['team@company.test'] });
    expect(Object.keys(etl['applied'] ?? {})).toEqual([
      'email_notifications.on_failure',
      'webhook_notifications.on_failure',
    ]);
    bench.sandbox.resetRequests();
    await bench.lakebell('apply', '--auto-approve');
    expect(bench.writes()).toEqual([]);
  });

  test('lets a job be written that was blocked, in the same write', async () => {
    const bench = await opened({ webhook_notifications: { on_success: [{ id: GONE }] } });
    const blocked = await bench.document('plan');
    expect(blocked.changes[0]?.blocked?.message).toContain(`${GONE} (webhook_notifications.on_success)`);
    expect(blocked.changes[0]?.blocked?.hint).toContain('lakebell plan --repair dangling');
    const { code } = await bench.lakebell('apply', '--repair', 'dangling', '--auto-approve');
    expect([code, bench.writes().filter((line) => line.includes('/jobs/'))]).toEqual([
      0,
      ['POST /api/2.2/jobs/update'],
    ]);
    expect(settingsOf(bench)).toMatchObject(email);
  });

  test('is not carried out by an apply that does not say it', async () => {
    const bench = await opened({ ...email, webhook_notifications: { on_success: [{ id: GONE }] } });
    const plan = await bench.document('plan', '--repair', 'dangling', '--out', bench.path('plan.json'));
    const byDigest = await bench.lakebell('apply', '--approve', plan.digest);
    expect([byDigest.code, bench.writes()]).toEqual([0, []]);
    expect(byDigest.out.replaceAll(/\s+/gu, ' ')).toContain('`lakebell plan --repair dangling` shows');
    const byFile = await bench.lakebell('apply', '--plan', bench.path('plan.json'));
    expect([byFile.code, bench.writes()]).toEqual([1, []]);
    expect(byFile.err).toContain('apply --repair dangling --plan');
    expect(
      (await bench.lakebell('apply', '--repair', 'dangling', '--plan', bench.path('plan.json'))).code,
    ).toBe(0);
    expect(JSON.stringify(settingsOf(bench))).not.toContain(GONE);
  });

  test('says so to an apply that was approved with it and still has something to write', async () => {
    const bench = await opened({ webhook_notifications: { on_success: [{ id: GONE }] } });
    await bench.write(`${FILE}destinations: { d: { email: { addresses: [d@company.test] } } }\n`);
    const { digest, repairs } = await bench.document('plan', '--repair', 'dangling');
    expect(repairs).toEqual(['dangling']);
    const { code, err } = await bench.lakebell('apply', '--approve', digest);
    expect([code, bench.writes()]).toEqual([5, []]);
    expect(err.replaceAll(/\s+/gu, ' ')).toContain('made with --repair dangling is applied with it too');
  });

  test('counts as silencing where nobody else is told', async () => {
    const bench = await opened({ webhook_notifications: hook(GONE) });
    await bench.write('version: 1\njobs: { etl: { notify: { on_start: [] } } }\n');
    const { refusals } = await bench.document('plan', '--repair', 'dangling');
    expect(refusals.map(({ guard }) => guard)).toEqual(['silenced']);
    expect((await bench.lakebell('apply', '--repair', 'dangling', '--auto-approve')).code).toBe(5);
    expect(bench.writes()).toEqual([]);
  });

  test('is held back by --no-removals', async () => {
    const bench = await opened({ ...email, webhook_notifications: hook(GONE) });
    await bench.lakebell(
      'apply',
      '--repair',
      'dangling',
      '--auto-approve',
      '--no-removals',
      '--allow',
      'silenced',
    );
    expect(bench.writes().filter((line) => line.includes('/jobs/'))).toEqual([]);
  });

  test.each([403, 500])('takes nothing out where the list of destinations answers %i', async (status) => {
    const bench = await opened({ ...email, webhook_notifications: { on_success: [{ id: GONE }] } });
    bench.sandbox.fault({
      kind: 'status',
      status,
      path: '*/notification-destinations?*',
      times: Infinity,
      body: { error_code: 'PERMISSION_DENIED', message: 'no' },
    });
    const { code } = await bench.lakebell('apply', '--repair', 'dangling', '--auto-approve');
    expect([code === 0 || code === 4, bench.writes()]).toEqual([true, []]);
  });

  test('takes nothing out that the list lacks and that answers by its id', async () => {
    const bench = await opened({ ...email, webhook_notifications: { on_success: [{ id: GONE }] } });
    bench.sandbox.fault({
      kind: 'status',
      status: 403,
      path: `*/notification-destinations/${GONE}`,
      times: Infinity,
    });
    const { out, err } = await bench.lakebell('apply', '--repair', 'dangling', '--auto-approve');
    expect(bench.writes()).toEqual([]);
    expect((out + err).replaceAll(/\s+/gu, ' ')).toContain('could not be read for certain');
  });

  test('leaves alone what the file does not name', async () => {
    const theirs = { job_id: '8', settings: { name: 'theirs', webhook_notifications: hook(GONE) } };
    const bench = await opened({ ...email, webhook_notifications: { on_success: [{ id: GONE }] } }, [theirs]);
    const before = bench.sandbox.snapshot().jobs[1];
    await bench.lakebell('apply', '--repair', 'dangling', '--auto-approve');
    expect(JSON.stringify(settingsOf(bench))).not.toContain(GONE);
    expect(bench.sandbox.snapshot().jobs[1]).toEqual(before);
  });

  test('leaves an id to the file that the file itself names', async () => {
    const bench = await opened({ ...email, webhook_notifications: hook(GONE) });
    await bench.write(`version: 1
jobs:
  etl:
    mode: ensure
    webhook_notifications: { on_failure: [{ id: ${GONE} }] }
    notify: { on_start: [x@company.test] }
`);
    const { changes } = await bench.document('plan', '--repair', 'dangling');
    expect(changes[0]?.blocked?.reason).toBe('dangling');
    expect(changes[0]?.blocked?.hint).toContain('take it out there');
  });

  test.each<[string, Json, string, boolean]>([
    ['another id dangles by then', onSuccess(GONE, GONE.replace('1', '2')), 'changed-meanwhile', true],
    ['somebody took it out by then', {}, 'already', false],
    ['somebody added a recipient by then', onSuccess(LIVE, GONE), 'done', false],
  ])('just before it writes looks again whether %s', async (_what, events, state, isLeft) => {
    const bench = await opened({ ...email, webhook_notifications: onSuccess(GONE) }, [], (sandbox) =>
      sandbox.poke.setJob('7', (settings) => ({ ...settings, webhook_notifications: events })),
    );
    const { outcomes } = await bench.document('apply', '--repair', 'dangling', '--auto-approve');
    expect(outcomes?.map((one) => one.state)).toEqual([state]);
    expect(JSON.stringify(settingsOf(bench)).includes(GONE)).toBe(isLeft);
    expect(JSON.stringify(settingsOf(bench)).includes(LIVE)).toBe(state === 'done');
  });

  test('of a job with 150 tasks sends the one task that it is about', async () => {
    const tasks: JsonObject[] = Array.from({ length: 150 }, (_none, at) => ({
      task_key: `t${at}`,
      ...(at === 149 ? { alert_task: { alert_id: 'a', subscribers: people } } : {}),
    }));
    const bench = await opened({ ...email, tasks });
    await bench.lakebell('apply', '--repair', 'dangling', '--auto-approve');
    const update = bench.sandbox.requests.find(({ path }) => path.includes('/jobs/update'));
    const { new_settings: sent } = JSON.parse(update?.body ?? '{}') as {
      new_settings: { tasks: JsonObject[] };
    };
    expect(sent.tasks.map(({ task_key: key }) => key)).toEqual(['t149']);
    expect(JSON.stringify(settingsOf(bench))).not.toContain(GONE);
  });

  test('is not undone by a rollback, as the destination cannot come back', async () => {
    const bench = await opened({ ...email, webhook_notifications: { on_success: [{ id: GONE }] } });
    await bench.lakebell('apply', '--repair', 'dangling', '--auto-approve');
    const { changes } = await bench.document('rollback', '--auto-approve');
    expect(changes[0]?.blocked?.reason).toBe('dangling');
    expect(changes[0]?.blocked?.hint).toContain('cannot come back');
    expect(bench.writes().filter((line) => line.includes('/jobs/'))).toEqual([]);
  });

  test('says that there is nothing to do', async () => {
    const bench = await opened(email);
    const { notes } = await bench.document('plan', '--repair', 'dangling');
    expect(notes.join()).toContain('--repair dangling has nothing to take out');
  });

  test.each(['plan', 'apply'])(
    'of %s names what there is to repair where it is misspelt',
    async (command) => {
      const bench = await opened(email);
      const { code, err } = await bench.lakebell(command, '--repair', 'dangling-ids');
      expect([code, err.includes('What can be repaired: dangling.')]).toEqual([1, true]);
    },
  );

  test.each(['drift', 'rollback', 'validate'])('is no option of %s', async (command) => {
    const bench = await opened(email);
    expect((await bench.lakebell(command, '--repair', 'dangling')).code).toBe(1);
  });
});

function inTask(task: JsonObject): JsonObject {
  return { ...email, tasks: [{ task_key: 't', unknown: { deep: 1 }, ...task }, { task_key: 'other' }] };
}

/** `meddle` happens once, after the plan and before the first write. */
async function opened(
  settings: JsonObject,
  others: readonly SeedJob[] = [],
  meddle: (sandbox: Sandbox) => void = () => undefined,
): Promise<Bench> {
  const jobs = [{ job_id: '7', settings: { name: 'etl', ...settings } }, ...others];
  const seed: Seed = { destinations, jobs };
  const state: { bench?: Bench; isDone: boolean } = { isDone: false };
  const sleep = (): Promise<void> => {
    const { bench } = state;
    const isLocking = bench?.sandbox.requests.at(-1)?.path.includes('default.json.lock') === true;
    if (bench !== undefined && isLocking && !state.isDone) meddle(bench.sandbox);
    state.isDone ||= isLocking;
    return Promise.resolve();
  };
  const bench = await openBench({ seed, behaviour: { latencyMs: 1 }, sleep }, FILE);
  return Object.assign(state, { bench }).bench;
}

function settingsOf({ sandbox }: Bench): Json {
  return sandbox.snapshot().jobs[0]?.settings ?? null;
}

/** The same without every element that holds the id, and without what is empty because of it. */
function withoutGone(value: Json): Json {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) =>
      Array.isArray(inner)
        ? inner.filter(
            (item) =>
              !JSON.stringify(item).startsWith(`{"id":"${GONE}`) &&
              !JSON.stringify(item).startsWith(`{"destination_id":"${GONE}`),
          )
        : inner,
    ),
  ) as Json;
}

async function recordOf({ sandbox }: Bench): Promise<string> {
  const file = sandbox.snapshot().files.find(({ path }) => path.endsWith('/default.json'));
  return Promise.resolve(String(file?.content));
}
