import { setImmediate } from 'node:timers/promises';
import { UnavailableError } from '../core/errors.ts';
import type { ApiClient, JsonObject, Query } from '../kinds/client.ts';
import { isObject, wordOf } from './json.ts';

/**
 * Each page's whole body until no `next_page_token` comes, one request at a time.
 * @param isAhead asks for the next page while a page is worked on: for lists that are read to their end.
 * @throws UnavailableError for a token that was seen before, or a page that is no object.
 */
export async function* followPages(
  send: ApiClient['send'],
  path: string,
  { query = {}, isAhead = false }: { readonly query?: Query; readonly isAhead?: boolean },
): AsyncIterable<JsonObject> {
  const seen = new Set<string>();
  let reading = readPage(send, path, query);
  for (;;) {
    const { body, token }: Page = await reading;
    const ask = nextOf(token, seen, () => readPage(send, path, { ...query, page_token: token }));
    const early = isAhead && ask !== undefined ? await askAhead(ask) : undefined;
    yield body;
    if (token === undefined) return;
    if (ask === undefined) throw broken(path, 200, 'the same page token twice');
    reading = early?.page ?? ask();
  }
}

/** Inside an object: a promise by itself would be waited for. */
async function askAhead(ask: () => Promise<Page>): Promise<{ readonly page: Promise<Page> }> {
  const page = ask();
  // What goes wrong is told when its turn comes, and to nobody where nobody wants the page any more.
  page.catch(() => undefined);
  // Without this the page at hand would be worked on first, and the request leave only then.
  await setImmediate();
  return { page };
}

/** How to ask for the next page; undefined where there is none, or where it would be one that came before. */
function nextOf(
  token: string | undefined,
  seen: Set<string>,
  ask: () => Promise<Page>,
): (() => Promise<Page>) | undefined {
  if (token === undefined || seen.has(token)) return undefined;
  seen.add(token);
  return ask;
}

type Page = { readonly body: JsonObject; readonly token: string | undefined };

async function readPage(send: ApiClient['send'], path: string, query: Query): Promise<Page> {
  const { status, body } = await send({ method: 'GET', path, query, delivery: 'repeat' });
  if (!isObject(body)) throw broken(path, status, 'a list that is not an object');
  return { body, token: wordOf(body['next_page_token']) };
}

function broken(path: string, status: number, what: string): UnavailableError {
  return new UnavailableError(`GET ${path} answered with ${what}`, {
    method: 'GET',
    path,
    status,
    hint: 'try again; if it lasts, something between here and the workspace changes its answers',
  });
}
