import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { AuthError, SettingsError } from '../../../src/core/errors.ts';
import { type CredentialSources, resolveCredentials } from '../../../src/databricks/auth/resolve.ts';
import { fakeTime } from '../support/a-client.ts';
import { BARE_MACHINE } from '../../support/machine.ts';

const A = 'https://a.cloud.databricks.com';
const B = 'https://b.cloud.databricks.com';
const FILE = [
  '[DEFAULT]',
  `host = ${A}`,
  'token = default-token',
  '[b]',
  `host = ${B}`,
  'token = b-token',
  '[c]',
  'host = https://c.cloud.databricks.com',
  'token = c-token',
  '[c2]',
  'host = c.cloud.databricks.com',
  'token = c2-token',
  '[broken]',
  'host = https://',
  'token = x-token',
  '[bare]',
  'token = bare-token',
  '[elsewhere]',
  'host = https://workspace.test',
  'token = elsewhere-token',
  '[cli]',
  `host = ${A}`,
  'auth_type = external-browser',
  '[empty]',
  `host = ${A}`,
  '[principal]',
  'host = https://principal.test',
  'client_id = principal-id',
  'client_secret = principal-secret',
  '[federated]',
  'host = https://federated.test',
  'client_id = federated-id',
  'auth_type = github-oidc',
].join('\n');

function resolve(sources: Partial<CredentialSources> = {}) {
  return resolveCredentials({
    env: {},
    readProfileFile: () => FILE,
    allowedHosts: [],
    connection: { ...fakeTime(), random: () => 0 },
    machine: BARE_MACHINE,
    userAgent: (authType) => `lakebell/0 auth/${authType}`,
    ...sources,
  });
}

async function shown(sources: Partial<CredentialSources>) {
  const { host, token, source } = await resolve(sources);
  return [host, (await token()).reveal(), source.host, source.token];
}

/** The method, where its secret came from and the host; nothing is sent for it. */
async function chosen(sources: Partial<CredentialSources>) {
  const { authType, source, host } = await resolve(sources);
  return [authType, source.token, host];
}

const ENV = { DATABRICKS_HOST: A, DATABRICKS_TOKEN: 'env-token' };

