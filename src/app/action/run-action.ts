import { EXIT, type ExitCode, SettingsError } from '../../core/errors.ts';
import type { GitHubApi } from '../../host/github/api.ts';
import { parseEvent } from '../../host/github/event.ts';
import { readRun } from '../../host/github/run.ts';
import type { Runner } from '../../host/github/runner.ts';
import type { Host } from '../../host/host.ts';
import { inert } from '../../report/inert.ts';
import { codeOf as codeOfError } from '../each-target.ts';
import { printError } from '../print.ts';
import { applyMode } from './apply-mode.ts';
import { chooseMode } from './mode.ts';
import { driftMode } from './drift-mode.ts';
import { type Ended, planMode } from './plan-mode.ts';
import { outputsOf, setOutputs } from './outputs.ts';
import { publish } from './publish.ts';
import { type Mode, readSettings } from './settings.ts';
import { type Stage, annotationOf, collectNotices } from './stage.ts';
import { validateMode } from './validate-mode.ts';
import { codeOf } from './verdict.ts';

/** One step of a workflow, from its inputs to its exit code; nothing is thrown. */
export async function runAction(host: Host, runner: Runner): Promise<ExitCode> {
  try {
    const stage = await openStage(host, runner);
    const { told, urls } = await MODES[stage.mode](stage);
    await publish(stage, told, urls);
    const parts = told.map(({ part }) => part);
    return codeOf({ ...stage.settings, mode: stage.mode }, parts);
  } catch (error) {
    return await reportError(host, runner, error);
  }
}

const MODES: Readonly<Record<Mode, (stage: Stage) => Promise<Ended>>> = {
  validate: validateMode,
  plan: planMode,
  apply: applyMode,
  drift: driftMode,
};

async function openStage(host: Host, runner: Runner): Promise<Stage> {
  const settings = readSettings(runner);
  const event = parseEvent(host.env, await readPayload(host));
  const mode = chooseMode(settings, event);
  const run = readRun(host.env);
  if (settings.workingDirectory !== null) enter(host, settings.workingDirectory);
  const notices = collectNotices();
  return {
    host: { ...host, env: { ...host.env, ...settings.credentials } },
    runner,
    settings,
    mode,
    event,
    run,
    github: gitHubOf(host, settings.githubToken, run),
    notices,
  };
}

function gitHubOf(
  host: Host,
  token: string,
  { repository, apiUrl }: { readonly repository: string; readonly apiUrl: string },
): () => Promise<GitHubApi> {
  let api: Promise<GitHubApi> | undefined;
  const connect = async (): Promise<GitHubApi> => {
    // Loaded when it is needed: the first request goes to the workspace, and waits for nothing.
    const { connectGitHub } = await import('../../host/github/api.ts');
    return connectGitHub({ token, repository, apiUrl, sleep: host.sleep });
  };
  return () => (api ??= connect());
}

async function readPayload(host: Host): Promise<unknown> {
  const path = host.env['GITHUB_EVENT_PATH'];
  if (!path) return {};
  const text = await host.readFile(path).catch((error: unknown) => {
    throw new SettingsError(`the event (${path}) cannot be read`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SettingsError(`the event (${path}) is not JSON`, { cause: error });
  }
}

function enter(host: Host, folder: string): void {
  try {
    host.enterFolder(folder);
  } catch (error) {
    throw new SettingsError(`the working-directory ${folder} cannot be entered`, {
      cause: error,
      hint: 'it starts at the repository; was the repository checked out?',
    });
  }
}

/** What stops the whole run: in the log for whoever reads it, and at the head of the run's page. */
async function reportError(host: Host, runner: Runner, error: unknown): Promise<ExitCode> {
  await printError(host, { color: false, verbose: host.env['RUNNER_DEBUG'] === '1' }, error);
  const code = codeOfError(error);
  const nothing = outputsOf('plan', [], {
    plan: null,
    report: null,
    comment: null,
    check: null,
    issue: null,
  });
  await setOutputs(runner, { ...nothing, refused: code === EXIT.refused });
  const message = error instanceof Error ? error.message : String(error);
  await runner.annotate(annotationOf('error', inert(message)));
  return code;
}
