import { describe, expect, test } from '@jest/globals';
import { type Json, type JsonObject, listAt, objectAt, parseJson } from '../../../src/sandbox/json.ts';
import { manyJobs } from '../../../src/sandbox/many-jobs.ts';
import type { SeedJob } from '../../../src/sandbox/seed.ts';
import { type Client, field, open, refusal, type Reply } from '../client.ts';

const PATH = '/api/2.2/jobs';
const INVALID = [400, 'INVALID_PARAMETER_VALUE'];
const DENIED = [403, 'PERMISSION_DENIED'];
const BIG = '9007199254740993';
const destinations = ['a', 'b', 'c', 'd'].map((id) => ({ id, display_name: id, config: { slack: {} } }));

function hooks(...ids: readonly string[]): JsonObject {
  return { on_failure: ids.map((id) => ({ id })) };
}

function job(settings: JsonObject, job_id: Json = 1): SeedJob {
  return { job_id, settings };
}

async function opened(settings: JsonObject): Promise<Client> {
  return open({ seed: { destinations, jobs: [job(settings)] } });
}

async function update(
  sandbox: Client,
  new_settings: JsonObject,
  fields_to_remove: readonly string[] = [],
): Promise<Reply> {
  return sandbox.post(`${PATH}/update`, { job_id: 1, new_settings, fields_to_remove });
}

async function settingsOf(sandbox: Client, id = 1): Promise<JsonObject> {
  return objectAt((await sandbox.get(`${PATH}/get?job_id=${id}`)).body, 'settings');
}

function tasks(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ task_key: `t${index}` }));
}

describe('list', () => {
  test('is absent when empty and has no root has_more', async () => {
    expect((await (await open()).get(`${PATH}/list`)).body).toEqual({});
  });

  test('holds rows without tasks and without run_as_user_name', async () => {
    const sandbox = await open({
      now: () => 77,
      seed: {
        jobs: [
          { ...job({ name: 'n', tasks: tasks(1), parameters: [{ name: 'p' }] }), creator_user_name: 'c' },
        ],
      },
    });
    const [row] = listAt((await sandbox.get(`${PATH}/list`)).body, 'jobs');
    expect(row).toEqual({
      job_id: 1,
      creator_user_name: 'c',
      created_time: 77,
      settings: {
        name: 'n',
        email_notifications: {},
        webhook_notifications: {},
        timeout_seconds: 0,
        max_concurrent_runs: 1,
        format: 'MULTI_TASK',
      },
    });
  });

  test('has pages of 20 by default, at most 100, in both directions', async () => {
    const sandbox = await open({ seed: { jobs: manyJobs(45) } });
    const first = await sandbox.get(`${PATH}/list`);
    const second = await sandbox.get(`${PATH}/list?page_token=${field(first, 'next_page_token')}`);
    const third = await sandbox.get(`${PATH}/list?page_token=${field(second, 'next_page_token')}`);
    expect([first, second, third].map((page) => listAt(page.body, 'jobs').length)).toEqual([20, 20, 5]);
    const ids = [first, second, third].flatMap((page) =>
      listAt(page.body, 'jobs').map((row) => JSON.stringify(row)),
    );
    expect(new Set(ids).size).toBe(45);
    expect(first.body).not.toHaveProperty('prev_page_token');
    expect(third.body).not.toHaveProperty('next_page_token');
    const back = await sandbox.get(`${PATH}/list?page_token=${field(third, 'prev_page_token')}`);
    expect(back.body['jobs']).toEqual(second.body['jobs']);
    const start = await sandbox.get(`${PATH}/list?page_token=${field(second, 'prev_page_token')}`);
    expect(start.body['jobs']).toEqual(first.body['jobs']);
    for (const limit of ['0', '101', 'x']) {
      expect(refusal(await sandbox.get(`${PATH}/list?limit=${limit}`))).toEqual(INVALID);
    }
  });

  test('starts at an offset', async () => {
    const sandbox = await open({ seed: { jobs: manyJobs(5) } });
    expect((await sandbox.get(`${PATH}/list?offset=3`)).body['jobs']).toHaveLength(2);
    expect(refusal(await sandbox.get(`${PATH}/list?offset=-1`))).toEqual(INVALID);
  });

  test('matches names exactly but for case, and there may be several', async () => {
    const jobs = [job({ name: 'Etl' }, 1), job({ name: 'etl' }, 2), job({ name: 'etl-2' }, 3)];
    const sandbox = await open({ seed: { jobs } });
    const rows = listAt((await sandbox.get(`${PATH}/list?name=ETL`)).body, 'jobs');
    expect(rows).toHaveLength(2);
    expect((await sandbox.get(`${PATH}/list?name=et`)).body).toEqual({});
  });

  test('expands at most 100 elements and says when there are more', async () => {
    const jobs = [
      job({ tasks: tasks(100) }, 1),
      job({ tasks: tasks(101), job_clusters: [{ job_cluster_key: 'k' }] }, 2),
    ];
    const sandbox = await open({ seed: { jobs } });
    const reply = await sandbox.get(`${PATH}/list?expand_tasks=true`);
    const rows = listAt(reply.body, 'jobs').map((row) => row as JsonObject);
    expect(rows.map((row) => [row['job_id'], row['has_more']])).toEqual([
      [2, true],
      [1, undefined],
    ]);
    expect(rows.map((row) => listAt(objectAt(row, 'settings'), 'tasks').length)).toEqual([100, 100]);
    expect(objectAt(rows[0] ?? {}, 'settings')['job_clusters']).toEqual([{ job_cluster_key: 'k' }]);
  });

  test('leaves out the keys that it is told to', async () => {
    const sandbox = await opened({ name: 'n', health: { rules: [] }, webhook_notifications: hooks('a') });
    sandbox.behave({ listOmits: ['health', 'webhook_notifications'] });
    const [row] = listAt((await sandbox.get(`${PATH}/list`)).body, 'jobs').map((row) => row as JsonObject);
    expect(Object.keys(objectAt(row ?? {}, 'settings'))).not.toContain('webhook_notifications');
    expect(Object.keys(objectAt(row ?? {}, 'settings'))).not.toContain('health');
    expect(Object.keys(await settingsOf(sandbox))).toContain('webhook_notifications');
  });
});

