import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { type Start, startOnWindows } from './windows.ts';

type RunOptions = {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
};

type Finished = { readonly code: number | null; readonly out: string; readonly err: string };

/** The machine that the process runs on, as far as signing in needs it. */
export const localMachine = {
  /** Undefined where there is no such file. */
  readText: async (path: string): Promise<string | undefined> => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  /** Without a shell. Undefined where there is no such program; without a code where it was stopped. */
  run: async (
    program: string,
    args: readonly string[],
    { env = {}, timeoutMs = 0 }: RunOptions = {},
  ): Promise<Finished | undefined> => {
    const start =
      process.platform === 'win32'
        ? await startOnWindows(program, args, { env: process.env, isFile })
        : { file: program, args, isVerbatim: false };
    return start && execute(start, { env: { ...process.env, ...env }, timeoutMs });
  },
};

function execute(
  { file, args, isVerbatim }: Start,
  { env, timeoutMs }: Required<RunOptions>,
): Promise<Finished | undefined> {
  const options = {
    env: { ...env },
    timeout: timeoutMs,
    windowsVerbatimArguments: isVerbatim,
    windowsHide: true,
  };
  return new Promise((resolve) => {
    const child = execFile(file, [...args], options, (error, out, err) => {
      const code = error === null ? 0 : codeOf(error);
      if (code === 'ENOENT' || code === 'EACCES') resolve(undefined);
      else resolve({ code: typeof code === 'number' ? code : null, out, err });
    });
    // Nobody is there to answer what it might ask.
    child.stdin?.end();
  });
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
