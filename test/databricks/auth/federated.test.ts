import { describe, expect, test } from '@jest/globals';
import { AuthError, EXIT } from '../../../src/core/errors.ts';
import type { CredentialSources } from '../../../src/databricks/auth/resolve.ts';
import { GITHUB_ISSUER, type IdTokenClaims, SUBJECT } from '../../support/id-tokens.ts';
import { BARE_MACHINE } from '../../support/machine.ts';
import { fakeTime } from '../support/a-client.ts';
import { useServers } from '../support/servers.ts';
import { ACCOUNT_ID, CLIENT_ID, failureOf, openScene, type Scene } from './support/sign-in.ts';

const { serve } = useServers();
const TOKEN = '/oidc/v1/token';
const ME = '/api/2.0/preview/scim/v2/Me';
const START = Date.UTC(2026, 0, 1);
const FILE = '/var/run/identity/token';

type Given = {
  readonly env: Readonly<Record<string, string>>;
  readonly sources: Partial<CredentialSources>;
};

/** A machine with one file, whose text is asked for with each look. */
function machineWith(text: () => string | undefined): Given['sources'] {
  return {
    machine: {
      ...BARE_MACHINE,
      readText: (path) => Promise.resolve(path === FILE ? text() : undefined),
    },
  };
}

/** How a job signs in in each way, with a token that is made now or, from a file, at each look. */
const WAYS: Readonly<Record<string, (scene: Scene) => Given>> = {
  'github-oidc': ({ oidc }) => ({ env: oidc, sources: {} }),
  'env-oidc': ({ sandbox, idTokens }) => ({
    env: {
      DATABRICKS_HOST: sandbox.url,
      DATABRICKS_CLIENT_ID: CLIENT_ID,
      DATABRICKS_OIDC_TOKEN: `${idTokens.mint(ACCOUNT_ID)}\n`,
    },
    sources: {},
  }),
  'file-oidc': ({ sandbox, idTokens }) => ({
    env: {
      DATABRICKS_HOST: sandbox.url,
      DATABRICKS_CLIENT_ID: CLIENT_ID,
      DATABRICKS_OIDC_TOKEN_FILEPATH: FILE,
      DATABRICKS_AUTH_TYPE: 'file-oidc',
    },
    sources: machineWith(() => ` ${idTokens.mint(ACCOUNT_ID)}\r\n`),
  }),
};

async function openWay(way: string, claims: IdTokenClaims = {}, options = {}) {
  const scene = await openScene(options, claims);
  const given = WAYS[way]?.(scene);
  if (given === undefined) throw new Error(`no way ${way}`);
  const signIn = (env = {}, sources = {}) =>
    scene.signIn({ ...given.env, ...env }, { ...given.sources, ...sources });
  const ask = async (env = {}, sources = {}) => {
    const client = scene.open(await signIn(env, sources));
    return () => client.send({ method: 'GET', path: ME, delivery: 'repeat' });
  };
  return { ...scene, signIn, ask };
}