describe('get', () => {
  test('keeps an id above 2^53 exact both ways', async () => {
    const sandbox = await open({ seed: { jobs: [job({ name: 'big' }, BIG)] } });
    const reply = await sandbox.get(`${PATH}/get?job_id=${BIG}`);
    expect(reply.text).toContain(`"job_id":${BIG},`);
    expect((await sandbox.get(`${PATH}/list`)).text).toContain(`"job_id":${BIG},`);
    expect((await sandbox.get(`${PATH}/get?job_id=9007199254740992`)).status).toBe(400);
    const renamed = await sandbox.post(
      `${PATH}/update`,
      Buffer.from(`{"job_id":${BIG},"new_settings":{"name":"x"}}`),
    );
    expect(renamed.status).toBe(200);
    const text = await sandbox.post(`${PATH}/update`, { job_id: BIG, new_settings: { description: 'd' } });
    expect(text.status).toBe(200);
    expect(sandbox.snapshot().jobs[0]?.settings).toMatchObject({ name: 'x', description: 'd' });
  });

  test('keeps numbers above 2^53 inside settings exact', async () => {
    const settings = parseJson(
      `{"health":{"rules":[{"metric":"RUN_DURATION_SECONDS","op":"GREATER_THAN","value":${BIG}}]}}`,
    );
    const sandbox = await opened(settings as JsonObject);
    expect((await sandbox.get(`${PATH}/get?job_id=1`)).text).toContain(`"value":${BIG}}`);
  });

  test('fills defaults and drops empty lists at every level', async () => {
    const sandbox = await opened({
      email_notifications: { on_failure: [] },
      tags: {},
      health: { rules: [] },
      tasks: [
        {
          task_key: 't',
          webhook_notifications: { on_start: [] },
          depends_on: [{ task_key: 'z' }, { task_key: 'y' }],
        },
      ],
    });
    expect(await settingsOf(sandbox)).toEqual({
      name: 'Untitled',
      email_notifications: {},
      webhook_notifications: {},
      timeout_seconds: 0,
      max_concurrent_runs: 1,
      format: 'MULTI_TASK',
      tags: {},
      health: {},
      tasks: [
        {
          task_key: 't',
          run_if: 'ALL_SUCCESS',
          email_notifications: {},
          webhook_notifications: {},
          timeout_seconds: 0,
          depends_on: [{ task_key: 'y' }, { task_key: 'z' }],
        },
      ],
    });
  });

  test('gives webhook lists in arbitrary order at job, task and for-each level', async () => {
    const nested = { task_key: 'n', webhook_notifications: hooks('a', 'b', 'c') };
    const task = {
      task_key: 't',
      webhook_notifications: hooks('a', 'b', 'c'),
      for_each_task: { inputs: '[]', task: nested },
    };
    const sandbox = await opened({ webhook_notifications: hooks('a', 'b', 'c'), tasks: [task] });
    const seen = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (let read = 0; read < 12; read += 1) {
      const settings = await settingsOf(sandbox);
      const outer = listAt(settings, 'tasks')[0] as JsonObject;
      const levels = [settings, outer, objectAt(objectAt(outer, 'for_each_task'), 'task')];
      levels.forEach((level, index) =>
        seen[index]?.add(JSON.stringify(objectAt(level, 'webhook_notifications'))),
      );
    }
    expect(seen.map((orders) => orders.size > 1)).toEqual([true, true, true]);
    const sorted = [...(seen[0] ?? [])].map((text) =>
      [...text.matchAll(/"id":"(.)"/g)].map((match) => match[1] ?? '').sort(),
    );
    expect(new Set(sorted.map(String))).toEqual(new Set(['a,b,c']));
  });

  test('never returns apply_policy_default_values, and keeps unknown keys', async () => {
    const new_cluster = { num_workers: 1, apply_policy_default_values: true };
    const sandbox = await opened({
      job_clusters: [{ job_cluster_key: 'k', new_cluster }],
      tasks: [{ task_key: 't', new_cluster, x_new: { deep: [1, 'two'] } }],
      y_new: { on_else: ['a'] },
    });
    const settings = await settingsOf(sandbox);
    expect(settings['job_clusters']).toEqual([{ job_cluster_key: 'k', new_cluster: { num_workers: 1 } }]);
    expect(listAt(settings, 'tasks')[0]).toMatchObject({
      new_cluster: { num_workers: 1 },
      x_new: { deep: [1, 'two'] },
    });
    expect(JSON.stringify(settings)).not.toContain('apply_policy');
    expect(settings['y_new']).toEqual({ on_else: ['a'] });
    expect(JSON.stringify(sandbox.snapshot().jobs)).toContain('apply_policy_default_values');
  });

  test('names whom the job runs as, and does not echo run_as', async () => {
    const run_as = { service_principal_name: 'sp' };
    const sandbox = await open({
      seed: { jobs: [{ ...job({ run_as }), creator_user_name: 'c' }, job({}, 2)] },
    });
    const reply = await sandbox.get(`${PATH}/get?job_id=1`);
    expect(reply.body).toMatchObject({ creator_user_name: 'c', run_as_user_name: 'sp' });
    expect(objectAt(reply.body, 'settings')).not.toHaveProperty('run_as');
    expect((await sandbox.get(`${PATH}/get?job_id=2`)).body['run_as_user_name']).toBe('admin@sandbox.test');
  });

  test('pages each of the four lists at 100, later pages holding nothing but remainders', async () => {
    const keyed = (key: string, count: number): readonly JsonObject[] =>
      Array.from({ length: count }, (_, index) => ({ [key]: `e${index}` }));
    const sandbox = await opened({
      name: 'n',
      tasks: tasks(250),
      job_clusters: keyed('job_cluster_key', 101),
      environments: keyed('environment_key', 100),
      parameters: keyed('name', 201),
    });
    const sizes: (readonly [string, number][])[] = [];
    let reply: Reply | undefined;
    let last: JsonObject = {};
    while (reply === undefined || 'next_page_token' in reply.body) {
      const token = reply === undefined ? '' : field(reply, 'next_page_token');
      reply = await sandbox.get(`${PATH}/get?job_id=1&page_token=${token}`);
      last = reply.body;
      const lists = Object.entries(objectAt(last, 'settings')).filter(([, list]) => Array.isArray(list));
      sizes.push(
        lists
          .map(([key]) => [key, listAt(objectAt(last, 'settings'), key).length] as const)
          .map(([key, n]) => [key, n]),
      );
    }
    expect(sizes.map((page) => Object.fromEntries(page))).toEqual([
      { tasks: 100, job_clusters: 100, environments: 100, parameters: 100 },
      { tasks: 100, job_clusters: 1, parameters: 100 },
      { tasks: 50, parameters: 1 },
    ]);
    expect(Object.keys(last).sort()).toEqual(['job_id', 'settings']);
    expect(Object.keys(objectAt(last, 'settings')).sort()).toEqual(['parameters', 'tasks']);
  });

  test('refuses a token of another job and an id that is none', async () => {
    const sandbox = await open({
      seed: { jobs: [job({ tasks: tasks(101) }, 1), job({ tasks: tasks(101) }, 2)] },
    });
    const first = await sandbox.get(`${PATH}/get?job_id=1`);
    const other = await sandbox.get(`${PATH}/get?job_id=2&page_token=${field(first, 'next_page_token')}`);
    expect(refusal(other)).toEqual(INVALID);
    for (const query of ['', '?job_id=x', '?job_id=1.5']) {
      expect(refusal(await sandbox.get(`${PATH}/get${query}`))).toEqual(INVALID);
    }
  });

  test('may be stale after a write', async () => {
    const sandbox = await opened({ name: 'old' });
    sandbox.behave({ staleReads: 1 });
    await update(sandbox, { name: 'new' });
    expect([(await settingsOf(sandbox))['name'], (await settingsOf(sandbox))['name']]).toEqual([
      'old',
      'new',
    ]);
  });
});

