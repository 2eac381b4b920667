import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../src/sandbox/json.ts';
import { type Bench, openBench } from '../support/cli.ts';

const JOB = '581234567890123';

/** A job with `count` tasks t1…, each with things in it that are not ours; `change` makes some of them special. */
function jobWith(count: number, change: (task: JsonObject, at: number) => JsonObject = (task) => task) {
  const tasks = Array.from({ length: count }, (_none, at): JsonObject =>
    change(
      {
        task_key: `t${at + 1}`,
        notebook_task: { notebook_path: `/Shared/${at}`, base_parameters: { big: '9007199254740993' } },
        max_retries: 2,
        unknown_to_us: { kept: [1.5, at] },
      },
      at,
    ),
  );
  return { job_id: JOB, settings: { name: 'etl', tasks } };
}

const DESTINATIONS = `destinations:
  ops: { email: { addresses: [ops@company.test] } }
`;

function configOf(tasks: string, rest = ''): string {
  return `version: 1\n${DESTINATIONS}jobs:\n  etl:\n${rest}    tasks:\n${tasks}`;
}

async function benchOf(job: ReturnType<typeof jobWith>, config: string): Promise<Bench> {
  return openBench({ seed: { jobs: [job] } }, config);
}

function tasksOf(bench: Bench): readonly JsonObject[] {
  const job = (bench.sandbox.snapshot().jobs ?? [])[0];
  return (job?.settings['tasks'] ?? []) as readonly JsonObject[];
}

function jobRequests(bench: Bench): readonly string[] {
  return bench.sandbox.requests
    .map(({ method, path }) => `${method} ${path}`)
    .filter((request) => request.includes('/api/2.2/jobs/'));
}

const THREE = `      t1: { notify: { on_failure: [ops] } }
      t120: { notify: { on_failure: [oncall@company.test] }, notification_settings: { alert_on_last_attempt: true } }
      t250: { email_notifications: { on_start: [oncall@company.test] } }
`;

describe('a job of 250 tasks, three of them managed', () => {
  test('costs a list row and three pages to plan, and three pages and a write to apply', async () => {
    const bench = await benchOf(jobWith(250), configOf(THREE));
    const plan = await bench.document('plan');
    expect(jobRequests(bench).length).toBe(4);
    expect(plan.summary).toMatchObject({ create: 1, update: 1 });
    const ran = await bench.lakebell('apply', '--approve', plan.digest);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const requests = jobRequests(bench);
    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
    expect(requests).toHaveLength(4 + 3 + 1);
  });

  test('sends those three whole and leaves every other byte as it was', async () => {
    const bench = await benchOf(jobWith(250), configOf(THREE));
    const before = tasksOf(bench);
    await bench.lakebell('apply', '--auto-approve');
    const sent = bench.sandbox.requests.find(({ path }) => path.includes('jobs/update'))?.body ?? '';
    const body = JSON.parse(sent) as { new_settings: { tasks: readonly JsonObject[] } };
    expect(Object.keys(body.new_settings)).toEqual(['tasks']);
    expect(body.new_settings.tasks.map(({ task_key }) => task_key)).toEqual(['t1', 't120', 't250']);
    const ours = ['webhook_notifications', 'email_notifications', 'notification_settings'];
    expect(tasksOf(bench).map((task) => without(task, ours))).toEqual(
      before.map((task) => without(task, ours)),
    );
    expect(tasksOf(bench)[119]).toMatchObject({
      email_notifications: { on_failure: ['oncall@company.test'] },
      notification_settings: { alert_on_last_attempt: true },
    });
    const again = await bench.document('plan');
    expect(again.summary).toMatchObject({ update: 0, noop: 2 });
    expect((await bench.lakebell('apply')).code).toBe(0);
    expect(bench.writes()).toEqual([]);
  });
});

function without(task: JsonObject, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(task).filter(([key]) => !keys.includes(key)));
}

