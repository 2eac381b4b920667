import { describe, expect, test } from '@jest/globals';
import type { SeedIdentity } from '../../../src/sandbox/seed.ts';
import { open, refusal } from '../client.ts';

const IDENTITIES: readonly SeedIdentity[] = [
  { token: 'boss', user_name: 'boss@sandbox.test', admin: true },
  { token: 'nested', user_name: 'nested@sandbox.test', admin: true, admin_by_nested_group: true },
  { token: 'owner', user_name: 'owner@sandbox.test', can_manage_jobs: ['2'] },
  {
    token: 'principal',
    user_name: '0f3a9c1e-77d2-4a51-9a8e-3c5b2f60d1aa',
    can_manage_jobs: ['1'],
    can_read_system_tables: true,
  },
  { token: 'viewer', user_name: 'viewer@sandbox.test', inactive: true },
];
const SEED = {
  identities: IDENTITIES,
  jobs: [
    { job_id: '1', creator_user_name: 'owner@sandbox.test', settings: { name: 'one' } },
    { job_id: '2', settings: { name: 'two' } },
  ],
};
const ACL = '/api/2.0/permissions/jobs/1';
const LAKEFLOW = '/api/2.1/unity-catalog/effective-permissions/SCHEMA/system.lakeflow';
const CONF = '/api/2.0/workspace-conf?keys=enableIpAccessLists';

describe('permissions of a job', () => {
  test('name its owner, who manages it, who sees it, and admins by their group', async () => {
    const { get } = await open({ seed: SEED });
    const { body } = await get(ACL, 'owner');
    expect(body).toMatchObject({
      object_id: '/jobs/1',
      access_control_list: expect.arrayContaining([
        {
          user_name: 'owner@sandbox.test',
          all_permissions: [{ permission_level: 'IS_OWNER', inherited: false }],
        },
        {
          service_principal_name: '0f3a9c1e-77d2-4a51-9a8e-3c5b2f60d1aa',
          all_permissions: [{ permission_level: 'CAN_MANAGE', inherited: false }],
        },
        {
          user_name: 'viewer@sandbox.test',
          all_permissions: [{ permission_level: 'CAN_VIEW', inherited: false }],
        },
        expect.objectContaining({ group_name: 'admins' }),
      ]),
    });
  });

  test('are shown to who manages it, or to all who see it', async () => {
    const sandbox = await open({ seed: SEED });
    expect(refusal(await sandbox.get(ACL, 'viewer'))).toEqual([403, 'PERMISSION_DENIED']);
    sandbox.behave({ permissionsShown: 'viewers' });
    expect((await sandbox.get(ACL, 'viewer')).status).toBe(200);
    expect(refusal(await sandbox.get('/api/2.0/permissions/jobs/9', 'viewer'))).toEqual([
      403,
      'PERMISSION_DENIED',
    ]);
    expect((await sandbox.get('/api/2.0/permissions/jobs/9', 'boss')).status).toBe(400);
  });
});

describe('grants on the system tables', () => {
  test('are told to everybody about themselves, and to admins about all', async () => {
    const { get } = await open({ seed: SEED });
    const [, , owner, principal] = IDENTITIES.map(({ user_name: name }) => name);
    const own = await get(`${LAKEFLOW}?principal=${principal}`, 'principal');
    expect(own.body).toMatchObject({
      privilege_assignments: [{ principal, privileges: expect.arrayContaining([{ privilege: 'SELECT' }]) }],
    });
    expect((await get(`${LAKEFLOW}?principal=${owner}`, 'owner')).body).toEqual({});
    expect((await get(`${LAKEFLOW}?principal=${principal}`, 'owner')).status).toBe(403);
    expect((await get(`${LAKEFLOW}?principal=${principal}`, 'boss')).body).toEqual(own.body);
  });

  test('are not there without a metastore', async () => {
    const { get } = await open({ seed: { ...SEED, has_metastore: false } });
    for (const path of [LAKEFLOW, '/api/2.1/unity-catalog/current-metastore-assignment'])
      expect(refusal(await get(path, 'boss'))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });
});

describe('switches of the workspace', () => {
  test('are for admins, those of nested groups included, whom SCIM does not show', async () => {
    const { get } = await open({ seed: SEED });
    const answers = ['boss', 'nested', 'viewer'].map(async (token) => (await get(CONF, token)).status);
    expect(await Promise.all(answers)).toEqual([200, 200, 403]);
    const me = await get('/api/2.0/preview/scim/v2/Me', 'nested');
    expect(JSON.stringify(me.body)).not.toContain('admins');
  });
});

test('an identity that was switched off says so', async () => {
  const { get } = await open({ seed: SEED });
  expect((await get('/api/2.0/preview/scim/v2/Me', 'viewer')).body['active']).toBe(false);
});

test('answers carry the time of the workspace', async () => {
  const { get } = await open({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
  expect((await get(CONF)).headers.get('date')).toBe('Fri, 02 Jan 2026 03:04:05 GMT');
});