describe('update', () => {
  test('replaces each top-level key whole and leaves the others', async () => {
    const sandbox = await opened({
      name: 'n',
      tags: { a: '1' },
      email_notifications: {
        on_start: ['x@sandbox.test'],
        on_failure: ['y@sandbox.test'],
        no_alert_for_skipped_runs: true,
      },
    });
    const reply = await update(sandbox, {
      email_notifications: { on_failure: ['z@sandbox.test'] },
      format: 'SINGLE_TASK',
    });
    expect(reply.text).toBe('{}');
    expect(await settingsOf(sandbox)).toMatchObject({ name: 'n', tags: { a: '1' }, format: 'MULTI_TASK' });
    expect((await settingsOf(sandbox))['email_notifications']).toEqual({ on_failure: ['z@sandbox.test'] });
  });

  test('merges tasks and job clusters by key, a sent element replacing the whole element', async () => {
    const sandbox = await opened({
      tasks: [{ task_key: 'a', max_retries: 3, description: 'old' }, { task_key: 'b' }],
      job_clusters: [{ job_cluster_key: 'k', new_cluster: { num_workers: 1 } }],
    });
    await update(sandbox, {
      tasks: [{ task_key: 'c' }, { task_key: 'a', description: 'new' }],
      job_clusters: [{ job_cluster_key: 'l' }],
    });
    const settings = await settingsOf(sandbox);
    expect(listAt(settings, 'tasks').map((task) => (task as JsonObject)['task_key'])).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(listAt(settings, 'tasks')[0]).toMatchObject({ description: 'new' });
    expect(listAt(settings, 'tasks')[0]).not.toHaveProperty('max_retries');
    expect(listAt(settings, 'job_clusters')).toHaveLength(2);
  });

  test('replaces other lists whole', async () => {
    const sandbox = await opened({ parameters: [{ name: 'a' }, { name: 'b' }] });
    await update(sandbox, { parameters: [{ name: 'c' }] });
    expect((await settingsOf(sandbox))['parameters']).toEqual([{ name: 'c' }]);
  });

  test('drops apply_policy_default_values when a task is echoed', async () => {
    const sandbox = await opened({
      tasks: [{ task_key: 't', new_cluster: { apply_policy_default_values: true } }],
    });
    await update(sandbox, { tasks: listAt(await settingsOf(sandbox), 'tasks') });
    expect(JSON.stringify(sandbox.snapshot().jobs)).not.toContain('apply_policy_default_values');
  });

  test('removes top-level fields, tasks and clusters', async () => {
    const sandbox = await opened({
      webhook_notifications: hooks('a'),
      tags: { a: '1' },
      tasks: [{ task_key: 'a.b' }, { task_key: 'c' }],
      job_clusters: [{ job_cluster_key: 'k' }],
    });
    await update(sandbox, {}, ['webhook_notifications', 'tags', 'tasks/a.b', 'job_clusters/k']);
    const settings = await settingsOf(sandbox);
    expect(settings).toMatchObject({ webhook_notifications: {} });
    expect(settings).not.toHaveProperty('tags');
    expect(settings).not.toHaveProperty('job_clusters');
    expect(listAt(settings, 'tasks')).toHaveLength(1);
  });

  test.each(['email_notifications.on_start', 'email_notifications/on_start', 'tags/a'])(
    'refuses to remove the nested field %s',
    async (field) => {
      const sandbox = await opened({});
      expect(refusal(await update(sandbox, {}, [field]))).toEqual(INVALID);
    },
  );

  test.each<[string, JsonObject]>([
    ['job', { webhook_notifications: hooks('gone') }],
    ['task', { tasks: [{ task_key: 't', webhook_notifications: hooks('gone') }] }],
    [
      'for-each',
      {
        tasks: [
          { task_key: 't', for_each_task: { task: { task_key: 'n', webhook_notifications: hooks('gone') } } },
        ],
      },
    ],
  ])('refuses any write while the %s level names a destination that is gone', async (_, settings) => {
    const sandbox = await opened(settings);
    const before = sandbox.snapshot();
    const reply = await update(sandbox, { description: 'unrelated' });
    expect(refusal(reply)).toEqual(INVALID);
    expect(reply.body['message']).toBe("Webhook with id 'gone' was not found");
    expect((await sandbox.post(`${PATH}/create`, settings)).status).toBe(400);
    expect((await sandbox.post(`${PATH}/reset`, { job_id: 1, new_settings: settings })).status).toBe(400);
    expect(sandbox.snapshot()).toEqual(before);
  });

  test('accepts three destinations per event and refuses a fourth, at every level', async () => {
    const sandbox = await opened({});
    const task = (hook: JsonObject): JsonObject => ({
      tasks: [{ task_key: 't', webhook_notifications: hook }],
    });
    expect((await update(sandbox, { webhook_notifications: hooks('a', 'b', 'c') })).status).toBe(200);
    expect((await update(sandbox, task(hooks('a', 'b', 'c')))).status).toBe(200);
    expect(refusal(await update(sandbox, { webhook_notifications: hooks('a', 'b', 'c', 'd') }))).toEqual(
      INVALID,
    );
    expect(refusal(await update(sandbox, task(hooks('a', 'b', 'c', 'd'))))).toEqual(INVALID);
  });

  test.each<[string, JsonObject]>([
    ['webhooks that are ids', { webhook_notifications: { on_start: ['a'] } }],
    ['e-mails that are no texts', { email_notifications: { on_start: [{ id: 'a' }] } }],
    ['e-mails that are no list', { email_notifications: { on_start: 'a@sandbox.test' } }],
    ['a block that is a list', { email_notifications: ['a@sandbox.test'] }],
    ['an unknown metric', { health: { rules: [{ metric: 'X', op: 'GREATER_THAN', value: 1 }] } }],
    [
      'an unknown operator',
      { health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'LESS_THAN', value: 1 }] } },
    ],
    [
      'a fractional limit',
      { health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 1.5 }] } },
    ],
    ['a task without key', { tasks: [{ description: 'd' }] }],
    ['a task without key inside a for-each', { tasks: [{ task_key: 't', for_each_task: { task: {} } }] }],
    ['a task key twice', { tasks: [{ task_key: 't' }, { task_key: 't' }] }],
    ['too many tasks', { tasks: tasks(1001) }],
    [
      'too many tags',
      { tags: Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`t${index}`, ''])) },
    ],
    ['a tag that is a number', { tags: { a: 1 } }],
    ['too long a name', { name: 'ä'.repeat(2049) }],
    ['too long a description', { description: 'x'.repeat(27_701) }],
  ])('refuses %s', async (_, settings) => {
    const sandbox = await opened({});
    const before = sandbox.snapshot();
    expect(refusal(await update(sandbox, settings))).toEqual(INVALID);
    expect(refusal(await sandbox.post(`${PATH}/create`, settings))).toEqual(INVALID);
    expect(sandbox.snapshot()).toEqual(before);
  });

  test('refuses a body of more than 10 MB', async () => {
    const sandbox = await opened({});
    const reply = await update(sandbox, { x_new: 'x'.repeat(10 * 1024 * 1024) });
    expect(refusal(reply)).toEqual([400, 'MAX_REQUEST_SIZE_EXCEEDED']);
  });

  test('changes whom the job runs as', async () => {
    const sandbox = await opened({});
    await update(sandbox, { run_as: { user_name: 'other@sandbox.test' } });
    expect((await sandbox.get(`${PATH}/get?job_id=1`)).body['run_as_user_name']).toBe('other@sandbox.test');
  });
});

