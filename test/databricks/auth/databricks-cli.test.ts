import { describe, expect, test } from '@jest/globals';
import { AuthError, EXIT } from '../../../src/core/errors.ts';
import { givenAttributes } from '../../../src/databricks/auth/attributes.ts';
import { databricksCli } from '../../../src/databricks/auth/databricks-cli.ts';
import type { Finished } from '../../../src/databricks/auth/machine.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { useClosing } from './support/closing.ts';
import { ask, complained, expectHidden, fakeMachine, partsOf, printed, START } from './support/azure.ts';
import { CLIENT_SECRET, failureOf, PRINCIPAL } from './support/sign-in.ts';

const keep = useClosing();
const HOST = 'https://dbc-1.cloud.databricks.com';
const VERSION = 'databricks version';
const NEW = 'Databricks CLI v0.296.0\n';

function token(text: string, minutes = 60): Finished {
  const expiry = new Date(START + minutes * 60_000).toISOString().replace('Z', '123456Z');
  return printed({ access_token: text, token_type: 'Bearer', expiry });
}

/** A CLI that answers so to `version` and, in turn, so to `auth token`. */
function cli(version: Finished | undefined, ...tokens: readonly (Finished | undefined)[]) {
  let asked = 0;
  return fakeMachine((command) => {
    if (command.endsWith(' version')) return version;
    asked += 1;
    return tokens[Math.min(asked, tokens.length) - 1];
  });
}

function tokenOf(machine: ReturnType<typeof cli>['machine'], env: Record<string, string> = {}) {
  return Promise.resolve(partsOf(HOST).signIn(databricksCli, env, machine).token());
}

