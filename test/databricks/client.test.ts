import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import {
  ApiError,
  AuthError,
  InternalError,
  LostAnswerError,
  NotFoundError,
  RateLimitError,
  SettingsError,
  UnavailableError,
} from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Retry } from '../../src/databricks/deliver.ts';
import { printJson } from '../../src/databricks/json.ts';
import type { ApiRequest } from '../../src/kinds/client.ts';
import { aClient, fakeTime, TOKEN } from './support/a-client.ts';
import { closedOrigin, json, type Script } from './support/loopback.ts';
import { useServers } from './support/servers.ts';

const { serve } = useServers();

const READ: ApiRequest = { method: 'GET', path: '/api/2.2/jobs/get', delivery: 'repeat' };
const CREATE: ApiRequest = {
  method: 'POST',
  path: '/api/2.0/notification-destinations',
  body: { display_name: 'team', config: { slack: { url: 'https://hooks.test/services/T0/B0/s3cr3t' } } },
  delivery: 'create',
};

const PAGE: Script = {
  headers: { 'content-type': 'text/html' },
  text: '<!doctype html><title>Sign in</title>',
};

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error as Error,
  );
}

describe('send', () => {
  test('signs every request for its host', async () => {
    const server = await serve(json({ ok: true }));
    await aClient(server).send(READ);
    expect(server.received[0]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'user-agent': 'lakebell/0.0.0 nodejs/24.0.0 os/test auth/pat',
      accept: 'application/json',
      host: new URL(server.url).host,
    });
  });

  test('encodes the query and leaves out what is undefined', async () => {
    const server = await serve({});
    await aClient(server).send({
      ...READ,
      query: { a: 'x y&z=ü', b: 1, c: false, d: undefined, 'e[]': '+' },
    });
    expect(server.received[0]?.url).toBe('/api/2.2/jobs/get?a=x%20y%26z%3D%C3%BC&b=1&c=false&e%5B%5D=%2B');
  });

  test('brings an int64 there and back', async () => {
    const text = '{"job_id":9007199254740993,"settings":{"threshold":1.0}}';
    const server = await serve({ text });
    const { body } = await aClient(server).send(READ);
    expect(printJson(body)).toBe(text);
    await aClient(server).send({ ...READ, method: 'POST', body });
    expect(server.received[1]).toMatchObject({ text, headers: { 'content-type': 'application/json' } });
  });

  test('sends bytes as they are and returns text as it is', async () => {
    const text = '{ "serial": 1.0 }\n';
    const server = await serve({ text });
    const request: ApiRequest = { ...READ, method: 'POST', bytes: 'é\r\n{}', answer: 'text' };
    const { body } = await aClient(server).send(request);
    expect(body).toBe(text);
    expect(server.received[0]?.headers['accept']).toBe('*/*');
    expect(server.received[0]).toMatchObject({
      text: 'é\r\n{}',
      headers: { 'content-type': 'application/octet-stream' },
    });
  });

  test.each([
    ['', null],
    [' ', null],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['[]', []],
  ])('reads the body %j as %j', async (text, expected) => {
    const server = await serve({ text });
    expect((await aClient(server).send(READ)).body).toEqual(expected);
  });

  test('returns status and lower-case headers', async () => {
    const server = await serve({ status: 204, headers: { 'X-Databricks-Org-Id': '12' }, text: '' });
    expect(await aClient(server).send(READ)).toMatchObject({
      status: 204,
      headers: { 'x-databricks-org-id': '12' },
      body: null,
    });
  });

  test.each([
    '//evil.test/api/',
    'https://evil.test/api/',
    '/api/../x',
    '/api/%2e%2e/x',
    '/api/a?b',
    '/api/a#b',
    '/api/a b',
    '/x',
    '',
  ])('refuses the path %j', async (path) => {
    const server = await serve({});
    await expect(aClient(server).send({ ...READ, path })).rejects.toThrow(InternalError);
    expect(server.received).toEqual([]);
  });

  test('asks for the token before each try', async () => {
    const server = await serve(json({}, 503), json({}));
    const tokens = ['dapi-first', 'dapi-second'];
    await aClient(server, { token: () => Promise.resolve(Secret.of('(secret)', [], tokens.shift())) }).send(
      READ,
    );
    expect(server.received.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer dapi-first',
      'Bearer dapi-second',
    ]);
  });

  test('asks for another token after a 401, once, and repeats what was not done', async () => {
    const server = await serve(json({}, 401), json({ ok: 1 }));
    const asked: (Secret | undefined)[] = [];
    const [first, second] = ['dapi-first', 'dapi-second'].map((text) => Secret.of('(secret)', [], text));
    const token = (refused?: Secret): Secret => {
      asked.push(refused);
      return asked.includes(first) ? second! : first!;
    };
    const client = aClient(server, { token });
    expect((await client.send(CREATE)).body).toEqual({ ok: 1 });
    expect(asked).toEqual([undefined, first, undefined]);
    expect(server.received.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer dapi-first',
      'Bearer dapi-second',
    ]);
    expect(client.stats()).toMatchObject({ count: 2, retried: 1 });
  });

  test('repeats nothing after a 401 where there is no other token', async () => {
    const server = await serve(json({}, 401));
    await expect(aClient(server).send(CREATE)).rejects.toThrow(AuthError);
    expect(server.received).toHaveLength(1);
  });

  test.each([undefined, '', 'dapi\r\nx: y', 'dapi 1', 'dápi'])('refuses the token %j', async (text) => {
    const server = await serve({});
    const client = aClient(server, { token: () => Secret.of('(secret X)', ['X'], text) });
    await expect(client.send(READ)).rejects.toThrow(AuthError);
    expect(server.received).toEqual([]);
  });
});

