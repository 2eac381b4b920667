import { describe, expect, test } from '@jest/globals';
import { IdRef, Ref, type Spec } from '../../../src/core/value.ts';
import { jobBundleBlock } from '../../../src/kinds/job/bundle-block.ts';

const slack = new Ref('destination/team-slack');
const other = new IdRef('destination', 'aaaaaaaa-0000-4000-8000-000000000001');

const TARGET: Spec = {
  'email_notifications.on_start': ['start@company.test'],
  'email_notifications.on_failure': ['b@company.test', 'a@company.test'],
  'webhook_notifications.on_failure': [slack, other],
  'notification_settings.no_alert_for_skipped_runs': true,
  'notification_settings.no_alert_for_canceled_runs': false,
  'health.RUN_DURATION_SECONDS': 3600,
  'health.STREAMING_BACKLOG_FILES': null,
  'health.STREAMING_BACKLOG_BYTES': '9007199254740993',
  'tasks.load': 'plain',
  'tasks.load.email_notifications.on_failure': [],
  'tasks.load.health.RUN_DURATION_SECONDS': 5,
  'tasks.fan_out': 'plain',
  'tasks.fan_out.for_each': 'plain',
  'tasks.fan_out.for_each.webhook_notifications.on_success': [slack],
};

describe('jobBundleBlock', () => {
  test.each<[string, readonly string[], object]>([
    ['nothing', [], {}],
    [
      'one event, sorted, and no other',
      ['email_notifications.on_failure'],
      { email_notifications: { on_failure: ['a@company.test', 'b@company.test'] } },
    ],
    [
      'destinations by id',
      ['webhook_notifications.on_failure'],
      { webhook_notifications: { on_failure: [{ id: other }, { id: slack }] } },
    ],
    [
      'flags, also one that is off',
      ['notification_settings.no_alert_for_skipped_runs', 'notification_settings.no_alert_for_canceled_runs'],
      { notification_settings: { no_alert_for_canceled_runs: false, no_alert_for_skipped_runs: true } },
    ],
    [
      'every health rule that stays, as the list is one value',
      ['health.RUN_DURATION_SECONDS', 'health.STREAMING_BACKLOG_FILES'],
      {
        health: {
          rules: [
            { metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 3600 },
            { metric: 'STREAMING_BACKLOG_BYTES', op: 'GREATER_THAN', value: 9007199254740993n },
          ],
        },
      },
    ],
    [
      'an emptied event of a task',
      ['tasks.load.email_notifications.on_failure'],
      { tasks: [{ task_key: 'load', email_notifications: { on_failure: [] } }] },
    ],
    [
      'the task inside a for-each task',
      ['tasks.fan_out.for_each.webhook_notifications.on_success', 'tasks.load.health.RUN_DURATION_SECONDS'],
      {
        tasks: [
          {
            task_key: 'fan_out',
            for_each_task: { task: { webhook_notifications: { on_success: [{ id: slack }] } } },
          },
          {
            task_key: 'load',
            health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 5 }] },
          },
        ],
      },
    ],
  ])('holds %s', (_name, paths, expected) => {
    expect(jobBundleBlock(paths, TARGET)).toEqual(expected);
  });

  test('ends with an empty list where the last rule goes', () => {
    expect(jobBundleBlock(['health.A'], { 'health.A': null })).toEqual({ health: { rules: [] } });
  });
});
