import { describe, expect, test } from '@jest/globals';
import { isSame, type Spec } from '../../../src/core/value.ts';
import { parseJson } from '../../../src/databricks/json.ts';
import { observeJob } from '../../../src/kinds/job/observe.ts';
import { kindNamed, UUID_A, UUID_B } from '../../support/builders.ts';

const observe = (settings: unknown, jobId: number | string = 1) =>
  observeJob(parseJson(`{"job_id":${jobId},"settings":${JSON.stringify(settings)}}`));

const hook = (id: string) => ({ on_failure: [{ id }] });

describe('observeJob', () => {
  test('keeps ids above 2^53 digit for digit', () => {
    expect(observe({ name: 'etl' }, '9007199254740993')).toMatchObject({
      id: '9007199254740993',
      name: 'etl',
    });
  });

  test.each<[string, unknown]>([
    ['absent blocks', {}],
    [
      'empty blocks',
      { email_notifications: {}, webhook_notifications: {}, notification_settings: {}, health: {} },
    ],
    [
      'null blocks',
      { email_notifications: null, webhook_notifications: null, notification_settings: null, health: null },
    ],
    [
      'empty lists and false flags',
      {
        email_notifications: { on_failure: [] },
        webhook_notifications: { on_failure: [] },
        notification_settings: { no_alert_for_skipped_runs: false },
        health: { rules: [] },
      },
    ],
    [
      'nulls within',
      {
        email_notifications: { on_failure: null },
        notification_settings: { no_alert_for_skipped_runs: null },
      },
    ],
  ])('takes %s for nothing set', (_name, settings) => {
    const { spec } = observe(settings);
    expect(Object.values(spec).every((value) => isSame(value, null))).toBe(true);
  });

  test('reads every event, those that we do not know included', () => {
    const { spec } = observe({
      email_notifications: { on_failure: ['a'], on_comet: ['b'], no_alert_for_skipped_runs: true },
    });
    expect(spec).toEqual({ 'email_notifications.on_failure': ['a'], 'email_notifications.on_comet': ['b'] });
  });

  test('does not mind the order of webhooks', () => {
    const [there, back] = [
      [UUID_A, UUID_B],
      [UUID_B, UUID_A],
    ].map(
      (ids) =>
        observe({ webhook_notifications: { on_failure: ids.map((id) => ({ id })) } }).spec[
          'webhook_notifications.on_failure'
        ],
    );
    expect(isSame(there, back)).toBe(true);
  });

  test.each([
    ['a number', { metric: 'RUN_DURATION_SECONDS', value: 60 }, 60],
    ['a text', { metric: 'RUN_DURATION_SECONDS', value: '60' }, 60],
    ['left out', { metric: 'RUN_DURATION_SECONDS' }, 0],
  ])('reads a threshold that is %s', (_name, rule, expected) => {
    expect(observe({ health: { rules: [rule] } }).spec).toEqual({ 'health.RUN_DURATION_SECONDS': expected });
  });

  test.each([
    [{ kind: 'BUNDLE' }, ['bundle']],
    [{ kind: 'SYSTEM_MANAGED' }, ['system-managed']],
    [{ kind: 'OTHER' }, []],
    [{}, []],
  ])('finds the owner in %j', (deployment, reasons) => {
    expect(observe({ deployment }).obstacles.map(({ reason }) => reason)).toEqual(reasons);
  });
});

test('tells where the metadata of its bundle lie', () => {
  const deployment = { kind: 'BUNDLE', metadata_file_path: '/x/state/metadata.json' };
  expect(observe({ deployment }).metadataPath).toBe('/x/state/metadata.json');
});

