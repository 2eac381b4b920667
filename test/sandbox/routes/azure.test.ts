import { describe, expect, test } from '@jest/globals';
import type { SeedIdentity } from '../../../src/sandbox/seed.ts';
import { field, open, refusal } from '../client.ts';

const ME = '/api/2.0/preview/scim/v2/Me';
const TENANT = '7a1c0de0-1111-4222-8333-944445555666';
const RESOURCE_ID = '/subscriptions/s-1/resourceGroups/g/providers/Microsoft.Databricks/workspaces/w';
const WORKSPACE = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';
const MANAGEMENT = 'https://management.core.windows.net/';
const MEMBER: SeedIdentity = {
  token: 'plain-1',
  user_name: 'sp-1',
  azure: { client_id: 'app-1', client_secret: 'azure:secret', managed: true },
};
const GUEST: SeedIdentity = {
  token: 'plain-2',
  user_name: 'sp-2',
  azure: { client_id: 'app-2', client_secret: 'another', managed: true, in_workspace: false },
};
const SEED = { azure: { tenant_id: TENANT, resource_id: RESOURCE_ID }, identities: [MEMBER, GUEST] };
const FORM = {
  grant_type: 'client_credentials',
  client_id: 'app-1',
  client_secret: 'azure:secret',
  resource: WORKSPACE,
};

async function openScene(seed: object = SEED) {
  const time = { nowMs: 1_000_000 };
  const sandbox = await open({ seed, now: () => time.nowMs });
  const read = async (response: Response) => ({
    status: response.status,
    headers: response.headers,
    body: JSON.parse((await response.text()).replace(/^(?!\{).*$/s, '{}')) as Record<string, unknown>,
  });
  const bySecret = async (form: Readonly<Record<string, string>> = {}, tenant = TENANT) =>
    read(
      await fetch(`${sandbox.url}/${tenant}/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...FORM, ...form }),
      }),
    );
  const byMachine = async (query: string, headers: Readonly<Record<string, string>> = { metadata: 'true' }) =>
    read(await fetch(`${sandbox.url}/metadata/identity/oauth2/token?${query}`, { headers }));
  const login = async () => read(await fetch(`${sandbox.url}/aad/auth`, { redirect: 'manual' }));
  const me = async (headers: Readonly<Record<string, string>>) =>
    read(await fetch(`${sandbox.url}${ME}`, { headers }));
  return { sandbox, time, bySecret, byMachine, login, me };
}

describe('a workspace on Azure', () => {
  test('tells its tenant to everybody, by a redirect', async () => {
    const { status, headers } = await (await openScene()).login();
    expect([status, headers.get('location')]).toEqual([
      302,
      `https://login.microsoftonline.com/${TENANT}/oauth2/authorize?client_id=${WORKSPACE}`,
    ]);
  });

  test('says in its metadata that it is one', async () => {
    const { sandbox } = await openScene();
    expect(field(await sandbox.get('/.well-known/databricks-config', null), 'cloud')).toBe('Azure');
  });

  test('is in the snapshot with what its identities are in Entra ID', async () => {
    const { sandbox } = await openScene();
    expect(sandbox.snapshot()).toMatchObject(SEED);
    const second = await open({ seed: sandbox.snapshot() });
    expect(second.snapshot()).toEqual(sandbox.snapshot());
  });
});