describe('resolveCredentials', () => {
  test.each<[string, Partial<CredentialSources>, readonly string[]]>([
    ['the environment', { env: ENV }, [A, 'env-token', 'DATABRICKS_HOST', 'DATABRICKS_TOKEN']],
    [
      'the option and the environment',
      { hostOption: `${A}/`, env: ENV },
      [A, 'env-token', '--host', 'DATABRICKS_TOKEN'],
    ],
    [
      'the token input first',
      { tokenOption: 'input-token', env: ENV },
      [A, 'input-token', 'DATABRICKS_HOST', 'the token input'],
    ],
    ['the default profile', {}, [A, 'default-token', 'the profile DEFAULT', 'token of the profile DEFAULT']],
    ['a named profile', { profileOption: 'b' }, [B, 'b-token', 'the profile b', 'token of the profile b']],
    [
      "the target's profile",
      { targetProfile: 'b' },
      [B, 'b-token', 'the profile b', 'token of the profile b'],
    ],
    [
      'the profile of the environment',
      { env: { DATABRICKS_CONFIG_PROFILE: 'b' } },
      [B, 'b-token', 'the profile b', 'token of the profile b'],
    ],
    [
      'the option before the target before the environment',
      { profileOption: 'b', targetProfile: 'c', env: { DATABRICKS_CONFIG_PROFILE: 'c2' } },
      [B, 'b-token', 'the profile b', 'token of the profile b'],
    ],
    [
      'the environment before the profile, one by one',
      { profileOption: 'DEFAULT', env: { DATABRICKS_TOKEN: 'env-token' } },
      [A, 'env-token', 'the profile DEFAULT', 'DATABRICKS_TOKEN'],
    ],
    [
      "the target's host and the environment",
      { targetHost: A, env: { DATABRICKS_TOKEN: 'env-token' } },
      [A, 'env-token', "the target's host", 'DATABRICKS_TOKEN'],
    ],
    [
      "the profile of the target's host",
      { targetHost: B },
      [B, 'b-token', "the target's host", 'token of the profile b'],
    ],
    ['the profile of the option', { hostOption: B }, [B, 'b-token', '--host', 'token of the profile b']],
    [
      'the one profile of a host that has a token',
      { hostOption: A },
      [A, 'default-token', '--host', 'token of the profile DEFAULT'],
    ],
    [
      'a profile without a host',
      { hostOption: B, profileOption: 'bare' },
      [B, 'bare-token', '--host', 'token of the profile bare'],
    ],
    [
      "the target's profile for its own host",
      { targetProfile: 'elsewhere' },
      [
        'https://workspace.test',
        'elsewhere-token',
        'the profile elsewhere',
        'token of the profile elsewhere',
      ],
    ],
    [
      'blank as not set',
      { hostOption: ' ', env: { ...ENV, DATABRICKS_CONFIG_PROFILE: '', DATABRICKS_AUTH_TYPE: '' } },
      [A, 'env-token', 'DATABRICKS_HOST', 'DATABRICKS_TOKEN'],
    ],
    [
      'pat as the auth type',
      { env: { ...ENV, DATABRICKS_AUTH_TYPE: 'pat' } },
      [A, 'env-token', 'DATABRICKS_HOST', 'DATABRICKS_TOKEN'],
    ],
    [
      'the environment where the profile of the target is not there',
      { targetProfile: 'laptop', targetHost: A, env: ENV },
      [A, 'env-token', 'DATABRICKS_HOST', 'DATABRICKS_TOKEN'],
    ],
  ])('takes %s', async (_, sources, expected) => {
    expect(await shown(sources)).toEqual(expected);
  });

  test('does not open the file when the environment has all, and no profile is named', async () => {
    const readProfileFile = () => {
      throw new Error('opened');
    };
    expect((await resolve({ env: ENV, readProfileFile })).host).toBe(A);
    await expect(resolve({ env: { DATABRICKS_TOKEN: 'x' }, readProfileFile })).rejects.toThrow(
      'no workspace is named',
    );
  });

  test('asks for the file that DATABRICKS_CONFIG_FILE names', async () => {
    const asked: (string | undefined)[] = [];
    const readProfileFile = (path: string | undefined) => {
      asked.push(path);
      return Promise.resolve(FILE);
    };
    await resolve({ readProfileFile });
    await resolve({ readProfileFile, env: { DATABRICKS_CONFIG_FILE: '' } });
    await resolve({ readProfileFile, env: { DATABRICKS_CONFIG_FILE: 'mine.cfg' } });
    expect(asked).toEqual([undefined, undefined, 'mine.cfg']);
  });

  test.each<[string, Partial<CredentialSources>, readonly string[]]>([
    ['option and environment', { hostOption: B, env: ENV }, ['--host', B, 'DATABRICKS_HOST', A]],
    ['environment and target', { targetHost: B, env: ENV }, ['DATABRICKS_HOST', A, "the target's host", B]],
    ['environment and profile', { profileOption: 'b', env: ENV }, ['DATABRICKS_HOST', A, 'the profile b', B]],
    [
      "environment and the target's profile",
      { targetProfile: 'b', env: ENV },
      ['DATABRICKS_HOST', A, 'the profile b', B],
    ],
    [
      'target and profile',
      { targetHost: A, profileOption: 'b' },
      ["the target's host", A, 'the profile b', B],
    ],
    ['ports', { hostOption: `${A}:8443`, env: ENV }, ['--host', `${A}:8443`, 'DATABRICKS_HOST', A]],
  ])('refuses hosts that differ: %s', async (_, sources, words) => {
    const error: unknown = await resolve(sources).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SettingsError);
    for (const word of words) expect((error as Error).message).toContain(word);
  });

  test.each<[string, Partial<CredentialSources>]>([
    ['an unknown host', { targetHost: 'https://evil.test', env: { DATABRICKS_TOKEN: 'env-token' } }],
    [
      'a look-alike',
      { targetHost: 'https://a.cloud.databricks.com.evil.test', env: { DATABRICKS_TOKEN: 'env-token' } },
    ],
    [
      'an unknown host with a profile that names none',
      { targetHost: 'https://evil.test', profileOption: 'bare' },
    ],
    [
      'an unknown host that has no token at all',
      { targetHost: 'https://evil.test', readProfileFile: () => undefined },
    ],
    [
      'the host of a profile that the file chose, for another token',
      { targetProfile: 'elsewhere', env: { DATABRICKS_TOKEN: 'env-token' } },
    ],
  ])('sends nothing where only the configuration file says so: %s', async (_, sources) => {
    await expect(resolve(sources)).rejects.toThrow(AuthError);
    await expect(resolve(sources)).rejects.toThrow('only the configuration file names');
  });

  test.each<[string, Partial<CredentialSources>]>([
    ['loopback', { targetHost: 'http://127.0.0.1:8080' }],
    ['the list', { targetHost: 'https://workspace.test', allowedHosts: ['workspace.test'] }],
    [
      'the environment',
      {
        targetHost: 'https://workspace.test',
        env: { DATABRICKS_HOST: 'workspace.test', DATABRICKS_TOKEN: 'env-token' },
      },
    ],
    ['the option', { targetHost: 'https://workspace.test', hostOption: 'https://workspace.test' }],
    ['a profile that the user chose', { targetHost: 'https://workspace.test', profileOption: 'elsewhere' }],
  ])('trusts a host of the file because of %s', async (_, sources) => {
    const credentials = await resolve({ ...sources, env: { DATABRICKS_TOKEN: 'env-token', ...sources.env } });
    expect((await credentials.token()).reveal()).toBe('env-token');
  });

  test.each<[string, Partial<CredentialSources>, string]>([
    ['nothing at all', { readProfileFile: () => undefined }, 'no workspace is named'],
    ['a token alone', { env: { DATABRICKS_TOKEN: 'x' } }, 'no workspace is named'],
    ['a host alone', { hostOption: 'https://nowhere.test' }, 'no credentials for https://nowhere.test'],
    [
      'a blank token',
      { env: { ...ENV, DATABRICKS_TOKEN: ' ' }, readProfileFile: () => undefined },
      `no credentials for ${A}`,
    ],
    [
      'half of the credentials',
      { env: { DATABRICKS_HOST: 'https://n.test', DATABRICKS_CLIENT_ID: 'x' } },
      'DATABRICKS_CLIENT_ID is set, but that alone is not enough',
    ],
    [
      'other credentials',
      { env: { DATABRICKS_HOST: 'https://n.test', ARM_CLIENT_ID: 'x' } },
      'ARM_CLIENT_ID is set, but https://n.test is no workspace of Azure',
    ],
    ['a profile that is not there', { profileOption: 'zzz' }, 'there is no profile zzz'],
    [
      'a profile of the environment that is not there',
      { env: { ...ENV, DATABRICKS_CONFIG_PROFILE: 'zzz' } },
      'there is no profile zzz',
    ],
    [
      "the target's profile that is not there",
      { targetProfile: 'zzz', targetHost: A },
      'there is no profile zzz',
    ],
    ['a profile without a token', { profileOption: 'empty' }, `no credentials for ${A}`],
    [
      'another method',
      { env: { ...ENV, DATABRICKS_AUTH_TYPE: 'google-id' } },
      'DATABRICKS_AUTH_TYPE asks for google-id',
    ],
    ['a profile with another method', { profileOption: 'cli' }, 'the profile cli asks for external-browser'],
    [
      'two profiles of one host',
      { hostOption: 'https://c.cloud.databricks.com' },
      'several profiles name this host: c, c2',
    ],
  ])('says what is missing: %s', async (_, sources, message) => {
    await expect(resolve(sources)).rejects.toThrow(AuthError);
    await expect(resolve(sources)).rejects.toThrow(message);
  });

  test('names the file that cannot be read', async () => {
    const readProfileFile = () => Promise.reject(new Error('EISDIR'));
    const env = { DATABRICKS_CONFIG_FILE: '/etc' };
    await expect(resolve({ env, readProfileFile })).rejects.toMatchObject({
      code: 'auth',
      message: 'the Databricks configuration file /etc cannot be read',
    });
  });

  test('is missed in one sentence, and the rest is what doctor tells', async () => {
    await expect(resolve({ hostOption: 'https://nowhere.test' })).rejects.toMatchObject({
      message: 'there are no credentials for https://nowhere.test',
      hint: expect.stringContaining('`lakebell doctor` tells what each way to sign in lacks'),
    });
  });

  test('is not asked for the profile of the target where CI has its own credentials', async () => {
    const env = { ...ENV, DATABRICKS_CONFIG_FILE: 'absent.cfg' };
    const readProfileFile = () => undefined;
    expect(await chosen({ targetProfile: 'laptop', env, readProfileFile })).toEqual([
      'pat',
      'DATABRICKS_TOKEN',
      A,
    ]);
  });

  test('lists the profiles there are', async () => {
    await expect(resolve({ profileOption: 'zzz' })).rejects.toMatchObject({
      hint: expect.stringContaining('DEFAULT, b, c'),
    });
    await expect(resolve({ profileOption: 'zzz', readProfileFile: () => undefined })).rejects.toMatchObject({
      hint: expect.stringContaining('DATABRICKS_TOKEN'),
    });
  });

  test('shows no token in what it returns', async () => {
    const credentials = await resolve({ env: ENV });
    expect(inspect(credentials, { depth: 9, showHidden: true }) + JSON.stringify(credentials)).not.toContain(
      'env-token',
    );
    const token = await credentials.token();
    expect(token.variables).toEqual(['DATABRICKS_TOKEN']);
    expect(String(token)).toBe('(secret DATABRICKS_TOKEN)');
  });
});

