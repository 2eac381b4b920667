import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { BARE_MACHINE } from '../../support/machine.ts';
import { json, type Received, type Reply } from '../support/loopback.ts';
import { useServers } from '../support/servers.ts';
import { CLIENT_ID, CLIENT_SECRET, failureOf, openScene } from './support/sign-in.ts';

const { serve } = useServers();
const ME = '/api/2.0/preview/scim/v2/Me';
/** As the header has them. */
const PAIR = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64');
const REQUEST_TOKEN = 'request-token-of-the-runner';

/** Everything that an error may show to somebody. */
function shown(error: Error): string {
  return [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error)].join('\n');
}

type Echo = (words: string) => Reply;

/** A server that quotes all that it is sent, in the ways in which servers refuse. */
const ECHOES: readonly Echo[] = [
  (words) => json({ error: 'invalid_grant', error_description: words }, 400),
  (words) => json({ error: words, error_description: words }, 401),
  (words) => json({ error_code: words, message: words }, 403),
  (words) => ({ status: 418, text: words }),
  (words) => ({ status: 404, headers: { 'content-type': 'text/html' }, text: `<pre>${words}` }),
  (words) => ({ status: 400, headers: { 'x-request-id': words }, text: words }),
  (words) => ({ status: 302, headers: { location: `https://evil.test/?${encodeURIComponent(words)}` } }),
  (words) => json({ words }),
  (words) => json({ access_token: words, token_type: 'mac' }),
  (words) => json({ access_token: words, token_type: 'Bearer' }),
];

/** Header and form as they came, and the form's fields as they were meant. */
function wordsOf({ headers, text, url }: Received): string {
  const fields = [...new URLSearchParams(text)].map(([name, value]) => `${name} ${value}`);
  const authorization = headers['authorization'] ?? '';
  const pair = Buffer.from(String(authorization).replace('Basic ', ''), 'base64').toString('latin1');
  return [url, authorization, pair, text, ...fields].join(' ').replaceAll(/[^\x20-\x7e]/g, '');
}

describe('nothing secret', () => {
  test.each(ECHOES)('is in an error where the token endpoint quotes it: %#', async (echo) => {
    const { m2m, oidc, idTokens, whoAmI } = await openScene();
    const host = await serve((request) => echo(wordsOf(request)));
    const stored = { DATABRICKS_OIDC_TOKEN: idTokens.mint('audience') };
    for (const env of [m2m, oidc, stored]) {
      const error = await failureOf(whoAmI({ ...env, DATABRICKS_HOST: host.url }));
      expectNoSecret(shown(error), idTokens.issued);
    }
    expect(idTokens.issued).toHaveLength(2);
  });

  test("is in an error where GitHub's service quotes its token", async () => {
    const { oidc, whoAmI } = await openScene();
    const service = await serve(json({ message: `Bearer ${REQUEST_TOKEN} is wrong` }, 403));
    const error = await failureOf(whoAmI({ ...oidc, ACTIONS_ID_TOKEN_REQUEST_URL: service.url }));
    expect(error.message).toContain('Bearer (secret) is wrong');
    expectNoSecret(shown(error), []);
  });

  test('is in what is returned, retried, or sent as the address of a request', async () => {
    const { m2m, oidc, signIn, open, sandbox, idTokens, retries } = await openScene();
    const tokens: string[] = [];
    const told: string[] = [];
    for (const env of [m2m, oidc]) {
      sandbox.fault({ kind: 'status', status: 500, path: '/oidc/*' });
      const credentials = await signIn(env);
      const client = open(credentials);
      await client.send({ method: 'GET', path: ME, delivery: 'repeat' });
      const token = await credentials.token();
      tokens.push(token.reveal());
      told.push(inspect([credentials, token, client], { depth: 9, showHidden: true }));
    }
    const lines = [...sandbox.requests.map(({ path }) => path), ...idTokens.requests.map(({ url }) => url)];
    expect([lines.length, tokens.length, retries.length]).toEqual([8, 2, 2]);
    expectNoSecret([...lines, ...told, JSON.stringify(retries)].join('\n'), [...idTokens.issued, ...tokens]);
  });

  test('is in the error of a workspace that quotes an obtained token', async () => {
    const { m2m, signIn, open, sandbox } = await openScene();
    const credentials = await signIn(m2m);
    const token = (await credentials.token()).reveal();
    sandbox.fault({ kind: 'status', status: 400, path: ME, body: { message: `${token} is not good` } });
    const error = await failureOf(open(credentials).send({ method: 'GET', path: ME, delivery: 'repeat' }));
    expect(error.message).toContain('(secret) is not good');
    expectNoSecret(shown(error), [token]);
  });
});

describe('a host that only the configuration file names', () => {
  test.each(['m2m', 'oidc'] as const)('gets nothing, and GitHub is not asked: %s', async (method) => {
    const scene = await openScene();
    const { DATABRICKS_HOST: _host, ...env } = scene[method];
    const error = await failureOf(scene.signIn(env, { targetHost: 'https://evil.test' }));
    expect(error.message).toContain('only the configuration file names https://evil.test');
    expect([scene.sent(), scene.idTokens.requests]).toEqual([[], []]);
    expectNoSecret(shown(error), []);
  });

  test('gets no stored identity token, and its file is not read', async () => {
    const { signIn, idTokens } = await openScene();
    const stored = idTokens.mint('audience');
    const read: string[] = [];
    const readText = (path: string) => {
      read.push(path);
      return Promise.resolve(stored);
    };
    for (const [name, value] of [
      ['DATABRICKS_OIDC_TOKEN', stored],
      ['DATABRICKS_OIDC_TOKEN_FILEPATH', '/token'],
    ] as const) {
      const sources = { targetHost: 'https://evil.test/?o=1&a=2', machine: { ...BARE_MACHINE, readText } };
      const error = await failureOf(signIn({ [name]: value }, sources));
      expect(error.message).toContain('only the configuration file names https://evil.test');
      expectNoSecret(shown(error), idTokens.issued);
    }
    expect(read).toEqual([]);
  });
});

function expectNoSecret(text: string, more: readonly string[]): void {
  const secrets = [CLIENT_SECRET, PAIR, REQUEST_TOKEN, ...more, ...more.map(signatureOf)];
  for (const secret of secrets.flatMap((one) => [one, encodeURIComponent(one)]))
    expect(text).not.toContain(secret);
}

function signatureOf(token: string): string {
  return token.split('.').at(-1) ?? token;
}
