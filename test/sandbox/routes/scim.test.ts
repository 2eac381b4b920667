import { expect, test } from '@jest/globals';
import { open } from '../client.ts';

test('Me names the identity, its groups and the workspace', async () => {
  const identities = [
    { token: 'boss', user_name: 'boss@sandbox.test', admin: true },
    { token: 'plain', user_name: '0a1b-application-id' },
  ];
  const sandbox = await open({ seed: { workspace_id: '9007199254740993', identities } });
  const admins = expect.objectContaining({ display: 'admins' });
  const boss = await sandbox.get('/api/2.0/preview/scim/v2/Me', 'boss');
  expect(boss.body).toMatchObject({
    userName: 'boss@sandbox.test',
    groups: expect.arrayContaining([admins]),
  });
  expect(boss.headers.get('x-databricks-org-id')).toBe('9007199254740993');
  const plain = await sandbox.get('/api/2.0/preview/scim/v2/Me', 'plain');
  expect(plain.body).toMatchObject({
    userName: '0a1b-application-id',
    groups: expect.not.arrayContaining([admins]),
  });
});
