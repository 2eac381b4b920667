import { asList, asObject, asText, type ApiClient, type Json } from '../kinds/client.ts';
import type { Pointer } from '../kinds/kind.ts';

/** Subscriptions of alerts (v2). Trashed ones are gone from the list and cannot fire. */
export async function findAlertUsers(client: ApiClient): Promise<readonly Pointer[]> {
  const users: Pointer[] = [];
  for await (const page of client.pages('/api/2.0/alerts', { page_size: 100 })) {
    for (const alert of asList(page['alerts']).filter(isLive)) users.push(...usersOf(alert));
  }
  return users;
}

/** Lists leave trashed ones out; should one come all the same, it cannot fire. */
function isLive(alert: Json): boolean {
  return asText(asObject(alert)['lifecycle_state']) !== 'DELETED';
}

function usersOf(raw: Json): readonly Pointer[] {
  const alert = asObject(raw);
  const notification = asObject(asObject(alert['evaluation'])['notification']);
  const id = asText(alert['id']);
  return asList(notification['subscriptions'])
    .map((subscription) => asText(asObject(subscription)['destination_id']))
    .filter((destination) => destination !== '')
    .map((destination) => ({
      kind: 'destination',
      id: destination,
      place: 'evaluation.notification.subscriptions',
      user: `alert/${id}`,
      name: asText(alert['display_name']),
      page: `/sql/alerts-v2/${encodeURIComponent(id)}`,
    }));
}