describe('tasks', () => {
  const nested = {
    task_key: 'n',
    new_cluster: { policy_id: 'p', apply_policy_default_values: true },
    x_new: { deep: ['two'] },
    webhook_notifications: hooks('a'),
  };
  const loop = { task_key: 'loop', for_each_task: { inputs: '[1]', concurrency: 2, task: nested } };
  const condition = { task_key: 'if', condition_task: { op: 'EQUAL_TO', left: '1', right: '1' } };

  async function allTasks(sandbox: Client, token = ''): Promise<readonly Json[]> {
    const { body } = await sandbox.get(`${PATH}/get?job_id=1&page_token=${token}`);
    const page = listAt(objectAt(body, 'settings'), 'tasks');
    const next = body['next_page_token'];
    return typeof next === 'string' ? [...page, ...(await allTasks(sandbox, next))] : page;
  }

  test('beyond a page are read whole, cut in the list, and written one by one in their places', async () => {
    const sandbox = await open({
      seed: { destinations, jobs: [{ ...manyJobs(1, { tasks: 250 })[0]!, job_id: 1 }] },
    });
    const before = await allTasks(sandbox);
    expect(before).toHaveLength(250);
    const [row] = listAt((await sandbox.get(`${PATH}/list?expand_tasks=true`)).body, 'jobs');
    expect(row).toMatchObject({ has_more: true, settings: { tasks: before.slice(0, 100) } });
    const changed = { ...(before[180] as JsonObject), webhook_notifications: hooks('a') };
    expect((await update(sandbox, { tasks: [changed] })).status).toBe(200);
    const after = await allTasks(sandbox);
    expect(after[180]).toEqual(changed);
    expect(after.toSpliced(180, 1)).toEqual(before.toSpliced(180, 1));
  });

  test('inside a for-each keep everything but what is never returned', async () => {
    const sandbox = await opened({ tasks: [loop] });
    const wanted = { ...nested, new_cluster: { policy_id: 'p' }, run_if: 'ALL_SUCCESS' };
    const [read] = listAt(await settingsOf(sandbox), 'tasks');
    const [row] = listAt((await sandbox.get(`${PATH}/list?expand_tasks=true`)).body, 'jobs');
    for (const shown of [read, listAt(objectAt(row as JsonObject, 'settings'), 'tasks')[0]]) {
      expect(shown).toMatchObject({ for_each_task: { inputs: '[1]', concurrency: 2, task: wanted } });
      expect(JSON.stringify(shown)).not.toContain('apply_policy');
    }
  });

  test.each<[string, JsonObject]>([
    ['a task', { task_key: 't', new_cluster: nested.new_cluster }],
    ['a task inside a for-each', loop],
  ])('of a policy lose their defaults when %s is echoed, and keep the policy', async (_, task) => {
    const sandbox = await opened({ tasks: [task, { ...task, task_key: 'other' }] });
    const [echo] = listAt(await settingsOf(sandbox), 'tasks');
    await update(sandbox, { description: 'unrelated' });
    const [first, second] = listAt(sandbox.snapshot().jobs[0]?.settings ?? {}, 'tasks');
    expect([first, second].map((one) => JSON.stringify(one).includes('apply_policy'))).toEqual([true, true]);
    await update(sandbox, { tasks: [echo ?? null] });
    const after = listAt(sandbox.snapshot().jobs[0]?.settings ?? {}, 'tasks').map((one) =>
      JSON.stringify(one),
    );
    expect(after.map((one) => one.includes('apply_policy'))).toEqual([false, true]);
    expect(after.map((one) => one.includes('"policy_id":"p"'))).toEqual([true, true]);
  });

  test.each<[string, JsonObject]>([
    ['e-mails', { email_notifications: { on_failure: ['a@sandbox.test'] } }],
    ['destinations', { webhook_notifications: hooks('a') }],
    ['settings', { notification_settings: { no_alert_for_skipped_runs: true } }],
  ])('that are conditions are refused with notification %s, wherever they stand', async (_, blocks) => {
    const sandbox = await opened({ tasks: [condition] });
    const task = { ...condition, ...blocks };
    const before = sandbox.snapshot();
    for (const one of [task, { ...loop, for_each_task: { inputs: '[]', task } }]) {
      const reply = await update(sandbox, { tasks: [one] });
      expect(refusal(reply)).toEqual(INVALID);
      expect(reply.body['message']).toContain("task 'if', which is a condition task");
      expect(refusal(await sandbox.post(`${PATH}/create`, { tasks: [one] }))).toEqual(INVALID);
      const reset = { job_id: 1, new_settings: { tasks: [one] } };
      expect(refusal(await sandbox.post(`${PATH}/reset`, reset))).toEqual(INVALID);
    }
    expect(sandbox.snapshot()).toEqual(before);
  });

  test('that are conditions are read with empty blocks, which may be sent back', async () => {
    const blocks = {
      email_notifications: { on_failure: [], no_alert_for_skipped_runs: false },
      notification_settings: { no_alert_for_canceled_runs: false },
    };
    const sandbox = await opened({ tasks: [condition] });
    const [read] = listAt(await settingsOf(sandbox), 'tasks');
    expect(read).toMatchObject({ ...condition, email_notifications: {} });
    expect((await update(sandbox, { tasks: [read ?? null] })).status).toBe(200);
    expect((await update(sandbox, { tasks: [{ ...condition, ...blocks }] })).status).toBe(200);
  });
});

