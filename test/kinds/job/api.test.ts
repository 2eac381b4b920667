import { describe, expect, test } from '@jest/globals';
import type { jobs as sdk } from '@databricks/sdk-experimental';
import { PermissionError } from '../../../src/core/errors.ts';
import { asObject, asText, type Json } from '../../../src/kinds/client.ts';
import type { SeedJob } from '../../../src/sandbox/seed.ts';
import { UUID_A } from '../../support/builders.ts';
import { asked, openKind, sent, TOKEN } from '../workspace.ts';

const BIG = '9007199254740993';
const jobs = (settings: Record<string, Json>, id: Json = BIG): readonly SeedJob[] => [
  { job_id: id, creator_user_name: 'owner@company.test', settings: { name: 'etl', ...settings } },
];
const destinations = [
  { id: UUID_A, display_name: 'slack', config: { email: { addresses: ['a@company.test'] } } },
];
const listIn = (raw: Json | null, key: string): readonly Json[] => {
  const list = asObject(asObject(raw ?? {})['settings'])[key];
  return Array.isArray(list) ? (list as readonly Json[]) : [];
};

describe('reading a job', () => {
  test('joins all pages of its four lists, and keeps what only the first page tells', async () => {
    const tasks = Array.from({ length: 250 }, (_none, at) => ({ task_key: `task-${at}` }));
    const parameters = Array.from({ length: 120 }, (_none, at) => ({ name: `p${at}`, default: '' }));
    const { sandbox, api } = await openKind('job', {
      seed: {
        destinations,
        jobs: jobs({ tasks, parameters, webhook_notifications: { on_failure: [{ id: UUID_A }] } }),
      },
    });
    const raw = await api.get(BIG);
    expect(listIn(raw, 'tasks').map((task) => asObject(task)['task_key'])).toEqual(
      tasks.map(({ task_key }) => task_key),
    );
    expect(listIn(raw, 'parameters').length).toBe(120);
    expect(asObject(asObject(raw ?? {})['settings'])['webhook_notifications']).toEqual({
      on_failure: [{ id: UUID_A }],
    });
    expect(asked(sandbox).length).toBe(3);
    expect(raw).not.toHaveProperty('next_page_token');
  });

  test('keeps an id above 2^53', async () => {
    const { sandbox, api } = await openKind('job', { seed: { jobs: jobs({}) } });
    expect(asText(asObject((await api.get(BIG)) ?? {})['job_id'])).toBe(BIG);
    expect(asked(sandbox)).toEqual([`GET /api/2.2/jobs/get?job_id=${BIG}`]);
  });

  test('takes a 400 that says so for a job that does not exist', async () => {
    const { api } = await openKind('job');
    expect(await api.get('7')).toBeNull();
  });

  test('does not take a 403 for one', async () => {
    const identities = [{ token: TOKEN, user_name: 'viewer', can_view_jobs: [] }];
    const { api } = await openKind('job', { seed: { identities, jobs: jobs({}) } });
    await expect(api.get(BIG)).rejects.toThrow(PermissionError);
  });
});

describe('writing a job', () => {
  test('sends one update: exact id, whole blocks, no task, nothing else', async () => {
    const settings = {
      email_notifications: { on_start: ['s@company.test'] },
      tasks: [{ task_key: 't' }],
      health: { rules: [] },
    };
    const { sandbox, api } = await openKind('job', { seed: { destinations, jobs: jobs(settings) } });
    const fresh = (await api.get(BIG)) ?? {};
    const spec = {
      'email_notifications.on_failure': ['a@company.test'],
      'webhook_notifications.on_failure': [UUID_A],
      'health.RUN_DURATION_SECONDS': 60,
    };
    sandbox.resetRequests();
    await api.update({ id: BIG, fresh, spec, changed: Object.keys(spec), traits: {} });
    // Checked by the compiler against the official client: the body is what the API takes.
    const body: Omit<sdk.UpdateJob, 'job_id'> = {
      new_settings: {
        email_notifications: { on_start: ['s@company.test'], on_failure: ['a@company.test'] },
        webhook_notifications: { on_failure: [{ id: UUID_A }] },
        health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 60 }] },
      },
    };
    expect(asked(sandbox)).toEqual(['POST /api/2.2/jobs/update']);
    expect(sandbox.requests[0]?.body).toContain(`"job_id":${BIG}`);
    expect(sent(sandbox)).toEqual([{ ...body, job_id: expect.anything() }]);
  });

  test('sends a removal alone where a block ends empty', async () => {
    const { sandbox, api } = await openKind('job', {
      seed: { jobs: jobs({ email_notifications: { on_failure: ['a@company.test'] } }, 5) },
    });
    const fresh = (await api.get('5')) ?? {};
    const changed = ['email_notifications.on_failure'];
    await api.update({ id: '5', fresh, spec: { 'email_notifications.on_failure': [] }, changed, traits: {} });
    const body: sdk.UpdateJob = { job_id: 5, fields_to_remove: ['email_notifications'] };
    expect(sent(sandbox)).toEqual([body]);
  });

  test('never makes or deletes one', async () => {
    const { sandbox, api } = await openKind('job');
    await expect(api.create({ name: 'x', traits: {}, spec: {} })).rejects.toThrow('never creates');
    await expect(api.remove('1')).rejects.toThrow('never deletes');
    expect(asked(sandbox)).toEqual([]);
  });
});

describe('who may write a job', () => {
  test('is asked of the permissions API, whose answer is given as it is', async () => {
    const big = '9007199254740993';
    const seed = { jobs: [{ job_id: big, settings: { name: 'etl' } }] };
    const { sandbox, api } = await openKind('job', { seed });
    expect(await api.permissions?.(big)).toMatchObject({ object_id: `/jobs/${big}` });
    await expect(api.permissions?.('a/b')).rejects.toThrow();
    expect(asked(sandbox)).toEqual([
      `GET /api/2.0/permissions/jobs/${big}`,
      'GET /api/2.0/permissions/jobs/a%2Fb',
    ]);
  });
});
