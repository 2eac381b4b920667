import { afterEach } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { runAction } from '../../src/app/action/run-action.ts';
import type { PlanDocument } from '../../src/core/document.ts';
import type { Runner, RunnerAnnotation } from '../../src/host/github/runner.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { type FakeGitHub, shaOf, startFakeGitHub } from '../github/fake.ts';
import * as payloads from '../github/payloads.ts';
import { type Bench, type Time, hostOf, openBench } from './cli.ts';

export const REPOSITORY = 'acme/notifications';

/** What one step left behind. */
export type Step = {
  readonly code: number;
  /** Its log, both streams. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly RunnerAnnotation[];
  readonly summary: string;
  /** The saved plan; fails where there is none. */
  readonly plan: () => Promise<PlanDocument>;
  readonly report: () => Promise<string>;
};

/** An event as the runner tells of it. */
export type Trigger = {
  readonly name: string;
  readonly sha: string;
  readonly ref: string;
  readonly payload: payloads.Payload;
  readonly actor?: string;
};

export type Inputs = Readonly<Record<string, string>>;

/** A workspace, a GitHub with a repository, its files, and the action in it. */
export type ActionBench = Bench & {
  readonly github: FakeGitHub;
  /** Runs the action on an event; every run gets a number of its own unless it is told to be a later attempt. */
  readonly step: (trigger: Trigger, inputs?: Inputs, run?: RunOptions) => Promise<Step>;
  /** Opens pull request `number` with that commit, and plans it. */
  readonly openPull: (number: number, commit: string, inputs?: Inputs) => Promise<Step>;
  /** Puts another commit at its head, and plans it. */
  readonly pushToPull: (number: number, commit: string, inputs?: Inputs) => Promise<Step>;
  /** Merges it as a squash, and applies. */
  readonly mergePull: (number: number, inputs?: Inputs) => Promise<Step>;
};

export type RunOptions = {
  readonly attempt?: number;
  /** The run that this is another attempt of, or that was started earlier. */
  readonly id?: number;
  readonly env?: Readonly<Record<string, string>>;
};

const open: FakeGitHub[] = [];

afterEach(async () => {
  for (const github of open.splice(0)) await github.close();
});

export async function openAction(options: SandboxOptions = {}, config?: string): Promise<ActionBench> {
  const bench = await openBench(options, config);
  const github = await startFakeGitHub();
  open.push(github);
  const runs = { last: 100 };
  const step: ActionBench['step'] = (trigger, inputs = {}, run = {}) => {
    runs.last += 1;
    const id = run.id ?? runs.last;
    return act({ bench, github }, trigger, { inputs, run: { ...run, id } });
  };
  return { ...bench, github, step, ...journeys(github, step) };
}

/** A pull request's event. */
export function pullTrigger(
  number: number,
  commit: string,
  parts: Partial<payloads.PullRequestEvent> = {},
): Trigger {
  const headSha = shaOf(commit);
  const payload = payloads.pullRequestEvent({
    action: 'opened',
    number,
    headSha,
    headRef: `change-${number}`,
    repository: REPOSITORY,
    ...parts,
  });
  return {
    name: 'pull_request',
    sha: shaOf(`merge of ${commit}`),
    ref: `refs/pull/${number}/merge`,
    payload,
  };
}

/** A push to a branch, the default one where none is named. */
export function pushTrigger(commit: string, branch = 'main', commits: readonly string[] = [commit]): Trigger {
  const ref = `refs/heads/${branch}`;
  const sha = shaOf(commit);
  const payload = payloads.pushEvent({
    ref,
    before: shaOf('before'),
    after: sha,
    commits: commits.map(shaOf),
    repository: REPOSITORY,
  });
  return { name: 'push', sha, ref, payload };
}

export function dispatchTrigger(commit = 'main'): Trigger {
  const ref = 'refs/heads/main';
  const payload = payloads.workflowDispatchEvent({ ref, repository: REPOSITORY });
  return { name: 'workflow_dispatch', sha: shaOf(commit), ref, payload };
}

