import { describe, expect, test } from '@jest/globals';
import { AuthError, EXIT } from '../../../src/core/errors.ts';
import { startIdTokens } from '../../support/id-tokens.ts';
import { json, type Loopback, type Received, type Reply } from '../support/loopback.ts';
import { useServers } from '../support/servers.ts';
import { ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, failureOf, partsOf } from './support/sign-in.ts';

const { serve } = useServers();
const ME = '/api/2.0/preview/scim/v2/Me';
const METADATA = '/.well-known/databricks-config';
const WORKSPACE = '7405600001234567';
const ACCOUNT_TOKEN = `/oidc/accounts/${ACCOUNT_ID}/v1/token`;
const PAGE = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  text: '<!doctype html><title>Sign in</title>',
};

type Metadata = Readonly<Record<string, unknown>>;

/** A host of several workspaces: it routes by the header, and gives tokens for the whole account. */
async function serveUnified(metadata: (host: string) => Metadata = accountMetadata): Promise<Loopback> {
  return serve((request) => answer(request, metadata));
}

function accountMetadata(host: string): Metadata {
  return { oidc_endpoint: `http://${host}/oidc/accounts/{account_id}`, account_id: ACCOUNT_ID };
}

function answer({ url, headers }: Received, metadata: (host: string) => Metadata): Reply {
  if (url === METADATA) return json(metadata(String(headers['host'])));
  if (url.startsWith('/oidc/')) return tokenAt(url);
  if (headers['x-databricks-workspace-id'] !== WORKSPACE) return PAGE;
  return json({ userName: CLIENT_ID }, 200, { 'x-databricks-org-id': WORKSPACE });
}

function tokenAt(url: string): Reply {
  return url === ACCOUNT_TOKEN
    ? json({ access_token: 'account-token', token_type: 'Bearer', expires_in: 3600 })
    : PAGE;
}

const { whoAmI, signIn, open } = partsOf({ nowMs: Date.UTC(2026, 0, 1), sleeps: [] });
const SECRET = { DATABRICKS_CLIENT_ID: CLIENT_ID, DATABRICKS_CLIENT_SECRET: CLIENT_SECRET };

function sent({ received }: Loopback): readonly string[] {
  return received.map(({ method, url }) => `${method} ${url}`);
}

