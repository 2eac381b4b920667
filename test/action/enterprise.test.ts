import { createServer, request, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startProxy } from '../databricks/support/loopback.ts';
import { shaOf, startFakeGitHub } from '../github/fake.ts';
import { pullTrigger } from '../support/action.ts';
import { buildAction, runStep } from './support/bundled.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const CONFIG = `version: 1
name: data-platform
destinations:
  leads: { email: { addresses: [leads@company.test] } }
`;

describe('GitHub Enterprise behind a proxy', () => {
  test('gets the comment and the check through the proxy, at the address that the runner names', async () => {
    const github = await startFakeGitHub();
    const sandbox = await startSandbox();
    const folder = await mkdtemp(join(tmpdir(), 'lakebell-repository-'));
    const entry = await buildAction();
    closing.push(
      () => github.close(),
      () => sandbox.close(),
    );
    closing.push(() => rm(folder, { recursive: true, force: true }));
    closing.push(() => rm(dirname(entry), { recursive: true, force: true }));
    await writeFile(join(folder, 'notifications.yml'), CONFIG);
    const server = await listen(enterpriseServer(github.url));
    const proxy = await startProxy(server);
    closing.push(() => proxy.close());

    github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'change' });
    const env = {
      DATABRICKS_TOKEN: 'sandbox-token',
      GITHUB_SERVER_URL: 'http://ghes.company.test',
      http_proxy: proxy.url,
    };
    const job = { entry, folder, apiUrl: 'http://ghes.company.test/api/v3', env };
    const inputs = { host: sandbox.url };
    const { code, commands } = await runStep(job, pullTrigger(1, 'first'), { id: 1, inputs });
    expect([code, commands]).toEqual([0, []]);
    expect(github.checks()).toHaveLength(1);
    expect(github.comments(1)[0]?.body).toContain('http://ghes.company.test/acme/notifications/blob/');
    expect(new Set(proxy.received.map(({ url }) => url))).toEqual(new Set(['ghes.company.test:80']));
  }, 60_000);
});

/** As GitHub Enterprise Server lays its addresses out. */
function enterpriseServer(upstream: string): Server {
  return createServer((incoming, response) => {
    const path = (incoming.url ?? '').replace(/^\/api\/v3/, '').replace(/^\/api\/graphql/, '/graphql');
    const { method, headers } = incoming;
    const outgoing = request(`${upstream}${path}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
