import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Core from '@actions/core';
import type { Host } from '../host.ts';
import { terminalHost } from '../terminal.ts';

/** What the runner takes from a step besides its log. */
export type Runner = {
  /** As the workflow wrote it, without spaces around; `''` where it was left out. */
  readonly input: (name: string) => string;
  readonly setOutput: (name: string, value: string) => Promise<void>;
  readonly annotate: (annotation: RunnerAnnotation) => Promise<void>;
  /** Appends to the job summary. @throws where the runner takes none. */
  readonly appendSummary: (markdown: string) => Promise<void>;
  /** Lines that follow are folded in the log, until `endGroup`. */
  readonly startGroup: (title: string) => Promise<void>;
  readonly endGroup: () => Promise<void>;
};

export type RunnerAnnotation = {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  /** From the repository's root; null for none. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
};

/** The runner of GitHub Actions, through its official toolkit, which escapes what becomes a command. */
export function githubRunner(): Runner {
  return {
    // As the runner hands inputs over; the toolkit reads no more of them than this.
    input: (name) => (process.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim(),
    setOutput: async (name, value) => (await toolkit()).setOutput(name, value),
    annotate,
    appendSummary: async (markdown) => {
      const { summary } = await toolkit();
      await summary.addRaw(markdown, true).write();
    },
    startGroup: async (title) => (await toolkit()).startGroup(title),
    endGroup: async () => (await toolkit()).endGroup(),
  };
}

/** Loaded when it is first needed, as it brings an HTTP client of its own: the request to the workspace need not wait for it. */
function toolkit(): Promise<typeof Core> {
  return import('@actions/core');
}

/** A machine on which nobody can be asked. */
export function githubHost(): Host {
  return {
    ...terminalHost(),
    ask: null,
    // Emptied after the job, and out of the way of the repository's files.
    makeTemporaryFolder: (prefix) => mkdtemp(join(process.env['RUNNER_TEMP'] || tmpdir(), prefix)),
    isOutTerminal: false,
    isErrTerminal: false,
    columns: 120,
    isLog: true,
  };
}

async function annotate({ level, title, message, file, line, column }: RunnerAnnotation): Promise<void> {
  const core = await toolkit();
  const place = {
    title,
    ...(file === null ? {} : { file }),
    ...(file === null || line === null ? {} : { startLine: line }),
    ...(file === null || column === null ? {} : { startColumn: column }),
  };
  if (level === 'error') core.error(message, place);
  else if (level === 'warning') core.warning(message, place);
  else core.notice(message, place);
}