describe('a host of several workspaces', () => {
  test('is told the workspace with each request, also with a token that needs no sign-in', async () => {
    const host = await serveUnified();
    const env = { DATABRICKS_HOST: `${host.url}/?o=${WORKSPACE}`, DATABRICKS_TOKEN: 'dapi-of-somebody' };
    expect(await whoAmI(env)).toMatchObject({ workspaceId: WORKSPACE });
    expect(sent(host)).toEqual([`GET ${ME}`]);
  });

  test('gives a token for a client secret at the endpoint of the account', async () => {
    const host = await serveUnified();
    const env = { ...SECRET, DATABRICKS_HOST: host.url, DATABRICKS_WORKSPACE_ID: WORKSPACE };
    expect(await whoAmI(env)).toMatchObject({ userName: CLIENT_ID });
    expect(sent(host)).toEqual([`GET ${METADATA}`, `POST ${ACCOUNT_TOKEN}`, `GET ${ME}`]);
    const [asked, token] = host.received;
    for (const request of [asked, token])
      expect(request?.headers).not.toHaveProperty('x-databricks-workspace-id');
  });

  test('wants identity tokens for the account', async () => {
    const host = await serveUnified();
    const idTokens = await startIdTokens();
    const env = {
      ...idTokens.env,
      DATABRICKS_CLIENT_ID: CLIENT_ID,
      DATABRICKS_HOST: `${host.url}?w=${WORKSPACE}`,
    };
    await whoAmI(env);
    await idTokens.close();
    expect(idTokens.requests.map(({ audience }) => audience)).toEqual([ACCOUNT_ID]);
    expect(sent(host)).toEqual([`GET ${METADATA}`, `POST ${ACCOUNT_TOKEN}`, `GET ${ME}`]);
  });

  test('takes the account id that the user names before its own', async () => {
    const host = await serveUnified((name) => ({ ...accountMetadata(name), account_id: 'another' }));
    const address = `${host.url}/?o=${WORKSPACE}&a=${ACCOUNT_ID}`;
    await whoAmI({ ...SECRET, DATABRICKS_HOST: address });
    expect(sent(host)).toContain(`POST ${ACCOUNT_TOKEN}`);
  });

  test('is asked about itself once for each sign-in where it does not answer', async () => {
    const host = await serve(({ url }) =>
      url === METADATA ? PAGE : json({ error: 'invalid_grant', error_description: 'no' }, 400),
    );
    const idTokens = await startIdTokens();
    const env = { ...idTokens.env, DATABRICKS_CLIENT_ID: CLIENT_ID, DATABRICKS_HOST: `${host.url}?o=1` };
    const { token } = await signIn(env);
    for (const _ of [1, 2]) await failureOf(Promise.resolve(token()));
    await idTokens.close();
    const once = [`GET ${METADATA}`, 'POST /oidc/v1/token'];
    expect(sent(host)).toEqual([...once, ...once]);
    expect(idTokens.requests[0]?.audience).toBe(`${host.url}/oidc/v1/token`);
  });

  test('is not told an account by the configuration file', async () => {
    const host = await serveUnified((name) => ({ oidc_endpoint: accountMetadata(name)['oidc_endpoint'] }));
    const targetHost = `${host.url}/?o=${WORKSPACE}&a=account-of-a-stranger`;
    const { token } = await signIn(SECRET, { targetHost });
    await failureOf(Promise.resolve(token()));
    expect(sent(host)).toEqual([`GET ${METADATA}`, 'POST /oidc/v1/token']);
  });

  test.each<[string, string]>([
    ['another host', 'https://evil.test/oidc/accounts/{account_id}'],
    ['another port', 'http://127.0.0.1:1/oidc/accounts/{account_id}'],
    ['a host in disguise', 'http://127.0.0.1@evil.test/oidc/accounts/{account_id}'],
    ['another path', 'http://HOST/elsewhere'],
    ['a path that climbs', 'http://HOST/oidc/accounts/../../api'],
    ['no account', 'http://HOST/oidc'],
    ['no address', 'oidc'],
  ])('gets the secret at its own endpoint alone, where it names %s', async (_, endpoint) => {
    const host = await serveUnified((name) => ({ oidc_endpoint: endpoint.replace('HOST', name) }));
    const env = { ...SECRET, DATABRICKS_HOST: host.url, DATABRICKS_WORKSPACE_ID: WORKSPACE };
    const error = await failureOf(whoAmI(env));
    expect(error.message).toContain('does not sign in as a workspace');
    expect(sent(host)).toEqual([`GET ${METADATA}`, 'POST /oidc/v1/token']);
  });

  test('answers with a page where no workspace is named, and the hint says how to name one', async () => {
    const host = await serveUnified();
    const error = await failureOf(
      whoAmI({ DATABRICKS_HOST: host.url, DATABRICKS_TOKEN: 'dapi-of-somebody' }),
    );
    expect(error).toMatchObject({ exitCode: EXIT.api });
    expect(error.message).toContain('a web page instead of JSON');
    expect(error.hint).toContain('no workspace id was sent');
    expect(error.hint).toContain('set DATABRICKS_WORKSPACE_ID');
  });

  test('sends to its login where no workspace is named, and the hint says how to name one', async () => {
    const host = await serve({ status: 302, headers: { location: '/login.html?session=abc' } });
    const env = { DATABRICKS_HOST: host.url, DATABRICKS_TOKEN: 'dapi-of-somebody' };
    const error = await failureOf(whoAmI(env));
    expect(error.hint).toContain('redirects are not followed');
    expect(error.hint).toContain('set DATABRICKS_WORKSPACE_ID');
    expect(`${error.message} ${error.hint}`).not.toContain('session');
  });

  test('answers with a page for another workspace, and the hint does not ask for what was sent', async () => {
    const host = await serveUnified();
    const env = { DATABRICKS_HOST: host.url, DATABRICKS_TOKEN: 'dapi', DATABRICKS_WORKSPACE_ID: '7' };
    const error = await failureOf(whoAmI(env));
    expect(error.hint).toContain('check the host and the workspace that it routes to');
    expect(error.hint).not.toContain('DATABRICKS_WORKSPACE_ID');
  });

  test('refuses a token of a workspace that is not named', async () => {
    const message = 'Credential was not sent or was of an unsupported type for this API.';
    const host = await serve(json({ error_code: 401, message }, 401));
    const token = { DATABRICKS_HOST: host.url, DATABRICKS_TOKEN: 'dapi-of-somebody' };
    const error = await failureOf(whoAmI(token));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.hint).toContain('set DATABRICKS_WORKSPACE_ID');
    const routed = await failureOf(whoAmI({ ...token, DATABRICKS_WORKSPACE_ID: WORKSPACE }));
    expect(routed.hint).toContain('create a new one there');
  });

  test('may be named with its workspace by the configuration file alone, but not against the user', async () => {
    const host = await serveUnified();
    const sources = { targetHost: `${host.url}/?o=${WORKSPACE}` };
    const credentials = await signIn({ DATABRICKS_TOKEN: 'dapi' }, sources);
    const read = { method: 'GET', path: ME, delivery: 'repeat' } as const;
    expect((await open(credentials).send(read)).status).toBe(200);
    const env = { DATABRICKS_TOKEN: 'dapi', DATABRICKS_HOST: `${host.url}/?o=8` };
    await expect(signIn(env, sources)).rejects.toMatchObject({
      code: 'settings',
      message: `DATABRICKS_HOST names the workspace 8 and the target's host names the workspace ${WORKSPACE}`,
    });
  });
});
