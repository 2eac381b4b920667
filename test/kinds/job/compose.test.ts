import { describe, expect, test } from '@jest/globals';
import type { ResolvedSpec } from '../../../src/core/value.ts';
import type { JsonObject } from '../../../src/kinds/client.ts';
import { composeSettings } from '../../../src/kinds/job/compose.ts';

const compose = (fresh: JsonObject, spec: ResolvedSpec) => composeSettings(fresh, spec, Object.keys(spec));

describe('composeSettings', () => {
  test('sends a block with everything that was in it, what it does not know included', () => {
    const fresh = {
      name: 'etl',
      tasks: [{ task_key: 't' }],
      email_notifications: {
        on_start: ['s'],
        on_failure: ['old'],
        on_comet: ['c'],
        no_alert_for_skipped_runs: true,
        x: { y: 1 },
      },
      webhook_notifications: { on_failure: [{ id: 'a' }] },
    };
    expect(compose(fresh, { 'email_notifications.on_failure': ['new'] })).toEqual({
      new_settings: { email_notifications: { ...fresh.email_notifications, on_failure: ['new'] } },
      fields_to_remove: [],
    });
  });

  test('sends only the fields that changed, whatever else is wished for', () => {
    const spec = {
      'email_notifications.on_failure': ['a'],
      'webhook_notifications.on_failure': ['b'],
      'email_notifications.on_start': ['z'],
    };
    expect(composeSettings({}, spec, ['email_notifications.on_failure'])).toEqual({
      new_settings: { email_notifications: { on_failure: ['a'] } },
      fields_to_remove: [],
    });
  });

  test('keeps what an element holds besides its id', () => {
    const kept: JsonObject = { id: 'a', extra: { deep: 1 } };
    const fresh: JsonObject = { webhook_notifications: { on_failure: [kept, { id: 'b' }] } };
    expect(compose(fresh, { 'webhook_notifications.on_failure': ['c', 'a'] }).new_settings).toEqual({
      webhook_notifications: { on_failure: [{ id: 'c' }, kept] },
    });
  });

  test('takes an emptied event out, and keeps the rest of the block', () => {
    const fresh = { email_notifications: { on_start: ['s'], on_failure: ['f'] } };
    expect(compose(fresh, { 'email_notifications.on_failure': [] })).toEqual({
      new_settings: { email_notifications: { on_start: ['s'] } },
      fields_to_remove: [],
    });
  });

  test.each<[string, JsonObject, ResolvedSpec]>([
    ['email_notifications', { on_failure: ['f'] }, { 'email_notifications.on_failure': [] }],
    ['webhook_notifications', { on_failure: [{ id: 'f' }] }, { 'webhook_notifications.on_failure': null }],
    [
      'notification_settings',
      { no_alert_for_skipped_runs: true },
      { 'notification_settings.no_alert_for_skipped_runs': null },
    ],
    [
      'health',
      { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 1 }] },
      { 'health.RUN_DURATION_SECONDS': null },
    ],
  ])('removes %s by name where nothing is left of it', (block, before, spec) => {
    expect(compose({ [block]: before }, spec)).toEqual({ new_settings: {}, fields_to_remove: [block] });
  });

  test('sets a flag to false in so many words', () => {
    const fresh = { notification_settings: { no_alert_for_skipped_runs: true, unknown: true } };
    expect(compose(fresh, { 'notification_settings.no_alert_for_skipped_runs': false }).new_settings).toEqual(
      {
        notification_settings: { no_alert_for_skipped_runs: false, unknown: true },
      },
    );
  });

  test('sets some blocks and removes others in one request', () => {
    const fresh = { email_notifications: { on_failure: ['f'] } };
    const spec = {
      'email_notifications.on_failure': [],
      'notification_settings.no_alert_for_skipped_runs': true,
    };
    expect(compose(fresh, spec)).toEqual({
      new_settings: { notification_settings: { no_alert_for_skipped_runs: true } },
      fields_to_remove: ['email_notifications'],
    });
  });
});

