import { describe, expect, test } from '@jest/globals';
import { ApiError, AuthError, EXIT, UnavailableError } from '../../../src/core/errors.ts';
import { givenAttributes } from '../../../src/databricks/auth/attributes.ts';
import { imdsOriginOf } from '../../../src/databricks/auth/azure-environment.ts';
import { azureMsi, directly } from '../../../src/databricks/auth/azure-msi.ts';
import { chooseProxy } from '../../../src/databricks/proxy.ts';
import { closedOrigin, json, type Script } from '../support/loopback.ts';
import { useServers } from '../support/servers.ts';
import {
  APP_ID,
  ask,
  expectHidden,
  ME,
  MANAGEMENT_RESOURCE,
  openAzure,
  partsOf,
  RESOURCE_ID,
  START,
  WORKSPACE_RESOURCE,
} from './support/azure.ts';
import { failureOf } from './support/sign-in.ts';

const { serve } = useServers();
const ENV = { ARM_USE_MSI: 'true' };
const PATH = '/metadata/identity/oauth2/token';

function queriesOf(requests: readonly { readonly path: string }[]) {
  return requests
    .filter(({ path }) => path.startsWith(PATH))
    .map(({ path }) => Object.fromEntries(new URL(path, 'http://imds.test').searchParams));
}

describe('azure-msi', () => {
  test("signs in as the machine's identity", async () => {
    const { whoAmI, sandbox, sent } = await openAzure();
    expect(await whoAmI(azureMsi, ENV)).toMatchObject({ userName: APP_ID });
    expect(sent()).toEqual([`GET ${PATH}`, `GET ${PATH}`, `GET ${ME}`]);
    expect(queriesOf(sandbox.requests)).toEqual([
      { 'api-version': '2018-02-01', resource: WORKSPACE_RESOURCE },
      { 'api-version': '2018-02-01', resource: MANAGEMENT_RESOURCE },
    ]);
    expect(sandbox.requests[0]?.headers).toMatchObject({ metadata: 'true' });
  });

  test('names the identity that is meant', async () => {
    const { whoAmI, sandbox } = await openAzure();
    await whoAmI(azureMsi, { ...ENV, ARM_CLIENT_ID: APP_ID });
    expect(queriesOf(sandbox.requests).map((query) => query['client_id'])).toEqual([APP_ID, APP_ID]);
  });

  test('comes into a workspace that does not know it yet', async () => {
    const { whoAmI } = await openAzure({ in_workspace: false });
    const env = { ...ENV, DATABRICKS_AZURE_RESOURCE_ID: RESOURCE_ID };
    expect(await whoAmI(azureMsi, env)).toMatchObject({ userName: APP_ID });
  });

  test('asks again before its tokens end, and not before', async () => {
    const { open, signIn, sent, time } = await openAzure();
    const client = open(signIn(azureMsi, ENV));
    await ask(client);
    time.nowMs = START + 80_000_000;
    await ask(client);
    expect(sent().filter((one) => one.endsWith(PATH))).toHaveLength(2);
    time.nowMs = START + 86_345_000;
    expect(await ask(client)).toBe(200);
    expect(sent().filter((one) => one.endsWith(PATH))).toHaveLength(4);
  });

  test('goes past every proxy, and waits for ten seconds', () => {
    const proxy = { httpProxy: 'http://proxy.test:3128' };
    const connection = {
      clock: () => 0,
      sleep: () => Promise.resolve(),
      random: () => 0,
      userAgent: 'x',
      proxy,
    };
    const imds = imdsOriginOf(givenAttributes({}, {}));
    expect(chooseProxy(imds, connection.proxy)?.href).toBe('http://proxy.test:3128/');
    const direct = directly(connection);
    expect([chooseProxy(imds, direct.proxy ?? {}), direct.timeoutMs]).toEqual([undefined, 10_000]);
  });

  test.each<[string, object]>([
    ['a number', { expires_on: (START + 3_600_000) / 1000 }],
    ['a text', { expires_on: String((START + 3_600_000) / 1000) }],
  ])('understands the end of a token as %s', async (_, end) => {
    const service = await serve(json({ access_token: 'token-of-the-machine', token_type: 'Bearer', ...end }));
    const time = { nowMs: START, sleeps: [] };
    const { signIn } = partsOf(service.url, time, { AZURE_POD_IDENTITY_AUTHORITY_HOST: service.url });
    const { token } = signIn(azureMsi, ENV);
    await token();
    time.nowMs = START + 3_530_000;
    await token();
    expect(service.received).toHaveLength(1);
    time.nowMs = START + 3_545_000;
    await token();
    expect(service.received).toHaveLength(2);
  });
});

