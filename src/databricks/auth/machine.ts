/** What methods use of the machine besides its network. */
export type Machine = {
  /** Undefined where there is no such file. */
  readonly readText: (path: string) => Promise<string | undefined>;
  /** Runs a program, without a shell. Undefined where there is no such program. */
  readonly run: (
    program: string,
    args: readonly string[],
    options?: RunOptions,
  ) => Promise<Finished | undefined>;
};

export type RunOptions = {
  /** Laid over the environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** After which it is stopped, and `code` is null. */
  readonly timeoutMs?: number;
};

/** How a program ended, and what it printed. */
export type Finished = { readonly code: number | null; readonly out: string; readonly err: string };
