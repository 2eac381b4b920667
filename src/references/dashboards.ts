import type { User } from '../core/guard.ts';
import { asList, asObject, asText, type ApiClient, type Json } from '../kinds/client.ts';

const DASHBOARDS = '/api/2.0/lakeview/dashboards';

/** Subscribers of dashboard schedules; there is no list across dashboards, so each is asked for its schedules. */
export async function findDashboardUsers(client: ApiClient): Promise<readonly User[]> {
  const dashboards = await all(client, DASHBOARDS, 'dashboards');
  const found = await Promise.all(dashboards.map((dashboard) => usersOf(client, dashboard)));
  return found.flat();
}

async function usersOf(client: ApiClient, dashboard: Json): Promise<readonly User[]> {
  const { dashboard_id: id, display_name: name } = asObject(dashboard);
  const path = `${DASHBOARDS}/${encodeURIComponent(asText(id))}/schedules`;
  const schedules = await all(client, path, 'schedules');
  const found = await Promise.all(
    schedules.map(async (schedule) => {
      const scheduleId = asText(asObject(schedule)['schedule_id']);
      const subscriptions = await all(
        client,
        `${path}/${encodeURIComponent(scheduleId)}/subscriptions`,
        'subscriptions',
      );
      return subscriptions.flatMap((subscription) =>
        userOf(subscription, `dashboard "${asText(name)}" (${asText(id)})`),
      );
    }),
  );
  return found.flat();
}

function userOf(subscription: Json, user: string): readonly User[] {
  const subscriber = asObject(asObject(subscription)['subscriber']);
  const id = asText(asObject(subscriber['destination_subscriber'])['destination_id']);
  return id === '' ? [] : [{ kind: 'destination', id, place: 'schedule subscription', user }];
}

async function all(client: ApiClient, path: string, key: string): Promise<readonly Json[]> {
  const items: Json[] = [];
  for await (const page of client.pages(path)) items.push(...asList(page[key]));
  return items;
}
