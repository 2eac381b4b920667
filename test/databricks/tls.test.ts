import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { type Loopback, startProxy } from './support/loopback.ts';

const AUTHORITY = inSupport('tls/authority.pem');
/** CommonJS packages inside an ES module ask for it. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const NAMED = 'https://a.workspace.test';

/** A workspace whose certificate is its own authority; it counts what reached it. */
let workspace: { readonly server: Server; readonly port: number; readonly authorizations: string[] };
let proxy: Loopback;
/** What asks, as a program that any Node runs. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakebell-test-'));
  await build({
    entryPoints: [inSupport('ask-once.ts')],
    outfile: join(folder, 'ask-once.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: REQUIRE },
  });
  const authorizations: string[] = [];
  const cert = readFileSync(AUTHORITY);
  const server = createServer({ cert, key: readFileSync(inSupport('tls/key.pem')) }, (request, response) => {
    authorizations.push(String(request.headers.authorization));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  workspace = { server, port: (server.address() as AddressInfo).port, authorizations };
  proxy = await startProxy(workspace.port);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await proxy.close();
  workspace.server.closeAllConnections();
  workspace.server.close();
});

describe('a certificate', () => {
  test.each([
    ['nobody vouches for', {}],
    ['nobody vouches for, where the environment would let it pass', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ])('that %s is refused before a token is sent', async (_what, env) => {
    const outcomes = await ask(env, `https://127.0.0.1:${workspace.port}`);
    expect(outcomes).toHaveLength(3);
    for (const outcome of outcomes) expect(outcome).toContain('does not trust the certificate');
    expect(workspace.authorizations).toEqual([]);
  });

  test('that NODE_EXTRA_CA_CERTS vouches for is accepted, through a proxy in one tunnel', async () => {
    const env = { NODE_EXTRA_CA_CERTS: AUTHORITY };
    expect(await ask(env, `https://127.0.0.1:${workspace.port}`)).toEqual(['200', '200', '200']);
    expect(await ask(env, NAMED, proxy.url)).toEqual(['200', '200', '200']);
    expect(proxy.received.map(({ url }) => url)).toEqual(['a.workspace.test:443']);
    // Only the workspace was told who asks.
    expect(proxy.received.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
    expect(workspace.authorizations).toEqual(Array.from({ length: 6 }, () => 'Bearer token-of-the-tls-test'));
  });

  test('of another name is refused', async () => {
    const outcomes = await ask({ NODE_EXTRA_CA_CERTS: AUTHORITY }, 'https://b.workspace.test', proxy.url);
    for (const outcome of outcomes) expect(outcome).toContain('does not trust the certificate');
  });
});

function inSupport(name: string): string {
  return fileURLToPath(new URL(`support/${name}`, import.meta.url));
}

async function ask(env: Record<string, string>, ...argv: string[]): Promise<readonly string[]> {
  const { NODE_EXTRA_CA_CERTS: _ca, NODE_TLS_REJECT_UNAUTHORIZED: _tls, ...rest } = process.env;
  const script = [join(folder, 'ask-once.mjs'), ...argv];
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', ...script], {
    env: { ...rest, ...env },
  });
  return JSON.parse(stdout) as readonly string[];
}