describe('retries', () => {
  test('repeats a safe request until it succeeds, and tells so', async () => {
    const server = await serve(json({}, 500), 'hang-up', 'cut-body', { text: '{"half":' }, json({ ok: 1 }));
    const time = fakeTime();
    const retries: Retry[] = [];
    const client = aClient(server, { ...time, onRetry: (retry) => retries.push(retry) });
    expect((await client.send(READ)).body).toEqual({ ok: 1 });
    expect(time.sleeps).toEqual([500, 1000, 2000, 4000]);
    expect(retries.map(({ status, attempt }) => [status, attempt])).toEqual([
      [500, 1],
      [0, 2],
      [0, 3],
      [200, 4],
    ]);
    expect(client.stats()).toEqual({ count: 5, retried: 4, seconds: 7.5 });
  });

  test('gives up with the last failure', async () => {
    const server = await serve(json({ error_code: 'INTERNAL_ERROR', message: 'x' }, 500));
    const error = await failureOf(aClient(server).send(READ));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toBe('GET /api/2.2/jobs/get answered 500 INTERNAL_ERROR: x, tried 5 times');
    expect(server.received).toHaveLength(5);
  });

  test('waits as long as Retry-After says', async () => {
    const server = await serve(json({}, 429, { 'retry-after': '7' }), json({}));
    const time = fakeTime();
    await aClient(server, time).send(CREATE);
    expect(time.sleeps).toEqual([7_000]);
  });

  test('stops at the deadline even if the clock stands still', async () => {
    const server = await serve(json({}, 429, { 'retry-after': '60' }));
    const client = aClient(server, { clock: () => 0, sleep: () => Promise.resolve() });
    await expect(client.send(READ)).rejects.toThrow(RateLimitError);
    expect(server.received).toHaveLength(6);
  });

  test('goes slower after a 429, with all requests to the same API', async () => {
    const server = await serve(json({}, 429, { 'retry-after': '7' }), json({}));
    const time = fakeTime();
    const client = aClient(server, { ...time, limits: { perSecond: 10, isPublished: false } });
    const before = time.clock();
    await Promise.all(Array.from({ length: 20 }, () => client.send(READ)));
    // Five had left before the pause.
    expect(time.clock() - before).toBeGreaterThan(7_000 + (15 * 1_000) / 10);
    await client.send({ ...READ, path: '/api/2.0/alerts' });
    expect(server.received).toHaveLength(22);
  });

  test('keeps failures apart from refusals', async () => {
    const refusals = Array.from({ length: 6 }, () => json({}, 429));
    const server = await serve(...refusals, json({}, 500), json({}, 500), json({ ok: 1 }));
    expect((await aClient(server, fakeTime()).send(READ)).body).toEqual({ ok: 1 });
  });

  test('counts the time that the requests themselves take', async () => {
    const server = await serve(json({}, 429));
    let now = 0;
    const client = aClient(server, { clock: () => (now += 50_000) });
    await expect(client.send(READ)).rejects.toThrow(RateLimitError);
    expect(server.received.length).toBeLessThan(4);
  });

  test.each<[string, Script]>([
    ['500', json({}, 500)],
    ['502', json({}, 502)],
    ['504', json({}, 504)],
    ['503 of a gateway', { status: 503, headers: { 'content-type': 'text/html' }, text: '<html>' }],
    ['a broken connection', 'hang-up'],
    ['a broken answer', 'cut-body'],
    ['a garbled answer', { text: '{"half":' }],
    ['silence', 'silence'],
  ])('sends a create once when its answer is lost: %s', async (_, script) => {
    const server = await serve(script);
    const client = aClient(server, { timeoutMs: script === 'silence' ? 50 : 10_000 });
    await expect(client.send(CREATE)).rejects.toThrow(LostAnswerError);
    expect(server.received).toHaveLength(1);
  });

  test.each<[string, Script]>([
    ['429', json({}, 429)],
    ['503 that says later', json({ error_code: 'TEMPORARILY_UNAVAILABLE', message: '' }, 503)],
  ])('repeats a create that was surely not done: %s', async (_, script) => {
    const server = await serve(script, json({ id: 'd-1' }));
    expect((await aClient(server).send(CREATE)).body).toEqual({ id: 'd-1' });
    expect(server.received.map(({ text }) => text)).toEqual([
      printJson(CREATE.body ?? null),
      printJson(CREATE.body ?? null),
    ]);
  });

  test('repeats a create that found nobody listening', async () => {
    const client = aClient({ url: await closedOrigin() });
    const error = await failureOf(client.send(CREATE));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toBe(
      'POST /api/2.0/notification-destinations could not connect (ECONNREFUSED), tried 5 times',
    );
    expect(client.stats()).toMatchObject({ count: 5, retried: 4 });
  });

  test('does not repeat what was refused', async () => {
    const server = await serve(json({ message: 'Job 1 does not exist' }, 400));
    await expect(aClient(server).send(READ)).rejects.toThrow(NotFoundError);
    expect(server.received).toHaveLength(1);
  });
});

