import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlanDocument } from '../src/core/document.ts';
import { measureAllowances } from './allowance.ts';
import { requestBudget, secondsFloor, type Shape } from './budget.ts';
import { append, type Line, readHistory } from './history.ts';
import { type Command, type Cost, measure, middle } from './measure.ts';
import { measureFirstRequest } from './first-request.ts';
import { measureRules } from './rules.ts';
import { renderChanges } from './render.ts';
import { renderTable } from './table.ts';
import { configOf, OWN_DESTINATIONS, SECRETS } from './workload.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const JOBS = 5_000;
const LATENCIES_MS = [0, 50];
const REPEATS = 3;
const FIRST_REQUESTS = 11;
const RENDERED = 5_000;
const NOTHING: Cost = { seconds: 0, cpuSeconds: 0, peakMb: 0, out: '' };

type Stage = {
  readonly entry: string;
  /** What stands in every line. */
  readonly line: Pick<Line, 'date' | 'commit' | 'node' | 'entry'>;
  readonly folder: string;
};

const history = readHistory();
const lines = await measureAll(chooseStage(await mkdtemp(join(tmpdir(), 'lakebell-bench-'))));
process.stdout.write(`\n${renderTable(lines, history)}`);
append(lines);

async function measureAll(stage: Stage): Promise<readonly Line[]> {
  const measured: Line[] = [];
  try {
    measured.push(await startUp(stage), await validation(stage), ...(await action(stage)), rendering(stage));
    for (const named of [20, 2_000]) measured.push(...(await measureWorkspace(stage, named)));
    measured.push(...(await rules(stage)), ...(await allowances(stage)));
    return measured;
  } finally {
    await rm(stage.folder, { recursive: true, force: true });
  }
}

function chooseStage(folder: string): Stage {
  const built = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  const isBuilt = existsSync(built) && !process.argv.includes('--src');
  return {
    entry: isBuilt ? built : fileURLToPath(new URL('../src/cli.ts', import.meta.url)),
    line: {
      date: new Date().toISOString(),
      commit: commitOf(),
      node: process.versions.node,
      entry: isBuilt ? 'dist' : 'src',
    },
    folder,
  };
}