test('another workspace has none of it', async () => {
  const { login, bySecret, byMachine, sandbox } = await openScene({ identities: [MEMBER] });
  const query = `api-version=2018-02-01&resource=${WORKSPACE}`;
  const replies = [await login(), await bySecret(), await byMachine(query)];
  expect(replies.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect(field(await sandbox.get('/.well-known/databricks-config', null), 'cloud')).toBe('AWS');
});

describe('a client secret of Entra ID', () => {
  test('gives a token whose spans are texts, good until half a minute before its end', async () => {
    const { bySecret, sandbox, time } = await openScene();
    const { status, body } = await bySecret();
    expect([status, body['token_type'], body['expires_in'], body['expires_on']]).toEqual([
      200,
      'Bearer',
      '3599',
      '4599',
    ]);
    const token = String(body['access_token']);
    expect(field(await sandbox.get(ME, token), 'userName')).toBe('sp-1');
    time.nowMs += 3_568_999;
    expect((await sandbox.get(ME, token)).status).toBe(200);
    time.nowMs += 1;
    expect(refusal(await sandbox.get(ME, token))).toEqual([401, 401]);
  });

  test.each<[string, Record<string, string>, number, number]>([
    ['a wrong secret', { client_secret: 'azure' }, 401, 7000215],
    ['an unknown client', { client_id: 'app-3' }, 400, 700016],
    ['an unknown resource', { resource: 'https://vault.azure.net' }, 400, 500011],
    ['another grant', { grant_type: 'password' }, 400, 70003],
  ])('is refused: %s', async (_, form, status, code) => {
    const reply = await (await openScene()).bySecret(form);
    expect([reply.status, reply.body['error_codes']]).toEqual([status, [code]]);
    expect(reply.body['error_description']).toMatch(new RegExp(`^AADSTS${code}: .* Trace ID: `));
  });

  test('is refused in another tenant', async () => {
    const { status, body } = await (await openScene()).bySecret({}, 'elsewhere.test');
    expect([status, body['error_codes']]).toEqual([400, [90002]]);
  });

  test('gives a token for the management of Azure that no workspace takes', async () => {
    const { bySecret, sandbox } = await openScene();
    const { body } = await bySecret({ resource: MANAGEMENT });
    expect((await sandbox.get(ME, String(body['access_token']))).status).toBe(403);
  });
});

describe('the service of a machine', () => {
  const query = `api-version=2018-02-01&resource=${WORKSPACE}`;

  test.each([
    ['', 'sp-1'],
    ['&client_id=app-1', 'sp-1'],
  ])('gives a token of an identity of the machine: "%s"', async (more, name) => {
    const { byMachine, sandbox } = await openScene();
    const { status, body } = await byMachine(query + more);
    expect([status, body['expires_on']]).toEqual([200, String(1_000 + 86_399)]);
    expect(field(await sandbox.get(ME, String(body['access_token'])), 'userName')).toBe(name);
  });

  test.each<[string, string, Record<string, string>]>([
    ['without its header', query, {}],
    ['without a version', `resource=${WORKSPACE}`, { metadata: 'true' }],
    ['for another resource', 'api-version=2018-02-01&resource=x', { metadata: 'true' }],
    ['of an identity that it has not', `${query}&client_id=app-3`, { metadata: 'true' }],
  ])('refuses %s', async (_, asked, headers) => {
    expect((await (await openScene()).byMachine(asked, headers)).status).toBe(400);
  });
});

describe('who is not in the workspace', () => {
  async function tokensOf(scene: Awaited<ReturnType<typeof openScene>>, client_id: string, secret: string) {
    const [own, management] = await Promise.all(
      [WORKSPACE, MANAGEMENT].map((resource) =>
        scene.bySecret({ client_id, client_secret: secret, resource }),
      ),
    );
    return [own, management].map((reply) => String(reply?.body['access_token']));
  }

  test('comes in with both headers, and with nothing less', async () => {
    const scene = await openScene();
    const [token = '', management = ''] = await tokensOf(scene, 'app-2', 'another');
    const [, foreign = ''] = await tokensOf(scene, 'app-1', 'azure:secret');
    const authorization = `Bearer ${token}`;
    const id = { 'X-Databricks-Azure-Workspace-Resource-Id': RESOURCE_ID };
    const header = (value: string) => ({ 'X-Databricks-Azure-SP-Management-Token': value });
    const tries = [
      {},
      id,
      header(management),
      { ...id, ...header(token) },
      { ...id, ...header(foreign) },
      { ...header(management), 'X-Databricks-Azure-Workspace-Resource-Id': '/subscriptions/s-2' },
      { ...id, ...header(management) },
    ];
    const replies = await Promise.all(tries.map((headers) => scene.me({ authorization, ...headers })));
    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 200]);
  });

  test('comes in no more once the token for the management has ended', async () => {
    const scene = await openScene();
    const [, management = ''] = await tokensOf(scene, 'app-2', 'another');
    scene.time.nowMs += 3_600_000;
    const [token = ''] = await tokensOf(scene, 'app-2', 'another');
    const { status } = await scene.me({
      authorization: `Bearer ${token}`,
      'X-Databricks-Azure-Workspace-Resource-Id': RESOURCE_ID,
      'X-Databricks-Azure-SP-Management-Token': management,
    });
    expect(status).toBe(403);
  });
});
