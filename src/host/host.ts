import type { localMachine } from './machine.ts';

/** Where a command runs: the only door to streams, environment, time and people. */
export type Host = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output: results. */
  readonly out: (text: string) => void;
  /** Standard error: everything else. */
  readonly err: (text: string) => void;
  /** Whether a person sees it, and how wide it is. */
  readonly isOutTerminal: boolean;
  readonly isErrTerminal: boolean;
  readonly columns: number;
  /** Whether standard error is a log that grows before somebody's eyes: long work says now and then that it goes on. */
  readonly isLog: boolean;
  /** Asks on the terminal; null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
  readonly readFile: (path: string) => Promise<string>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
  /** For signing in. */
  readonly machine: typeof localMachine;
  /** Text of the Databricks profile file, or undefined where there is none. */
  readonly readProfileFile: (path: string | undefined) => Promise<string | undefined>;
  /** A new empty folder, for the demo. */
  readonly makeTemporaryFolder: (prefix: string) => Promise<string>;
  /** Relative paths start there from now on. */
  readonly enterFolder: (path: string) => void;
  /** Tells of SIGINT and SIGTERM from now on; call what it gives back to stop telling. */
  readonly onInterrupt: (tell: () => void) => () => void;
  readonly nodeVersion: string;
  readonly platform: string;
  /** Names this machine and process in a lock. */
  readonly processName: string;
};
