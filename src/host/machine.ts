import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

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
  run: (
    program: string,
    args: readonly string[],
    { env = {}, timeoutMs = 0 }: RunOptions = {},
  ): Promise<Finished | undefined> =>
    new Promise((resolve) => {
      const environment = { ...process.env, ...env };
      execFile(program, [...args], { env: environment, timeout: timeoutMs }, (error, out, err) => {
        const code = error === null ? 0 : codeOf(error);
        if (code === 'ENOENT' || code === 'EACCES') resolve(undefined);
        else resolve({ code: typeof code === 'number' ? code : null, out, err });
      });
    }),
};

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
