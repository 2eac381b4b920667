import { describe, expect, test } from '@jest/globals';
import { field, open, refusal } from '../client.ts';

const PATH = '/api/2.0/lakeview/dashboards';
const dashboards = [
  {
    dashboard_id: 'one',
    display_name: 'One',
    schedules: [
      {
        schedule_id: 's',
        subscriptions: ['a', 'b', 'c'].map((id) => ({
          subscriber: { destination_subscriber: { destination_id: id } },
        })),
      },
      { schedule_id: 'empty' },
    ],
  },
  { dashboard_id: 'two' },
];

describe('dashboards', () => {
  test('are listed without their schedules, which are listed without their subscriptions', async () => {
    const sandbox = await open({ seed: { dashboards } });
    expect((await sandbox.get(PATH)).body).toEqual({
      dashboards: [
        { dashboard_id: 'one', display_name: 'One', lifecycle_state: 'ACTIVE' },
        { dashboard_id: 'two', display_name: 'two', lifecycle_state: 'ACTIVE' },
      ],
    });
    expect((await sandbox.get(`${PATH}/one/schedules`)).body['schedules']).toEqual([
      { dashboard_id: 'one', schedule_id: 's', pause_status: 'UNPAUSED' },
      { dashboard_id: 'one', schedule_id: 'empty', pause_status: 'UNPAUSED' },
    ]);
    expect((await sandbox.get(`${PATH}/two/schedules`)).body).toEqual({});
  });

  test('page their subscriptions, each list with tokens of its own', async () => {
    const sandbox = await open({ seed: { dashboards } });
    const first = await sandbox.get(`${PATH}/one/schedules/s/subscriptions?page_size=2`);
    const token = field(first, 'next_page_token');
    const second = await sandbox.get(`${PATH}/one/schedules/s/subscriptions?page_size=2&page_token=${token}`);
    expect(first.body['subscriptions']).toHaveLength(2);
    expect(second.body).toEqual({
      subscriptions: [
        expect.objectContaining({
          schedule_id: 's',
          subscriber: { destination_subscriber: { destination_id: 'c' } },
        }),
      ],
    });
    expect((await sandbox.get(`${PATH}/one/schedules/empty/subscriptions`)).body).toEqual({});
    expect((await sandbox.get(`${PATH}/one/schedules/empty/subscriptions?page_token=${token}`)).status).toBe(
      400,
    );
  });

  test('answer 404 for what is not there', async () => {
    const sandbox = await open({ seed: { dashboards } });
    for (const path of ['/x/schedules', '/x/schedules/s/subscriptions', '/one/schedules/x/subscriptions']) {
      expect(refusal(await sandbox.get(PATH + path))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    }
  });
});
