import type { User } from '../core/guard.ts';
import { asList, asObject, asText, type ApiClient, type Json } from '../kinds/client.ts';

/** Subscriptions of alerts (v2). Trashed ones are gone from the list and cannot fire. */
export async function findAlertUsers(client: ApiClient): Promise<readonly User[]> {
  const users: User[] = [];
  for await (const page of client.pages('/api/2.0/alerts', { page_size: 100 })) {
    for (const alert of asList(page['alerts'])) users.push(...usersOf(alert));
  }
  return users;
}

function usersOf(raw: Json): readonly User[] {
  const alert = asObject(raw);
  const notification = asObject(asObject(alert['evaluation'])['notification']);
  return asList(notification['subscriptions'])
    .map((subscription) => asText(asObject(subscription)['destination_id']))
    .filter((id) => id !== '')
    .map((id) => ({
      kind: 'destination',
      id,
      place: 'evaluation.notification.subscriptions',
      user: `alert "${asText(alert['display_name'])}" (${asText(alert['id'])})`,
    }));
}
