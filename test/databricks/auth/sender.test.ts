import { describe, expect, test } from '@jest/globals';
import { type Connection, createSender, ONE_TRY, PATIENT } from '../../../src/databricks/auth/sender.ts';
import { fakeTime } from '../support/a-client.ts';
import { json } from '../support/loopback.ts';
import { useServers } from '../support/servers.ts';

const { serve, tunnel } = useServers();

function aConnection(parts: Partial<Connection> = {}): Connection {
  return { ...fakeTime(), random: () => 0, userAgent: 'lakebell/0', ...parts };
}

const REQUEST = { method: 'POST', path: '/x', target: '/x?a=b', headers: { a: 'b' }, text: 'c=d' } as const;

describe('createSender', () => {
  test('sends what it is given, by its own name, and returns the body', async () => {
    const server = await serve(json({ ok: 1 }));
    const sent = await createSender(server.url, aConnection())(REQUEST, PATIENT);
    expect(sent).toMatchObject({ attempts: 1, body: { ok: 1 } });
    expect(server.received).toMatchObject([
      { method: 'POST', url: '/x?a=b', text: 'c=d', headers: { a: 'b', 'user-agent': 'lakebell/0' } },
    ]);
  });

  test('goes through the proxy of its connection', async () => {
    const server = await serve(json({}));
    const proxy = await tunnel(server);
    const send = createSender('http://workspace.test', aConnection({ proxy: { httpProxy: proxy.url } }));
    for (let turn = 0; turn < 2; turn += 1) await send(REQUEST, PATIENT);
    expect(proxy.received.map(({ url }) => url)).toEqual(['workspace.test:80']);
    expect(server.received).toHaveLength(2);
  });

  test('tries once where that is asked', async () => {
    const server = await serve(json({}, 503, { 'retry-after': '0' }));
    const sent = await createSender(server.url, aConnection())(REQUEST, ONE_TRY);
    expect(sent).toMatchObject({ attempts: 1, body: undefined, exchange: { status: 503 } });
    expect(server.received).toHaveLength(1);
  });

  test('gives up a silent server', async () => {
    const server = await serve('silence');
    const send = createSender(server.url, aConnection({ timeoutMs: 50 }));
    expect(await send(REQUEST, ONE_TRY)).toMatchObject({ exchange: { reason: 'timeout' } });
  });
});
