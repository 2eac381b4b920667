import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { run } from '../../src/app/program.ts';
import type { PlanDocument } from '../../src/core/document.ts';
import type { Host } from '../../src/host/host.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Machine } from '../../src/databricks/auth/machine.ts';
import { BARE_MACHINE } from './machine.ts';

/** What one command printed, and how it ended. */
export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** A workspace, a folder with a configuration, and the command line on both. */
export type Bench = {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** Environment of the commands; change it between them. */
  readonly env: Record<string, string | undefined>;
  /** Answers to questions on the terminal; without any there is no terminal. */
  readonly answers: string[];
  /** Files and programs that signing in finds: none, unless a test puts them there. */
  readonly machine: Machine;
  /** Writes `notifications.yml`, or another file beside it. */
  readonly write: (text: string, name?: string) => Promise<void>;
  readonly read: (name: string) => Promise<string>;
  readonly path: (name: string) => string;
  /** Runs `lakebell <argv> --config <folder>/notifications.yml`. */
  readonly lakebell: (...argv: string[]) => Promise<Ran>;
  /** `lakebell` with another configuration file; a relative one is seen from the repository's folder. */
  readonly lakebellOn: (config: string, ...argv: string[]) => Promise<Ran>;
  /** `lakebell` with `--format json`, parsed. */
  readonly document: (...argv: string[]) => Promise<PlanDocument>;
  /** Requests of the last command that were not reads, as `METHOD path`. */
  readonly writes: () => readonly string[];
  /** Milliseconds that were slept in all; sleeping moves the clock and takes no time. */
  readonly slept: () => number;
  /** Lets time go by between two commands, in milliseconds. */
  readonly wait: (ms: number) => void;
  /** What Ctrl-C does to the command that runs. */
  readonly interrupt: () => void;
};

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/**
 * Everything is closed and removed after the test.
 * @param ownTime for what sleeps at one time; otherwise sleeping moves the clock at once.
 */
export async function openBench(
  options: SandboxOptions = {},
  config?: string,
  ownTime?: Pick<Host, 'clock' | 'sleep'>,
): Promise<Bench> {
  const sandbox = await startSandbox(options);
  const folder = await mkdtemp(join(tmpdir(), 'lakebell-test-'));
  open.push(
    () => sandbox.close(),
    () => rm(folder, { recursive: true, force: true }),
  );
  const token = options.seed?.identities?.[0]?.token ?? 'sandbox-token';
  const env: Record<string, string | undefined> = { DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: token };
  const bench = benchOf({ sandbox, folder, env, answers: [], machine: { ...BARE_MACHINE } }, ownTime);
  if (config !== undefined) await bench.write(config);
  return bench;
}

export type Parts = Pick<Bench, 'sandbox' | 'folder' | 'env' | 'answers' | 'machine'>;

function benchOf(parts: Parts, ownTime: Pick<Host, 'clock' | 'sleep'> | undefined): Bench {
  const { sandbox, folder } = parts;
  const time = { now: Date.UTC(2026, 0, 1), slept: 0, interrupted: new Set<() => void>() };
  const path = (name: string): string => join(folder, name);
  const lakebellOn: Bench['lakebellOn'] = async (config, ...argv) => {
    sandbox.resetRequests();
    const printed = { out: '', err: '' };
    const host = { ...hostOf(parts, time, printed), ...ownTime };
    const code = await run([...argv, '--config', config], host);
    return { code, ...printed };
  };
  const lakebell: Bench['lakebell'] = (...argv) => lakebellOn(path('notifications.yml'), ...argv);
  return {
    ...parts,
    path,
    lakebell,
    lakebellOn,
    write: (text, name = 'notifications.yml') => writeFile(path(name), text),
    read: (name) => readFile(path(name), 'utf8'),
    document: async (...argv) => {
      const { out, err } = await lakebell(...argv, '--format', 'json');
      if (out === '') throw new Error(`no document was printed: ${err}`);
      return JSON.parse(out) as PlanDocument;
    },
    writes: () =>
      sandbox.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path: of }) => `${method} ${of}`),
    slept: () => time.slept,
    wait: (ms) => {
      time.now += ms;
    },
    interrupt: () => {
      for (const tell of time.interrupted) tell();
    },
  };
}

export type Time = { now: number; slept: number; readonly interrupted: Set<() => void> };

export function hostOf(
  parts: Pick<Parts, 'env' | 'answers'> & Partial<Pick<Parts, 'machine'>>,
  time: Time,
  printed: { out: string; err: string },
): Host {
  const { answers } = parts;
  return {
    env: parts.env,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    isOutTerminal: false,
    isErrTerminal: false,
    columns: 100,
    isLog: false,
    ask: answers.length === 0 ? null : () => Promise.resolve(answers.shift() ?? ''),
    clock: () => (time.now += 1),
    sleep: (ms) => {
      time.now += ms;
      time.slept += ms;
      return Promise.resolve();
    },
    random: () => 0.5,
    readFile: (file) => readFile(file, 'utf8'),
    writeFile: (file, text) => writeFile(file, text),
    readProfileFile: () => Promise.resolve(undefined),
    machine: parts.machine ?? BARE_MACHINE,
    enterFolder: (folder) => {
      const before = process.cwd();
      process.chdir(folder);
      open.push(() => Promise.resolve(process.chdir(before)));
    },
    makeTemporaryFolder: () => mkdtemp(join(tmpdir(), 'lakebell-test-')),
    onInterrupt: (tell) => {
      time.interrupted.add(tell);
      return () => time.interrupted.delete(tell);
    },
    nodeVersion: process.versions.node,
    platform: 'linux',
    processName: 'test process',
  };
}
