import type { JsonObject } from '../../src/kinds/client.ts';
import type { KindFixture } from './fixture.ts';

const ID = '9007199254740993';
const NAME = 'etl-pipeline';
const BLOCKS = ['email_notifications', 'webhook_notifications', 'notification_settings', 'health'];

const everyone = ['d1', 'd2', 'oncall@company.test'];

export const fixture: KindFixture = {
  examples: {
    minimal: { name: NAME },
    'by id': { id: ID, notify: { on_failure: ['oncall@company.test'] } },
    'one event': { name: NAME, notify: { on_failure: ['d1', 'oncall@company.test'] } },
    'another recipient': { name: NAME, notify: { on_failure: ['d2', 'oncall@company.test'] } },
    full: {
      name: NAME,
      mode: 'exact',
      strict: true,
      notify: { on_start: everyone, on_success: everyone, on_failure: everyone },
      email_notifications: {
        on_duration_warning_threshold_exceeded: ['slow@company.test'],
        on_streaming_backlog_exceeded: ['late@company.test'],
        on_maintenance_start: ['m@company.test'],
        on_maintenance_complete: [],
      },
      webhook_notifications: {
        on_duration_warning_threshold_exceeded: [{ id: '${destinations.d3.id}' }, 'd1'],
        on_streaming_backlog_exceeded: ['d3'],
        on_maintenance_start: [],
        on_maintenance_complete: ['d3'],
      },
      notification_settings: { no_alert_for_skipped_runs: true, no_alert_for_canceled_runs: false },
      health: {
        rules: [
          { metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 3600 },
          { metric: 'STREAMING_BACKLOG_BYTES', op: 'GREATER_THAN', value: 0 },
          { metric: 'STREAMING_BACKLOG_RECORDS', op: 'GREATER_THAN', value: 9007199254740991 },
          { metric: 'STREAMING_BACKLOG_SECONDS', op: 'GREATER_THAN', value: 60 },
        ],
      },
    },
    ensured: {
      name: NAME,
      mode: 'ensure',
      notify: { on_failure: ['d1', 'oncall@company.test'], on_start: ['d2'] },
      notification_settings: { no_alert_for_skipped_runs: true },
      health: { rules: [{ metric: 'STREAMING_BACKLOG_FILES', op: 'GREATER_THAN', value: 9 }] },
    },
    emptied: {
      name: NAME,
      strict: true,
      notification_settings: { no_alert_for_skipped_runs: false, no_alert_for_canceled_runs: false },
      health: { rules: [] },
    },
  },
  updates: [
    ['one event', 'another recipient'],
    ['one event', 'full'],
    ['full', 'one event'],
    ['full', 'emptied'],
    ['emptied', 'ensured'],
    ['ensured', 'full'],
  ],
  around: {
    destinations: {
      d1: { email: { addresses: ['d1@company.test'] } },
      d2: { email: { addresses: ['d2@company.test'] } },
      d3: { email: { addresses: ['d3@company.test'] } },
    },
  },
  seed: {
    destinations: [
      {
        id: 'f0000000-0000-4000-8000-00000000000f',
        display_name: 'theirs',
        config: { email: { addresses: ['t@company.test'] } },
      },
    ],
    jobs: [
      {
        job_id: ID,
        settings: {
          name: NAME,
          description: 'somebody else’s',
          tags: { env: 'prod' },
          schedule: { quartz_cron_expression: '0 0 * * * ?', timezone_id: 'UTC', pause_status: 'UNPAUSED' },
          an_unknown_key: { deep: [1, { deeper: true }] },
          email_notifications: {
            on_failure: ['theirs@company.test'],
            no_alert_for_skipped_runs: true,
            an_unknown_key: ['x'],
          },
          webhook_notifications: {
            on_failure: [{ id: 'f0000000-0000-4000-8000-00000000000f' }],
            on_unknown: [{ id: 'f0000000-0000-4000-8000-00000000000f', extra: 1 }],
          },
          notification_settings: { no_alert_for_canceled_runs: true, an_unknown_flag: true },
          health: {
            rules: [{ metric: 'STREAMING_BACKLOG_FILES', op: 'GREATER_THAN', value: 5 }],
            an_unknown_key: 'kept',
          },
          tasks: [
            {
              task_key: 'load',
              notebook_task: { notebook_path: '/Shared/load' },
              email_notifications: { on_failure: ['task@company.test'] },
              new_cluster: { spark_version: 'x', apply_policy_default_values: true },
            },
          ],
        },
      },
      {
        job_id: '2',
        settings: { name: 'stranger', email_notifications: { on_failure: ['stranger@company.test'] } },
      },
    ],
  },
  writes: /^POST \/api\/2\.2\/jobs\/(update|reset|create|delete)/,
  reads: '/api/2.2/jobs/*',
  live: ({ jobs }) => jobs.find(({ job_id }) => job_id === ID),
  unmanaged: ({ jobs }) => JSON.stringify(jobs.map((job) => [job.job_id, withoutManaged(job.settings)])),
};

/** Settings without what lakebell knows; what it does not know stays, inside its own blocks too. */
function withoutManaged(settings: JsonObject | { readonly [key: string]: unknown }): unknown {
  const rest = Object.entries(settings).filter(([key]) => !BLOCKS.includes(key));
  const unknown = BLOCKS.map((block) => {
    const fields = Object.entries((settings as Record<string, Record<string, unknown>>)[block] ?? {});
    return [
      block,
      fields.filter(
        ([key]) => /unknown/.test(key) || (block === 'email_notifications' && key.startsWith('no_alert')),
      ),
    ];
  });
  return [Object.fromEntries(rest), unknown];
}
