import { invalid } from './answer.ts';
import { isObject, parseJson, textAt } from './json.ts';

/** A list in the order of its keys, which are unique; a page starts after a key, so deletes shift nothing. */
type Keyed = { readonly key: string };

/** What a page token carries; opaque to clients. */
type Cursor = { readonly after: string; readonly listing: number };

type Page<T> = { readonly rows: readonly T[]; readonly next?: string; readonly previous?: string };

/** @throws Refusal (400) when the token was not given by the same list. */
export function cursorFrom(scope: string, token: string | null): Cursor | undefined {
  if (token === null || token === '') return undefined;
  const cursor = decode(token);
  if (cursor?.scope !== scope) throw invalid(`Invalid page token: ${token}`);
  return cursor;
}

/** How often each list has been read from its start. */
export type Listings = { destinations: number; registry_webhooks: number };

/** Later pages belong to the listing of the first, so that a lagging object does not turn up half way. */
export function listingNumber(listings: Listings, scope: keyof Listings, cursor: Cursor | undefined): number {
  if (cursor === undefined) listings[scope] += 1;
  return cursor?.listing ?? listings[scope];
}

export function pageToken(cursor: Cursor & { readonly scope: string }): string {
  const { scope, after, listing } = cursor;
  return Buffer.from(JSON.stringify({ scope, after, listing })).toString('base64url');
}

/** Cuts the page after the cursor out of rows that are sorted by key. */
export function cutPage<T extends Keyed>(rows: readonly T[], size: number, at: CutAt): Page<T> {
  const first = at.cursor === undefined ? at.offset : firstAfter(rows, at.cursor.after);
  const page = rows.slice(first, first + size);
  const isLast = first + size >= rows.length;
  const before = first === 0 ? undefined : first <= size ? '' : (rows[first - size - 1]?.key ?? '');
  return {
    rows: page,
    ...(isLast ? {} : { next: pageToken({ ...at, after: page.at(-1)?.key ?? '' }) }),
    ...(before === undefined ? {} : { previous: pageToken({ ...at, after: before }) }),
  };
}

/** `cursor` wins over `offset`. */
type CutAt = {
  readonly scope: string;
  readonly cursor: Cursor | undefined;
  readonly offset: number;
  readonly listing: number;
};

type SizeLimits = { readonly parameter: string; readonly usual: number; readonly max: number };

/** @throws Refusal (400) outside 1..max. */
export function pageSize(query: URLSearchParams, limits: SizeLimits): number {
  const text = query.get(limits.parameter);
  if (text === null || text === '') return limits.usual;
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= limits.max) return size;
  throw invalid(`Invalid value for ${limits.parameter}: ${text}. It must be between 1 and ${limits.max}.`);
}

function firstAfter(rows: readonly Keyed[], after: string): number {
  const index = rows.findIndex((row) => row.key > after);
  return index === -1 ? rows.length : index;
}

function decode(token: string): (Cursor & { readonly scope: string }) | undefined {
  try {
    const value = parseJson(Buffer.from(token, 'base64url').toString('utf8'));
    if (!isObject(value) || typeof value['listing'] !== 'number') return undefined;
    return {
      scope: textAt(value, 'scope') ?? '',
      after: textAt(value, 'after') ?? '',
      listing: value['listing'],
    };
  } catch {
    return undefined;
  }
}
