import { describe, expect, test } from '@jest/globals';
import { ApiError, AuthError, EXIT, PermissionError, UnavailableError } from '../../../src/core/errors.ts';
import { givenAttributes } from '../../../src/databricks/auth/attributes.ts';
import { azureClientSecret } from '../../../src/databricks/auth/azure-client-secret.ts';
import { closedOrigin, json, type Script } from '../support/loopback.ts';
import { useServers } from '../support/servers.ts';
import {
  APP_ID,
  APP_SECRET,
  ask,
  expectHidden,
  ME,
  MANAGEMENT_RESOURCE,
  openAzure,
  partsOf,
  RESOURCE_ID,
  START,
  TENANT,
  WORKSPACE_RESOURCE,
} from './support/azure.ts';
import { failureOf } from './support/sign-in.ts';

const { serve } = useServers();
const ENV = { ARM_CLIENT_ID: APP_ID, ARM_CLIENT_SECRET: APP_SECRET, ARM_TENANT_ID: TENANT };
const TOKEN = `POST /${TENANT}/oauth2/token`;
const MANAGEMENT_HEADER = 'x-databricks-azure-sp-management-token';
const RESOURCE_HEADER = 'x-databricks-azure-workspace-resource-id';

function refusal(code: number, sentence: string, status = 401): Script {
  const error_description = `AADSTS${code}: ${sentence} Trace ID: 1-2-3 Correlation ID: 4-5-6 Timestamp: now`;
  return json({ error: 'invalid_client', error_description, error_codes: [code] }, status);
}