describe('what a job uses', () => {
  test.each<[string, unknown, string]>([
    ['the job', { webhook_notifications: hook(UUID_A) }, 'webhook_notifications.on_failure'],
    [
      'an event that we do not know',
      { webhook_notifications: { on_comet: [{ id: UUID_A }] } },
      'webhook_notifications.on_comet',
    ],
    [
      'a task',
      { tasks: [{ task_key: 't', webhook_notifications: hook(UUID_A) }] },
      'tasks.t.webhook_notifications.on_failure',
    ],
    [
      'a nested task',
      { tasks: [{ task_key: 't', for_each_task: { task: { webhook_notifications: hook(UUID_A) } } }] },
      'tasks.t.for_each.webhook_notifications.on_failure',
    ],
    [
      'a legacy alert',
      {
        tasks: [
          {
            task_key: 't',
            sql_task: { alert: { subscriptions: [{ user_name: 'u' }, { destination_id: UUID_A }] } },
          },
        ],
      },
      'tasks.t.sql_task.alert.subscriptions',
    ],
    [
      'a legacy dashboard',
      {
        tasks: [{ task_key: 't', sql_task: { dashboard: { subscriptions: [{ destination_id: UUID_A }] } } }],
      },
      'tasks.t.sql_task.dashboard.subscriptions',
    ],
    [
      'an alert',
      { tasks: [{ task_key: 't', alert_task: { subscribers: [{ destination_id: UUID_A }] } }] },
      'tasks.t.alert_task.subscribers',
    ],
    [
      'a dashboard',
      {
        tasks: [
          { task_key: 't', dashboard_task: { subscription: { subscribers: [{ destination_id: UUID_A }] } } },
        ],
      },
      'tasks.t.dashboard_task.subscription.subscribers',
    ],
    [
      'an alert in a nested task',
      {
        tasks: [
          {
            task_key: 't',
            for_each_task: { task: { alert_task: { subscribers: [{ destination_id: UUID_A }] } } },
          },
        ],
      },
      'tasks.t.for_each.alert_task.subscribers',
    ],
  ])('is found in %s', (_name, settings, place) => {
    expect(observe(settings).uses).toEqual([{ kind: 'destination', id: UUID_A, place }]);
  });

  test('is nothing where nobody but users subscribe', () => {
    expect(
      observe({ tasks: [{ task_key: 't', alert_task: { subscribers: [{ user_name: 'u@company.test' }] } }] })
        .uses,
    ).toEqual([]);
  });
});

describe('the judgement of a job', () => {
  const judge = (spec: Spec) => kindNamed('job').judge(spec, { changed: [], consents: [] });
  const ids = (count: number): string[] => Array.from({ length: count }, (_none, at) => `id-${at}`);

  test.each([
    [3, []],
    [4, ['more-than-three']],
  ])('of %i destinations for one event', (count, reasons) => {
    expect(
      judge({ 'webhook_notifications.on_start': ids(count) }).obstacles.map(({ reason }) => reason),
    ).toEqual(reasons);
    expect(judge({ 'email_notifications.on_start': ids(count) }).obstacles).toEqual([]);
  });

  test.each<[string, Spec, number]>([
    [
      'a duration event without its rule',
      { 'email_notifications.on_duration_warning_threshold_exceeded': ['a'] },
      1,
    ],
    [
      'a duration event with its rule',
      {
        'email_notifications.on_duration_warning_threshold_exceeded': ['a'],
        'health.RUN_DURATION_SECONDS': 0,
      },
      0,
    ],
    [
      'a duration event with a rule that goes',
      {
        'webhook_notifications.on_duration_warning_threshold_exceeded': ['a'],
        'health.RUN_DURATION_SECONDS': null,
      },
      1,
    ],
    [
      'a backlog event with a rule of another family',
      { 'email_notifications.on_streaming_backlog_exceeded': ['a'], 'health.RUN_DURATION_SECONDS': 1 },
      1,
    ],
    [
      'a backlog event with any backlog rule',
      { 'email_notifications.on_streaming_backlog_exceeded': ['a'], 'health.STREAMING_BACKLOG_FILES': 1 },
      0,
    ],
    [
      'a duration event that tells nobody',
      { 'email_notifications.on_duration_warning_threshold_exceeded': [] },
      0,
    ],
    ['any other event', { 'email_notifications.on_failure': ['a'] }, 0],
  ])('warns of %s', (_name, spec, count) => {
    expect(judge(spec).warnings.length).toBe(count);
  });

  test('counts who is told of a failure on both sides', () => {
    const audience = (spec: Spec) => kindNamed('job').audience(spec);
    expect(
      audience({ 'email_notifications.on_failure': ['a'], 'webhook_notifications.on_failure': ['b', 'c'] }),
    ).toEqual({ job: 3 });
    expect(audience({ 'email_notifications.on_success': ['a'] })).toEqual({ job: 0 });
  });
});