/** A workspace whose tokens the CLI prints, each for an hour from the moment when it is asked for. */
async function openCli() {
  const time = { nowMs: START, sleeps: [] as number[] };
  const sandbox: Sandbox = keep(
    await startSandbox({ seed: { identities: [PRINCIPAL] }, now: () => time.nowMs }),
  );
  const issue = async (): Promise<Finished> => {
    const basic = Buffer.from(`${PRINCIPAL.client_id}:${CLIENT_SECRET}`).toString('base64');
    const response = await fetch(`${sandbox.url}/oidc/v1/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'all-apis' }),
    });
    const { access_token } = (await response.json()) as Record<string, string>;
    const expiry = new Date(time.nowMs + 3_600_000).toISOString().replace('Z', '+00:00');
    return printed({ access_token, token_type: 'Bearer', expiry, refresh_token: '' });
  };
  const machine = fakeMachine((command) => (command === VERSION ? printed(NEW) : issue()));
  return { sandbox, time, ...machine, ...partsOf(sandbox.url, time) };
}

describe('databricks-cli', () => {
  test('signs in as whoever is signed in to the CLI, and starts nothing before', async () => {
    const { whoAmI, signIn, machine, commands, sandbox } = await openCli();
    signIn(databricksCli, {}, machine);
    expect(commands).toEqual([]);
    expect(await whoAmI(databricksCli, {}, machine)).toMatchObject({ userName: PRINCIPAL.user_name });
    expect(commands).toEqual([VERSION, `databricks auth token --host ${sandbox.url} --force-refresh`]);
  });

  test('asks for another token before the first ends, and after a refusal', async () => {
    const { signIn, open, machine, commands, time, sandbox } = await openCli();
    const client = open(signIn(databricksCli, {}, machine));
    await ask(client);
    time.nowMs = START + 3_530_000;
    await ask(client);
    expect(commands).toHaveLength(2);
    time.nowMs = START + 3_545_000;
    expect(await ask(client)).toBe(200);
    expect(commands).toHaveLength(3);
    sandbox.fault({ kind: 'status', status: 401, path: '/api/*' });
    expect(await ask(client)).toBe(200);
    expect(commands).toHaveLength(4);
  });

  test.each<[string, Finished, boolean]>([
    ['Databricks CLI v0.296.0', printed(NEW), true],
    ['a later one', printed('Databricks CLI v1.0.0-dev+abc\n'), true],
    ['an earlier one', printed('Databricks CLI v0.295.9\n'), false],
    ['one of one’s own', printed('Databricks CLI v0.0.0-dev\n'), false],
    ['one that says nothing', printed(''), false],
    ['one that fails', complained('Error: what'), false],
  ])('asks as that version understands: %s', async (_, version, isForced) => {
    const { machine, commands } = cli(version, token('token-of-the-cli'));
    expect((await tokenOf(machine)).isText('token-of-the-cli')).toBe(true);
    const asked = `databricks auth token --host ${HOST}`;
    expect(commands).toEqual([VERSION, isForced ? `${asked} --force-refresh` : asked]);
  });

  test('starts the program that is named', async () => {
    const { machine, commands } = cli(printed(NEW), token('token-of-the-cli'));
    await tokenOf(machine, { DATABRICKS_CLI_PATH: '/opt/databricks' });
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['/opt/databricks', '/opt/databricks']);
  });

  test('keeps from it what would make it somebody else', async () => {
    const { machine, options } = cli(printed(NEW), token('token-of-the-cli'));
    await tokenOf(machine);
    expect(options.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 60_000]);
    for (const { env } of options) {
      expect(env).toStrictEqual({
        DATABRICKS_TOKEN: undefined,
        DATABRICKS_CLIENT_ID: undefined,
        DATABRICKS_CLIENT_SECRET: undefined,
        DATABRICKS_AUTH_TYPE: undefined,
        DATABRICKS_CONFIG_PROFILE: undefined,
        ARM_CLIENT_SECRET: undefined,
        DATABRICKS_OIDC_TOKEN: undefined,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
        GITHUB_TOKEN: undefined,
      });
    }
  });

  test.each([
    ['2026-01-01T01:00:00Z', true],
    ['2026-01-01T01:00:00.123456789Z', true],
    ['2026-01-01T03:00:00+02:00', true],
    ['2026-01-01 01:00:00.5', true],
    ['2026-01-01T01:00:00+02:00', false],
    ['0001-01-01T00:00:00Z', false],
    ['in an hour', false],
    ['', false],
  ])('reads the end of a token: %s', async (expiry, isGood) => {
    const body = { access_token: 'token-of-the-cli', token_type: 'Bearer', expiry };
    const { machine, commands } = cli(printed(NEW), printed(body));
    if (!isGood) await expect(tokenOf(machine)).rejects.toThrow('printed no token');
    else {
      const time = { nowMs: START, sleeps: [] };
      const signedIn = partsOf(HOST, time).signIn(databricksCli, {}, machine);
      await signedIn.token();
      time.nowMs = START + 3_535_000;
      await signedIn.token();
      expect(commands).toHaveLength(2);
      time.nowMs = START + 3_545_000;
      await signedIn.token();
      expect(commands).toHaveLength(3);
    }
  });
});

describe('a CLI that gives no token', () => {
  test.each<[string, Finished | undefined, string, readonly [string, string]]>([
    [
      'is not there',
      undefined,
      'the Databricks CLI is not installed',
      ['DATABRICKS_CLI_PATH', 'no-credentials'],
    ],
    [
      'is the old one',
      printed('Version 0.18.0\n'),
      'is the old Python program',
      ['install the Databricks CLI', 'auth'],
    ],
    [
      'is an older one yet',
      complained('Usage: databricks\n\nError: No such command "version".'),
      'is the old Python program',
      ['install the Databricks CLI', 'auth'],
    ],
  ])('for it %s', async (_, version, message, [hint, code]) => {
    const { machine, commands } = cli(version);
    const error = await failureOf(tokenOf(machine));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ exitCode: EXIT.permission, code });
    expect([error.message, error.hint]).toEqual([
      expect.stringContaining(message),
      expect.stringContaining(hint),
    ]);
    expect(commands).toEqual([VERSION]);
  });

  test('for nobody is signed in', async () => {
    const err =
      'Error: cache: databricks OAuth is not configured for this host. no cached credentials; run …';
    const error = await failureOf(tokenOf(cli(printed(NEW), complained(err)).machine));
    expect(error).toMatchObject({
      code: 'no-credentials',
      message: `the Databricks CLI is not signed in to ${HOST}`,
      hint: `run \`databricks auth login --host ${HOST}\``,
    });
  });

  test.each([
    [
      'Error: A new access token could not be retrieved because the refresh token is invalid.',
      'gives no token',
    ],
    ['Error: dup1 and dup2 match https://x in ~/.databrickscfg. Use --profile to choose', 'several profiles'],
  ])('says why: %s', async (err, message) => {
    const error = await failureOf(tokenOf(cli(printed(NEW), complained(err)).machine));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toContain(message);
    expect(error.message).toContain(err.replace('Error: ', ''));
  });

  test('is stopped after its time', async () => {
    const { machine } = cli(printed(NEW), { code: null, out: 'token-of-the-cli', err: '' });
    const error = await failureOf(tokenOf(machine));
    expect(error.message).toBe(`the Databricks CLI gives no token for ${HOST}: it did not end in time`);
    expectHidden(error, ['token-of-the-cli']);
  });

  test.each<[string, unknown]>([
    ['the bare token', 'token-of-the-cli'],
    ['a list', ['token-of-the-cli']],
    ['no token', { token_type: 'Bearer', expiry: '2027-01-01T00:00:00Z' }],
    [
      'another type of token',
      { access_token: 'token-of-the-cli', token_type: 'mac', expiry: '2027-01-01T00:00:00Z' },
    ],
    ['two lines', { access_token: 'token-of-the-cli\nx', expiry: '2027-01-01T00:00:00Z' }],
  ])('prints something else: %s', async (_, body) => {
    const error = await failureOf(tokenOf(cli(printed(NEW), printed(body)).machine));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toBe(`the Databricks CLI printed no token for ${HOST} that is good`);
    expectHidden(error, ['token-of-the-cli']);
  });

  test('tells none of the secrets that are in what it complains of', async () => {
    const secrets = ['dapi0123456789abcdef0123456789abcdef', 'client-secret-of-ours'];
    const err = `Error: ${secrets.join(' and ')}`;
    const { machine } = cli(printed(NEW), complained(err));
    const error = await failureOf(tokenOf(machine, { DATABRICKS_CLIENT_SECRET: 'client-secret-of-ours' }));
    expect(error.message).toContain('(secret) and (secret)');
    expectHidden(error, secrets);
  });

  test('once it gave one, does without it for as long as that lasts', async () => {
    const time = { nowMs: START, sleeps: [] };
    const { machine } = cli(printed(NEW), token('first-token'), complained('Error: down'));
    const { token: source } = partsOf(HOST, time).signIn(databricksCli, {}, machine);
    await source();
    time.nowMs = START + 3_550_000;
    expect((await source()).isText('first-token')).toBe(true);
    time.nowMs = START + 3_600_000;
    await expect(Promise.resolve(source())).rejects.toThrow('gives no token');
  });
});

test('without a workspace there is nothing to ask the CLI for', () => {
  const place = { origin: '', isAzure: false };
  expect(databricksCli.prepare(givenAttributes({}, {}), place)).toMatchObject({
    missing: 'no workspace is named',
  });
});
