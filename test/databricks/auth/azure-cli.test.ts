import { describe, expect, test } from '@jest/globals';
import { AuthError, EXIT, SettingsError } from '../../../src/core/errors.ts';
import { givenAttributes } from '../../../src/databricks/auth/attributes.ts';
import { azureCli } from '../../../src/databricks/auth/azure-cli.ts';
import type { Finished } from '../../../src/databricks/auth/machine.ts';
import { useServers } from '../support/servers.ts';
import {
  APP_ID,
  APP_SECRET,
  ask,
  complained,
  expectHidden,
  fakeMachine,
  MANAGEMENT_RESOURCE,
  ME,
  openAzure,
  partsOf,
  printed,
  RESOURCE_ID,
  START,
  TENANT,
  WORKSPACE_RESOURCE,
} from './support/azure.ts';
import { failureOf } from './support/sign-in.ts';

const { serve } = useServers();
const SHOW = 'az account show --output json';
const GET = `az account get-access-token --resource ${WORKSPACE_RESOURCE} --output json`;
const GET_MANAGEMENT = `az account get-access-token --resource ${MANAGEMENT_RESOURCE} --output json`;
const PERSON = { user: { name: 'me@acme.test', type: 'user' } };
const PRINCIPAL = { user: { name: APP_ID, type: 'servicePrincipal' } };
const MACHINE = { user: { name: 'systemAssignedIdentity', type: 'servicePrincipal' } };
const ENV = { ARM_TENANT_ID: TENANT };
const SUBSCRIPTION = '5ab5c21b-0000-4000-8000-000000000001';

type Az = {
  readonly account?: object;
  /** Instead of a token; undefined gives one. */
  readonly answer?: (command: string) => Finished | undefined;
};

/** `az` on one machine with the sandbox: what it prints are tokens of the sandbox's Entra ID. */
async function openAz({ account = PERSON, answer = () => undefined }: Az = {}, of: object = {}) {
  const scene = await openAzure(of);
  const issue = async (command: string): Promise<Finished> => {
    const [, resource = ''] = /--resource (\S+)/.exec(command) ?? [];
    const own = { grant_type: 'client_credentials', client_id: APP_ID, client_secret: APP_SECRET };
    const body = new URLSearchParams({ ...own, resource });
    const response = await fetch(`${scene.sandbox.url}/${TENANT}/oauth2/token`, { method: 'POST', body });
    const { access_token, expires_on } = (await response.json()) as Record<string, string>;
    return printed({ accessToken: access_token, expires_on: Number(expires_on), tokenType: 'Bearer' });
  };
  const az = fakeMachine((command) =>
    command === SHOW ? printed(account) : (answer(command) ?? issue(command)),
  );
  const whoAmI = (env: Record<string, string> = ENV) => scene.whoAmI(azureCli, env, az.machine);
  return { ...scene, ...az, whoAmI };
}