describe('wrong hosts', () => {
  test.each(['repeat', 'create'] as const)('refuses a login page once, as %s', async (delivery) => {
    const server = await serve(PAGE);
    const error = await failureOf(aClient(server).send({ ...CREATE, delivery }));
    expect(error.constructor).toBe(ApiError);
    expect(error).toMatchObject({ hint: expect.stringContaining('does not answer as a workspace') });
    expect(server.received).toHaveLength(1);
  });

  test('refuses a login page where text was asked for', async () => {
    const server = await serve(PAGE);
    await expect(aClient(server).send({ ...READ, answer: 'text' })).rejects.toThrow(
      'a web page instead of JSON',
    );
  });

  test('carries the token to no other place', async () => {
    const other = await serve({});
    const server = await serve({ status: 307, headers: { location: `${other.url}/api/x` } });
    const error = await failureOf(aClient(server).send(READ));
    expect(error).toMatchObject({ status: 307, hint: expect.stringContaining('redirects are not followed') });
    expect(error.message).toContain(`a redirect to ${other.url}`);
    expect(other.received).toEqual([]);
  });

  test.each(['http://workspace.test', 'https://user@workspace.test', ''])(
    'refuses %j before anything is sent',
    (host) => {
      expect(() => aClient({ url: host })).toThrow(SettingsError);
    },
  );
});

describe('secrets', () => {
  const echo = `token ${TOKEN} is not good for https://hooks.test/services/T0/B0/s3cr3t`;

  test.each<[string, Script]>([
    ['refused', json({ error_code: 'BAD_REQUEST', message: echo }, 400, { 'x-request-id': TOKEN })],
    ['signed out', json({ error_code: 403, message: echo }, 403)],
    ['lost', { status: 504, headers: { 'content-type': 'text/plain' }, text: echo }],
    ['cut off', 'hang-up'],
  ])('stay out of an error: %s', async (_, script) => {
    const server = await serve(script);
    const error = await failureOf(aClient(server).send(CREATE));
    const shown = [
      inspect(error, { depth: 20, showHidden: true, getters: true }),
      JSON.stringify(error),
      JSON.stringify(Object.getOwnPropertyDescriptors(error)),
      error.stack,
      inspect(error.cause),
      String(error),
    ].join('\n');
    expect(shown).not.toContain(TOKEN);
    expect(shown).not.toContain('s3cr3t');
  });

  test('show as a word what the server repeated', async () => {
    const server = await serve(json({ error_code: 'BAD_REQUEST', message: echo }, 400));
    const error = await failureOf(aClient(server).send(CREATE));
    expect(error.message).toContain('token (secret) is not good for (secret)');
  });
});

