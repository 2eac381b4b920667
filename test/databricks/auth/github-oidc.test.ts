import { describe, expect, test } from '@jest/globals';
import { AuthError, EXIT, UnavailableError } from '../../../src/core/errors.ts';
import { GITHUB_ISSUER, type IdTokenClaims, SUBJECT } from '../../support/id-tokens.ts';
import { closedOrigin, json } from '../support/loopback.ts';
import { useServers } from '../support/servers.ts';
import { ACCOUNT_ID, CLIENT_ID, failureOf, openScene, PRINCIPAL } from './support/sign-in.ts';

const { serve } = useServers();
const TOKEN = '/oidc/v1/token';
const METADATA = '/.well-known/databricks-config';
const ME = '/api/2.0/preview/scim/v2/Me';
const START = Date.UTC(2026, 0, 1);

type Metadata = Readonly<Record<string, unknown>>;

describe('github-oidc', () => {
  test('signs in with who the job is', async () => {
    const { whoAmI, oidc, sandbox, idTokens, sent } = await openScene();
    expect(await whoAmI(oidc)).toMatchObject({ userName: CLIENT_ID });
    expect(sent()).toEqual([`GET ${METADATA}`, `POST ${TOKEN}`, `GET ${ME}`]);
    const [, exchange] = sandbox.requests;
    expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      subject_token: idTokens.issued[0],
      client_id: CLIENT_ID,
      scope: 'all-apis',
    });
    expect(exchange?.headers).not.toHaveProperty('authorization');
    expect(exchange?.headers['user-agent']).toContain(' auth/github-oidc');
    expect(idTokens.requests[0]?.url).toBe(
      `/86//idtoken/run/job?api-version=2.0&audience=${encodeURIComponent(ACCOUNT_ID)}`,
    );
  });

  test('sends nothing before the first request', async () => {
    const { signIn, oidc, sent, idTokens } = await openScene();
    await signIn(oidc);
    expect([sent(), idTokens.requests]).toEqual([[], []]);
  });

  test('gets a new identity token for each renewal, once for all who wait', async () => {
    const { signIn, open, oidc, sent, time, idTokens } = await openScene();
    const client = open(await signIn(oidc));
    const readTwentyTimes = (): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 20 }, () => client.send({ method: 'GET', path: ME, delivery: 'repeat' })),
      );
    await readTwentyTimes();
    time.nowMs = START + 239_000;
    await readTwentyTimes();
    expect(idTokens.issued).toHaveLength(1);
    time.nowMs = START + 241_000;
    await readTwentyTimes();
    expect(idTokens.issued).toHaveLength(2);
    expect(sent().filter((one) => one.endsWith(TOKEN))).toHaveLength(2);
    expect(sent().filter((one) => one.endsWith(METADATA))).toHaveLength(1);
  });
});

