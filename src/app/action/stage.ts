import type { GitHubApi } from '../../host/github/api.ts';
import { GitHubError } from '../../host/github/error.ts';
import type { Event } from '../../host/github/event.ts';
import type { Run } from '../../host/github/run.ts';
import type { Runner, RunnerAnnotation } from '../../host/github/runner.ts';
import type { Host } from '../../host/host.ts';
import type { Annotation } from '../../report/annotations.ts';
import { type Phrase, message, plain, say } from '../../report/phrase.ts';
import type { ApplyOptions } from '../options.ts';
import type { ActionSettings, Mode } from './settings.ts';

/** One run of the action: what it was told, where it is, and the doors that it has. */
export type Stage = {
  readonly host: Host;
  readonly runner: Runner;
  readonly settings: ActionSettings;
  readonly mode: Mode;
  readonly event: Event;
  readonly run: Run;
  /** Made when it is first needed: a plan is read before GitHub is asked anything. */
  readonly github: () => Promise<GitHubApi>;
  readonly notices: Notices;
};

/** What went wrong on the side, which never decides whether the run is green. */
export type Notices = {
  readonly warn: (text: Phrase) => void;
  readonly all: () => readonly Phrase[];
};

export function collectNotices(): Notices {
  const told: Phrase[] = [];
  return { warn: (text) => told.push(text), all: () => told };
}

/** Does what is not the run's purpose; where that fails, null, and a warning that names the missing permission. */
export async function onTheSide<Answer>(
  { notices, event }: Pick<Stage, 'notices' | 'event'>,
  permission: string,
  act: () => Promise<Answer>,
): Promise<Answer | null> {
  try {
    return await act();
  } catch (error) {
    notices.warn(sideProblem(error, event.isUntrusted ? null : permission));
    return null;
  }
}

/** What went wrong and, where rights are missing, which line of the workflow gives them; null where none could. */
function sideProblem(error: unknown, permission: string | null): Phrase {
  const said = error instanceof Error ? error.message : String(error);
  if (!(error instanceof GitHubError && error.isMissingPermission)) return [message(said)];
  return permission === null
    ? say`${message(said)}; pull requests from forks and Dependabot get a token that only reads`
    : say`${message(said)}; the job lacks the permission ${permission}`;
}

/** The commit that is planned: of a pull request its last one, not the merge with its base. */
export function plannedSha({ event }: Pick<Stage, 'event'>): string {
  return event.pull?.headSha ?? event.groupSha ?? event.sha;
}

/** The same options that the command line would have read. */
export function optionsOf({ settings, host }: Pick<Stage, 'settings' | 'host'>): ApplyOptions {
  const { config, host: address, allow, noRemovals, approve } = settings;
  return {
    config,
    target: undefined,
    allTargets: settings.targets === '*',
    format: 'text',
    profile: undefined,
    host: address,
    color: false,
    verbose: host.env['RUNNER_DEBUG'] === '1',
    quiet: true,
    out: undefined,
    only: [],
    detailedExitcode: false,
    requireSecrets: false,
    explain: [],
    rotate: [],
    replace: [],
    allow,
    approve: approve.by === 'digest' ? approve.digest : undefined,
    plan: undefined,
    autoApprove: approve.by === 'none',
    noRemovals,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
  };
}

/** Two merges shortly after one another wait for each other; a job has hours. */
const LOCK_TIMEOUT_MS = 10 * 60_000;

export function warningOf(text: Phrase): Annotation {
  return annotationOf('warning', plain(text));
}

export function annotationOf(level: RunnerAnnotation['level'], text: string): Annotation {
  return { level, title: 'lakebell', message: text, file: null, line: null, column: null };
}