describe('access', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'read refuses %s before the wire',
    async (method) => {
      const server = await serve({});
      const client = aClient(server, { access: 'read' });
      await expect(client.send({ ...CREATE, method })).rejects.toThrow(
        new InternalError(`a read-only run tried to send ${method} /api/2.0/notification-destinations`),
      );
      expect(server.received).toEqual([]);
    },
  );

  test('read allows GET', async () => {
    const server = await serve(json({ ok: 1 }));
    expect((await aClient(server, { access: 'read' }).send(READ)).body).toEqual({ ok: 1 });
  });
});

describe('limits', () => {
  test.each([0, -1, Number.NaN])('refuse %d requests per second', async (perSecond) => {
    const server = await serve({});
    expect(() => aClient(server, { limits: { perSecond } })).toThrow(SettingsError);
  });

  test('are none on loopback, where the workspace is a simulated one', async () => {
    const server = await serve({});
    const time = fakeTime();
    const client = aClient(server, { ...time, limits: undefined });
    await Promise.all(Array.from({ length: 105 }, () => client.send(READ)));
    expect(time.sleeps).toEqual([]);
  });

  test('are the published ones where one is asked for, on loopback too', async () => {
    const server = await serve({});
    const time = fakeTime();
    const client = aClient(server, { ...time, limits: { perSecond: 100 } });
    for (let turn = 0; turn < 20; turn += 1) await client.send(READ);
    expect(time.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo((20 - 1.7) * (1_000 / 19.2), 1);
  });

  test('let the number of tries be chosen', async () => {
    const server = await serve(json({}, 500));
    const client = aClient(server, { limits: { perSecond: Infinity, retry: { attempts: 2 } } });
    await expect(client.send(READ)).rejects.toThrow('tried 2 times');
    expect(server.received).toHaveLength(2);
  });

  test('give jobs/update its own rate', async () => {
    const server = await serve({});
    const time = fakeTime();
    const client = aClient(server, { ...time, limits: { perSecond: 15 } });
    const update: ApiRequest = { method: 'POST', path: '/api/2.2/jobs/update', body: {}, delivery: 'repeat' };
    for (let turn = 0; turn < 15; turn += 1) await client.send(update);
    expect(time.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo((15 - 1.3) * (1_000 / 9.6), 1);
  });

  test('are bound by the one that is asked for', async () => {
    const server = await serve({});
    const time = fakeTime();
    const client = aClient(server, { ...time, limits: { perSecond: 2 } });
    for (let turn = 0; turn < 20; turn += 1) {
      await client.send({ ...READ, path: turn % 2 === 0 ? READ.path : '/api/2.0/alerts' });
    }
    expect(time.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual((20 - 5) * 500);
  });
});

describe('stats', () => {
  test('are empty before the first request', async () => {
    expect(aClient(await serve({})).stats()).toEqual({ count: 0, retried: 0, seconds: 0 });
  });
});

describe('pages', () => {
  async function pagesOf(script: readonly Script[]) {
    const server = await serve(...script);
    const pages = [];
    for await (const page of aClient(server).pages('/api/2.2/jobs/list', { limit: 100 })) pages.push(page);
    return { pages, urls: server.received.map(({ url }) => url) };
  }

  test('follow the token to the end', async () => {
    const { pages, urls } = await pagesOf([
      json({ jobs: [1], next_page_token: 'a/b=' }),
      json({ jobs: [2], next_page_token: '' }),
    ]);
    expect(pages).toMatchObject([{ jobs: [1] }, { jobs: [2] }]);
    expect(urls).toEqual([
      '/api/2.2/jobs/list?limit=100',
      '/api/2.2/jobs/list?limit=100&page_token=a%2Fb%3D',
    ]);
  });

  test('keep a numeric token exact', async () => {
    const { urls } = await pagesOf([{ text: '{"next_page_token":9007199254740993}' }, json({})]);
    expect(urls[1]).toContain('page_token=9007199254740993');
  });

  test.each([[['a', 'a']], [['a', 'b', 'a', 'c', '']]])(
    'end with an error when tokens repeat: %j',
    async (tokens) => {
      const script = tokens.map((token) => json({ next_page_token: token }));
      await expect(pagesOf(script)).rejects.toThrow(UnavailableError);
    },
  );

  test('refuse a page that is no object', async () => {
    await expect(pagesOf([json([])])).rejects.toThrow('a list that is not an object');
  });

  test('read no further than asked', async () => {
    const server = await serve(json({ next_page_token: 'a' }));
    for await (const page of aClient(server).pages('/api/2.2/jobs/list')) {
      expect(page).toEqual({ next_page_token: 'a' });
      break;
    }
    expect(server.received).toHaveLength(1);
  });
});