describe('azure-cli', () => {
  test('signs in as the person who is signed in to az, and gives no token for the management away', async () => {
    const { whoAmI, commands, sandbox } = await openAz();
    expect(await whoAmI()).toMatchObject({ userName: APP_ID });
    expect(commands).toEqual([SHOW, `${GET} --tenant ${TENANT}`]);
    expect(sandbox.requests.at(-1)?.headers).not.toHaveProperty('x-databricks-azure-sp-management-token');
  });

  test('starts nothing before the first request', async () => {
    const { signIn, machine, commands } = await openAz();
    signIn(azureCli, ENV, machine);
    expect(commands).toEqual([]);
  });

  test('asks the workspace for the tenant that is not set', async () => {
    const { whoAmI, commands, sent } = await openAz();
    await whoAmI({});
    expect(sent()[0]).toBe('GET /aad/auth');
    expect(commands).toEqual([SHOW, `${GET} --tenant ${TENANT}`]);
  });

  test('takes a service principal into a workspace that does not know it yet', async () => {
    const { whoAmI, commands } = await openAz({ account: PRINCIPAL }, { in_workspace: false });
    await whoAmI({ ...ENV, DATABRICKS_AZURE_RESOURCE_ID: RESOURCE_ID });
    expect(commands).toEqual([SHOW, `${GET} --tenant ${TENANT}`, `${GET_MANAGEMENT} --tenant ${TENANT}`]);
  });

  test('does without a token for the management that az has not, and does not ask for it again', async () => {
    const answer = (command: string) => (command.startsWith(GET_MANAGEMENT) ? complained('no') : undefined);
    const { signIn, open, machine, commands } = await openAz({ account: PRINCIPAL, answer });
    const client = open(signIn(azureCli, ENV, machine));
    expect([await ask(client), await ask(client)]).toEqual([200, 200]);
    expect(commands.filter((command) => command.startsWith(GET_MANAGEMENT))).toHaveLength(2);
  });

  test('names no tenant for a managed identity', async () => {
    const { whoAmI, commands } = await openAz({ account: MACHINE });
    await whoAmI();
    expect(commands).toEqual([SHOW, GET, GET_MANAGEMENT]);
  });

  test('tries without a tenant what az cannot do with it, for a service principal alone', async () => {
    const answer = (command: string) => (command.includes('--tenant') ? complained('AADSTS7002') : undefined);
    const principal = await openAz({ account: PRINCIPAL, answer });
    expect(await principal.whoAmI()).toMatchObject({ userName: APP_ID });
    expect(principal.commands.slice(0, 3)).toEqual([SHOW, `${GET} --tenant ${TENANT}`, GET]);
    const person = await openAz({ answer });
    await expect(person.whoAmI()).rejects.toThrow('the Azure CLI gives no token: AADSTS7002');
    expect(person.commands).toEqual([SHOW, `${GET} --tenant ${TENANT}`]);
  });

  test('finds the tenant by the subscription where nobody tells it, and goes on without', async () => {
    const answer = (command: string) => (command.includes('--sub') ? complained('not yours') : undefined);
    const { whoAmI, commands, sandbox } = await openAz({ answer });
    sandbox.fault({ kind: 'status', status: 404, path: '/aad/auth' });
    await whoAmI({ DATABRICKS_AZURE_RESOURCE_ID: RESOURCE_ID });
    expect(commands).toEqual([SHOW, `${GET} --subscription ${SUBSCRIPTION}`, GET]);
  });

  test('asks az again before the token ends, but not who is signed in', async () => {
    const { signIn, open, machine, commands, time } = await openAz();
    const client = open(signIn(azureCli, ENV, machine));
    await ask(client);
    time.nowMs = START + 3_500_000;
    await ask(client);
    expect(commands).toHaveLength(2);
    time.nowMs = START + 3_545_000;
    expect(await ask(client)).toBe(200);
    expect(commands).toEqual([SHOW, `${GET} --tenant ${TENANT}`, `${GET} --tenant ${TENANT}`]);
  });

  test('keeps our own credentials from az', async () => {
    const { whoAmI, options } = await openAz();
    await whoAmI();
    for (const { env = {}, timeoutMs } of options) {
      expect(Object.entries(env)).toContainEqual(['DATABRICKS_TOKEN', undefined]);
      expect(Object.entries(env)).toContainEqual(['ARM_CLIENT_SECRET', undefined]);
      expect(timeoutMs).toBe(60_000);
    }
  });

  test('understands the local time that older ones print', async () => {
    const nearby = new Date(START + 3_600_000);
    const pad = (number: number) => String(number).padStart(2, '0');
    const day = [nearby.getFullYear(), pad(nearby.getMonth() + 1), pad(nearby.getDate())].join('-');
    const hour = [nearby.getHours(), nearby.getMinutes(), nearby.getSeconds()].map(pad).join(':');
    const answer = () => printed({ accessToken: 'token-of-az', expiresOn: `${day} ${hour}.000000` });
    const { signIn, machine, commands, time } = await openAz({ answer });
    const { token } = signIn(azureCli, ENV, machine);
    await token();
    time.nowMs = START + 3_530_000;
    await token();
    expect(commands).toHaveLength(2);
    time.nowMs = START + 3_545_000;
    await token();
    expect(commands).toHaveLength(3);
  });
});

