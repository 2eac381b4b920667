import { BARE_MACHINE } from '../../support/machine.ts';
import type { Machine } from '../../../src/databricks/auth/machine.ts';
import { describe, expect, test } from '@jest/globals';
import { AuthError } from '../../../src/core/errors.ts';
import { type CredentialSources, resolveCredentials } from '../../../src/databricks/auth/resolve.ts';
import { fakeTime } from '../support/a-client.ts';
import { json } from '../support/loopback.ts';
import { useServers } from '../support/servers.ts';
import { type MachineName, machineNamed } from './support/machines.ts';
import { failureOf } from './support/sign-in.ts';

const { serve } = useServers();
const HOST = 'https://dbc-1.cloud.databricks.com';
const AZURE = 'https://adb-123.4.azuredatabricks.net';
const RUNNER = {
  DATABRICKS_CLIENT_ID: 'id',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://github.test/idtoken',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};

function on(name: MachineName, sources: Partial<CredentialSources>) {
  const { machine, commands } = machineNamed(name);
  const resolve = () =>
    resolveCredentials({
      env: {},
      readProfileFile: () => undefined,
      allowedHosts: [],
      connection: { ...fakeTime(), random: () => 0 },
      machine,
      userAgent: () => 'lakebell/0',
      ...sources,
    });
  return { resolve, commands };
}

describe('what lies on the machine', () => {
  test('is asked once, and its token serves', async () => {
    const { resolve, commands } = on('databricks', { env: { DATABRICKS_HOST: HOST, ...RUNNER } });
    const { authType, considered, token } = await resolve();
    expect(authType).toBe('databricks-cli');
    const asked = ['databricks version', `databricks auth token --host ${HOST} --force-refresh`];
    expect(commands).toEqual(asked);
    expect((await token()).reveal()).toBe('token-of-the-cli');
    expect(commands).toEqual(asked);
    expect(considered).toEqual([
      { name: 'pat', isChosen: false, why: 'there is no token' },
      { name: 'oauth-m2m', isChosen: false, why: 'there is no client secret' },
      { name: 'databricks-cli', isChosen: true, why: 'the Databricks CLI gives a token' },
      {
        name: 'github-oidc',
        isChosen: false,
        why: 'ACTIONS_ID_TOKEN_REQUEST_TOKEN is set, and databricks-cli comes first',
      },
      { name: 'env-oidc', isChosen: false, why: 'DATABRICKS_OIDC_TOKEN holds no identity token' },
      { name: 'file-oidc', isChosen: false, why: 'no file with an identity token is named' },
      { name: 'azure-msi', isChosen: false, why: 'nobody asks for the managed identity of the machine' },
      { name: 'azure-client-secret', isChosen: false, why: 'there is no client id of Entra ID' },
      { name: 'azure-cli', isChosen: false, why: 'the workspace is not one of Azure' },
    ]);
  });

  test('leads on to the next method where it gives no token, and the reason is kept', async () => {
    const env = { DATABRICKS_HOST: HOST, ...RUNNER };
    const { resolve, commands } = on('databricks without a login', { env });
    const { authType, considered } = await resolve();
    expect(authType).toBe('github-oidc');
    expect(considered.find(({ name }) => name === 'databricks-cli')).toEqual({
      name: 'databricks-cli',
      isChosen: false,
      why: `the Databricks CLI is not signed in to ${HOST}`,
    });
    expect(commands).toHaveLength(2);
  });

  test('is not started where something comes first', async () => {
    const env = { DATABRICKS_HOST: AZURE, DATABRICKS_TOKEN: 'dapi' };
    const { resolve, commands } = on('az and databricks', { env });
    const { considered } = await resolve();
    expect(commands).toEqual([]);
    expect(considered.filter(({ name }) => name.endsWith('-cli')).map(({ why }) => why)).toEqual([
      'not tried, and pat comes first',
      'not tried, and pat comes first',
    ]);
  });

  test('is started for no host that only the configuration file names', async () => {
    const { resolve, commands } = on('az and databricks', {
      targetHost: 'https://evil.test',
      env: { DATABRICKS_CLOUD: 'Azure', ARM_TENANT_ID: 'tenant.test' },
    });
    const error = await failureOf(resolve());
    expect(error.message).toContain('only the configuration file names https://evil.test');
    expect(commands).toEqual([]);
  });

  test('does not come before the own secret of a profile that the configuration file chose', async () => {
    const file = `[w]
host = https://workspace.test
cloud = Azure
azure_client_id = id
azure_tenant_id = tenant.test
azure_client_secret = secret`;
    const { resolve, commands } = on('az and databricks', {
      targetProfile: 'w',
      readProfileFile: () => file,
    });
    const { authType, considered } = await resolve();
    expect([authType, commands]).toEqual(['azure-client-secret', []]);
    expect(considered.find(({ name }) => name === 'databricks-cli')?.why).toContain(
      'only the configuration file names https://workspace.test',
    );
  });

  test('is not started before the first request where it is pinned, and its own error is shown', async () => {
    const env = { DATABRICKS_HOST: HOST, DATABRICKS_AUTH_TYPE: 'databricks-cli', ...RUNNER };
    const { resolve, commands } = on('databricks without a login', { env });
    const { token, considered } = await resolve();
    expect(commands).toEqual([]);
    await expect(Promise.resolve(token())).rejects.toThrow(`the Databricks CLI is not signed in to ${HOST}`);
    expect(considered.filter(({ isChosen }) => isChosen)).toEqual([
      { name: 'databricks-cli', isChosen: true, why: 'DATABRICKS_AUTH_TYPE asks for it' },
    ]);
  });

  test('that fails in a way of ours stops the run', async () => {
    const machine = {
      readText: () => Promise.resolve(undefined),
      run: () => Promise.reject(new TypeError('ours')),
    };
    const { resolve } = on('a bare machine', { env: { DATABRICKS_HOST: HOST, ...RUNNER }, machine });
    await expect(resolve()).rejects.toThrow(TypeError);
  });
});

describe('what somebody set', () => {
  test('is final: a secret that is refused turns into nobody else', async () => {
    const server = await serve(json({ error: 'invalid_client', error_description: 'no' }, 401));
    const env = {
      DATABRICKS_HOST: server.url,
      DATABRICKS_CLIENT_ID: 'id',
      DATABRICKS_CLIENT_SECRET: 'wrong',
    };
    const { resolve, commands } = on('az and databricks', { env });
    const { authType, token } = await resolve();
    const error = await failureOf(Promise.resolve(token()));
    expect(authType).toBe('oauth-m2m');
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toContain('refuses the client id and secret');
    expect(commands).toEqual([]);
  });
});

describe('nothing at all', () => {
  test('is one sentence where nobody is signed in anywhere', async () => {
    const { resolve } = on('databricks without a login', { env: { DATABRICKS_HOST: AZURE } });
    await expect(resolve()).rejects.toMatchObject({
      code: 'no-credentials',
      exitCode: 3,
      message: `there are no credentials for ${AZURE}`,
      hint: expect.stringContaining('`databricks auth login`'),
    });
  });

  test('tells of a login that is over', async () => {
    const said = 'Error: the refresh token is invalid. To reauthenticate, run databricks auth login';
    const run: Machine['run'] = (_program, [command]) =>
      Promise.resolve(
        command === 'version'
          ? { code: 0, out: 'Databricks CLI v0.296.0', err: '' }
          : { code: 1, out: '', err: said },
      );
    const machine = { ...BARE_MACHINE, run };
    const { resolve } = on('a bare machine', { env: { DATABRICKS_HOST: HOST }, machine });
    await expect(resolve()).rejects.toMatchObject({
      code: 'no-credentials',
      message: `there are no credentials for ${HOST}; databricks-cli: the Databricks CLI gives no token for ${HOST}: the refresh token is invalid. To reauthenticate, run databricks auth login`,
    });
  });
});
