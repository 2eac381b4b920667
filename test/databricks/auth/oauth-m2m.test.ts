import { describe, expect, test } from '@jest/globals';
import { AuthError, EXIT, UnavailableError } from '../../../src/core/errors.ts';
import { fakeTime } from '../support/a-client.ts';
import { closedOrigin, json } from '../support/loopback.ts';
import { useServers } from '../support/servers.ts';
import { CLIENT_ID, CLIENT_SECRET, failureOf, openScene, partsOf } from './support/sign-in.ts';

const { serve } = useServers();
const TOKEN = '/oidc/v1/token';
const ME = '/api/2.0/preview/scim/v2/Me';
const START = Date.UTC(2026, 0, 1);

function environment(host: string) {
  return { DATABRICKS_HOST: host, DATABRICKS_CLIENT_ID: CLIENT_ID, DATABRICKS_CLIENT_SECRET: CLIENT_SECRET };
}

describe('oauth-m2m', () => {
  test('signs in as the service principal', async () => {
    const { whoAmI, m2m, sandbox } = await openScene();
    expect(await whoAmI(m2m)).toMatchObject({ userName: CLIENT_ID });
    const [request] = sandbox.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: TOKEN,
      status: 200,
      headers: {
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        'user-agent': 'lakebell/0.0.0 nodejs/24.0.0 os/test auth/oauth-m2m',
      },
    });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'all-apis',
    });
  });

  test('sends nothing before the first request', async () => {
    const { signIn, m2m, sent } = await openScene();
    await signIn(m2m);
    expect(sent()).toEqual([]);
  });

  test('obtains one token for many requests, and one more before it ends', async () => {
    const { signIn, open, m2m, sent, time } = await openScene();
    const client = open(await signIn(m2m));
    const readTwentyTimes = (): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 20 }, () => client.send({ method: 'GET', path: ME, delivery: 'repeat' })),
      );
    await readTwentyTimes();
    time.nowMs = START + 3_500_000;
    await readTwentyTimes();
    expect(sent().filter((one) => one.endsWith(TOKEN))).toHaveLength(1);
    time.nowMs = START + 3_550_000;
    await readTwentyTimes();
    expect(sent().filter((one) => one.endsWith(TOKEN))).toHaveLength(2);
    expect(sent().filter((one) => one.endsWith(ME))).toHaveLength(60);
  });

  test('goes on with a token that lasts where no other can be had', async () => {
    const { signIn, open, m2m, sandbox, time } = await openScene();
    const client = open(await signIn(m2m));
    const read = () => client.send({ method: 'GET', path: ME, delivery: 'repeat' });
    await read();
    sandbox.fault({ kind: 'status', status: 503, path: TOKEN, times: Number.POSITIVE_INFINITY });
    time.nowMs = START + 3_550_000;
    expect((await read()).status).toBe(200);
    expect(time.sleeps).toEqual([]);
    time.nowMs = START + 3_600_000;
    await expect(read()).rejects.toThrow(UnavailableError);
  });

  test('renews a token that the workspace refuses, once, and repeats the request', async () => {
    const { signIn, open, m2m, sandbox, sent } = await openScene();
    const client = open(await signIn(m2m));
    sandbox.fault({ kind: 'status', status: 401, path: ME, skip: 1 });
    const read = () => client.send({ method: 'GET', path: ME, delivery: 'repeat' });
    await read();
    expect((await read()).status).toBe(200);
    expect(sent()).toEqual([`POST ${TOKEN}`, `GET ${ME}`, `GET ${ME}`, `POST ${TOKEN}`, `GET ${ME}`]);
    sandbox.resetRequests();
    sandbox.fault({ kind: 'status', status: 401, path: ME, times: Number.POSITIVE_INFINITY });
    await expect(read()).rejects.toThrow(AuthError);
    expect(sent()).toEqual([`GET ${ME}`, `POST ${TOKEN}`, `GET ${ME}`]);
  });

  test.each([500, 502, 503, 504, 429])('tries again after %d', async (status) => {
    const { whoAmI, m2m, sandbox, retries } = await openScene();
    sandbox.fault({ kind: 'status', status, path: TOKEN });
    expect(await whoAmI(m2m)).toMatchObject({ userName: CLIENT_ID });
    expect(retries).toEqual([{ method: 'POST', path: TOKEN, status, attempt: 1, waitMs: 500 }]);
  });

  test('gives up with the usual error after a minute', async () => {
    const { whoAmI, m2m, sandbox, time } = await openScene();
    sandbox.fault({ kind: 'status', status: 503, path: TOKEN, times: Number.POSITIVE_INFINITY });
    const error = await failureOf(whoAmI(m2m));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toMatch(/^POST \/oidc\/v1\/token answered 503 .*, tried \d+ times$/);
    expect(time.nowMs - START).toBeLessThanOrEqual(60_000);
  });

  test('says that nobody listens', async () => {
    const { whoAmI } = partsOf({ nowMs: 0, sleeps: [] });
    const error = await failureOf(whoAmI(environment(await closedOrigin())));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ status: 0, message: expect.stringContaining('could not connect') });
  });

  test.each([
    ['secret', { DATABRICKS_CLIENT_SECRET: 'dose-another' }],
    ['client id', { DATABRICKS_CLIENT_ID: 'another-id' }],
  ])('says that the %s is wrong', async (_, wrong) => {
    const { whoAmI, m2m, sandbox } = await openScene();
    const error = await failureOf(whoAmI({ ...m2m, ...wrong }));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({
      code: 'auth',
      exitCode: EXIT.permission,
      message: expect.stringContaining(
        `${sandbox.url} refuses the client id and secret (DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET): ` +
          'POST /oidc/v1/token answered 401 invalid_client: Client authentication failed',
      ),
      hint: expect.stringContaining('whether the secret has expired'),
    });
  });

  test.each([
    ['a web page', { headers: { 'content-type': 'text/html' }, text: '<html>Sign in</html>' }],
    ['a web page that says no', { status: 403, headers: { 'content-type': 'text/html' }, text: '<html>' }],
    ['a redirect', { status: 302, headers: { location: 'https://login.test/?code=abc' } }],
    ['no such path', json({ error_code: 'ENDPOINT_NOT_FOUND' }, 404)],
  ])('says that the host is wrong: %s', async (_, script) => {
    const server = await serve(script);
    const error = await failureOf(partsOf({ nowMs: 0, sleeps: [] }).whoAmI(environment(server.url)));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toContain(`${server.url} does not sign in as a workspace: POST ${TOKEN} answered`);
    expect(error.hint).toContain('check that the host is a workspace');
    expect(error.message).not.toContain('code=abc');
    expect(server.received).toHaveLength(1);
  });

  test.each([
    ['no token', json({ token_type: 'Bearer' })],
    ['an empty answer', { text: '' }],
    ['a list', json([])],
    ['another type of token', json({ access_token: 'issued-token', token_type: 'mac' })],
    ['a span that is none', json({ access_token: 'issued-token', token_type: 'Bearer', expires_in: 'soon' })],
    ['a success of another kind', { status: 204, text: '' }],
  ])('takes nothing else for a token: %s', async (_, script) => {
    const server = await serve(script);
    const error = await failureOf(partsOf({ nowMs: 0, sleeps: [] }).whoAmI(environment(server.url)));
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toBe('POST /oidc/v1/token answered without a token');
    expect(error.cause).toBeUndefined();
    expect(server.received).toHaveLength(1);
  });

  test('explains a refusal in words of the API too', async () => {
    const server = await serve(
      json({ error_code: 'INVALID_PARAMETER_VALUE', message: 'no such client' }, 400),
    );
    const error = await failureOf(partsOf({ nowMs: 0, sleeps: [] }).whoAmI(environment(server.url)));
    expect(error.message).toContain('refuses the client id and secret');
    expect(error.message).toContain('answered 400 INVALID_PARAMETER_VALUE: no such client');
  });

  test('does not take the page of a gateway that fails for a wrong host', async () => {
    const server = await serve({ status: 502, headers: { 'content-type': 'text/html' }, text: '<html>' });
    const error = await failureOf(partsOf({ nowMs: 0, sleeps: [] }).whoAmI(environment(server.url)));
    expect(error).toBeInstanceOf(UnavailableError);
  });

  test('takes a 403 with a number for a code for a refusal', async () => {
    const server = await serve(json({ error_code: 403, message: 'Invalid access token.' }, 403));
    const error = await failureOf(partsOf({ nowMs: 0, sleeps: [] }).whoAmI(environment(server.url)));
    expect(error).toMatchObject({ code: 'auth', exitCode: EXIT.permission });
    expect(error.message).toContain('refuses the client id and secret');
  });

  test('gives up on a token endpoint that does not answer', async () => {
    const server = await serve('silence');
    const { signIn } = partsOf({ nowMs: 0, sleeps: [] });
    const connection = { ...fakeTime(), random: () => 0, timeoutMs: 50 };
    const { token } = await signIn(environment(server.url), { connection });
    const error = await failureOf(Promise.resolve(token()));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ exitCode: EXIT.permission });
    expect(error.message).toContain(`POST ${TOKEN} got no answer in time (ETIMEDOUT), tried 5 times`);
  });

  test('leaves what is not about the sign-in as it is', async () => {
    const blocked = json({ error_code: 'PERMISSION_DENIED', message: 'Source IP address is blocked' }, 403);
    const server = await serve(blocked);
    const error = await failureOf(partsOf({ nowMs: 0, sleeps: [] }).whoAmI(environment(server.url)));
    expect(error).toMatchObject({ code: 'permission', message: expect.stringContaining('is blocked') });
  });
});
