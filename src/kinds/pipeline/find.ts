import { PermissionError } from '../../core/errors.ts';
import type { ApiClient, Json } from '../client.ts';
import type { Listing, Row, Wanted } from '../kind.ts';
import { observePipeline } from './observe.ts';
import { CONTINUOUS } from './shape.ts';
import { Sighting } from './sighting.ts';

const LIST = '/api/2.0/pipelines';
/** More is an error. */
const PAGE_SIZE = 100;
/** A row of the list has no `spec`. */
const UNTOLD = ['notifications', CONTINUOUS];
/** How these are written in a filter is undocumented, and a wrong guess would find nothing. */
const UNSPEAKABLE = /['"\\]/;

type Get = (id: string) => Promise<Json | null>;

/** Finds pipelines by id with one `get` each, and by name by the cheaper of listing all and one look-up each. */
export async function findPipelines(
  client: ApiClient,
  wanted: readonly Wanted[],
  get: Get,
): Promise<Listing> {
  const ids = wanted.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const names = wanted.flatMap(({ id, name }) => (id === undefined && name !== undefined ? [name] : []));
  const sighting = new Sighting(new Set(names));
  const [byId, isCounted] = await Promise.all([
    Promise.all([...new Set(ids)].map((id) => lookUp(get, id))),
    readNames(client, sighting),
  ]);
  const whole = byId.flatMap(({ row }) => (row === null ? [] : [row]));
  const known = new Set(byId.flatMap(({ id, row }) => (row === null ? [] : [id])));
  const listed = [...sighting.rows].filter(([id]) => !known.has(id));
  return {
    rows: [
      ...whole,
      ...listed.map(([, raw]) => ({ observed: observePipeline(raw), gaps: UNTOLD, isWhole: false })),
    ],
    // Pipelines of other names are passed by, to keep memory to what is wanted.
    isComplete: false,
    seen: isCounted ? sighting.count : null,
    denied: byId.flatMap(({ id, why }) => (why === null ? [] : [{ id, why }])),
    near: [...sighting.near],
    whyGaps: null,
  };
}

type LookedUp = { readonly id: string; readonly row: Row | null; readonly why: string | null };

async function lookUp(get: Get, id: string): Promise<LookedUp> {
  try {
    const raw = await get(id);
    const row = raw === null ? null : { observed: observePipeline(raw), gaps: [], isWhole: true };
    return { id, row, why: null };
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    return { id, row: null, why: error.message };
  }
}

/**
 * How long the list is, nothing tells beforehand. It is read for as many pages as there are names to look up; where it goes
 * on after those, they are looked up: never more than twice the requests of the cheaper way.
 * @returns whether every visible pipeline was looked at.
 */
async function readNames(client: ApiClient, sighting: Sighting): Promise<boolean> {
  const names = [...sighting.names];
  const canFilter = !names.some((name) => UNSPEAKABLE.test(name));
  if (names.length === 0 || (names.length === 1 && canFilter)) return lookUpNames(client, sighting);
  let pages = 0;
  for await (const page of client.pages(LIST, { max_results: PAGE_SIZE })) {
    sighting.see(page);
    pages += 1;
    if (canFilter && pages >= names.length && page['next_page_token'] !== undefined)
      return lookUpNames(client, sighting);
  }
  return true;
}

async function lookUpNames(client: ApiClient, sighting: Sighting): Promise<false> {
  await Promise.all([...sighting.names].map((name) => lookUpName(client, sighting, name)));
  return false;
}

/** `_` and `%` stand for other characters there, so that more may come than was asked for: `see` compares exactly. */
async function lookUpName(client: ApiClient, sighting: Sighting, name: string): Promise<void> {
  const query = (pattern: string) => ({ max_results: PAGE_SIZE, filter: `name LIKE '${pattern}'` });
  for await (const page of client.pages(LIST, query(name))) sighting.see(page);
  if (sighting.knows(name)) return;
  // Perhaps it is spelt otherwise: one page of names that have other letters in the same places.
  for await (const page of client.pages(LIST, query(name.replaceAll(/\p{L}/gu, '_')))) {
    sighting.see(page);
    return;
  }
}
