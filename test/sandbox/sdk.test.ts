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
