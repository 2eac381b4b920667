import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';

export type Process = {
  readonly child: ChildProcess;
  /** What it printed on standard error, and how it ended. */
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly err: string;
  }>;
};

/** `lakebell <argv>` on a bench as a process of its own. */
export function startProcess(
  bench: Pick<Bench, 'env' | 'folder' | 'path'>,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Process {
  const entry = fileURLToPath(new URL(ENTRY, import.meta.url));
  const config = ['--config', bench.path('notifications.yml')];
  // With whatever this process was started with, cheap.ts for one: it must understand the record.
  const child = spawn(process.execPath, [...process.execArgv, entry, ...argv, ...config], {
    env: { ...bench.env, ...env, ...ENVIRONMENT, HOME: bench.folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { child, ended: endOf(child) };
}

/** Where types are not stripped, the bundle stands in. */
const ENTRY = process.features.typescript === false ? '../../dist/cli.js' : '../../src/cli.ts';

/** Taking the types off costs half of a start, and is the same every time. */
const ENVIRONMENT = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: join(tmpdir(), 'lakebell-faults-compile-cache'),
};

async function endOf(child: ChildProcess): Promise<Awaited<Process['ended']>> {
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, err };
}
