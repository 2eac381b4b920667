import { describe, expect, test } from '@jest/globals';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { SeedIdentity } from '../../../src/sandbox/seed.ts';
import { field, open, refusal } from '../client.ts';

const ME = '/api/2.0/preview/scim/v2/Me';
const PRINCIPAL: SeedIdentity = {
  token: 'plain',
  user_name: 'sp-1',
  client_id: 'sp-1',
  client_secret: 'dose:1+2',
  federation: [
    { issuer: 'https://issuer.test', subject: 'repo:a/b' },
    { issuer: 'https://issuer.test', subject: 'repo:a/b', audience: 'mine' },
  ],
};
const SEED = { account_id: 'account-1', identities: [PRINCIPAL, { token: 'other', user_name: 'u' }] };
const EXCHANGE = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  client_id: 'sp-1',
  scope: 'all-apis',
};
const CLAIMS = { iss: 'https://issuer.test', sub: 'repo:a/b', aud: 'account-1', exp: 1_300 };

function jwt(claims: object): string {
  return [{ alg: 'none' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('')
    .join('.');
}

async function openScene(options: SandboxOptions = {}) {
  const time = { nowMs: 1_000_000 };
  const sandbox = await open({ seed: SEED, now: () => time.nowMs, ...options });
  const ask = async (form: Readonly<Record<string, string>>, basic?: string) => {
    const response = await fetch(`${sandbox.url}/oidc/v1/token`, {
      method: 'POST',
      headers: basic === undefined ? {} : { authorization: `Basic ${btoa(basic)}` },
      body: new URLSearchParams(form),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const exchange = (claims: object, form: Readonly<Record<string, string>> = {}) =>
    ask({ ...EXCHANGE, subject_token: jwt({ ...CLAIMS, ...claims }), ...form });
  const bySecret = (basic: string) => ask({ grant_type: 'client_credentials', scope: 'all-apis' }, basic);
  return { sandbox, time, ask, exchange, bySecret };
}

describe('metadata', () => {
  test('need no token and name the account as the audience', async () => {
    const { sandbox } = await openScene();
    const { body } = await sandbox.get('/.well-known/databricks-config', null);
    expect(body).toMatchObject({
      oidc_endpoint: `${sandbox.url}/oidc`,
      account_id: 'account-1',
      workspace_id: sandbox.snapshot().workspace_id,
      token_federation_default_oidc_audiences: ['account-1'],
    });
  });
});

describe('a client secret', () => {
  test('gives a token for an hour, which acts as its identity until it ends', async () => {
    const { sandbox, bySecret, time } = await openScene();
    const { status, body } = await bySecret('sp-1:dose:1+2');
    expect([status, body['token_type'], body['expires_in']]).toEqual([200, 'Bearer', 3600]);
    const token = String(body['access_token']);
    expect(field(await sandbox.get(ME, token), 'userName')).toBe('sp-1');
    time.nowMs += 3_599_999;
    expect((await sandbox.get(ME, token)).status).toBe(200);
    time.nowMs += 1;
    expect(refusal(await sandbox.get(ME, token))).toEqual([401, 401]);
    expect(sandbox.requests.at(-1)?.identity).toBe(null);
  });

  test('gives another token each time, and changes no other id', async () => {
    const { sandbox, bySecret } = await openScene();
    const tokens = [await bySecret('sp-1:dose:1+2'), await bySecret('sp-1:dose:1+2')];
    expect(new Set(tokens.map(({ body }) => body['access_token'])).size).toBe(2);
    const plain = await open({ seed: SEED });
    const ids = await Promise.all(
      [sandbox, plain].map(async (one) =>
        field(await one.post('/api/2.2/jobs/create', { name: 'a' }, 'plain'), 'job_id'),
      ),
    );
    expect(ids[0]).toBe(ids[1]);
  });

  test.each(['sp-1:wrong', 'sp-2:dose:1+2', 'sp-1:', ':', 'sp%2D1:dose:1+2', 'undefined:undefined'])(
    'is refused: %s',
    async (basic) => {
      const { status, body } = await (await openScene()).bySecret(basic);
      expect([status, body['error']]).toEqual([401, 'invalid_client']);
    },
  );
});

describe('an identity token', () => {
  test.each([
    ['account', {}],
    ['audience of a policy', { aud: 'mine' }],
    ['one of several audiences', { aud: ['x', 'mine'] }],
  ])('for the %s gives a token that ends with it', async (_, claims) => {
    const { sandbox, exchange } = await openScene();
    const { status, body } = await exchange(claims);
    expect([status, body['expires_in']]).toEqual([200, 300]);
    expect(field(await sandbox.get(ME, String(body['access_token'])), 'userName')).toBe('sp-1');
  });

  test.each<[string, object]>([
    ['another issuer', { iss: 'https://other.test' }],
    ['another subject', { sub: 'repo:a/b:pull_request' }],
    ['another audience', { aud: 'yours' }],
    ['no audience', { aud: undefined }],
    ['an end that has passed', { exp: 1_000 }],
    ['no end', { exp: undefined }],
  ])('is refused: %s', async (_, claims) => {
    const { status, body } = await (await openScene()).exchange(claims);
    expect([status, body['error']]).toEqual([400, 'invalid_grant']);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['of an unknown client', { client_id: 'sp-2' }, 401, 'invalid_client'],
    ['of another type', { subject_token_type: 'saml' }, 400, 'invalid_request'],
    ['that is none', { subject_token: 'what' }, 400, 'invalid_grant'],
    ['with another scope', { scope: 'sql' }, 400, 'invalid_scope'],
    ['by another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('is refused: %s', async (_, form, status, error) => {
    const reply = await (await openScene()).exchange({}, form);
    expect([reply.status, reply.body['error']]).toEqual([status, error]);
  });
});

test('what identities sign in with is in the snapshot', async () => {
  const { sandbox } = await openScene();
  expect(sandbox.snapshot().identities[0]).toMatchObject(PRINCIPAL);
  const second = await open({ seed: sandbox.snapshot() });
  expect(second.snapshot()).toEqual(sandbox.snapshot());
});
