import type { SeedJob } from '../../src/sandbox/seed.ts';

/** Shows every part of a row, so that lists are believed about all of them; points at `destination`. */
export function tellingJob(job_id: string, destination: string): SeedJob {
  return {
    job_id,
    creator_user_name: 'somebody@company.test',
    settings: {
      name: 'telling',
      tags: { env: 'other' },
      email_notifications: { on_start: ['a@company.test'] },
      webhook_notifications: { on_start: [{ id: destination }] },
      notification_settings: { no_alert_for_skipped_runs: true },
      health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 60 }] },
      schedule: { quartz_cron_expression: '0 0 * * * ?', timezone_id: 'UTC' },
      deployment: {
        kind: 'BUNDLE',
        metadata_file_path: '/Workspace/Users/a/.bundle/etl/prod/state/metadata.json',
      },
      tasks: [
        {
          task_key: 'one',
          notebook_task: { notebook_path: '/a' },
          email_notifications: { on_start: ['a@company.test'] },
        },
      ],
    },
  };
}
