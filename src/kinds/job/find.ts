import { ApiError } from '../../core/errors.ts';
import { asList, asObject, type ApiClient, type Json, type JsonObject } from '../client.ts';
import type { FindHints, Listing, Row, Wanted } from '../kind.ts';
import { confirm } from './confirm.ts';
import { LIST } from './list.ts';
import { type Get, lookUp } from './look-up.ts';
import { idOf, nameOf, Sighting } from './sighting.ts';

const PAGE_SIZE = 100;
/** A workspace saves no more jobs than this (resource limits). */
const MOST_JOBS = 12_000;

type Search = { readonly wanted: readonly Wanted[]; readonly hints: FindHints; readonly get: Get };

/** Finds jobs by id with one `get` each, and by name by the cheaper of listing all and one look-up each. */
export async function findJobs(client: ApiClient, search: Search): Promise<Listing> {
  const ids = search.wanted.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const names = search.wanted.flatMap(({ id, name }) =>
    id === undefined && name !== undefined ? [name] : [],
  );
  const sighting = new Sighting(new Set(names));
  const [byId, isCounted] = await Promise.all([
    Promise.all(ids.map((id) => lookUp(search.get, id))),
    readRows(client, sighting, search.hints.seen),
  ]);
  const { rows, distrust } = await confirm(sighting, search.get);
  return {
    rows: distinct([...byId.flatMap((one) => one.rows), ...rows]),
    // Jobs of other names are passed by, to keep memory to what is wanted.
    isComplete: false,
    seen: isCounted ? sighting.count : null,
    denied: byId.flatMap(({ denied }) => denied),
    near: sighting.near,
    whyGaps: distrust,
  };
}

/**
 * A job may be wanted by id and by name, and a list that shifts while it is paged shows one twice: the first row, which is
 * the whole one, stands for it.
 */
function distinct(rows: readonly Row[]): readonly Row[] {
  const byId = new Map<string, Row>();
  for (const row of rows) if (!byId.has(row.observed.id)) byId.set(row.observed.id, row);
  return [...byId.values()];
}

/** @returns whether every visible job was looked at. */
async function readRows(client: ApiClient, sighting: Sighting, seen: number | null): Promise<boolean> {
  const cost = sighting.names.size;
  if (cost <= 1) return readByName(client, sighting);
  let isFirst = true;
  for await (const page of client.pages(LIST, { limit: PAGE_SIZE })) {
    sighting.see(page);
    const isFirstOfMany = isFirst && page['next_page_token'] !== undefined;
    if (isFirstOfMany && (await isLonger(client, { pages: cost, first: page, seen }))) {
      sighting.rows.length = 0;
      return readByName(client, sighting);
    }
    isFirst = false;
  }
  return true;
}

type Question = { readonly pages: number; readonly first: JsonObject; readonly seen: number | null };

/** Whether the list has more pages than this. What an earlier run counted is believed only where the list does not tell. */
async function isLonger(client: ApiClient, { pages, first, seen }: Question): Promise<boolean> {
  const offset = pages * PAGE_SIZE;
  if (offset >= MOST_JOBS) return false;
  const rows = await rowsAt(client, offset);
  const top = asList(first['jobs'])[0];
  const isIgnored = rows?.[0] !== undefined && top !== undefined && idOf(rows[0]) === idOf(top);
  return rows === undefined || isIgnored ? (seen ?? 0) > offset : rows.length > 0;
}

/** One row at an offset, or undefined where that is refused: `offset` is deprecated. */
async function rowsAt(client: ApiClient, offset: number): Promise<readonly Json[] | undefined> {
  try {
    const { body } = await client.send({
      method: 'GET',
      path: LIST,
      query: { limit: 1, offset },
      delivery: 'repeat',
    });
    return asList(asObject(body)['jobs']);
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return undefined;
    throw error;
  }
}

async function readByName(client: ApiClient, sighting: Sighting): Promise<false> {
  await Promise.all([...sighting.names].map((name) => readName(client, sighting, name)));
  return false;
}

async function readName(client: ApiClient, sighting: Sighting, name: string): Promise<void> {
  // The look-up ignores case; `see` keeps exact matches, and remembers near ones.
  for await (const page of client.pages(LIST, { limit: PAGE_SIZE, name }))
    sighting.see(withoutOthers(page, name, sighting.names));
}

/** A job of a spelling that is wanted as well comes with the look-up of that. */
function withoutOthers(page: JsonObject, name: string, names: ReadonlySet<string>): JsonObject {
  const isHere = (raw: Json): boolean => nameOf(raw) === name || !names.has(nameOf(raw));
  return { jobs: asList(page['jobs']).filter(isHere) };
}
