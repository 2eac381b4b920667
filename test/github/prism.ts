import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters, types } from 'node:util';

/** Prism in front of an API: what breaks GitHub's description is stopped, on the way there and on the way back. */
export type Prism = {
  readonly url: string;
  /** May be called twice. */
  readonly close: () => Promise<void>;
};

const require = createRequire(import.meta.url);

const DESCRIPTION = fileURLToPath(new URL('openapi.json', import.meta.url));
const PROBLEM = 'https://stoplight.io/prism/errors';

export async function startPrism(upstreamUrl: string): Promise<Prism> {
  const bin = require.resolve('@stoplight/prism-cli');
  const options = ['--errors', '--multiprocess=false', '--host=127.0.0.1', '--port=0'];
  const child = spawn(process.execPath, [bin, 'proxy', DESCRIPTION, upstreamUrl, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const url = await listening(child);
  return {
    url,
    close: async () => {
      process.off('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      kill();
      await gone;
    },
  };
}

/** @throws Error with all that Prism printed, when it ends before it listens. */
async function listening(child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  const { stdout, stderr } = child;
  let printed = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += stripVTControlCharacters(chunk.toString('utf8'));
      const url = /Prism is listening on (http:\S+)\n/.exec(printed)?.[1];
      if (url === undefined) return;
      for (const stream of [stdout, stderr]) stream.off('data', read).resume();
      resolve(url);
    };
    stdout.on('data', read);
    stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Prism ended with ${code}:\n${printed}`)));
  });
}

/**
 * Whether an answer's body is Prism's own, with status 422 for a request, 500 for an answer, 404 or 405 for what
 * the description does not have.
 */
export function isViolation(body: unknown): boolean {
  return violationIn(body) !== null;
}

/** What Prism has against a request or an answer; null for a body that is not Prism's own. */
export function violationIn(body: unknown): string | null {
  const text = textOf(body);
  return text.startsWith(`{"type":"${PROBLEM}`) ? text : null;
}

/** Octokit hands application/problem+json out as bytes. */
function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (types.isAnyArrayBuffer(body)) return Buffer.from(body).toString('utf8');
  return JSON.stringify(body) ?? '';
}