describe('composed health rules', () => {
  const rule = (metric: string, value: number, more: JsonObject = {}): JsonObject => ({
    metric,
    op: 'GREATER_THAN',
    value,
    ...more,
  });
  const foreign = [
    rule('STREAMING_BACKLOG_FILES', 1),
    rule('RUN_DURATION_SECONDS', 2, { extra: 'kept' }),
    rule('NEW_METRIC', 3),
  ];

  test.each<[string, ResolvedSpec, JsonObject]>([
    [
      'changes one in its place',
      { 'health.RUN_DURATION_SECONDS': 9 },
      { rules: [foreign[0]!, rule('RUN_DURATION_SECONDS', 9, { extra: 'kept' }), foreign[2]!] },
    ],
    ['removes one', { 'health.RUN_DURATION_SECONDS': null }, { rules: [foreign[0]!, foreign[2]!] }],
    [
      'adds one behind',
      { 'health.STREAMING_BACKLOG_BYTES': 0 },
      { rules: [...foreign, rule('STREAMING_BACKLOG_BYTES', 0)] },
    ],
    ['does not add one that is to go', { 'health.STREAMING_BACKLOG_BYTES': null }, { rules: foreign }],
  ])('%s', (_name, spec, expected) => {
    expect(compose({ health: { rules: foreign, unknown: 1 } }, spec).new_settings).toEqual({
      health: { ...expected, unknown: 1 },
    });
  });

  test('leave one of two rules for a metric', () => {
    const twice = { health: { rules: [rule('RUN_DURATION_SECONDS', 1), rule('RUN_DURATION_SECONDS', 2)] } };
    expect(compose(twice, { 'health.RUN_DURATION_SECONDS': 3 }).new_settings).toEqual({
      health: { rules: [rule('RUN_DURATION_SECONDS', 3)] },
    });
  });

  test('leaves what stays as it came, in its order, and twice where it stood there twice', () => {
    const list: JsonObject[] = [
      { id: 'b' },
      { id: 'gone' },
      { id: 'a', extra: 1 },
      { id: 'b' },
      { id: 'gone' },
    ];
    const fresh: JsonObject = { webhook_notifications: { on_failure: list } };
    expect(compose(fresh, { 'webhook_notifications.on_failure': ['a', 'b'] }).new_settings).toEqual({
      webhook_notifications: { on_failure: [list[0], list[2], list[3]] },
    });
  });

  const people: JsonObject[] = [
    { user_name: 'someone@company.test' },
    { destination_id: 'gone' },
    { destination_id: 'a', extra: 1 },
    { unknown: true },
  ];
  const left = [people[0], people[2], people[3]];

  test.each<[string, (list: readonly unknown[]) => unknown]>([
    [
      'sql_task.alert.subscriptions',
      (list) => ({ sql_task: { warehouse_id: 'w', alert: { alert_id: 'x', subscriptions: list } } }),
    ],
    [
      'sql_task.dashboard.subscriptions',
      (list) => ({ sql_task: { dashboard: { subscriptions: list, pause_subscriptions: true } } }),
    ],
    [
      'alert_task.subscribers',
      (list) => ({ alert_task: { subscribers: list, workspace_path: '/Workspace/x' } }),
    ],
    [
      'dashboard_task.subscription.subscribers',
      (list) => ({
        dashboard_task: { dashboard_id: 'd', subscription: { custom_subject: 's', subscribers: list } },
      }),
    ],
  ])('takes a destination out of %s, and nothing else of the task', (field, around) => {
    const task = (list: readonly unknown[]) => ({
      task_key: 't',
      cluster: 1,
      ...(around(list) as JsonObject),
    });
    const each = (list: readonly unknown[]) => ({
      task_key: 't',
      for_each_task: { inputs: '[]', task: task(list) },
    });
    const tasks = [{ task_key: 'other' }, task(people)];
    expect(compose({ tasks }, { [`tasks.t.${field}`]: ['a'] }).new_settings).toEqual({ tasks: [task(left)] });
    expect(compose({ tasks: [each(people)] }, { [`tasks.t.for_each.${field}`]: ['a'] }).new_settings).toEqual(
      {
        tasks: [each(left)],
      },
    );
    const onlyGone = [{ destination_id: 'gone' }];
    expect(compose({ tasks: [task(onlyGone)] }, { [`tasks.t.${field}`]: [] }).new_settings).toEqual({
      tasks: [task([])],
    });
  });
});
