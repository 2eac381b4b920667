import type { PlanDocument } from '../src/core/document.ts';
import type { RateLimits } from '../src/sandbox/behaviour.ts';
import { requestBudget, secondsFloorByRule, type Shape } from './budget.ts';
import { type Command, type Cost, measure, middle } from './measure.ts';
import { ruledConfig, selectedOf } from './rules-workload.ts';
import { configOf, OWN_DESTINATIONS, SECRETS } from './workload.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** One figure of a configuration with one rule. */
export type Ruled = {
  readonly scenario: string;
  readonly cost: Cost;
  readonly latencyMs: number;
  readonly requests: number;
  readonly requestBudget: number | null;
  readonly secondsFloor: number | null;
};

export type RulesPlace = {
  readonly entry: string;
  /** Writes a configuration, and gives its path. */
  readonly write: (text: string, name: string) => Promise<string>;
};

const SIZES = [1_000, 5_000, 10_000];
const LATENCIES_MS = [0, 50];
const REPEATS = 3;
/** A third of these are selected. */
const JOBS_OF_THE_LONG_APPLY = 3_001;
const LONG_LATENCY_MS = 50;
/** As Databricks publishes them. */
const LIMITS: RateLimits = { list: 20, get: 20, update: 10 };

/** Plans by rule over workspaces of three sizes, before and after their apply, then an apply at the published rates. */
export async function measureRules(place: RulesPlace): Promise<readonly Ruled[]> {
  const config = await place.write(ruledConfig(configOf(0)), 'rules.yml');
  const measured: Ruled[] = [];
  for (const jobs of SIZES) measured.push(...(await measureSize(place, config, jobs)));
  return [...measured, ...(await measureLongApply(place, config))];
}

type Site = { readonly place: RulesPlace; readonly config: string; readonly workspace: Workspace };

async function measureSize(place: RulesPlace, config: string, jobs: number): Promise<readonly Ruled[]> {
  const workspace = await openWorkspace(jobs, 'ruled');
  const site = { place, config, workspace };
  try {
    const first = await measurePlans(site, jobs, 'first plan by rule');
    await behave(workspace, { latencyMs: 0 });
    const what = `apply by rule, ${selectedOf(jobs)} of ${jobs} jobs`;
    const apply = await measured(site, what, { argv: ['apply', '--auto-approve'], times: 1, latencyMs: 0 });
    const after = await measurePlans(site, jobs, 'plan by rule after apply');
    return [...first, { ...apply, requestBudget: null, secondsFloor: null }, ...after];
  } finally {
    await workspace.close();
  }
}

async function measurePlans(site: Site, jobs: number, what: string): Promise<readonly Ruled[]> {
  const lines: Ruled[] = [];
  for (const latencyMs of LATENCIES_MS) {
    await behave(site.workspace, { latencyMs });
    const scenario = `${what}, ${selectedOf(jobs)} of ${jobs} jobs`;
    const line = await measured(site, scenario, { argv: ['plan'], times: REPEATS, latencyMs });
    // Whatever changes, no job is read by itself but the few that lists are held against.
    const shape: Shape = { jobs, named: jobs, destinations: OWN_DESTINATIONS, changing: 0 };
    lines.push({
      ...line,
      requestBudget: requestBudget(shape),
      secondsFloor: secondsFloorByRule(jobs, latencyMs),
    });
  }
  return lines;
}

/** As it is away from loopback, where the published limits are kept. The run after it must not write. */
async function measureLongApply(place: RulesPlace, config: string): Promise<readonly Ruled[]> {
  const jobs = JOBS_OF_THE_LONG_APPLY;
  const workspace = await openWorkspace(jobs, 'ruled');
  const site = { place, config, workspace };
  try {
    await behave(workspace, { latencyMs: LONG_LATENCY_MS, rateLimits: LIMITS });
    const writes = selectedOf(jobs);
    const turn = { argv: ['apply', '--auto-approve'], times: 1, latencyMs: LONG_LATENCY_MS, rate: '20' };
    const apply = await measured(
      site,
      `apply by rule at 10 writes a second, ${writes} of ${jobs} jobs`,
      turn,
    );
    await forget(workspace);
    const again = await measured(site, `the same again, nothing to do`, turn);
    const written = await writesIn(workspace);
    if (written > 0) throw new Error(`a run with nothing to do made ${written} write requests`);
    const floor = writes / (LIMITS.update ?? 1);
    return [
      { ...apply, requestBudget: null, secondsFloor: floor },
      { ...again, requestBudget: null, secondsFloor: null },
    ];
  } finally {
    await workspace.close();
  }
}

type Turn = {
  readonly argv: readonly string[];
  readonly times: number;
  readonly latencyMs: number;
  readonly rate?: string;
};

async function measured(
  { place, config, workspace }: Site,
  scenario: string,
  { argv, times, latencyMs, rate }: Turn,
): Promise<Omit<Ruled, 'requestBudget' | 'secondsFloor'>> {
  const limit: Record<string, string> = rate === undefined ? {} : { DATABRICKS_RATE_LIMIT: rate };
  const command: Command = {
    entry: place.entry,
    argv: [...argv, '--config', config, '--format', 'json'],
    env: { ...SECRETS, ...workspace.env, ...limit },
  };
  const costs: Cost[] = [];
  for (let at = 0; at < times; at += 1) costs.push(await measure(command));
  const cost = middle(costs);
  return { scenario, cost, latencyMs, requests: (JSON.parse(cost.out) as PlanDocument).requests.count };
}

async function behave(workspace: Workspace, behaviour: Record<string, unknown>): Promise<void> {
  await workspace.ask('behaviour', { method: 'PATCH', body: JSON.stringify(behaviour) });
}

async function forget(workspace: Workspace): Promise<void> {
  await workspace.ask('requests', { method: 'DELETE' });
}

/** Requests that were no reads, since they were last forgotten. */
async function writesIn(workspace: Workspace): Promise<number> {
  const answer = await workspace.ask('requests');
  const { requests } = (await answer.json()) as { readonly requests: readonly { readonly method: string }[] };
  return requests.filter(({ method }) => method !== 'GET').length;
}
