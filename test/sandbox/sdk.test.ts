import { describe, expect, test } from '@jest/globals';
import sdk from '@databricks/sdk-experimental';
import { manyJobs } from '../../src/sandbox/many-jobs.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { open } from './client.ts';

type Workspace = { readonly sandbox: Sandbox; readonly client: sdk.WorkspaceClient };

/** The official client, which shares no code with us, in front of the sandbox. */
async function workspace(options: SandboxOptions = {}, token = 'sandbox-token'): Promise<Workspace> {
  const sandbox = await open(options);
  return { sandbox, client: new sdk.WorkspaceClient({ host: sandbox.url, token, authType: 'pat' }) };
}

async function collect<T>(rows: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

const DESTINATION = { id: 'd1', display_name: 'a', config: { slack: {} } };

/** All pages, which the client leaves to its caller. */
async function tasksOf(
  client: sdk.WorkspaceClient,
  job_id: number,
  page_token = '',
): Promise<readonly sdk.jobs.Task[]> {
  const { settings, next_page_token } = await client.jobs.get({ job_id, page_token });
  const tasks = settings?.tasks ?? [];
  return next_page_token === undefined
    ? tasks
    : [...tasks, ...(await tasksOf(client, job_id, next_page_token))];
}

describe('the official JavaScript SDK', () => {
  test('creates, gets and deletes destinations', async () => {
    const { sandbox, client } = await workspace();
    const slack = { url: 'https://hooks.test/1' };
    const created = await client.notificationDestinations.create({ display_name: 'team', config: { slack } });
    const id = created.id ?? '';
    const read = await client.notificationDestinations.get({ id });
    expect(read).toMatchObject({
      id,
      display_name: 'team',
      destination_type: 'SLACK',
      config: { slack: { url_set: true } },
    });
    expect(sandbox.snapshot().destinations).toEqual([{ id, display_name: 'team', config: { slack } }]);
    await client.notificationDestinations.delete({ id });
    expect(sandbox.snapshot().destinations).toEqual([]);
  });

  test('lists destinations over pages', async () => {
    const destinations = Array.from({ length: 45 }, (_, index) => ({
      display_name: `d${index}`,
      config: { slack: {} },
    }));
    const { sandbox, client } = await workspace({ seed: { destinations } });
    const rows = await collect(client.notificationDestinations.list({}));
    expect(new Set(rows.map((row) => row.display_name))).toEqual(
      new Set(destinations.map((one) => one.display_name)),
    );
    expect(sandbox.requests).toHaveLength(3);
    const { client: empty } = await workspace();
    expect(await collect(empty.notificationDestinations.list({}))).toEqual([]);
  });

  test('understands refusals', async () => {
    const { client } = await workspace();
    await expect(client.notificationDestinations.get({ id: 'x' })).rejects.toMatchObject({
      errorCode: 'RESOURCE_DOES_NOT_EXIST',
      statusCode: 404,
    });
    await expect(client.jobs.get({ job_id: 9 })).rejects.toMatchObject({
      errorCode: 'INVALID_PARAMETER_VALUE',
      message: 'Job 9 does not exist.',
    });
    const { client: stranger } = await workspace({}, 'wrong');
    await expect(stranger.currentUser.me()).rejects.toMatchObject({ statusCode: 403 });
  });

  test('lists, gets and updates jobs', async () => {
    const seed = {
      jobs: manyJobs(45, { tasks: 2 }),
      destinations: [{ id: 'd1', display_name: 'a', config: { slack: {} } }],
    };
    const { client } = await workspace({ seed });
    const rows = await collect(client.jobs.list({ limit: 20, expand_tasks: true }));
    expect(rows).toHaveLength(45);
    const row = rows.find((one) => one.settings?.name === 'job-00007');
    const job_id = row?.job_id ?? 0;
    expect(row?.settings?.tasks).toHaveLength(2);
    await client.jobs.update({
      job_id,
      new_settings: { webhook_notifications: { on_failure: [{ id: 'd1' }] } },
      fields_to_remove: ['tags'],
    });
    const job = await client.jobs.get({ job_id });
    expect(job.settings).toMatchObject({
      name: 'job-00007',
      webhook_notifications: { on_failure: [{ id: 'd1' }] },
    });
    expect(job.settings?.tags).toBeUndefined();
  });

  test('updates one task of a job that has several pages of them', async () => {
    const seed = { jobs: manyJobs(1, { tasks: 250 }), destinations: [DESTINATION] };
    const { sandbox, client } = await workspace({ seed });
    const [row] = await collect(client.jobs.list({}));
    const job_id = row?.job_id ?? 0;
    const before = await tasksOf(client, job_id);
    expect(before).toHaveLength(250);
    const task = before[219] ?? { task_key: '' };
    const webhook_notifications = { on_failure: [{ id: DESTINATION.id }] };
    sandbox.resetRequests();
    await client.jobs.update({ job_id, new_settings: { tasks: [{ ...task, webhook_notifications }] } });
    expect(sandbox.requests).toHaveLength(1);
    const after = await tasksOf(client, job_id);
    expect(after[219]).toEqual({ ...task, webhook_notifications });
    expect(after.toSpliced(219, 1)).toEqual(before.toSpliced(219, 1));
  });

  test('creates, lists, tests and deletes registry webhooks', async () => {
    const { sandbox, client } = await workspace();
    const { webhook } = await client.modelRegistry.createWebhook({
      model_name: 'churn',
      events: ['MODEL_VERSION_CREATED', 'COMMENT_CREATED'],
      http_url_spec: { url: 'https://hooks.test/1', authorization: 'Bearer a', secret: 's' },
    });
    await client.modelRegistry.createWebhook({
      events: ['REGISTERED_MODEL_CREATED'],
      job_spec: { job_id: '1', access_token: 'dapi-1' },
    });
    const listed = await collect(client.modelRegistry.listWebhooks({ max_results: 1 }));
    expect(listed).toHaveLength(2);
    expect(listed).toContainEqual(webhook);
    expect(webhook?.http_url_spec).toEqual({ url: 'https://hooks.test/1', enable_ssl_verification: true });
    const found = client.modelRegistry.listWebhooks({ events: ['COMMENT_CREATED', 'MODEL_VERSION_TAG_SET'] });
    expect(await collect(found)).toEqual([webhook]);
    const id = webhook?.id ?? '';
    expect(await client.modelRegistry.testRegistryWebhook({ id })).toEqual({ status_code: 200, body: 'OK' });
    await client.modelRegistry.deleteWebhook({ id });
    expect(sandbox.snapshot().registry_webhooks).toMatchObject([{ events: ['REGISTERED_MODEL_CREATED'] }]);
    await expect(client.modelRegistry.deleteWebhook({ id })).rejects.toMatchObject({
      errorCode: 'RESOURCE_DOES_NOT_EXIST',
      statusCode: 404,
    });
  });

  test('creates and deletes jobs', async () => {
    const { sandbox, client } = await workspace();
    const { job_id = 0 } = await client.jobs.create({ name: 'n', tasks: [{ task_key: 't' }] });
    expect((await client.jobs.get({ job_id })).settings?.tasks?.[0]).toMatchObject({
      task_key: 't',
      run_if: 'ALL_SUCCESS',
    });
    await client.jobs.delete({ job_id });
    expect(sandbox.snapshot().jobs).toEqual([]);
  });

  test('knows who it is and reads files and alerts', async () => {
    const seed = {
      files: [{ path: '/Shared/a.json', content: '{}' }],
      alerts: [{ id: 'a1', display_name: 'failed runs' }],
    };
    const { client } = await workspace({ seed });
    expect((await client.currentUser.me()).userName).toBe('admin@sandbox.test');
    expect(await client.workspace.getStatus({ path: '/Shared/a.json' })).toMatchObject({
      object_type: 'FILE',
      size: 2,
    });
    const alerts = await collect(client.alertsV2.listAlerts({}));
    expect(alerts.map((alert) => alert.display_name)).toEqual(['failed runs']);
  });
});
