import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { UnavailableError } from '../core/errors.ts';
import type { ApiRequest, ApiResponse, JsonObject, Query } from '../kinds/client.ts';
import type { Peek } from './deliver.ts';
import { isObject, wordOf } from './json.ts';

type Send = (request: ApiRequest, peek?: Peek) => Promise<ApiResponse>;

/**
 * Each page's whole body until no `next_page_token` comes, one request at a time.
 * @param isAhead asks for the next page while a page is worked on: for lists that are read to their end.
 * @throws UnavailableError for a token that was seen before, or a page that is no object.
 */
export async function* followPages(
  send: Send,
  path: string,
  { query = {}, isAhead = false }: { readonly query?: Query; readonly isAhead?: boolean },
): AsyncIterable<JsonObject> {
  const list: List = { send, path, query, isAhead, seen: new Set() };
  let asked = new AskedPage(list);
  for (;;) {
    const { body, token } = await asked.arrival();
    if (isAhead) await asked.askAhead(token);
    yield body;
    if (token === undefined) return;
    if (list.seen.has(token)) throw broken(path, 200, 'the same page token twice');
    list.seen.add(token);
    asked = asked.next(token);
  }
}

/** About as many as come while a record is read; each may hold some thousand tasks. */
const WAITING = 8;

/** Begins to read, a few pages before anybody takes the first; what goes wrong is told to whoever takes pages. */
export function begun(pages: AsyncIterable<JsonObject>): AsyncIterable<JsonObject> {
  const stream = Readable.from(pages, { highWaterMark: WAITING });
  stream.on('error', () => undefined);
  stream.read(0);
  return taking(stream as AsyncIterable<JsonObject>);
}

async function* taking(waiting: AsyncIterable<JsonObject>): AsyncIterable<JsonObject> {
  for await (const page of waiting) {
    // Several pages worked on at a stretch would hold up the one that comes in.
    await setImmediate();
    yield page;
  }
}

type List = {
  readonly send: Send;
  readonly path: string;
  readonly query: Query;
  readonly isAhead: boolean;
  /** Tokens of pages that were given out, and of the one that is waited for. */
  readonly seen: Set<string>;
};

type Page = { readonly body: JsonObject; readonly token: string | undefined };

/** One page of a list, on its way or there, and the one after it. */
class AskedPage {
  readonly #list: List;
  readonly token: string | undefined;
  readonly #page: Promise<Page>;
  #next: AskedPage | undefined;
  #isAwaited = false;

  constructor(list: List, token?: string) {
    this.#list = list;
    this.token = token;
    this.#page = readPage(list, token, list.isAhead ? (text) => this.#peek(text) : undefined);
    // What goes wrong is told when its turn comes, and to nobody where nobody wants the page any more.
    this.#page.catch(() => undefined);
  }

  arrival(): Promise<Page> {
    this.#isAwaited = true;
    return this.#page;
  }

  next(token: string): AskedPage {
    if (this.#next?.token !== token) this.#next = new AskedPage(this.#list, token);
    return this.#next;
  }

  async askAhead(token: string | undefined): Promise<void> {
    if (token === undefined || this.#list.seen.has(token) || this.#next?.token === token) return;
    this.next(token);
    // Without this the page at hand would be worked on first, and the request leave only then.
    await setImmediate();
  }

  /**
   * Reading a page takes longer than finding its last member, and the next page can be on its way meanwhile. That is a
   * guess: what the page says when it was read is what is asked for.
   */
  async #peek(text: string): Promise<void> {
    // No more than one page is ahead of what is worked on.
    if (this.#isAwaited) await this.askAhead(tokenAtEnd(text));
  }
}

const AT_END = /"next_page_token":\s?"([\w+/=.~-]+)"(?:,\s?"prev_page_token":\s?"[^"\\]*")?\s*\}\s*$/;
/** Tokens have some hundred characters. */
const END = 4_096;

function tokenAtEnd(text: string): string | undefined {
  return AT_END.exec(text.slice(-END))?.[1];
}

async function readPage(
  { send, path, query }: List,
  token: string | undefined,
  peek: Peek | undefined,
): Promise<Page> {
  const page = token === undefined ? query : { ...query, page_token: token };
  const { status, body } = await send({ method: 'GET', path, query: page, delivery: 'repeat' }, peek);
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
