import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Seconds from the start of the action's process to its first request to the workspace; the middle of several. */
export async function measureFirstRequest(entry: string, times: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'lakebell-bench-'));
  try {
    const config = join(folder, 'notifications.yml');
    await writeFile(config, 'version: 1\ndestinations:\n  d: { email: { addresses: [d@company.test] } }\n');
    const seconds: number[] = [];
    for (let at = 0; at < times; at += 1) seconds.push(await firstRequest(entry, folder));
    return [...seconds].sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function firstRequest(entry: string, folder: string): Promise<number> {
  const server = createServer();
  const came = new Promise<number>((resolve) => server.once('request', () => resolve(performance.now())));
  const host = await listen(server);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [entry], { cwd: folder, env: { ...process.env, ...runnerOf(host) } });
  const at = await came;
  child.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  return (at - startedAt) / 1000;
}

function runnerOf(host: string): Readonly<Record<string, string>> {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_SHA: '0'.repeat(40),
    GITHUB_REPOSITORY: 'acme/data',
    INPUT_MODE: 'plan',
    DATABRICKS_HOST: host,
    DATABRICKS_TOKEN: 'token',
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
