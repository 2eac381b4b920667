import { UnavailableError } from '../core/errors.ts';
import type { ApiClient, JsonObject, Query } from '../kinds/client.ts';
import { isObject, wordOf } from './json.ts';

/**
 * Each page's whole body, one request at a time, until no `next_page_token` comes.
 * @throws UnavailableError for a token that was seen before, or a page that is no object.
 */
export async function* followPages(
  send: ApiClient['send'],
  path: string,
  query: Query = {},
): AsyncIterable<JsonObject> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const next: Query = token === undefined ? query : { ...query, page_token: token };
    const { status, body } = await send({ method: 'GET', path, query: next, delivery: 'repeat' });
    if (!isObject(body)) throw broken(path, status, 'a list that is not an object');
    yield body;
    token = wordOf(body['next_page_token']);
    if (token !== undefined && seen.has(token)) throw broken(path, status, 'the same page token twice');
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}

function broken(path: string, status: number, what: string): UnavailableError {
  return new UnavailableError(`GET ${path} answered with ${what}`, {
    method: 'GET',
    path,
    status,
    hint: 'try again; if it lasts, something between here and the workspace changes its answers',
  });
}
