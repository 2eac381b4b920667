import { describe, expect, test } from '@jest/globals';
import type { Behaviour } from '../../../src/sandbox/behaviour.ts';
import type { Seed } from '../../../src/sandbox/seed.ts';
import { type Client, open } from '../client.ts';

const APP = '0a1b2c3d-0000-4000-8000-000000000001';
const PIPELINE = '7d0a1b2c-0000-4000-8000-000000000002';
const seed: Seed = {
  identities: [
    { token: 'boss', user_name: 'boss@sandbox.test', admin: true, can_view_jobs: [], can_view_pipelines: [] },
    {
      token: 'app',
      user_name: APP,
      can_manage_jobs: ['7'],
      can_view_jobs: [],
      can_manage_pipelines: [PIPELINE],
      can_view_pipelines: [],
    },
    {
      token: 'viewer',
      user_name: 'viewer@sandbox.test',
      can_view_jobs: ['7'],
      can_view_pipelines: [PIPELINE],
    },
    { token: 'member', user_name: 'member@sandbox.test', can_view_jobs: [], can_view_pipelines: [] },
  ],
  groups: [
    {
      name: 'data',
      members: ['member@sandbox.test'],
      can_manage_jobs: ['8'],
      can_manage_pipelines: [PIPELINE],
    },
    { name: 'deep', members: ['member@sandbox.test'], is_nested: true },
  ],
  jobs: [
    { job_id: '7', creator_user_name: 'maker@sandbox.test', settings: { name: 'seven' } },
    { job_id: '8', creator_user_name: 'maker@sandbox.test', settings: { name: 'eight' } },
  ],
  pipelines: [{ pipeline_id: PIPELINE, creator_user_name: 'maker@sandbox.test', spec: { name: 'p' } }],
};

const JOB = '/api/2.0/permissions/jobs/7';

function openWith(behaviour: Partial<Behaviour> = {}): Promise<Client> {
  return open({ seed, behaviour });
}

const held = (level: string) => [{ permission_level: level, inherited: false }];

describe('permissions', () => {
  test('lists owner, grants of people, principals and groups, and what admins inherit', async () => {
    const sandbox = await openWith();
    const own = (type: string) => ({
      group_name: 'admins',
      all_permissions: [
        { permission_level: 'CAN_MANAGE', inherited: true, inherited_from_object: [`/${type}s/`] },
      ],
    });
    const owner = { user_name: 'maker@sandbox.test', all_permissions: held('IS_OWNER') };
    const app = { service_principal_name: APP, all_permissions: held('CAN_MANAGE') };
    const viewer = { user_name: 'viewer@sandbox.test', all_permissions: held('CAN_VIEW') };
    expect((await sandbox.get(JOB, 'boss')).body).toEqual({
      object_id: '/jobs/7',
      object_type: 'job',
      access_control_list: [owner, app, viewer, own('job')],
    });
    const group = { group_name: 'data', all_permissions: held('CAN_MANAGE') };
    const pipeline = await sandbox.get(`/api/2.0/permissions/pipelines/${PIPELINE}`, 'member');
    expect(pipeline.body).toEqual({
      object_id: `/pipelines/${PIPELINE}`,
      object_type: 'pipeline',
      access_control_list: [owner, app, viewer, group, own('pipeline')],
    });
  });

  test.each([
    ['managers', 'app', 200],
    ['managers', 'viewer', 403],
    ['managers', 'member', 403],
    ['viewers', 'viewer', 200],
    ['viewers', 'member', 403],
  ] as const)('are shown to %s: %s gets %d', async (permissionsShown, token, status) => {
    const sandbox = await openWith({ permissionsShown });
    expect((await sandbox.get(JOB, token)).status).toBe(status);
  });

  test('come before existence for jobs', async () => {
    const sandbox = await openWith();
    const gone = '/api/2.0/permissions/jobs/99';
    expect((await sandbox.get(gone, 'viewer')).status).toBe(403);
    expect((await sandbox.get(gone, 'boss')).status).toBe(400);
    expect((await sandbox.get('/api/2.0/permissions/jobs/x', 'boss')).status).toBe(400);
    expect((await sandbox.get('/api/2.0/permissions/pipelines/x', 'viewer')).status).toBe(404);
  });
});

describe('a group', () => {
  test('gives its members what it may, and SCIM shows it unless it is nested', async () => {
    const sandbox = await openWith();
    const body = { job_id: '8', new_settings: { name: 'nine' } };
    expect((await sandbox.post('/api/2.2/jobs/update', body, 'member')).status).toBe(200);
    expect((await sandbox.post('/api/2.2/jobs/update', body, 'viewer')).status).toBe(403);
    const { body: me } = await sandbox.get('/api/2.0/preview/scim/v2/Me', 'member');
    const shown = me['groups'] as unknown as readonly { readonly display: string }[];
    expect(shown.map(({ display }) => display)).toEqual(['users', 'data']);
    expect(sandbox.snapshot().groups).toEqual([
      { ...seed.groups?.[0], is_nested: false },
      { ...seed.groups?.[1], can_manage_jobs: [], can_manage_pipelines: [] },
    ]);
  });

  test('that makes an admin may be one that SCIM does not show', async () => {
    const boss = { token: 'boss', user_name: 'b@sandbox.test', admin: true, admin_by_nested_group: true };
    const sandbox = await open({ seed: { identities: [boss] } });
    const { text } = await sandbox.get('/api/2.0/preview/scim/v2/Me', 'boss');
    expect(text).not.toContain('admins');
    const created = { display_name: 'x', config: { email: { addresses: ['a@b.test'] } } };
    expect((await sandbox.post('/api/2.0/notification-destinations', created, 'boss')).status).toBe(200);
  });
});