describe.each(Object.keys(WAYS))('%s', (way) => {
  test('exchanges its identity token for one of the workspace', async () => {
    const { ask, sandbox, idTokens } = await openWay(way);
    const read = await ask();
    expect((await read()).status).toBe(200);
    const exchange = sandbox.requests.find(({ path }) => path === TOKEN);
    expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      subject_token: idTokens.issued[0],
      client_id: CLIENT_ID,
      scope: 'all-apis',
    });
    expect(exchange?.headers).not.toHaveProperty('authorization');
    expect(exchange?.headers['user-agent']).toContain(` auth/${way}`);
  });

  test('needs no client id where the account has a policy', async () => {
    const seed = {
      account_id: ACCOUNT_ID,
      federation: [{ issuer: GITHUB_ISSUER }],
      identities: [{ token: 'unused', user_name: SUBJECT }],
    };
    const { ask, sandbox } = await openWay(way, {}, { seed });
    const read = await ask({ DATABRICKS_CLIENT_ID: '', DATABRICKS_AUTH_TYPE: way });
    expect(await read()).toMatchObject({ body: { userName: SUBJECT } });
    const exchange = sandbox.requests.find(({ path }) => path === TOKEN);
    expect(new URLSearchParams(exchange?.body).has('client_id')).toBe(false);
  });

  test('says without a client id that the account has no such policy', async () => {
    const { ask } = await openWay(way);
    const read = await ask({ DATABRICKS_CLIENT_ID: '', DATABRICKS_AUTH_TYPE: way });
    const error = await failureOf(read());
    expect(error).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(error.hint).toContain('the account needs a federation policy for this issuer and audience');
  });

  test.each<[string, IdTokenClaims, string]>([
    ['another subject', { subject: 'repo:acme/other' }, 'subject repo:acme/other, audience'],
    ['another audience', { audience: 'elsewhere' }, `subject ${SUBJECT}, audience elsewhere, issuer`],
    ['another issuer', { issuer: 'https://issuer.test' }, 'issuer https://issuer.test)'],
  ])('says what was sent where it is refused for %s', async (_, claims, words) => {
    const { ask, sandbox } = await openWay(way, claims);
    const read = await ask();
    const error = await failureOf(read());
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(error.message).toContain(`${sandbox.url} refuses the identity `);
    expect(error.message).toContain(words);
    expect(error.message).toContain('No federation policy matches the token.');
    expect(error.hint).toContain(`the service principal ${CLIENT_ID} needs a federation policy`);
  });

  test.each<[string, IdTokenClaims, string]>([
    [
      'not yet valid',
      { delaySeconds: 90 },
      'valid from 2026-01-01T00:01:30.000Z until 2026-01-01T00:05:00.000Z',
    ],
    ['over', { lifetimeSeconds: -5 }, 'valid from 2026-01-01T00:00:00.000Z until 2025-12-31T23:59:55.000Z'],
  ])('tells the clock where the identity token is %s', async (_, claims, words) => {
    const { ask } = await openWay(way, claims);
    const read = await ask();
    const error = await failureOf(read());
    expect(error).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(error.message).toContain(`${words}, and the clock here says 2026-01-01T00:00:00.000Z`);
    expect(error.hint).toContain('compare the clocks');
  });

  test('renews a token that the workspace refuses in mid-run, once, and repeats the request', async () => {
    const { ask, sandbox, sent } = await openWay(way);
    const read = await ask();
    await read();
    sandbox.resetRequests();
    sandbox.fault({ kind: 'status', status: 401, path: ME });
    expect((await read()).status).toBe(200);
    expect(sent()).toEqual([`GET ${ME}`, `POST ${TOKEN}`, `GET ${ME}`]);
  });

  test('takes a 403 with a number for a code for what it is, from the token endpoint and from the API', async () => {
    const { ask, sandbox } = await openWay(way);
    const refusal = {
      kind: 'status',
      status: 403,
      body: { error_code: 403, message: 'Invalid access token.' },
    } as const;
    sandbox.fault({ ...refusal, path: TOKEN });
    const read = await ask();
    const byEndpoint = await failureOf(read());
    expect(byEndpoint).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(byEndpoint.message).toContain(`${sandbox.url} refuses the identity `);
    sandbox.fault({ ...refusal, path: ME });
    const byApi = await failureOf(read());
    expect(byApi).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(byApi.hint).toContain('the token is wrong, expired or not one of');
  });

  test('gives up on a token endpoint that does not answer', async () => {
    const { signIn, idTokens } = await openWay(way);
    const host = await serve('silence');
    const connection = { ...fakeTime(START), random: () => 0, timeoutMs: 50 };
    const env = { DATABRICKS_HOST: host.url, DATABRICKS_TOKEN_AUDIENCE: ACCOUNT_ID };
    const { token } = await signIn(env, { connection });
    const error = await failureOf(Promise.resolve(token()));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ exitCode: EXIT.permission });
    expect(error.message).toContain(`POST ${TOKEN} got no answer in time`);
    expect(idTokens.issued.length).toBe(1);
  });
});

describe('an identity token of a file', () => {
  test('is read again for each exchange', async () => {
    const { ask, idTokens, sandbox, time } = await openWay('file-oidc');
    const read = await ask();
    await Promise.all([read(), read(), read()]);
    time.nowMs = START + 241_000;
    await Promise.all([read(), read(), read()]);
    const sent = sandbox.requests.filter(({ path }) => path === TOKEN);
    expect(sent.map(({ body }) => new URLSearchParams(body).get('subject_token'))).toEqual(idTokens.issued);
    expect(idTokens.issued).toHaveLength(2);
  });

  test.each<[string, string | undefined, string]>([
    ['is absent', undefined, `${FILE} (DATABRICKS_OIDC_TOKEN_FILEPATH) is not there`],
    ['is empty', ' \r\n', `${FILE} (DATABRICKS_OIDC_TOKEN_FILEPATH) is empty`],
    ['holds several lines', 'dose-a\ndose-b\n', 'holds several lines, and an identity token is one'],
    ['holds something else', 'dose a', 'holds characters that no identity token has'],
  ])('%s, which is said before anything is sent', async (_, text, words) => {
    const { ask, sent } = await openWay('file-oidc');
    const read = await ask(
      {},
      machineWith(() => text),
    );
    const error = await failureOf(read());
    expect(error).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(error.message).toContain(words);
    expect(`${error.message} ${error.hint}`).not.toContain('dose');
    expect(sent()).toEqual([]);
  });

  test('cannot be read', async () => {
    const { ask } = await openWay('file-oidc');
    const readText = () => Promise.reject(new Error('EISDIR'));
    const read = await ask({}, { machine: { ...BARE_MACHINE, readText } });
    expect((await failureOf(read())).message).toBe(`${FILE} (DATABRICKS_OIDC_TOKEN_FILEPATH) cannot be read`);
  });
});

describe('an identity token of a variable', () => {
  test('that has ended cannot be had anew, which is said with the variable', async () => {
    const { ask, time } = await openWay('env-oidc');
    const read = await ask();
    await read();
    time.nowMs = START + 300_000;
    const error = await failureOf(read());
    expect(error.message).toContain('refuses the identity in DATABRICKS_OIDC_TOKEN (');
    expect(error.hint).toContain('put a new identity token into DATABRICKS_OIDC_TOKEN');
  });

  test('of several lines is none', async () => {
    const { ask, sent } = await openWay('env-oidc');
    const read = await ask({ DATABRICKS_OIDC_TOKEN: 'dose-a\ndose-b' });
    expect((await failureOf(read())).message).toBe(
      'DATABRICKS_OIDC_TOKEN holds several lines, and an identity token is one',
    );
    expect(sent()).toEqual([]);
  });
});