export function scheduleTrigger(commit = 'main'): Trigger {
  const payload = payloads.scheduleEvent({ schedule: '0 5 * * *', repository: REPOSITORY });
  return { name: 'schedule', sha: shaOf(commit), ref: 'refs/heads/main', payload };
}

function journeys(
  github: FakeGitHub,
  step: ActionBench['step'],
): Pick<ActionBench, 'openPull' | 'pushToPull' | 'mergePull'> {
  return {
    openPull: (number, commit, inputs) => {
      github.openPull({ number, headSha: shaOf(commit), headRef: `change-${number}` });
      return step(pullTrigger(number, commit), inputs);
    },
    pushToPull: (number, commit, inputs) => {
      github.pushToPull(number, shaOf(commit));
      return step(pullTrigger(number, commit, { action: 'synchronize' }), inputs);
    },
    mergePull: (number, inputs) => {
      github.mergePull(number, { sha: shaOf(`squash of ${number}`), method: 'squash' });
      return step(pushTrigger(`squash of ${number}`), inputs);
    },
  };
}

type Place = { readonly bench: Bench; readonly github: FakeGitHub };

async function act(
  { bench, github }: Place,
  trigger: Trigger,
  { inputs, run }: { readonly inputs: Inputs; readonly run: RunOptions & { readonly id: number } },
): Promise<Step> {
  const payload = bench.path('event.json');
  await writeFile(payload, JSON.stringify(trigger.payload));
  const env = {
    ...bench.env,
    ...runnerEnvironment(trigger, { folder: bench.folder, apiUrl: github.url, ...run }),
    GITHUB_EVENT_PATH: payload,
    ...run.env,
  };
  const printed = { out: '', err: '' };
  const time: Time = { now: Date.UTC(2026, 0, 1) + run.id * 60_000, slept: 0, interrupted: new Set() };
  const { runner, left } = recorder({
    'github-token': 'github-token',
    'working-directory': bench.folder,
    ...inputs,
  });
  bench.sandbox.resetRequests();
  const code = await runAction({ ...hostOf({ env, answers: [] }, time, printed), isLog: true }, runner);
  return {
    code,
    log: printed.out + printed.err,
    ...left(),
    plan: async () => JSON.parse(await bench.read(left().outputs['plan-file'] ?? '')) as PlanDocument,
    report: () => bench.read(left().outputs['report-file'] ?? ''),
  };
}

export type RunnerPlace = {
  readonly folder: string;
  readonly apiUrl: string;
  readonly id: number;
  readonly attempt?: number;
};

/** What the runner sets for every step. */
export function runnerEnvironment(trigger: Trigger, place: RunnerPlace): Readonly<Record<string, string>> {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: trigger.name,
    GITHUB_SHA: trigger.sha,
    GITHUB_REF: trigger.ref,
    GITHUB_ACTOR: trigger.actor ?? 'octocat',
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: place.apiUrl,
    GITHUB_RUN_ID: String(9_000_000_000 + place.id),
    GITHUB_RUN_NUMBER: String(place.id),
    GITHUB_RUN_ATTEMPT: String(place.attempt ?? 1),
    GITHUB_WORKSPACE: place.folder,
  };
}

type Left = Pick<Step, 'outputs' | 'annotations' | 'summary'>;

function recorder(inputs: Inputs): { readonly runner: Runner; readonly left: () => Left } {
  const outputs: Record<string, string> = {};
  const annotations: RunnerAnnotation[] = [];
  const page = { text: '' };
  const runner: Runner = {
    input: (name) => inputs[name] ?? '',
    setOutput: async (name, value) => void (outputs[name] = value),
    annotate: async (annotation) => void annotations.push(annotation),
    appendSummary: (markdown) => {
      page.text += markdown;
      return Promise.resolve();
    },
    startGroup: () => Promise.resolve(),
    endGroup: () => Promise.resolve(),
  };
  return { runner, left: () => ({ outputs, annotations, summary: page.text }) };
}
