import type { ApiClient, JsonObject, Paging } from '../client.ts';

export const LIST = '/api/2.2/jobs/list';

/** Every visible job with its tasks, by pages of as many as there may be. */
export function listWhole(client: ApiClient, how: Paging = {}): AsyncIterable<JsonObject> {
  const query = { limit: 100, expand_tasks: true };
  return client.pages(LIST, query, { ...how, isAhead: true });
}
