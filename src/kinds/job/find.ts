import { PermissionError } from '../../core/errors.ts';
import { isSame, type Spec } from '../../core/value.ts';
import { asList, asObject, asText, type ApiClient, type Json, type JsonObject } from '../client.ts';
import type { FindHints, Listing, Row, Wanted } from '../kind.ts';
import { observeJob } from './observe.ts';
import { BLOCKS } from './shape.ts';

const LIST = '/api/2.2/jobs/list';
const PAGE_SIZE = 100;

type Search = {
  readonly wanted: readonly Wanted[];
  readonly hints: FindHints;
  readonly get: (id: string) => Promise<Json | null>;
};

/** Finds jobs by id with one `get` each, and by name by the cheaper of listing all and one look-up each. */
export async function findJobs(client: ApiClient, search: Search): Promise<Listing> {
  const ids = search.wanted.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const names = new Set(
    search.wanted.flatMap(({ id, name }) => (id === undefined && name !== undefined ? [name] : [])),
  );
  const byId = await Promise.all(ids.map((id) => lookUp(search, id)));
  const sighting = new Sighting(names);
  const isCounted = names.size > 0 && (await readRows(client, sighting, search.hints.seen));
  const distrust = await confirm(sighting, search.get);
  const gaps = gapsOf(sighting, distrust);
  return {
    rows: [
      ...byId.flatMap(({ rows }) => rows),
      ...sighting.rows.map((raw) => ({ raw, gaps, isWhole: false })),
    ],
    // Jobs of other names are passed by, to keep memory to what is wanted.
    isComplete: false,
    seen: isCounted ? sighting.count : null,
    denied: byId.flatMap(({ denied }) => denied),
    notes: distrust === undefined ? [] : [distrust],
  };
}

/** What the rows of one run have shown. */
class Sighting {
  readonly names: ReadonlySet<string>;
  readonly rows: Json[] = [];
  /** Block -> the first row that showed it with something in it, which proves that lists tell of it. */
  readonly proof = new Map<string, JsonObject>();
  count = 0;

  constructor(names: ReadonlySet<string>) {
    this.names = names;
  }

  see(page: JsonObject): void {
    for (const raw of asList(page['jobs'])) {
      this.count += 1;
      const settings = settingsOf(raw);
      for (const block of BLOCKS)
        if (isFilled(settings[block]) && !this.proof.has(block)) this.proof.set(block, asObject(raw));
      if (this.names.has(asText(settings['name']))) this.rows.push(raw);
    }
  }
}

async function lookUp(
  search: Search,
  id: string,
): Promise<{ rows: readonly Row[]; denied: Listing['denied'] }> {
  try {
    const raw = await search.get(id);
    return { rows: raw === null ? [] : [{ raw, gaps: [], isWhole: true }], denied: [] };
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    return { rows: [], denied: [{ id, why: error.message }] };
  }
}

/** @returns whether every visible job was looked at. */
async function readRows(client: ApiClient, sighting: Sighting, seen: number | null): Promise<boolean> {
  const cost = sighting.names.size;
  if (cost === 1 || (seen !== null && cost < seen / PAGE_SIZE)) return readByName(client, sighting);
  let pages = 0;
  for await (const page of client.pages(LIST, { limit: PAGE_SIZE })) {
    sighting.see(page);
    pages += 1;
    const isFirstOfMany = pages === 1 && page['next_page_token'] !== undefined;
    if (isFirstOfMany && seen === null && (await hasMorePagesThan(client, cost))) {
      sighting.rows.length = 0;
      return readByName(client, sighting);
    }
  }
  return true;
}

/**
 * One row at an offset tells how long the list is. `offset` is deprecated: where it is ignored this answers yes and
 * each name is looked up, which costs more requests and finds the same.
 */
async function hasMorePagesThan(client: ApiClient, pages: number): Promise<boolean> {
  const query = { limit: 1, offset: pages * PAGE_SIZE };
  const { body } = await client.send({ method: 'GET', path: LIST, query, delivery: 'repeat' });
  return asList(asObject(body)['jobs']).length > 0;
}

async function readByName(client: ApiClient, sighting: Sighting): Promise<false> {
  await Promise.all([...sighting.names].map((name) => readName(client, sighting, name)));
  return false;
}

async function readName(client: ApiClient, sighting: Sighting, name: string): Promise<void> {
  // The look-up ignores case; `see` keeps exact matches only.
  for await (const page of client.pages(LIST, { limit: PAGE_SIZE, name }))
    sighting.see(onlyNamed(page, name));
}

function onlyNamed(page: JsonObject, name: string): JsonObject {
  return { jobs: asList(page['jobs']).filter((raw) => asText(settingsOf(raw)['name']) === name) };
}

/**
 * It is undocumented whether list rows carry these blocks. A row that shows one is compared with its `get`; once they
 * agree, rows are believed about that block.
 * @returns why no row is believed, or undefined.
 */
async function confirm(sighting: Sighting, get: Search['get']): Promise<string | undefined> {
  for (const row of fewestProofs(sighting)) {
    const whole = await get(asText(row['job_id']));
    const differing = whole === null ? undefined : BLOCKS.find((block) => !isAlike(row, whole, block));
    if (differing !== undefined) {
      return `jobs/list and jobs/get disagree about ${differing}, so every named job was read by itself`;
    }
  }
  return undefined;
}

/** Rows that together prove every block that was seen. */
function fewestProofs(sighting: Sighting): readonly JsonObject[] {
  const open = new Set(sighting.proof.keys());
  const rows = [...new Set(sighting.proof.values())].sort((a, b) => filled(b).length - filled(a).length);
  return rows.filter((row) => {
    const proves = filled(row).filter((block) => open.has(block));
    for (const block of proves) open.delete(block);
    return proves.length > 0;
  });
}

function gapsOf(sighting: Sighting, distrust: string | undefined): readonly string[] {
  return BLOCKS.filter((block) => distrust !== undefined || !sighting.proof.has(block));
}

function filled(row: JsonObject): readonly string[] {
  return BLOCKS.filter((block) => isFilled(settingsOf(row)[block]));
}

function isFilled(block: Json | undefined): boolean {
  return Object.keys(asObject(block)).length > 0;
}

function isAlike(row: JsonObject, whole: Json, block: string): boolean {
  const [listed, got] = [blockSpec(row, block), blockSpec(whole, block)];
  return Object.keys({ ...listed, ...got }).every((path) => isSame(listed[path], got[path]));
}

function blockSpec(raw: Json, block: string): Spec {
  return Object.fromEntries(
    Object.entries(observeJob(raw).spec).filter(([path]) => path.startsWith(`${block}.`)),
  );
}

function settingsOf(raw: Json): JsonObject {
  return asObject(asObject(raw)['settings']);
}
