import { asList, asObject, asText, type ApiClient, type Json } from '../kinds/client.ts';
import type { Pointer } from '../kinds/kind.ts';

const DASHBOARDS = '/api/2.0/lakeview/dashboards';

/** Subscribers of dashboard schedules; there is no list across dashboards, so each is asked for its schedules. */
export async function findDashboardUsers(client: ApiClient): Promise<readonly Pointer[]> {
  const dashboards = await all(client, DASHBOARDS, 'dashboards');
  const found = await Promise.all(dashboards.map((dashboard) => usersOf(client, dashboard)));
  return found.flat();
}

async function usersOf(client: ApiClient, dashboard: Json): Promise<readonly Pointer[]> {
  const path = `${DASHBOARDS}/${encodeURIComponent(idOf(dashboard))}/schedules`;
  const schedules = await all(client, path, 'schedules');
  const found = await Promise.all(
    schedules.map(async (schedule) => {
      const id = asText(asObject(schedule)['schedule_id']);
      const subscriptions = await all(
        client,
        `${path}/${encodeURIComponent(id)}/subscriptions`,
        'subscriptions',
      );
      return subscriptions.flatMap((subscription) => pointerOf(subscription, dashboard, id));
    }),
  );
  return found.flat();
}

function pointerOf(subscription: Json, dashboard: Json, schedule: string): readonly Pointer[] {
  const subscriber = asObject(asObject(subscription)['subscriber']);
  const id = asText(asObject(subscriber['destination_subscriber'])['destination_id']);
  if (id === '') return [];
  const of = idOf(dashboard);
  return [
    {
      kind: 'destination',
      id,
      place: `schedules.${schedule}.subscriptions`,
      user: `dashboard/${of}`,
      name: asText(asObject(dashboard)['display_name']),
      page: `/dashboardsv3/${encodeURIComponent(of)}/published`,
    },
  ];
}

function idOf(dashboard: Json): string {
  return asText(asObject(dashboard)['dashboard_id']);
}

async function all(client: ApiClient, path: string, key: string): Promise<readonly Json[]> {
  const items: Json[] = [];
  for await (const page of client.pages(path)) items.push(...asList(page[key]));
  return items;
}