describe('azure-client-secret', () => {
  test('signs in at Entra ID, with id and secret in the body', async () => {
    const { whoAmI, sandbox, sent } = await openAzure();
    expect(await whoAmI(azureClientSecret, ENV)).toMatchObject({ userName: APP_ID });
    expect(sent()).toEqual([TOKEN, TOKEN, `GET ${ME}`]);
    const forms = sandbox.requests
      .slice(0, 2)
      .map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    const own = { grant_type: 'client_credentials', client_id: APP_ID, client_secret: APP_SECRET };
    expect(forms).toEqual([
      { ...own, resource: WORKSPACE_RESOURCE },
      { ...own, resource: MANAGEMENT_RESOURCE },
    ]);
    expect(sandbox.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('sends nothing before the first request', async () => {
    const { signIn, sent } = await openAzure();
    signIn(azureClientSecret, ENV);
    expect(sent()).toEqual([]);
  });

  test('comes into a workspace that does not know it yet, by both headers', async () => {
    const { whoAmI, sandbox } = await openAzure({ in_workspace: false });
    const env = { ...ENV, DATABRICKS_AZURE_RESOURCE_ID: RESOURCE_ID };
    expect(await whoAmI(azureClientSecret, env)).toMatchObject({ userName: APP_ID });
    const headers = sandbox.requests.at(-1)?.headers ?? {};
    expect([headers[RESOURCE_HEADER], headers[MANAGEMENT_HEADER]?.startsWith('azure-')]).toEqual([
      RESOURCE_ID,
      true,
    ]);
    expect(headers['authorization']).not.toContain(headers[MANAGEMENT_HEADER]);
    await expect(whoAmI(azureClientSecret, ENV)).rejects.toThrow(PermissionError);
  });

  test('obtains one pair of tokens for many requests, and another before they end', async () => {
    const { open, signIn, sent, time } = await openAzure();
    const client = open(signIn(azureClientSecret, ENV));
    const askOften = () => Promise.all(Array.from({ length: 20 }, () => ask(client)));
    await askOften();
    time.nowMs = START + 3_500_000;
    await askOften();
    expect(sent().filter((one) => one === TOKEN)).toHaveLength(2);
    time.nowMs = START + 3_545_000;
    expect(await askOften()).toEqual(Array.from({ length: 20 }, () => 200));
    expect(sent().filter((one) => one === TOKEN)).toHaveLength(4);
  });

  test('goes on with a token that lasts where no other can be had', async () => {
    const { open, signIn, sandbox, time } = await openAzure();
    const client = open(signIn(azureClientSecret, ENV));
    await ask(client);
    sandbox.fault({ kind: 'status', status: 503, path: '/*/oauth2/token', times: Number.POSITIVE_INFINITY });
    time.nowMs = START + 3_545_000;
    expect(await ask(client)).toBe(200);
    expect(time.sleeps).toEqual([]);
  });

  test('renews a token that the workspace refuses, once', async () => {
    const { open, signIn, sandbox, sent } = await openAzure();
    const client = open(signIn(azureClientSecret, ENV));
    await ask(client);
    sandbox.resetRequests();
    sandbox.fault({ kind: 'status', status: 401, path: ME });
    expect(await ask(client)).toBe(200);
    expect(sent()).toEqual([`GET ${ME}`, TOKEN, `GET ${ME}`]);
  });

  test.each([500, 503, 429])('tries again after %d', async (status) => {
    const { whoAmI, sandbox, retries } = await openAzure();
    sandbox.fault({ kind: 'status', status, path: '/*/oauth2/token' });
    expect(await whoAmI(azureClientSecret, ENV)).toMatchObject({ userName: APP_ID });
    expect(retries).toMatchObject([{ method: 'POST', status, attempt: 1 }]);
  });

  test('is refused where the token for the management of Azure is', async () => {
    const { whoAmI, sandbox } = await openAzure();
    const body = { error: 'invalid_resource', error_description: 'AADSTS500011: Not found. Trace ID: 1' };
    sandbox.fault({ kind: 'status', status: 400, path: '/*/oauth2/token', skip: 1, body });
    const error = await failureOf(whoAmI(azureClientSecret, ENV));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toMatch(/AADSTS500011: Not found\. \(asked for a token for Azure's management\)$/);
  });
});

describe('what Entra ID refuses is said in its words', () => {
  test.each<[string, object, string, string]>([
    [
      'a wrong secret',
      { ARM_CLIENT_SECRET: 'not-the-secret' },
      'AADSTS7000215: Invalid client secret provided.',
      'set ARM_CLIENT_SECRET to the value of the secret, not to its id',
    ],
    [
      'an unknown client',
      { ARM_CLIENT_ID: 'app-3' },
      'AADSTS700016: Application was not found',
      'ARM_TENANT_ID',
    ],
    [
      'another tenant',
      { ARM_TENANT_ID: 'acme.test' },
      "AADSTS90002: Tenant 'acme.test' not",
      'set ARM_TENANT_ID',
    ],
  ])('%s', async (_, wrong, message, hint) => {
    const { whoAmI, sent } = await openAzure();
    const error = await failureOf(whoAmI(azureClientSecret, { ...ENV, ...wrong }));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({
      exitCode: EXIT.permission,
      message: expect.stringContaining(`(ARM_CLIENT_ID, ARM_CLIENT_SECRET): ${message}`),
      hint: expect.stringContaining(hint),
    });
    expect(error.message).not.toContain('Trace ID');
    expect(sent()).toHaveLength(1);
    expectHidden(error, [APP_SECRET, 'not-the-secret']);
  });

  test('an expired secret', async () => {
    const server = await serve(refusal(7000222, "The provided client secret keys for app 'a' are expired."));
    const { whoAmI } = partsOf(server.url, undefined, { AZURE_AUTHORITY_HOST: server.url });
    const error = await failureOf(whoAmI(azureClientSecret, ENV));
    expect(error.message).toContain("keys for app 'a' are expired.");
    expect(error.hint).toContain('the secret has expired: make a new one');
  });

  test('without the secret, whatever of it is quoted', async () => {
    const server = await serve(({ text }) => {
      const said = `${text} ${new URLSearchParams(text).get('client_secret')}`;
      return json({ error: 'x', error_description: `AADSTS1: ${said}` }, 400);
    });
    const { whoAmI } = partsOf(server.url, undefined, { AZURE_AUTHORITY_HOST: server.url });
    const error = await failureOf(whoAmI(azureClientSecret, ENV));
    expect(error.message).toContain('client_secret=(secret)');
    expectHidden(error, [APP_SECRET]);
  });
});

describe('what is not Entra ID is not believed', () => {
  test.each<[string, Script, string]>([
    ['a web page', { headers: { 'content-type': 'text/html' }, text: '<html>Sign in</html>' }, 'a web page'],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://evil.test/?code=abc' } },
      'https://evil.test',
    ],
    ['no token', json({ token_type: 'Bearer', expires_in: '3599' }), 'answered without one'],
    [
      'another kind of token',
      json({ access_token: 'issued-token', token_type: 'mac', expires_in: 9 }),
      'without',
    ],
    [
      'a span that is none',
      json({ access_token: 'issued-token', expires_in: 'soon' }),
      'answered without one',
    ],
    [
      'a token with a line break',
      json({ access_token: 'issued-token\r\nx: y', expires_in: 9 }),
      'without one',
    ],
    ['a list', json([]), 'answered without one'],
  ])('%s', async (_, script, message) => {
    const server = await serve(script);
    const { whoAmI } = partsOf(server.url, undefined, { AZURE_AUTHORITY_HOST: server.url });
    const error = await failureOf(whoAmI(azureClientSecret, ENV));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toContain(`${server.url} gives no token: `);
    expect(error.message).toContain(message);
    expect(server.received).toHaveLength(1);
    expectHidden(error, [APP_SECRET, 'issued-token', 'code=abc']);
  });

  test('nobody who listens is not taken for the workspace', async () => {
    const { sandbox } = await openAzure();
    const { whoAmI } = partsOf(sandbox.url, undefined, { AZURE_AUTHORITY_HOST: await closedOrigin() });
    const error = await failureOf(whoAmI(azureClientSecret, ENV));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).not.toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('could not connect'),
    });
  });

  test('a server that is slow is given up after its time', async () => {
    const server = await serve('silence');
    const { signIn, open } = partsOf(server.url, undefined, { AZURE_AUTHORITY_HOST: server.url });
    const signedIn = signIn(azureClientSecret, ENV, undefined, { timeoutMs: 20 });
    const error = await failureOf(ask(open(signedIn)));
    expect(error).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(error.message).toContain('gives no token: POST');
  });
});

describe('a tenant that is not set', () => {
  const { ARM_TENANT_ID: _tenant, ...TENANTLESS } = ENV;

  test('is asked of the workspace, once, without credentials', async () => {
    const { whoAmI, sent, sandbox } = await openAzure();
    expect(await whoAmI(azureClientSecret, TENANTLESS)).toMatchObject({ userName: APP_ID });
    expect(sent()).toEqual(['GET /aad/auth', TOKEN, TOKEN, `GET ${ME}`]);
    expect(sandbox.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test.each<[string, Script]>([
    ['of everybody', { status: 302, headers: { location: 'https://login.test/common/oauth2' } }],
    ['of all companies', { status: 302, headers: { location: 'https://login.test/organizations/oauth2' } }],
    ['that is a path', { status: 302, headers: { location: 'https://login.test/..%2fx/oauth2' } }],
    ['that is not there', { status: 302, headers: { location: 'https://login.test' } }],
    ['without an address', { status: 302, headers: { location: '/login.html' } }],
    ['in a page', { status: 200, headers: { location: `https://login.test/${TENANT}/x` } }],
    ['of a workspace that has none', { status: 404 }],
  ])('is not guessed: %s', async (_, script) => {
    const server = await serve(script);
    const { whoAmI } = partsOf(server.url, undefined, { AZURE_AUTHORITY_HOST: server.url });
    const error = await failureOf(whoAmI(azureClientSecret, TENANTLESS));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toBe(`${server.url} does not tell which tenant of Entra ID it belongs to`);
    expect(error.hint).toContain('ARM_TENANT_ID');
    expect(server.received).toHaveLength(1);
  });

  test('is taken from the redirect, which is not followed', async () => {
    const elsewhere = await serve(json({}));
    const { sandbox } = await openAzure();
    sandbox.fault({
      kind: 'status',
      status: 307,
      path: '/aad/auth',
      headers: { location: `${elsewhere.url}/${TENANT}/oauth2/authorize` },
    });
    const { whoAmI } = partsOf(sandbox.url, undefined, { AZURE_AUTHORITY_HOST: sandbox.url });
    expect(await whoAmI(azureClientSecret, TENANTLESS)).toMatchObject({ userName: APP_ID });
    expect(elsewhere.received).toEqual([]);
  });

  test('leaves a workspace that cannot be reached what it is', async () => {
    const { whoAmI } = partsOf(await closedOrigin());
    await expect(whoAmI(azureClientSecret, TENANTLESS)).rejects.toThrow(UnavailableError);
  });
});

describe('what cannot work is said before anything is sent', () => {
  test.each<[Record<string, string>, string]>([
    [{ ARM_TENANT_ID: 'common' }, 'ARM_TENANT_ID is not a tenant of Entra ID'],
    [{ ARM_TENANT_ID: '../x' }, 'ARM_TENANT_ID is not a tenant of Entra ID'],
    [{ ARM_ENVIRONMENT: 'mars' }, 'ARM_ENVIRONMENT names no cloud of Azure'],
    [{ AZURE_AUTHORITY_HOST: 'http://login.test' }, 'AZURE_AUTHORITY_HOST is not the address of a server'],
  ])('%j', async (env, message) => {
    const { signIn, sent } = await openAzure();
    expect(() => signIn(azureClientSecret, { ...ENV, ...env })).toThrow(message);
    expect(sent()).toEqual([]);
  });

  test.each<[Record<string, string>, boolean, string]>([
    [{}, true, 'there is no client id of Entra ID'],
    [{ ARM_CLIENT_ID: 'x' }, true, 'there is no client secret of Entra ID'],
    [{ ARM_CLIENT_ID: 'x', ARM_CLIENT_SECRET: 'y' }, false, 'the workspace is not one of Azure'],
  ])('what is missing: %j', (env, isAzure, missing) => {
    const place = { origin: 'https://a.test', isAzure };
    expect(azureClientSecret.prepare(givenAttributes({}, env), place)).toMatchObject({ missing });
  });
});
