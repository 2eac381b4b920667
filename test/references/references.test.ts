import { describe, expect, test } from '@jest/globals';
import { UnavailableError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/kinds/client.ts';
import { SCANNERS } from '../../src/references/references.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { aClient } from '../databricks/support/a-client.ts';
import { openKind } from '../kinds/workspace.ts';

const ID = 'dddddddd-0000-4000-8000-000000000001';
const destinations = [{ id: ID, display_name: 'd', config: { email: { addresses: ['d@company.test'] } } }];

async function scan(what: string, seed: Seed) {
  const { sandbox } = await openKind('job', { seed: { destinations, ...seed } });
  const scanner = SCANNERS.find((one) => one.what === what);
  if (scanner === undefined) throw new Error(`nothing scans ${what}`);
  return { sandbox, find: () => scanner.find(aClient(sandbox)) };
}

function anAlert(id: string, parts: JsonObject = {}): JsonObject {
  const subscriptions: JsonObject[] = [{ user_email: 'someone@company.test' }, { destination_id: ID }];
  return { id, display_name: `Errors ${id}`, evaluation: { notification: { subscriptions } }, ...parts };
}

describe('users among SQL alerts', () => {
  test('are those that subscribe a destination, with name, place and page', async () => {
    const { find } = await scan('SQL alerts', { alerts: [anAlert('a 1'), anAlert('b', { evaluation: {} })] });
    expect(await find()).toEqual([
      {
        kind: 'destination',
        id: ID,
        place: 'evaluation.notification.subscriptions',
        user: 'alert/a 1',
        name: 'Errors a 1',
        page: '/sql/alerts-v2/a%201',
      },
    ]);
  });

  test('are found on every page, those in the trash left out', async () => {
    const alerts = Array.from({ length: 230 }, (_none, at) =>
      anAlert(`a${at}`, { lifecycle_state: at < 10 ? 'DELETED' : 'ACTIVE' }),
    );
    const { find } = await scan('SQL alerts', { alerts });
    expect((await find()).length).toBe(220);
  });
});

describe('users among dashboard schedules', () => {
  const subscription = { subscriber: { destination_subscriber: { destination_id: ID } } };
  const user = { subscriber: { user_subscriber: { user_id: '7' } } };

  test('are those that a schedule sends to, with name, place and page', async () => {
    const schedules = [{ schedule_id: 's', subscriptions: [user, subscription] }, { schedule_id: 'empty' }];
    const { find } = await scan('dashboard schedules', {
      dashboards: [{ dashboard_id: 'da', display_name: 'Sales', schedules }, { dashboard_id: 'none' }],
    });
    expect(await find()).toEqual([
      {
        kind: 'destination',
        id: ID,
        place: 'schedules.s.subscriptions',
        user: 'dashboard/da',
        name: 'Sales',
        page: '/dashboardsv3/da/published',
      },
    ]);
  });

  test.each<[string, (many: number) => Seed]>([
    [
      'dashboards',
      (many) => ({
        dashboards: of(many, (at) => ({
          dashboard_id: `d${at}`,
          schedules: [{ schedule_id: 's', subscriptions: [subscription] }],
        })),
      }),
    ],
    [
      'schedules',
      (many) => ({
        dashboards: [
          {
            dashboard_id: 'd',
            schedules: of(many, (at) => ({ schedule_id: `s${at}`, subscriptions: [subscription] })),
          },
        ],
      }),
    ],
    [
      'subscriptions',
      (many) => ({
        dashboards: [
          {
            dashboard_id: 'd',
            schedules: [{ schedule_id: 's', subscriptions: of(many, () => subscription) }],
          },
        ],
      }),
    ],
  ])('are found on every page of %s', async (_what, seed) => {
    const { find } = await scan('dashboard schedules', seed(45));
    expect((await find()).length).toBe(45);
  });

  test.each([
    ['the dashboards', '*/lakeview/dashboards'],
    ['the second page of them', '*/lakeview/dashboards?*page_token*'],
    ['one schedule', '*/d44/schedules'],
    ['one list of subscribers', '*/d44/schedules/s/subscriptions'],
  ])('are unknown where %s cannot be read', async (_what, path) => {
    const dashboards = of(45, (at) => ({ dashboard_id: `d${at}`, schedules: [{ schedule_id: 's' }] }));
    const { sandbox, find } = await scan('dashboard schedules', { dashboards });
    sandbox.fault({ kind: 'status', status: 500, path, times: Infinity });
    await expect(find()).rejects.toThrow(UnavailableError);
  });
});

function of<Item>(many: number, make: (at: number) => Item): readonly Item[] {
  return Array.from({ length: many }, (_none, at) => make(at));
}