describe('permission', () => {
  const identities = [
    { token: 'sandbox-token', user_name: 'admin@sandbox.test', admin: true },
    { token: 'some', user_name: 'some', can_manage_jobs: [2, BIG] },
    { token: 'all', user_name: 'all', can_manage_jobs: 'all' as const },
    { token: 'blind', user_name: 'blind', can_view_jobs: [3] },
  ];
  const jobs = [job({}, 1), job({}, 2), { ...job({}, 3), creator_user_name: 'some' }, job({}, BIG)];
  const write = { new_settings: { name: 'x' } };

  test('comes before existence for whoever is no admin', async () => {
    const sandbox = await open({ seed: { identities, jobs } });
    for (const token of ['some', 'all', 'blind']) {
      for (const verb of ['update', 'reset', 'delete']) {
        expect(refusal(await sandbox.post(`${PATH}/${verb}`, { job_id: 99, ...write }, token))).toEqual(
          DENIED,
        );
      }
      expect(refusal(await sandbox.get(`${PATH}/get?job_id=99`, token))).toEqual(DENIED);
    }
    for (const verb of ['update', 'reset', 'delete']) {
      const reply = await sandbox.post(`${PATH}/${verb}`, { job_id: 99, ...write });
      expect([...refusal(reply), reply.body['message']]).toEqual([...INVALID, 'Job 99 does not exist.']);
    }
    expect(refusal(await sandbox.get(`${PATH}/get?job_id=99`))).toEqual(INVALID);
  });

  test('is granted by job, to everything, or by having created the job', async () => {
    const sandbox = await open({ seed: { identities, jobs } });
    const statuses = async (token: string): Promise<readonly number[]> =>
      Promise.all(
        [1, 2, 3, BIG].map(
          async (job_id) => (await sandbox.post(`${PATH}/update`, { job_id, ...write }, token)).status,
        ),
      );
    expect(await statuses('some')).toEqual([403, 200, 200, 200]);
    expect(await statuses('all')).toEqual([200, 200, 200, 200]);
    expect(await statuses('blind')).toEqual([403, 403, 403, 403]);
  });

  test('hides jobs from the list that may not be viewed', async () => {
    const sandbox = await open({ seed: { identities, jobs } });
    expect((await sandbox.get(`${PATH}/list`, 'blind')).body['jobs']).toEqual([
      expect.objectContaining({ job_id: 3 }),
    ]);
    expect((await sandbox.get(`${PATH}/list`, 'some')).body['jobs']).toHaveLength(4);
    expect((await sandbox.get(`${PATH}/get?job_id=3`, 'blind')).status).toBe(200);
    expect(refusal(await sandbox.get(`${PATH}/get?job_id=1`, 'blind'))).toEqual(DENIED);
  });
});

