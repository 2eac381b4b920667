import { manyJobs } from '../src/sandbox/many-jobs.ts';
import type { Seed, SeedJob } from '../src/sandbox/seed.ts';
import { workspaceOf } from './workload.ts';

/** Every third job of `manyJobs` carries this tag. */
const SHARE = 3;

/** A workspace of `count` jobs with five tasks each, one of which shows everything that a job can have. */
export function ruledWorkspaceOf(count: number): Seed {
  const seed = workspaceOf(0);
  const foreign = (seed.destinations ?? []).flatMap(({ id }) => (id === undefined ? [] : [id])).slice(0, 2);
  const jobs = manyJobs(count - 1, { tasks: 5, destinations: foreign });
  return { ...seed, jobs: [...jobs, telling(foreign[0] ?? '')] };
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

/** Lists are believed about what some row of them shows. */
function telling(destination: string): SeedJob {
  return {
    job_id: '999999999999',
    settings: {
      name: 'shows-everything',
      tags: { env: 'test' },
      email_notifications: { on_start: ['team@sandbox.test'] },
      webhook_notifications: { on_start: [{ id: destination }] },
      notification_settings: { no_alert_for_skipped_runs: true },
      health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 3600 }] },
      schedule: { quartz_cron_expression: '0 0 6 * * ?', timezone_id: 'UTC' },
      deployment: {
        kind: 'BUNDLE',
        metadata_file_path: '/Workspace/Users/a/.bundle/a/prod/state/metadata.json',
      },
      tasks: [
        {
          task_key: 'first',
          notebook_task: { notebook_path: '/Shared/notebooks/first' },
          email_notifications: { on_start: ['team@sandbox.test'] },
        },
      ],
    },
  };
}
