import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { Host } from '../host.ts';
import { terminalHost } from '../terminal.ts';

/** What the runner takes from a step besides its log. */
export type Runner = {
  /** As the workflow wrote it, without spaces around; `''` where it was left out. */
  readonly input: (name: string) => string;
  readonly setOutput: (name: string, value: string) => void;
  readonly annotate: (annotation: RunnerAnnotation) => void;
  /** Appends to the job summary. @throws where the runner takes none. */
  readonly appendSummary: (markdown: string) => Promise<void>;
  /** Lines that follow are folded in the log, until `endGroup`. */
  readonly startGroup: (title: string) => void;
  readonly endGroup: () => void;
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
    input: (name) => core.getInput(name),
    setOutput: (name, value) => core.setOutput(name, value),
    annotate,
    appendSummary: async (markdown) => {
      await core.summary.addRaw(markdown, true).write();
    },
    startGroup: (title) => core.startGroup(title),
    endGroup: () => core.endGroup(),
  };
}

/** A machine on which nobody can be asked. `env` is what commands see instead of the process' own. */
export function githubHost(env: Host['env']): Host {
  return {
    ...terminalHost(),
    env,
    ask: null,
    // Emptied after the job, and out of the way of the repository's files.
    makeTemporaryFolder: (prefix) => mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), prefix)),
    isOutTerminal: false,
    isErrTerminal: false,
    columns: 120,
  };
}

function annotate({ level, title, message, file, line, column }: RunnerAnnotation): void {
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
