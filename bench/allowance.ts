import type { PlanDocument } from '../src/core/document.ts';
import type { RateLimits } from '../src/sandbox/behaviour.ts';
import { allowanceOf } from '../src/sandbox/rate-limiter.ts';
import type { LoggedRequest } from '../src/sandbox/world.ts';
import { type Cost, measure } from './measure.ts';
import { configOf, SECRETS } from './workload.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** What an apply made of the writes that a workspace allowed. */
export type Allowance = {
  readonly scenario: string;
  readonly cost: Cost;
  readonly latencyMs: number;
  readonly requests: number;
  /** Of these, with 429. */
  readonly refused: number;
  /** From the first write to the last: writes, of those that were allowed in that time; from 0 to 1. */
  readonly share: number;
};

export type AllowancePlace = {
  readonly entry: string;
  /** Writes a configuration, and gives its path. */
  readonly write: (text: string, name: string) => Promise<string>;
};

const JOBS = 200;
const LATENCY_MS = 50;
/** As Databricks publishes them. */
const LIMITS: RateLimits = { list: 20, get: 20, update: 10 };

const SCENARIOS: readonly { readonly what: string; readonly writes: number; readonly limits: RateLimits }[] =
  [
    { what: '10 writes a second', writes: 150, limits: LIMITS },
    { what: '5 of 10 writes a second, Retry-After', writes: 100, limits: { ...LIMITS, othersShare: 0.5 } },
    {
      what: '5 of 10 writes a second, no Retry-After',
      writes: 100,
      limits: { ...LIMITS, othersShare: 0.5, retryAfter: false },
    },
  ];

/** An apply in each of the scenarios, in real time: about half a minute each. */
export async function measureAllowances(place: AllowancePlace): Promise<readonly Allowance[]> {
  const measured: Allowance[] = [];
  for (const { what, writes, limits } of SCENARIOS) {
    const workspace = await openWorkspace(JOBS);
    try {
      const config = await place.write(configOf(writes), `allowance-${writes}.yml`);
      await behave(workspace, limits);
      const cost = await measure({
        entry: place.entry,
        argv: ['apply', '--auto-approve', '--config', config, '--format', 'json'],
        // As it is away from loopback, where the published limits are kept.
        env: { ...SECRETS, ...workspace.env, DATABRICKS_RATE_LIMIT: '20' },
      });
      measured.push({
        scenario: `apply, ${what}`,
        cost,
        latencyMs: LATENCY_MS,
        ...(await outcomeOf(workspace, cost, limits)),
      });
    } finally {
      await workspace.close();
    }
  }
  return measured;
}

async function outcomeOf(
  workspace: Workspace,
  { out }: Cost,
  limits: RateLimits,
): Promise<Pick<Allowance, 'requests' | 'refused' | 'share'>> {
  const seen = (await (await workspace.ask('requests')).json()) as {
    readonly requests: readonly LoggedRequest[];
  };
  const updates = seen.requests.filter(({ path }) => path.endsWith('/jobs/update'));
  const times = updates.filter(({ status }) => status === 200).map(({ atMs }) => atMs);
  const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
  return {
    requests: (JSON.parse(out) as PlanDocument).requests.count,
    refused: seen.requests.filter(({ status }) => status === 429).length,
    share: (times.length - 1) / (seconds * allowanceOf('update', limits, 0)),
  };
}

async function behave(workspace: Workspace, rateLimits: RateLimits): Promise<void> {
  const body = JSON.stringify({ rateLimits, latencyMs: LATENCY_MS });
  await workspace.ask('behaviour', { method: 'PATCH', body });
}