describe('az that gives no token', () => {
  test('for it is not there', async () => {
    const { machine } = fakeMachine(() => undefined);
    const error = await failureOf(partsOf('http://127.0.0.1:9').whoAmI(azureCli, ENV, machine));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({
      exitCode: EXIT.permission,
      code: 'no-credentials',
      message: 'the Azure CLI (az) is not installed',
    });
  });

  test.each([
    "ERROR: Please run 'az login' to setup account.",
    'ERROR: No subscription found. Run `az login`',
  ])('for nobody is signed in: %s', async (err) => {
    const { machine, commands } = fakeMachine(() => complained(err));
    const error = await failureOf(partsOf('http://127.0.0.1:9').whoAmI(azureCli, ENV, machine));
    expect(error).toMatchObject({
      code: 'no-credentials',
      message: 'nobody is signed in to the Azure CLI',
      hint: 'run `az login`',
    });
    expect(commands).toEqual([SHOW]);
  });

  test('says why, without its warnings and without what looks like a token', async () => {
    const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.signature-of-it';
    const err = `WARNING: old\nERROR: AADSTS700082: it has expired ${jwt}\u0007\nTo log in, run: az login`;
    const { whoAmI } = await openAz({ answer: () => complained(err, 'half-a-token-on-stdout') });
    const error = await failureOf(whoAmI());
    expect(error.message).toBe(
      'the Azure CLI gives no token: AADSTS700082: it has expired (secret) To log in, run: az login',
    );
    expectHidden(error, [jwt, 'half-a-token-on-stdout']);
  });

  test('says nothing that stands in its output, nor our own secrets', async () => {
    const answer = () =>
      complained(`bad token-of-az-that-is-long for ${APP_SECRET}`, 'token-of-az-that-is-long');
    const { whoAmI } = await openAz({ answer });
    const error = await failureOf(whoAmI({ ...ENV, ARM_CLIENT_SECRET: APP_SECRET }));
    expect(error.message).toBe('the Azure CLI gives no token: bad (secret) for (secret)');
    expectHidden(error, ['token-of-az-that-is-long', APP_SECRET]);
  });

  test('is stopped after its time', async () => {
    const { whoAmI } = await openAz({ answer: () => ({ code: null, out: 'half-a-token', err: '' }) });
    const error = await failureOf(whoAmI());
    expect(error.message).toBe('the Azure CLI gives no token: it did not end in time');
    expectHidden(error, ['half-a-token']);
  });

  test.each<[string, unknown]>([
    ['a table', 'accessToken  expiresOn\n-----  -----\ntoken-of-az  2026'],
    ['no end', { accessToken: 'token-of-az' }],
    ['an end that is none', { accessToken: 'token-of-az', expiresOn: 'tomorrow' }],
    ['an end that has passed', { accessToken: 'token-of-az', expires_on: START / 1000 }],
    ['no token', { expires_on: 99_999_999_999 }],
    ['half a token', { accessToken: 'token-of-az\n', expires_on: 99_999_999_999 }],
    ['nothing', ''],
  ])('prints something else: %s', async (_, body) => {
    const { whoAmI } = await openAz({ answer: () => printed(body) });
    const error = await failureOf(whoAmI());
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toBe('the Azure CLI printed no token that is good');
    expectHidden(error, ['token-of-az']);
  });
});

describe('a place where azure-cli cannot be used', () => {
  test('is no workspace of Azure', () => {
    const place = { origin: 'https://dbc.cloud.databricks.com', isAzure: false };
    expect(azureCli.prepare(givenAttributes({}, {}), place)).toMatchObject({
      missing: 'the workspace is not one of Azure',
    });
  });

  test('is a tenant that is none: az is not asked', async () => {
    const { signIn, machine, commands } = await openAz();
    expect(() => signIn(azureCli, { ARM_TENANT_ID: '--help' }, machine)).toThrow(SettingsError);
    expect(commands).toEqual([]);
  });

  test('gives az no subscription that is an option', async () => {
    const server = await serve({ status: 404 });
    const { machine, commands } = fakeMachine((command) =>
      command === SHOW ? printed(PERSON) : complained('x'),
    );
    const env = { DATABRICKS_AZURE_RESOURCE_ID: '/subscriptions/--help/x' };
    await failureOf(partsOf(server.url).whoAmI(azureCli, env, machine));
    expect(commands).toEqual([SHOW, GET]);
    expect(server.received.map(({ url }) => url)).not.toContain(ME);
  });
});