const SECRET = { DATABRICKS_CLIENT_ID: 'id', DATABRICKS_CLIENT_SECRET: 'client-secret-of-env' };
const RUNNER = {
  GITHUB_ACTIONS: 'true',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://github.test/idtoken',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};
const FEDERATED = { DATABRICKS_HOST: A, DATABRICKS_CLIENT_ID: 'id', ...RUNNER };
const REQUEST = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';
const P = 'https://principal.test';

describe('the method', () => {
  test.each<[string, Partial<CredentialSources>, readonly string[]]>([
    ['a token before an identity token', { env: { ...ENV, ...RUNNER } }, ['pat', 'DATABRICKS_TOKEN', A]],
    [
      'an identity token without a client id where it is pinned, for a policy of the whole account',
      { env: { ...ENV, ...RUNNER, DATABRICKS_AUTH_TYPE: 'github-oidc' } },
      ['github-oidc', REQUEST, A],
    ],
    [
      'a client secret before an identity token',
      { env: { ...FEDERATED, ...SECRET } },
      ['oauth-m2m', 'DATABRICKS_CLIENT_SECRET', A],
    ],
    ['an identity token', { env: FEDERATED }, ['github-oidc', REQUEST, A]],
    [
      'a blank secret as none',
      { env: { ...FEDERATED, DATABRICKS_TOKEN: ' ', DATABRICKS_CLIENT_SECRET: '' } },
      ['github-oidc', REQUEST, A],
    ],
    [
      'inputs',
      { hostOption: A, clientIdOption: 'id', clientSecretOption: 'input-secret' },
      ['oauth-m2m', 'the client-secret input', A],
    ],
    [
      'inputs before the environment',
      { clientSecretOption: 'input-secret', env: { DATABRICKS_HOST: A, ...SECRET } },
      ['oauth-m2m', 'the client-secret input', A],
    ],
    [
      'an input and the runner',
      { clientIdOption: 'id', env: { DATABRICKS_HOST: A, ...RUNNER } },
      ['github-oidc', REQUEST, A],
    ],
    ['a profile', { profileOption: 'principal' }, ['oauth-m2m', 'client_secret of the profile principal', P]],
    ['the profile of a host', { hostOption: P }, ['oauth-m2m', 'client_secret of the profile principal', P]],
    [
      'the environment before the profile, one by one',
      { profileOption: 'principal', env: { DATABRICKS_CLIENT_SECRET: 'client-secret-of-env' } },
      ['oauth-m2m', 'DATABRICKS_CLIENT_SECRET', P],
    ],
    [
      "a profile's client id and the runner",
      { profileOption: 'federated', env: RUNNER },
      ['github-oidc', REQUEST, 'https://federated.test'],
    ],
    [
      'what the environment pins',
      { env: { ...ENV, ...SECRET, ...RUNNER, DATABRICKS_AUTH_TYPE: ' github-oidc ' } },
      ['github-oidc', REQUEST, A],
    ],
    [
      'what the input pins before the environment',
      { authTypeOption: 'oauth-m2m', env: { ...ENV, ...SECRET, DATABRICKS_AUTH_TYPE: 'pat' } },
      ['oauth-m2m', 'DATABRICKS_CLIENT_SECRET', A],
    ],
    [
      'what the profile pins',
      { profileOption: 'federated', env: { ...SECRET, ...RUNNER } },
      ['github-oidc', REQUEST, 'https://federated.test'],
    ],
    [
      'what the environment pins before the profile',
      { profileOption: 'federated', env: { ...SECRET, ...RUNNER, DATABRICKS_AUTH_TYPE: 'oauth-m2m' } },
      ['oauth-m2m', 'DATABRICKS_CLIENT_SECRET', 'https://federated.test'],
    ],
  ])('is %s', async (_, sources, expected) => {
    expect(await chosen(sources)).toEqual(expected);
  });

  test.each([{ DATABRICKS_CLIENT_ID: 'id' }, { DATABRICKS_CLIENT_SECRET: 'client-secret-of-env' }])(
    'is not completed by the file where a part is given and no profile is named: %j',
    async (part) => {
      const readProfileFile = () => {
        throw new Error('opened');
      };
      const env = { DATABRICKS_HOST: A, ...part };
      await expect(resolve({ env, readProfileFile })).rejects.toThrow('no credentials');
    },
  );

  test('is looked for in the file where the runner lets a job ask and nothing else is set', async () => {
    expect(await chosen({ env: RUNNER })).toEqual(['pat', 'token of the profile DEFAULT', A]);
  });

  test.each<[string, Partial<CredentialSources>, string, string]>([
    ['pat', { env: { ...FEDERATED, DATABRICKS_AUTH_TYPE: 'pat' } }, 'there is no token', 'DATABRICKS_TOKEN'],
    [
      'oauth-m2m without a secret',
      { env: { ...FEDERATED, DATABRICKS_AUTH_TYPE: 'oauth-m2m' } },
      'DATABRICKS_AUTH_TYPE asks for oauth-m2m, but there is no client secret',
      'DATABRICKS_CLIENT_SECRET',
    ],
    [
      'oauth-m2m without a client id',
      { authTypeOption: 'oauth-m2m', env: ENV },
      'the auth-type input asks for oauth-m2m, but there is no client id',
      'application id',
    ],
    [
      'github-oidc without permission',
      { env: { ...ENV, ...SECRET, DATABRICKS_AUTH_TYPE: 'github-oidc' } },
      'asks for github-oidc, but GitHub lets this job have no identity token',
      'add `permissions: id-token: write` to the job; pull requests from forks and Dependabot get no such token',
    ],
    [
      'env-oidc without a token',
      { env: { ...ENV, DATABRICKS_AUTH_TYPE: 'env-oidc' } },
      'asks for env-oidc, but DATABRICKS_OIDC_TOKEN holds no identity token',
      'set DATABRICKS_OIDC_TOKEN',
    ],
    [
      'file-oidc without a path',
      { env: { ...ENV, DATABRICKS_AUTH_TYPE: 'file-oidc' } },
      'asks for file-oidc, but no file with an identity token is named',
      'DATABRICKS_OIDC_TOKEN_FILEPATH',
    ],
  ])('that is pinned says what it lacks: %s', async (_, sources, message, hint) => {
    const error: unknown = await resolve(sources).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ code: 'no-credentials', message: expect.stringContaining(message) });
    expect((error as AuthError).hint).toContain(hint);
  });

  test.each([
    ['PAT', 'DATABRICKS_AUTH_TYPE asks for PAT, which lakebell does not support'],
    [
      'external-browser',
      'DATABRICKS_AUTH_TYPE asks for external-browser, a method of Databricks that lakebell does not support',
    ],
  ])('that is pinned and unknown is said, with those that are known: %s', async (name, message) => {
    const env = { ...ENV, DATABRICKS_AUTH_TYPE: name };
    const error: unknown = await resolve({ env }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'auth', message });
    for (const known of ['pat', 'oauth-m2m', 'github-oidc', 'env-oidc', 'file-oidc'])
      expect((error as AuthError).hint).toContain(known);
  });

  test.each<[string, Partial<CredentialSources>, string]>([
    [
      'inputs and the environment',
      { clientIdOption: 'id', clientSecretOption: 'input-secret', env: ENV },
      'oauth and pat (oauth: the client-id input, the client-secret input; pat: DATABRICKS_TOKEN)',
    ],
    [
      'the environment and a profile',
      { profileOption: 'principal', env: { DATABRICKS_TOKEN: 'env-token' } },
      'oauth and pat (oauth: client_id of the profile principal, client_secret of the profile principal; pat: DATABRICKS_TOKEN)',
    ],
  ])('is not chosen between two kinds of credentials: %s', async (_, sources, where) => {
    await expect(resolve(sources)).rejects.toMatchObject({
      code: 'auth',
      exitCode: 3,
      message: `more than one authorization method configured: ${where}`,
      hint: 'set DATABRICKS_AUTH_TYPE to pat or oauth-m2m, or unset what is not meant',
    });
  });

  test.each<[string, Partial<CredentialSources>, string]>([
    ['nothing', { env: { DATABRICKS_HOST: B } }, 'DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and'],
    [
      'a client id alone',
      { env: { DATABRICKS_HOST: A, DATABRICKS_CLIENT_ID: 'id' } },
      'set DATABRICKS_CLIENT_SECRET too',
    ],
    [
      'a client id alone on GitHub',
      { env: { DATABRICKS_HOST: A, DATABRICKS_CLIENT_ID: 'id', GITHUB_ACTIONS: 'true' } },
      '`permissions: id-token: write`',
    ],
    [
      'a secret without a client id',
      { env: { DATABRICKS_HOST: A, DATABRICKS_CLIENT_SECRET: 'client-secret-of-env' } },
      'set DATABRICKS_CLIENT_ID',
    ],
    ['a runner without a client id', { env: { DATABRICKS_HOST: B, ...RUNNER } }, 'set DATABRICKS_CLIENT_ID'],
    ['neither host nor credentials', { env: {} }, 'set DATABRICKS_HOST'],
  ])('that is missing has a code of its own: %s', async (_, sources, hint) => {
    const error: unknown = await resolve({ readProfileFile: () => undefined, ...sources }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ code: 'no-credentials', hint: expect.stringContaining(hint) });
  });

  test('that lacks a host only has the usual code', async () => {
    await expect(resolve({ env: SECRET })).rejects.toMatchObject({ code: 'auth' });
  });

  test.each<[string, Partial<CredentialSources>]>([
    ['a client secret', { targetHost: 'https://evil.test', env: SECRET }],
    ['an identity token', { targetHost: 'https://evil.test', env: { ...RUNNER, ...SECRET } }],
    ['a secret for the host of a profile that the file chose', { targetProfile: 'principal', env: SECRET }],
    ['an identity token for such a host', { targetProfile: 'federated', env: RUNNER }],
  ])('goes to no host of the configuration file: %s', async (_, sources) => {
    await expect(resolve(sources)).rejects.toThrow('only the configuration file names');
  });

  test("goes to a profile's own host with the profile's own secret, whoever chose it", async () => {
    expect(await chosen({ targetProfile: 'principal' })).toEqual([
      'oauth-m2m',
      'client_secret of the profile principal',
      P,
    ]);
  });

  test('refuses an address for identity tokens that is not safe', async () => {
    const env = { ...FEDERATED, ACTIONS_ID_TOKEN_REQUEST_URL: 'http://github.test/idtoken' };
    await expect(resolve({ env })).rejects.toThrow('ACTIONS_ID_TOKEN_REQUEST_URL is not an https address');
  });
});
