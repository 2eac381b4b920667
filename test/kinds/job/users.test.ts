import { describe, expect, test } from '@jest/globals';
import { PermissionError } from '../../../src/core/errors.ts';
import type { Json } from '../../../src/kinds/client.ts';
import type { Behaviour } from '../../../src/sandbox/behaviour.ts';
import type { SeedJob } from '../../../src/sandbox/seed.ts';
import { UUID_A } from '../../support/builders.ts';
import { asked, openKind } from '../workspace.ts';

const destinations = [
  { id: UUID_A, display_name: 'slack', config: { email: { addresses: ['a@company.test'] } } },
];
const hook = { webhook_notifications: { on_failure: [{ id: UUID_A }] } };
const subscribed = { subscribers: [{ destination_id: UUID_A }] };

const aJob = (job_id: string, settings: Record<string, Json>): SeedJob => ({
  job_id,
  settings: { name: `job ${job_id}`, ...settings },
});

async function usersOf(jobs: readonly SeedJob[], behaviour: Partial<Behaviour> = {}) {
  const { sandbox, api } = await openKind('job', { seed: { destinations, jobs }, behaviour });
  const users = (await api.users?.()) ?? [];
  return {
    users,
    requests: asked(sandbox),
    told: users.map(({ user, place }) => `${user} ${place}`).sort(),
  };
}

describe('users of destinations among jobs', () => {
  const everywhere = [
    aJob('1', hook),
    aJob('2', {
      tasks: [
        { task_key: 'a', ...hook },
        { task_key: 'b', for_each_task: { inputs: '[]', task: { task_key: 'n', ...hook } } },
        {
          task_key: 'c',
          sql_task: { alert: { alert_id: 'x', subscriptions: [{ destination_id: UUID_A }] } },
        },
        {
          task_key: 'd',
          sql_task: { dashboard: { dashboard_id: 'x', subscriptions: [{ destination_id: UUID_A }] } },
        },
        { task_key: 'e', alert_task: subscribed },
        { task_key: 'f', dashboard_task: { dashboard_id: 'x', subscription: subscribed } },
      ],
    }),
    aJob('3', { tasks: [{ task_key: 'a' }] }),
  ];
  const places = [
    'job/1 webhook_notifications.on_failure',
    'job/2 tasks.a.webhook_notifications.on_failure',
    'job/2 tasks.b.for_each.webhook_notifications.on_failure',
    'job/2 tasks.c.sql_task.alert.subscriptions',
    'job/2 tasks.d.sql_task.dashboard.subscriptions',
    'job/2 tasks.e.alert_task.subscribers',
    'job/2 tasks.f.dashboard_task.subscription.subscribers',
  ];

  test('are found wherever they point from, with one list', async () => {
    const { told, requests, users } = await usersOf(everywhere);
    expect(told).toEqual(places);
    expect(requests.length).toBe(1);
    expect(users.find(({ user }) => user === 'job/1')).toMatchObject({ name: 'job 1', page: '/jobs/1' });
    expect(new Set(users.map(({ kind, id }) => `${kind}/${id}`))).toEqual(new Set([`destination/${UUID_A}`]));
  });

  test('are read one by one where no row shows a webhook', async () => {
    const { told, requests } = await usersOf(everywhere, { listOmits: ['webhook_notifications'] });
    expect(told).toEqual(places);
    expect(requests.filter((request) => request.includes('/jobs/get')).length).toBe(3);
  });

  test('are found behind the hundredth task', async () => {
    const tasks = Array.from({ length: 130 }, (_none, at) => ({
      task_key: `t${at}`,
      ...(at === 129 ? hook : {}),
    }));
    const { told } = await usersOf([aJob('1', hook), aJob('2', { tasks })]);
    expect(told).toEqual([
      'job/1 webhook_notifications.on_failure',
      'job/2 tasks.t129.webhook_notifications.on_failure',
    ]);
  });

  test('are found on every page', async () => {
    const jobs = Array.from({ length: 230 }, (_none, at) => aJob(String(at + 1), hook));
    expect((await usersOf(jobs)).told.length).toBe(230);
  });

  test('are unknown where one job may not be read', async () => {
    const { sandbox, api } = await openKind('job', {
      seed: { destinations, jobs: [aJob('1', {}), aJob('2', {})] },
    });
    sandbox.fault({
      kind: 'status',
      status: 403,
      path: '*?job_id=2*',
      times: Infinity,
      body: { error_code: 'PERMISSION_DENIED', message: 'no' },
    });
    await expect(api.users?.()).rejects.toThrow(PermissionError);
  });
});