describe('a task', () => {
  test.each([
    [
      'with a misspelt key',
      (task: JsonObject) => task,
      '      t11: { notify: { on_failure: [ops] } }\n',
      'unknown-task',
      'did you mean "t1"?',
    ],
    [
      'that is a condition',
      (task: JsonObject): JsonObject => ({
        task_key: task['task_key'] ?? '',
        condition_task: { op: 'EQUAL_TO', left: '1', right: '1' },
      }),
      '      t1: { notify: { on_failure: [ops] } }\n',
      'condition-task',
      'set them on the job',
    ],
    [
      'with a cluster that is bound to a policy',
      (task: JsonObject): JsonObject => ({ ...task, new_cluster: { policy_id: 'p1', num_workers: 1 } }),
      '      t1: { notify: { on_failure: [ops] } }\n',
      'policy-task',
      'rewrite_task: true',
    ],
    [
      'that is no for-each',
      (task: JsonObject) => task,
      '      t1: { for_each: { notify: { on_failure: [ops] } } }\n',
      'unknown-task',
      't1',
    ],
  ])('%s blocks its job alone', async (_case, ...[change, tasks, reason, hint]) => {
    const bench = await benchOf(jobWith(3, change), configOf(tasks));
    const { changes } = await bench.document('plan');
    const blocked = changes.find(({ verb }) => verb === 'blocked')?.blocked;
    expect(blocked?.reason).toBe(reason);
    expect(`${blocked?.message} ${blocked?.hint}`).toContain(hint);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.writes().filter((request) => request.includes('jobs/'))).toEqual([]);
  });

  test('that is bound to a policy is written where the entry says so', async () => {
    const job = jobWith(1, (task) => ({ ...task, new_cluster: { policy_id: 'p1', num_workers: 1 } }));
    const bench = await benchOf(
      job,
      configOf('      t1: { rewrite_task: true, notify: { on_failure: [ops] } }\n'),
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(tasksOf(bench)[0]).toMatchObject({ webhook_notifications: { on_failure: [{}] } });
    expect((await bench.document('plan')).summary).toMatchObject({ update: 0, blocked: 0 });
  });

  test('inside a for-each is written in its place', async () => {
    const inner = { task_key: 'each', notebook_task: { notebook_path: '/Shared/each' }, kept: 1 };
    const job = jobWith(2, (task, at) =>
      at === 0 ? { task_key: 't1', for_each_task: { inputs: '[1]', concurrency: 2, task: inner } } : task,
    );
    const bench = await benchOf(
      job,
      configOf('      t1: { notify: { on_start: [ops] }, for_each: { notify: { on_failure: [ops] } } }\n'),
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(tasksOf(bench)[0]).toMatchObject({
      webhook_notifications: { on_start: [{}] },
      for_each_task: {
        inputs: '[1]',
        concurrency: 2,
        task: { kept: 1, webhook_notifications: { on_failure: [{}] } },
      },
    });
    expect((await bench.document('plan')).summary).toMatchObject({ update: 0 });
  });

  test('that tells whom the job tells, or that muting the job leaves loud, is warned of', async () => {
    const bench = await benchOf(
      jobWith(1),
      configOf(
        '      t1: { notify: { on_failure: [ops] } }\n',
        '    notify: { on_failure: [ops] }\n    notification_settings: { no_alert_for_skipped_runs: true }\n',
      ),
    );
    const notes = (await bench.document('plan')).changes.flatMap((change) => change.notes).join('\n');
    expect(notes).toContain('on_failure is told twice to ops: by the job and by task t1');
    expect(notes).toContain('no_alert_for_skipped_runs mutes the job and not what is sent by task t1');
  });

  test('that loses its last recipient is silenced', async () => {
    const job = jobWith(1, (task) => ({ ...task, email_notifications: { on_failure: ['a@company.test'] } }));
    const bench = await benchOf(job, configOf('      t1: { notify: { on_failure: [] } }\n'));
    const ran = await bench.lakebell('plan');
    expect(ran.code).toBe(5);
    expect(ran.out).toContain('etl task t1');
  });

  test('flag of a task is refused on a job', async () => {
    const bench = await benchOf(
      jobWith(1),
      configOf('      t1: {}\n', '    notification_settings: { alert_on_last_attempt: true }\n'),
    );
    const ran = await bench.lakebell('validate');
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.err).toContain('alert_on_last_attempt');
  });

  test('edited by somebody else between plan and write keeps that edit', async () => {
    const bench = await benchOf(jobWith(2), configOf('      t1: { notify: { on_failure: [ops] } }\n'));
    await bench.document('plan', '--out', bench.path('plan.json'));
    bench.sandbox.poke.setJob(JOB, (settings) => ({
      ...settings,
      tasks: (settings['tasks'] as readonly JsonObject[]).map((task) => ({ ...task, max_retries: 7 })),
    }));
    expect((await bench.lakebell('apply', '--plan', bench.path('plan.json'))).code).toBe(0);
    expect(tasksOf(bench).map((task) => task['max_retries'])).toEqual([7, 7]);
  });
});