describe('create, reset and delete', () => {
  test('create makes the caller the owner and turns queueing on', async () => {
    const identities = [{ token: 'some', user_name: 'some' }];
    const sandbox = await open({ seed: { identities } });
    const reply = await sandbox.post(`${PATH}/create`, { name: 'n' }, 'some');
    const id = field(reply, 'job_id');
    const body = (await sandbox.get(`${PATH}/get?job_id=${id}`, 'some')).body;
    expect(body).toMatchObject({
      creator_user_name: 'some',
      settings: { name: 'n', queue: { enabled: true } },
    });
    expect((await sandbox.post(`${PATH}/delete`, { job_id: id }, 'some')).status).toBe(200);
    expect(sandbox.snapshot().jobs).toEqual([]);
  });

  test('create never takes an id that is in use', async () => {
    const sandbox = await open({ seed: { jobs: [job({}, '730000000000002')] } });
    await sandbox.post(`${PATH}/create`, {});
    expect(sandbox.snapshot().jobs).toHaveLength(2);
  });

  test('reset drops what is not sent, keeps run_as and turns queueing on', async () => {
    const sandbox = await opened({
      tags: { a: '1' },
      tasks: tasks(2),
      run_as: { user_name: 'u' },
      queue: { enabled: false },
    });
    await sandbox.post(`${PATH}/reset`, { job_id: 1, new_settings: { name: 'n', tasks: tasks(1) } });
    const [after] = sandbox.snapshot().jobs;
    expect(after?.settings).toMatchObject({
      name: 'n',
      run_as: { user_name: 'u' },
      queue: { enabled: true },
    });
    expect(after?.settings).not.toHaveProperty('tags');
    expect(listAt(after?.settings ?? {}, 'tasks')).toHaveLength(1);
    await sandbox.post(`${PATH}/reset`, { job_id: 1, new_settings: { queue: { enabled: false } } });
    expect(sandbox.snapshot().jobs[0]?.settings).toMatchObject({ queue: { enabled: false } });
    expect(refusal(await sandbox.post(`${PATH}/reset`, { job_id: 1 }))).toEqual(INVALID);
  });

  test('deletes once', async () => {
    const sandbox = await opened({});
    expect((await sandbox.post(`${PATH}/delete`, { job_id: 1 })).status).toBe(200);
    expect(refusal(await sandbox.post(`${PATH}/delete`, { job_id: 1 }))).toEqual(INVALID);
  });
});