function commitOf(): string | null {
  try {
    const git = (...argv: string[]): string =>
      execFileSync('git', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const commit = git('rev-parse', '--short', 'HEAD').trim();
    return git('--no-optional-locks', 'status', '--porcelain', '--', 'src').trim() === ''
      ? commit
      : `${commit}+`;
  } catch {
    return null;
  }
}

async function startUp(stage: Stage): Promise<Line> {
  const cost = await repeat(REPEATS, { entry: stage.entry, argv: ['--version'], env: {} });
  return lineOf(stage, 'start-up (--version)', cost);
}

async function validation(stage: Stage): Promise<Line> {
  const config = await writeConfig(stage, 2_000);
  const argv = ['validate', '--config', config];
  const cost = await repeat(REPEATS, { entry: stage.entry, argv, env: SECRETS });
  return lineOf(stage, 'validate 2000 jobs', cost);
}

/** What a job waits for before anything is asked of its workspace, and what its checkout brings. */
async function action(stage: Stage): Promise<readonly Line[]> {
  const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  if (!existsSync(entry)) return [];
  const seconds = await measureFirstRequest(entry, FIRST_REQUESTS);
  const line = lineOf(stage, 'action, start to first request', { ...NOTHING, seconds });
  return [{ ...line, bytes: (await stat(entry)).size }];
}

/** The comment, and the job summary that has all of it. */
function rendering(stage: Stage): Line {
  return lineOf(stage, `comment on ${RENDERED} changes`, renderChanges(RENDERED));
}

/** One rule over many jobs. */
async function rules(stage: Stage): Promise<readonly Line[]> {
  const write = (text: string, name: string): Promise<string> => writeText(stage, text, name);
  const measured = await measureRules({ entry: stage.entry, write });
  return measured.map((ruled) => ({
    ...lineOf(stage, ruled.scenario, ruled.cost),
    latency_ms: ruled.latencyMs,
    requests: ruled.requests,
    request_budget: ruled.requestBudget,
    seconds_floor: ruled.secondsFloor === null ? null : round(ruled.secondsFloor),
  }));
}

/** How much of what a workspace allows is used. */
async function allowances(stage: Stage): Promise<readonly Line[]> {
  const write = (text: string, name: string): Promise<string> => writeText(stage, text, name);
  const measured = await measureAllowances({ entry: stage.entry, write });
  return measured.map(({ scenario, cost, latencyMs, requests, share, refused }) => ({
    ...lineOf(stage, scenario, cost),
    latency_ms: latencyMs,
    requests,
    allowance_share: round(share),
    refused,
  }));
}

/** First plans find nothing on record and everything to do; after an apply there is nothing to do. */
async function measureWorkspace(stage: Stage, named: number): Promise<readonly Line[]> {
  const workspace = await openWorkspace(JOBS);
  try {
    const run = { stage, workspace, named, config: await writeConfig(stage, named) };
    const first = await measurePlans(run, 'first plan');
    const applied = await measureApply(run);
    return [...first, applied, ...(await measurePlans(run, 'plan after apply'))];
  } finally {
    await workspace.close();
  }
}

type Run = {
  readonly stage: Stage;
  readonly workspace: Workspace;
  readonly named: number;
  readonly config: string;
};

async function measurePlans(run: Run, what: string): Promise<readonly Line[]> {
  const measured: Line[] = [];
  for (const latencyMs of LATENCIES_MS) {
    await run.workspace.setLatency(latencyMs);
    const cost = await repeat(REPEATS, commandOf(run, 'plan'));
    const document = JSON.parse(cost.out) as PlanDocument;
    const shape: Shape = {
      jobs: JOBS,
      named: run.named,
      destinations: OWN_DESTINATIONS,
      changing: document.summary.update,
    };
    measured.push({
      ...lineOf(run.stage, `${what}, ${run.named} of ${JOBS} jobs`, cost),
      latency_ms: latencyMs,
      requests: document.requests.count,
      request_budget: requestBudget(shape),
      seconds_floor: round(secondsFloor(shape, latencyMs)),
    });
  }
  return measured;
}

/** Once: it cannot be repeated on the same workspace. */
async function measureApply(run: Run): Promise<Line> {
  await run.workspace.setLatency(0);
  const cost = await repeat(1, commandOf(run, 'apply', '--auto-approve'));
  const document = JSON.parse(cost.out) as PlanDocument;
  const line = lineOf(run.stage, `apply, ${run.named} of ${JOBS} jobs`, cost);
  return { ...line, latency_ms: 0, requests: document.requests.count };
}

function commandOf({ stage, workspace, config }: Run, ...argv: string[]): Command {
  return {
    entry: stage.entry,
    argv: [...argv, '--config', config, '--format', 'json'],
    env: { ...SECRETS, ...workspace.env },
  };
}

async function repeat(times: number, command: Command): Promise<Cost> {
  const costs: Cost[] = [];
  for (let at = 0; at < times; at += 1) costs.push(await measure(command));
  return middle(costs);
}

function lineOf({ line }: Stage, scenario: string, cost: Cost): Line {
  process.stderr.write(`${scenario}: ${cost.seconds.toFixed(2)} s\n`);
  return {
    ...line,
    scenario,
    latency_ms: null,
    requests: null,
    request_budget: null,
    seconds: round(cost.seconds),
    seconds_floor: null,
    cpu_seconds: round(cost.cpuSeconds),
    peak_mb: round(cost.peakMb),
  };
}

function round(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}

function writeConfig(stage: Stage, named: number): Promise<string> {
  return writeText(stage, configOf(named), `notifications-${named}.yml`);
}

async function writeText({ folder }: Stage, text: string, name: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}
