import { describe, expect, test } from '@jest/globals';
import { PermissionError, UnavailableError } from '../../src/core/errors.ts';
import { readIdentity } from '../../src/databricks/identity.ts';
import { aClient } from './support/a-client.ts';
import { json } from './support/loopback.ts';
import { useServers } from './support/servers.ts';

const { serve } = useServers();
const ORG = { 'x-databricks-org-id': '9007199254740993' };

describe('readIdentity', () => {
  test.each([
    [[{ display: 'users' }, { display: 'admins' }], ['users', 'admins'], true],
    [
      [{ display: 'users' }, { display: 'admins-of-nothing' }, 'admins', { display: 7 }],
      ['users', 'admins-of-nothing'],
      false,
    ],
    [undefined, [], false],
  ])('judges the groups %j', async (groups, names, isAdmin) => {
    const server = await serve(json({ userName: 'ci@a.test', groups }, 200, ORG));
    expect(await readIdentity(aClient(server, { access: 'read' }))).toEqual({
      userName: 'ci@a.test',
      isAdmin,
      groups: names,
      workspaceId: '9007199254740993',
    });
    expect(server.received).toMatchObject([{ method: 'GET', url: '/api/2.0/preview/scim/v2/Me' }]);
  });

  test.each([
    [json({ userName: 'ci@a.test' })],
    [json({ userName: 'ci@a.test' }, 200, { 'x-databricks-org-id': 'x' })],
    [json({ userName: '' }, 200, ORG)],
    [json({}, 200, ORG)],
    [json([], 200, ORG)],
  ])('refuses an answer that is not one of a workspace %#', async (reply) => {
    const server = await serve(reply);
    await expect(readIdentity(aClient(server))).rejects.toThrow(UnavailableError);
  });

  test('lets other failures through', async () => {
    const server = await serve(json({ error_code: 'PERMISSION_DENIED', message: 'no' }, 403));
    await expect(readIdentity(aClient(server))).rejects.toThrow(PermissionError);
  });
});
