import { readFile } from 'node:fs/promises';
import type { PlanDocument } from '../../../../src/core/document.ts';
import { shaOf } from '../../../github/fake.ts';
import type { Seed } from '../../../../src/sandbox/seed.ts';
import {
  type ActionBench,
  type Inputs,
  type RunOptions,
  type Step,
  openAction,
  pullTrigger,
  pushTrigger,
} from '../../../support/action.ts';

/** Somebody else's job, which tells one address when it starts. */
export const ETL: Seed = {
  jobs: [{ job_id: '7', settings: { name: 'etl', email_notifications: { on_start: ['a@company.test'] } } }],
};

/** One destination, and who is told when the job fails: two operations. */
export const CONFIG = `version: 1
name: data-platform
destinations:
  leads: { email: { addresses: [leads@company.test] } }
jobs:
  etl: { notify: { on_failure: [leads, x@company.test] } }
`;
export const CHECK = 'lakebell/data-platform';

/** Nothing but destinations, named as the keys. */
export function destinations(...keys: readonly string[]): string {
  const lines = keys.map((key) => `  ${key}: { email: { addresses: [${key}@company.test] } }\n`);
  return `version: 1\nname: data-platform\ndestinations:\n${lines.join('')}`;
}

/** Two targets in one workspace, told apart by the names of their destinations. */
export const TWO_TARGETS = `version: 1
name: data-platform
targets:
  dev: {}
  prod: {}
destinations:
  leads: { display_name: "leads \${target.name}", email: { addresses: [leads@company.test] } }
`;

export function openEtl(config: string = CONFIG): Promise<ActionBench> {
  return openAction({ seed: ETL }, config);
}

/** Merges a pull request without looking at it, as a squash. */
export function land({ github }: ActionBench, number: number): void {
  github.mergePull(number, { sha: shaOf(`squash of ${number}`), method: 'squash' });
}

/** The apply of a squash that is merged, again or for the first time. */
export function applySquash(
  bench: ActionBench,
  number: number,
  inputs: Inputs = {},
  run: RunOptions = {},
): Promise<Step> {
  return bench.step(pushTrigger(`squash of ${number}`), inputs, run);
}

/** Plans the head of a pull request once more, or in another way. */
export function planAgain(
  bench: ActionBench,
  { number, commit }: { readonly number: number; readonly commit: string },
  inputs: Inputs = {},
  run: RunOptions = {},
): Promise<Step> {
  return bench.step(pullTrigger(number, commit, { action: 'synchronize' }), inputs, run);
}

/** Text of the one comment that people see. */
export function shown(bench: ActionBench, number = 1): string {
  const [only, ...others] = visible(bench, number);
  if (only === undefined || others.length > 0)
    throw new Error(`${others.length + 1} or no comments are shown`);
  return only.body;
}

export function visible({ github }: ActionBench, number = 1): ReturnType<ActionBench['github']['comments']> {
  return github.comments(number).filter(({ isMinimized }) => !isMinimized);
}

/** What was asked of GitHub that changes something, as `METHOD path`; asking who we are does not. */
export function gitHubWrites({ github }: ActionBench): readonly string[] {
  return github.requests
    .filter(({ method, body }) => method !== 'GET' && !JSON.stringify(body).includes('viewer'))
    .map(({ method, path }) => `${method} ${path.replace('/repos/acme/notifications', '')}`);
}

export function namesIn({ sandbox }: ActionBench): readonly string[] {
  return sandbox
    .snapshot()
    .destinations.map(({ display_name: name }) => name)
    .sort();
}

/** State of every outcome, as `address state`. */
export async function outcomesOf(step: Step): Promise<readonly string[]> {
  const { outcomes = [] } = await savedPlan(step);
  return outcomes.map(({ address, state }) => `${address} ${state}`);
}

export async function savedPlan({ outputs }: Step): Promise<PlanDocument> {
  return JSON.parse(await readFile(outputs['plan-file'] ?? '', 'utf8')) as PlanDocument;
}

/** Messages of annotations of one level, as one text. */
export function said({ annotations }: Step, level: Step['annotations'][number]['level']): string {
  return annotations
    .filter((annotation) => annotation.level === level)
    .map(({ message }) => message)
    .join('\n');
}
