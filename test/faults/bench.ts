import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/app/program.ts';
import { terminalHost } from '../../src/host/terminal.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { BARE_MACHINE } from '../support/machine.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** A workspace, a folder with a configuration, and the command line on both; unlike test/support/cli.ts it needs no jest. */
export type Bench = {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** Environment of the commands; change it between them. */
  readonly env: Record<string, string | undefined>;
  readonly path: (name: string) => string;
  /** Runs `lakebell <argv> --config <folder>/notifications.yml`; sleeping moves the clock and takes no time. */
  readonly lakebell: (...argv: string[]) => Promise<Ran>;
  /** Told of every request, counted from 0 since the command began, before it is acted on. */
  onRequest: (at: number) => Promise<void> | void;
};

export type Setting = {
  readonly seed: Seed;
  readonly config: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is made is missing from so many lists; default 0. */
  readonly listLag?: number;
};

/** Everything is closed and removed afterwards. */
export async function withBench<Result>(
  { seed, config, env = {}, listLag = 0 }: Setting,
  use: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'lakebell-faults-'));
  const sandbox = await startSandbox({
    seed,
    behaviour: { latencyMs: 1, listLag },
    sleep: async () => bench.onRequest(sandbox.requests.length - 1),
  });
  const signIn = { DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: 'sandbox-token' };
  const bench = benchOf({ sandbox, folder, env: { ...signIn, ...env } });
  try {
    await writeFile(bench.path('notifications.yml'), config);
    return await use(bench);
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function benchOf({ sandbox, folder, env }: Pick<Bench, 'sandbox' | 'folder' | 'env'>): Bench {
  const path = (name: string): string => join(folder, name);
  let now = Date.UTC(2026, 0, 1);
  const host = {
    ...terminalHost(),
    env,
    isOutTerminal: false,
    isErrTerminal: false,
    ask: null,
    clock: () => (now += 1),
    sleep: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
    random: () => 0.5,
    readProfileFile: () => Promise.resolve(undefined),
    machine: BARE_MACHINE,
    onInterrupt: () => () => undefined,
    processName: 'fault harness',
  };
  return {
    sandbox,
    folder,
    env,
    path,
    onRequest: () => undefined,
    lakebell: async (...argv) => {
      sandbox.resetRequests();
      const printed = { out: '', err: '' };
      const out = (text: string): boolean => Boolean((printed.out += text));
      const err = (text: string): boolean => Boolean((printed.err += text));
      const code = await run([...argv, '--config', path('notifications.yml')], { ...host, out, err });
      return { code, ...printed };
    },
  };
}
