import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { createAgents } from '../../src/databricks/proxy.ts';
import { createTransport } from '../../src/databricks/transport.ts';
import type { WireRequest } from '../../src/databricks/wire.ts';
import { closedOrigin, json, type Loopback } from './support/loopback.ts';
import { useServers } from './support/servers.ts';

const { serve, tunnel } = useServers();

function open(origin: string, proxy?: Loopback, timeoutMs = 10_000) {
  return createTransport({ origin, timeoutMs, agents: createAgents(proxy && new URL(proxy.url)) });
}

function aRequest(parts: Partial<WireRequest> = {}): WireRequest {
  const headers = { authorization: 'Bearer dapi-1', 'user-agent': 'lakebell/0' };
  return { method: 'GET', path: '/api/x', target: '/api/x?a=b%20c', headers, ...parts };
}

describe('createTransport', () => {
  test('sends what it is given and returns what comes', async () => {
    const server = await serve(json({ id: 9 }, 418, { 'X-Databricks-Org-Id': '12', 'set-cookie': 'a=b' }));
    const exchange = await open(server.url)(
      aRequest({ method: 'PATCH', text: '{"é":1}', headers: { 'content-type': 'application/json' } }),
    );
    expect(server.received).toMatchObject([
      {
        method: 'PATCH',
        url: '/api/x?a=b%20c',
        text: '{"é":1}',
        headers: { 'content-type': 'application/json' },
      },
    ]);
    expect(exchange).toMatchObject({ outcome: 'answer', status: 418, text: '{"id":9}' });
    expect(exchange).toMatchObject({ headers: { 'x-databricks-org-id': '12', 'set-cookie': 'a=b' } });
  });

  test('keeps text as it is, byte order mark included', async () => {
    const server = await serve({ text: '\uFEFFé 9007199254740993' });
    expect(await open(server.url)(aRequest())).toMatchObject({ text: '\uFEFFé 9007199254740993' });
  });

  test.each([301, 302, 303, 307, 308])('does not follow a %d', async (status) => {
    const other = await serve({});
    const server = await serve({ status, headers: { location: other.url } });
    expect(await open(server.url)(aRequest())).toMatchObject({ status, headers: { location: other.url } });
    expect(other.received).toEqual([]);
  });

  test('reuses its connection', async () => {
    const server = await serve({});
    const send = open(server.url);
    for (let turn = 0; turn < 4; turn += 1) await send(aRequest());
    expect(server.connections()).toBe(1);
  });

  test('opens one tunnel for many requests and shows the proxy no token', async () => {
    const server = await serve({});
    const proxy = await tunnel(server);
    const send = open('http://workspace.test', proxy);
    for (let turn = 0; turn < 4; turn += 1) await send(aRequest());
    expect(server.received.map(({ headers }) => headers['authorization'])).toEqual(
      Array(4).fill('Bearer dapi-1'),
    );
    expect(server.received[0]?.headers['host']).toBe('workspace.test');
    expect(proxy.received.map(({ url }) => url)).toEqual(['workspace.test:80']);
    expect(JSON.stringify(proxy.received)).not.toContain('dapi-1');
  });

  test('heeds no proxy of the environment by itself', async () => {
    const server = await serve({});
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = await closedOrigin();
    try {
      expect(await open(server.url)(aRequest())).toMatchObject({ outcome: 'answer' });
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    }
  });

  test('tells that nobody listens', async () => {
    const origin = await closedOrigin();
    expect(await open(origin)(aRequest())).toEqual({
      outcome: 'no-answer',
      reason: 'refused',
      fault: 'ECONNREFUSED',
    });
  });

  test('tells that the proxy does not listen', async () => {
    const proxy = { url: await closedOrigin() } as Loopback;
    expect(await open('http://workspace.test', proxy)(aRequest())).toMatchObject({ reason: 'refused' });
  });

  test.each(['hang-up', 'cut-body'] as const)(
    'tells a broken connection from a refused one: %s',
    async (script) => {
      const server = await serve(script);
      expect(await open(server.url)(aRequest())).toMatchObject({ outcome: 'no-answer', reason: 'broken' });
    },
  );

  test.each([
    [10, 'answer'],
    [9, 'no-answer'],
  ])('reads at most %d bytes of ten', async (maxBytes, outcome) => {
    const server = await serve({ text: 'é'.repeat(5) });
    const exchange = await open(server.url)(aRequest({ maxBytes }));
    expect(exchange).toMatchObject({ outcome, ...(outcome === 'answer' ? {} : { reason: 'too-large' }) });
  });

  test('takes the limit of one request for no other', async () => {
    const server = await serve({ text: 'x'.repeat(1_000) });
    const send = open(server.url);
    await send(aRequest({ maxBytes: 1 }));
    expect(await send(aRequest())).toMatchObject({ outcome: 'answer' });
  });

  test('gives up a silent server', async () => {
    const server = await serve('silence');
    const exchange = await open(server.url, undefined, 50)(aRequest());
    expect(exchange).toEqual({ outcome: 'no-answer', reason: 'timeout', fault: 'ETIMEDOUT' });
  });

  test('tells a server that speaks no TLS', async () => {
    const server = await serve({});
    const exchange = await open(server.url.replace('http:', 'https:'))(aRequest());
    expect(exchange).toMatchObject({ outcome: 'no-answer', reason: 'broken' });
  });

  test('lets nothing of the request out of a failure', async () => {
    const server = await serve('hang-up');
    const exchange = await open(server.url)(aRequest({ method: 'POST', text: 'body-1' }));
    expect(inspect(exchange, { depth: 20, showHidden: true })).not.toMatch(/dapi-1|body-1/);
  });
});