describe('the audience', () => {
  test('is what DATABRICKS_TOKEN_AUDIENCE says, and the host is not asked', async () => {
    const federation = [{ issuer: GITHUB_ISSUER, subject: SUBJECT, audience: 'mine' }];
    const seed = { identities: [{ ...PRINCIPAL, federation }] };
    const { whoAmI, oidc, idTokens, sent } = await openScene({ seed });
    await whoAmI({ ...oidc, DATABRICKS_TOKEN_AUDIENCE: 'mine' });
    expect(idTokens.requests.map(({ audience }) => audience)).toEqual(['mine']);
    expect(sent()).toEqual([`POST ${TOKEN}`, `GET ${ME}`]);
  });

  test.each<[string, Readonly<Record<string, string>>, Metadata, string]>([
    ['what the host names first', {}, { token_federation_default_oidc_audiences: ['a', 'b'] }, 'a'],
    [
      'that before the account',
      { DATABRICKS_ACCOUNT_ID: 'mine' },
      { account_id: 'its', token_federation_default_oidc_audiences: ['a'] },
      'a',
    ],
    ['the account of a host that names no workspace', {}, { account_id: 'its' }, 'its'],
    [
      'the account that the user names before it',
      { DATABRICKS_ACCOUNT_ID: 'mine' },
      { account_id: 'its' },
      'mine',
    ],
    ['the account that the user names alone', { DATABRICKS_ACCOUNT_ID: 'mine' }, {}, 'mine'],
  ])('is %s', async (_, env, metadata, audience) => {
    const { whoAmI, oidc, idTokens } = await openScene();
    const host = await serve(json(metadata), json({ error: 'invalid_grant' }, 400));
    await failureOf(whoAmI({ ...oidc, ...env, DATABRICKS_HOST: host.url }));
    expect(idTokens.requests.map((request) => request.audience)).toEqual([audience]);
  });

  test('is the token endpoint where a workspace answers without one, whatever account is named', async () => {
    const { whoAmI, oidc, idTokens } = await openScene();
    const host = await serve(json({ workspace_id: '7' }), json({ error: 'invalid_grant' }, 400));
    await failureOf(whoAmI({ ...oidc, DATABRICKS_ACCOUNT_ID: 'mine', DATABRICKS_HOST: host.url }));
    expect(idTokens.requests[0]?.audience).toBe(`${host.url}${TOKEN}`);
  });

  test.each([
    ['an error', json({ error_code: 'ENDPOINT_NOT_FOUND' }, 404)],
    ['a web page', { headers: { 'content-type': 'text/html' }, text: '<html>' }],
    ['no audiences', json({ account_id: ACCOUNT_ID, workspace_id: '7' })],
    ['an empty list', json({ token_federation_default_oidc_audiences: [] })],
    ['a blank one', json({ token_federation_default_oidc_audiences: [''] })],
    ['something else', json([])],
    ['nothing', 'hang-up' as const],
  ])('is the token endpoint where the host answers with %s', async (_, script) => {
    const { whoAmI, oidc, idTokens } = await openScene();
    const host = await serve(script, json({ error: 'invalid_grant' }, 400));
    await failureOf(whoAmI({ ...oidc, DATABRICKS_HOST: host.url }));
    expect(idTokens.requests.map(({ audience }) => audience)).toEqual([`${host.url}${TOKEN}`]);
    expect(host.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${METADATA}`,
      `POST ${TOKEN}`,
    ]);
  });
});

describe('a refusal', () => {
  test.each<[string, IdTokenClaims, string]>([
    [
      'is over',
      { lifetimeSeconds: -1 },
      '; the identity token is valid from 2026-01-01T00:00:00.000Z until 2025-12-31T23:59:59.000Z, and the clock here says 2026-01-01T00:00:00.000Z',
    ],
    [
      'is not yet valid',
      { delaySeconds: 120 },
      '; the identity token is valid from 2026-01-01T00:02:00.000Z until 2026-01-01T00:05:00.000Z, and the clock here says 2026-01-01T00:00:00.000Z',
    ],
  ])('of an identity token that %s tells the clocks', async (_, claims, words) => {
    const { whoAmI, oidc } = await openScene({}, claims);
    const error = await failureOf(whoAmI(oidc));
    expect(error).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(error.message).toContain(words);
    expect(error.hint).toContain('compare the clocks');
  });

  test.each<[string, IdTokenClaims, string]>([
    [
      'another subject',
      { subject: 'repo:acme/other:pull_request' },
      `subject repo:acme/other:pull_request, audience ${ACCOUNT_ID}, issuer ${GITHUB_ISSUER}`,
    ],
    [
      'another audience',
      { audience: ['https://github.com/acme', 'b'] },
      `subject ${SUBJECT}, audience https://github.com/acme and b, issuer ${GITHUB_ISSUER}`,
    ],
    [
      'another issuer',
      { issuer: 'https://github.acme.test/_services/token' },
      'issuer https://github.acme.test/_services/token',
    ],
    ['one with odd characters', { subject: 'repo:a/b:ref:\u001b[2J\r\nx' }, 'subject repo:a/b:ref: [2J x,'],
  ])('tells what was sent: %s', async (_, claims, words) => {
    const { whoAmI, oidc, sandbox } = await openScene({}, claims);
    const error = await failureOf(whoAmI(oidc));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(error.message).toContain(`${sandbox.url} refuses the identity of this job (subject `);
    expect(error.message).toContain('POST /oidc/v1/token answered 400 invalid_grant: ');
    expect(error.message).toContain(words);
    expect(error.hint).toBe(
      `the service principal ${CLIENT_ID} needs a federation policy for exactly these three; DATABRICKS_TOKEN_AUDIENCE sets another audience`,
    );
  });

  test('tells the audience that was set', async () => {
    const { whoAmI, oidc } = await openScene();
    const error = await failureOf(whoAmI({ ...oidc, DATABRICKS_TOKEN_AUDIENCE: 'mine' }));
    expect(error.message).toContain(`subject ${SUBJECT}, audience mine, issuer ${GITHUB_ISSUER}`);
  });

  test('of a client id that nobody has', async () => {
    const { whoAmI, oidc } = await openScene();
    const error = await failureOf(whoAmI({ ...oidc, DATABRICKS_CLIENT_ID: 'nobody' }));
    expect(error.message).toContain('answered 401 invalid_client: There is no such service principal.');
    expect(error.hint).toContain('the service principal nobody');
  });

  test('while the old token lasts stops nothing', async () => {
    const { signIn, open, oidc, time, idTokens } = await openScene();
    const client = open(await signIn(oidc));
    const read = () => client.send({ method: 'GET', path: ME, delivery: 'repeat' });
    await read();
    idTokens.say({ subject: 'another' });
    time.nowMs = START + 250_000;
    expect((await read()).status).toBe(200);
    time.nowMs = START + 300_000;
    await expect(read()).rejects.toThrow('refuses the identity of this job');
  });
});

