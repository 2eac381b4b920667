import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../core/errors.ts';
import type { Host } from './host.ts';
import { localMachine } from './machine.ts';

/** The machine and the terminal that the process was started on. */
export function terminalHost(): Host {
  const isAsked = process.stdin.isTTY && process.stderr.isTTY;
  return {
    env: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isOutTerminal: process.stdout.isTTY,
    isErrTerminal: process.stderr.isTTY,
    columns: process.stdout.columns ?? process.stderr.columns ?? 80,
    isLog: false,
    ask: isAsked ? ask : null,
    clock: () => Date.now(),
    sleep: (ms) => sleep(ms),
    random: () => Math.random(),
    readFile: (path) => readFile(path, 'utf8'),
    writeFile: (path, text) => writeFile(path, text),
    readProfileFile,
    machine: localMachine,
    makeTemporaryFolder: (prefix) => mkdtemp(join(tmpdir(), prefix)),
    enterFolder: (path) => process.chdir(path),
    onInterrupt,
    nodeVersion: process.versions.node,
    platform: process.platform,
    processName: `${userInfo().username}@${hostname()} process ${process.pid}`,
  };
}

/** Ctrl-D is no answer; Ctrl-C ends the command. */
async function ask(question: string): Promise<string> {
  // Loaded when it is needed: Node versions without it must get as far as the line that says what is needed.
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve, reject) => {
    reader.once('SIGINT', () => reject(new InterruptedError('interrupted: nothing was applied')));
    reader.once('close', () => resolve(''));
  });
  try {
    return await Promise.race([reader.question(question), ended]);
  } finally {
    reader.close();
  }
}

function readProfileFile(path: string | undefined): Promise<string | undefined> {
  const named = path?.replace(/^~(?=\/|$)/, homedir());
  return localMachine.readText(named ?? join(homedir(), '.databrickscfg'));
}

function onInterrupt(tell: () => void): () => void {
  process.on('SIGINT', tell);
  process.on('SIGTERM', tell);
  return () => {
    process.off('SIGINT', tell);
    process.off('SIGTERM', tell);
  };
}
