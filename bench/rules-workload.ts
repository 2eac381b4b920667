import { manyJobs } from '../src/sandbox/many-jobs.ts';
import type { Seed } from '../src/sandbox/seed.ts';
import { tellingJob } from '../test/support/telling-job.ts';
import { workspaceOf } from './workload.ts';

/** Every third job of `manyJobs` carries this tag. */
const SHARE = 3;

/** A workspace of `count` jobs with five tasks each, one of which shows everything that a job can have. */
export function ruledWorkspaceOf(count: number): Seed {
  const seed = workspaceOf(0);
  const foreign = (seed.destinations ?? []).flatMap(({ id }) => (id === undefined ? [] : [id])).slice(0, 2);
  const jobs = manyJobs(count - 1, { tasks: 5, destinations: foreign });
  // The newest: lists come in that order, and are believed about what some row of them shows.
  return { ...seed, jobs: [...jobs, tellingJob('999999999999', foreign[0] ?? '')] };
}

/** How many jobs of such a workspace the rule selects. */
export function selectedOf(count: number): number {
  return Math.ceil((count - 1) / SHARE);
}

/** The destinations of the other scenarios, and one rule over jobs by their tag. */
export function ruledConfig(base: string): string {
  const rule = [
    'rules:\n',
    '  production:\n',
    '    select: { tags: { env: prod } }\n',
    '    notify: { on_failure: [channel-1, oncall@sandbox.test] }\n',
  ];
  return base.replace(/^jobs:\n/m, rule.join(''));
}