describe("GitHub's service", () => {
  async function failureWith(env: Readonly<Record<string, string>>) {
    const { whoAmI, oidc, sent } = await openScene();
    const error = await failureOf(whoAmI({ ...oidc, ...env }));
    expect(sent()).toEqual([`GET ${METADATA}`]);
    return error;
  }

  test('refuses a request token that is not its own', async () => {
    const error = await failureWith({ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-another-job' });
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toContain('GitHub gives no identity token: GET /86//idtoken/run/job answered 401');
    expect(error.hint).toContain('`permissions: id-token: write`');
  });

  test.each([
    ['no token', json({})],
    ['an empty one', json({ value: '' })],
    ['a web page', { headers: { 'content-type': 'text/html' }, text: '<html>' }],
    ['a redirect', { status: 302, headers: { location: 'https://evil.test' } }],
    ['a refusal', json({ message: 'Forbidden' }, 403)],
  ])('answers with %s', async (_, script) => {
    const server = await serve(script);
    const error = await failureWith({ ACTIONS_ID_TOKEN_REQUEST_URL: server.url });
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toContain('GitHub gives no identity token: GET / answered');
    expect(server.received).toHaveLength(1);
  });

  test('asks for credentials of the proxy', async () => {
    const server = await serve({ status: 407 });
    const error = await failureWith({ ACTIONS_ID_TOKEN_REQUEST_URL: server.url });
    expect(error.hint).toContain('HTTPS_PROXY');
  });

  test('is tried again after 500', async () => {
    const { whoAmI, oidc, idTokens, time } = await openScene();
    const { url } = await serve(json({}, 500), json({ value: 'no.token.at-all' }));
    const error = await failureOf(whoAmI({ ...oidc, ACTIONS_ID_TOKEN_REQUEST_URL: url }));
    expect(time.sleeps).toEqual([500]);
    expect(idTokens.requests).toEqual([]);
    expect(error.message).toContain('subject unknown, audience unknown, issuer unknown');
  });

  test('is not there, which is not said of the workspace', async () => {
    const error = await failureWith({ ACTIONS_ID_TOKEN_REQUEST_URL: `${await closedOrigin()}/idtoken` });
    expect(error).not.toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({
      code: 'unavailable',
      exitCode: EXIT.api,
      message: 'GitHub gives no identity token: GET /idtoken could not connect (ECONNREFUSED), tried 5 times',
    });
  });

  test('gets its query after a path without one', async () => {
    const { whoAmI, oidc } = await openScene();
    const server = await serve(json({}));
    await failureOf(whoAmI({ ...oidc, ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/idtoken` }));
    expect(server.received[0]?.url).toBe(`/idtoken?audience=${ACCOUNT_ID}`);
  });
});