describe('a machine that gives no token', () => {
  test('for it has no such service', async () => {
    const service = await closedOrigin();
    const { whoAmI } = partsOf(service, undefined, { AZURE_POD_IDENTITY_AUTHORITY_HOST: service });
    const error = await failureOf(whoAmI(azureMsi, ENV));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({
      exitCode: EXIT.permission,
      code: 'no-credentials',
      message: `this machine has no managed identity: nothing answers at ${service}`,
    });
  });

  test('for something else answers there', async () => {
    const service = await serve({ status: 404, text: 'Not Found' });
    const { whoAmI } = partsOf(service.url, undefined, { AZURE_POD_IDENTITY_AUTHORITY_HOST: service.url });
    await expect(whoAmI(azureMsi, ENV)).rejects.toThrow(`there is no such service at ${service.url}`);
  });

  test('of an identity that it has not', async () => {
    const { whoAmI } = await openAzure();
    const error = await failureOf(whoAmI(azureMsi, { ...ENV, ARM_CLIENT_ID: 'another' }));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toContain('there is no token of the managed identity of ARM_CLIENT_ID: ');
    expect(error.message).toContain('Identity not found');
    expect(error.hint).toContain('assign the identity to this machine');
  });

  test('while its service is busy, tries again, and says then what it is', async () => {
    const service = await serve({ status: 429, text: 'Too many requests' });
    const { whoAmI, retries } = partsOf(service.url, undefined, {
      AZURE_POD_IDENTITY_AUTHORITY_HOST: service.url,
    });
    const error = await failureOf(whoAmI(azureMsi, ENV));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).not.toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ code: 'rate-limit', exitCode: EXIT.api });
    expect(retries.length).toBeGreaterThan(0);
  });

  test.each<[string, Script]>([
    ['an empty token', json({ access_token: '', expires_on: '99999999999' })],
    ['no end', json({ access_token: 'token-of-the-machine' })],
    ['an end that is none', json({ access_token: 'token-of-the-machine', expires_on: 'tomorrow' })],
    ['a list', json(['token-of-the-machine'])],
  ])('but %s', async (_, script) => {
    const service = await serve(script);
    const { whoAmI } = partsOf(service.url, undefined, { AZURE_POD_IDENTITY_AUTHORITY_HOST: service.url });
    const error = await failureOf(whoAmI(azureMsi, ENV));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toContain('answered without one');
    expectHidden(error, ['token-of-the-machine']);
  });
});

describe('the wish for a managed identity', () => {
  const place = { origin: 'https://a.azuredatabricks.net', isAzure: true };

  test.each([undefined, '', 'false', 'F', '0'])('is none: %j', (value) => {
    const attributes = givenAttributes({}, { ARM_USE_MSI: value });
    expect(azureMsi.prepare(attributes, place)).toMatchObject({ hint: 'set ARM_USE_MSI to true' });
  });

  test('says nothing to a workspace elsewhere', () => {
    const elsewhere = { ...place, isAzure: false };
    expect(azureMsi.prepare(givenAttributes({}, ENV), elsewhere)).toMatchObject({
      missing: 'the workspace is not one of Azure',
    });
  });

  test.each(['1', 'True', 't'])('is there: %s', async (value) => {
    const { whoAmI } = await openAzure();
    expect(await whoAmI(azureMsi, { ARM_USE_MSI: value })).toMatchObject({ userName: APP_ID });
  });

  test('is a mistake', async () => {
    const { signIn } = await openAzure();
    expect(() => signIn(azureMsi, { ARM_USE_MSI: 'yes' })).toThrow('ARM_USE_MSI is neither true nor false');
  });
});
