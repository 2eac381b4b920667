import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { AuthError, SettingsError } from '../../../src/core/errors.ts';
import { type CredentialSources, resolveCredentials } from '../../../src/databricks/auth/resolve.ts';

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
  'auth_type = databricks-cli',
  '[empty]',
  `host = ${A}`,
].join('\n');

function resolve(sources: Partial<CredentialSources> = {}) {
  return resolveCredentials({ env: {}, readProfileFile: () => FILE, allowedHosts: [], ...sources });
}

async function shown(sources: Partial<CredentialSources>) {
  const { host, token, source } = await resolve(sources);
  return [host, token.reveal(), source.host, source.token];
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
    expect(credentials.token.reveal()).toBe('env-token');
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
      'other credentials',
      { env: { DATABRICKS_HOST: 'https://n.test', DATABRICKS_CLIENT_ID: 'x' } },
      'DATABRICKS_CLIENT_ID is set, but only tokens',
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
      { env: { ...ENV, DATABRICKS_AUTH_TYPE: 'azure-cli' } },
      'DATABRICKS_AUTH_TYPE asks for azure-cli',
    ],
    ['a profile with another method', { profileOption: 'cli' }, 'the profile cli asks for databricks-cli'],
    [
      'two profiles of one host',
      { hostOption: 'https://c.cloud.databricks.com' },
      'several profiles name this host: c, c2',
    ],
  ])('says what is missing: %s', async (_, sources, message) => {
    await expect(resolve(sources)).rejects.toThrow(AuthError);
    await expect(resolve(sources)).rejects.toThrow(message);
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
    expect(credentials.token.variables).toEqual(['DATABRICKS_TOKEN']);
    expect(String(credentials.token)).toBe('(secret DATABRICKS_TOKEN)');
  });
});
