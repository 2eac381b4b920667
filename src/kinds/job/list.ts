import type { ApiClient, JsonObject, Paging } from '../client.ts';

/** Every visible job with its tasks, by pages of as many as there may be. */
export function listWhole(client: ApiClient, how: Paging = {}): AsyncIterable<JsonObject> {
  const query = { limit: 100, expand_tasks: true };
  return client.pages('/api/2.2/jobs/list', query, { ...how, isAhead: true });
}
