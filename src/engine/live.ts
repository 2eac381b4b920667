import type { Directory } from '../core/directory.ts';
import { PermissionError } from '../core/errors.ts';
import type { Match } from '../core/match.ts';
import { isOrphan } from '../core/orphan.ts';
import type { Foreseen } from '../core/plan-parts.ts';
import type { RecordedObject } from '../core/record.ts';
import type { Observed, Resource } from '../core/resource.ts';
import { type Address, NameRef, itemsOf } from '../core/value.ts';
import type { Kind, Listing, Wanted } from '../kinds/kind.ts';
import { type Drafts, type Final, composed, draft, foundIn, isAsListed, surveyOf } from './live-covered.ts';
import { boundIn, directoryFor, isSame } from './live-directory.ts';
import type { LiveInput, Port, Seen } from './live-input.ts';
import { matchKind } from './live-match.ts';
import { LookAhead } from './look-ahead.ts';
import { type OnRecord, lookUpRecord } from './on-record.ts';
import { readEarly } from './read-early.ts';
import { seenOf } from './seen.ts';
import { isUntold, readWhole } from './live-whole.ts';

export type LiveState = Final & {
  readonly matches: ReadonlyMap<Address, Match>;
  /** What was planned already of these resources. */
  readonly foreseen: ReadonlyMap<Resource, Foreseen>;
  /** Recorded objects that the file no longer names; null where they are gone, left out where they could not be read. */
  readonly orphans: ReadonlyMap<Address, Observed | null>;
  readonly directory: Directory;
  /** Whole objects that are neither declared nor on record. */
  readonly foreign: number;
  readonly seen: Readonly<Record<string, number | null>>;
  readonly unreadable: readonly { readonly what: string; readonly why: string }[];
  /** False where a declared object could be neither read nor assumed from the record, because its kind may not be listed. */
  readonly isComplete: boolean;
  readonly notes: readonly string[];
};

/** Everything that a plan needs of the workspace: one listing for each kind, then only what a list cannot tell. */
export async function readLive(wish: Omit<LiveInput, keyof OnRecord>): Promise<LiveState> {
  const input = { ...wish, ...lookUpRecord(wish.context.record) };
  const ahead = new LookAhead(input);
  const listing = await listAll(input, ahead);
  const names = directoryFor(listing, new Map(), input);
  const ground = { ...input, directory: names };
  const entries = new Map(listing.flatMap((one) => matchKind(one, ground)));
  const drafts = await Promise.all(listing.map((one) => draft(one, entries, ground)));
  const seen = drafts.map((one) => one.seen);
  const listed = new Map([...entries, ...foundIn(drafts)]);
  const known = { ...input, directory: directoryFor(seen, listed, input) };
  const first = composed(drafts, listed, known, ahead.isRight(listed) ? ahead : undefined);
  const { resources } = first;
  const matches = await readWhole(listed, seen, { ...known, resources });
  const directory = directoryFor(seen, matches, { ...input, resources });
  const isSettled =
    isSame(boundIn(listed, input), boundIn(matches, input)) && isAsListed(drafts, listed, matches);
  const final = isSettled ? first : composed(drafts, matches, { ...input, directory });
  return {
    ...final,
    foreseen: isSettled ? ahead.used : new Map(),
    matches,
    orphans: new Map(drafts.flatMap((one) => orphansOf(one, input))),
    directory,
    foreign: seen.reduce((sum, one) => sum + countForeign(one, matches, input), 0),
    seen: Object.fromEntries(seen.map(({ port, listing }) => [port.kind.name, listing.seen])),
    unreadable: seen.flatMap(({ port, failure }) =>
      failure ? [{ what: port.kind.title, why: failure.message }] : [],
    ),
    isComplete: seen.every((one) => one.failure === undefined || isAllAssumed(one, matches, input)),
    notes: [
      ...drafts.flatMap((one) => notesOf(one, { listed, matches, resources })),
      ...drafts.flatMap(unjudged),
    ],
  };
}

const NOTHING: Listing = { rows: [], isComplete: false, seen: null, denied: [], near: [], whyGaps: null };

/** Nothing was asked, as nothing of the kind is declared, on record, or pointed at. */
const UNASKED: Listing = { ...NOTHING, isComplete: true };

async function listAll(input: LiveInput, ahead: LookAhead): Promise<readonly Seen[]> {
  const lists = input.ports.map((port) => ({ port, seen: listEarly(port, input, ahead) }));
  const others = lists.filter(({ port }) => ahead.of(port) === undefined);
  const [listing] = await Promise.all([
    Promise.all(lists.map(({ seen }) => seen)),
    Promise.all(others.map(({ seen }) => seen)).then((seen) => ahead.begin(seen)),
  ]);
  return listing;
}

/** A listing, and the beginning of what will be read after it. */
async function listEarly(port: Port, input: LiveInput, ahead: LookAhead): Promise<Seen> {
  const seen = await list(port, input, ahead);
  if (port.kind.ownership !== 'whole') return seen;
  return readEarly(seen, { ...input, directory: directoryFor([seen], new Map(), input) });
}

async function list(port: Port, input: LiveInput, ahead: LookAhead): Promise<Seen> {
  if (!isConcerned(port.kind, input)) return seenOf(port, UNASKED, undefined);
  const wanted = wantedOf(port.kind, input);
  try {
    const survey = surveyOf(port.kind, input);
    const foresight = ahead.of(port);
    const hints = {
      seen: input.seen[port.kind.name] ?? null,
      ...(survey === undefined ? {} : { survey }),
      ...(foresight === undefined ? {} : { onKept: (observed: Observed) => foresight.see(observed) }),
    };
    const listing = await port.api.find(wanted, hints);
    return seenOf(port, listing, undefined);
  } catch (error) {
    if (error instanceof PermissionError) return seenOf(port, NOTHING, error);
    throw error;
  }
}

function isConcerned({ name, isPointedAt }: Kind, { resources, objectsOnRecord }: LiveInput): boolean {
  const isNamed = resources.some(({ kind }) => kind === name) || objectsOnRecord(name).length > 0;
  return isPointedAt !== false || isNamed;
}

function wantedOf(kind: Kind, input: LiveInput): readonly Wanted[] {
  const declared = input.resources.filter((resource) => resource.kind === kind.name);
  // A survey shows what is on record without being asked.
  const isSurveyed = surveyOf(kind, input) !== undefined;
  const isAsked = kind.ownership === 'part' && input.context.policy.prune && !isSurveyed;
  const orphaned = isAsked ? orphanedOf(kind, input).map(([, { id }]) => ({ id })) : [];
  const pointed = namesPointedAt(kind.name, input.resources).map((name) => ({ name }));
  return [...declared.map(({ id, name }) => (id === undefined ? { name } : { id })), ...orphaned, ...pointed];
}

/** Objects that others of the file point at by name, without their being declared. */
function namesPointedAt(kind: string, resources: readonly Resource[]): readonly string[] {
  const values = resources.flatMap(({ wishes }) => Object.values(wishes).map(({ value }) => value));
  const items = values.flatMap(itemsOf);
  return items.flatMap((item) => (item instanceof NameRef && item.kind === kind ? [item.name] : []));
}

function orphanedOf(kind: Kind, input: LiveInput): readonly (readonly [Address, RecordedObject])[] {
  const own = input.resources.filter((resource) => resource.kind === kind.name);
  const declared = new Map(own.map((resource) => [resource.key, resource]));
  return input
    .objectsOnRecord(kind.name)
    .filter(([, recorded]) => isOrphan(recorded, declared.get(recorded.key), kind.ownership));
}

function isAllAssumed(
  { port }: Seen,
  matches: ReadonlyMap<Address, Match>,
  { resources, rules }: LiveInput,
): boolean {
  // Which objects rules select is nothing that a record could tell.
  if (rules.some(({ kind }) => kind === port.kind.name)) return false;
  const declared = resources.filter(({ kind }) => kind === port.kind.name);
  return declared.every(({ address }) => matches.get(address)?.state === 'found');
}

/** So few reads are done before anybody asks why. */
const WORTH_SAYING = 20;

type Reading = {
  readonly listed: ReadonlyMap<Address, Match>;
  readonly matches: ReadonlyMap<Address, Match>;
  readonly resources: readonly Resource[];
};

/** Reading objects one by one takes long where there are many, so the reason is said. */
function notesOf({ seen, judged }: Drafts, { listed, matches, resources }: Reading): readonly string[] {
  const { port, told, listing } = seen;
  if (listing.whyGaps === null) return [];
  const read = resources.filter((resource) => {
    const found = listed.get(resource.address);
    const row = found?.state === 'found' ? told.get(found.observed.id) : undefined;
    if (resource.kind !== port.kind.name || row === undefined) return false;
    if (listing.surveyed !== undefined) return matches.get(resource.address) !== found;
    return !row.isWhole && isUntold(resource, row.gaps);
  });
  const count = read.length + judged;
  if (count < WORTH_SAYING) return [];
  const why = listing.whyGaps === '' ? 'a rule selects by what a list does not tell' : listing.whyGaps;
  return [`${count} of the ${port.kind.title} were read one by one: ${why}`];
}

/** What may not be read is not selected, and that is said. */
function unjudged({ seen, denied }: Drafts): readonly string[] {
  if (denied.size === 0) return [];
  const { title } = seen.port.kind;
  return [
    `${denied.size} of the ${title} may not be read by this identity, so no rule that needs more than a list tells selects them`,
  ];
}

function orphansOf(
  { seen, denied: unjudged }: Drafts,
  input: LiveInput,
): readonly (readonly [Address, Observed | null])[] {
  const { kind } = seen.port;
  const denied = new Set([...unjudged, ...seen.listing.denied.map(({ id }) => id)]);
  const isPart = kind.ownership === 'part';
  const isSeen = isPart ? input.context.policy.prune : seen.listing.isComplete;
  if (seen.failure !== undefined) return [];
  // Of what rules covered it is to be told whether it has changed or the file has.
  const isAsked = ({ rules = [] }: RecordedObject): boolean =>
    isSeen || (rules.length > 0 && seen.listing.surveyed !== undefined);
  return orphanedOf(kind, input)
    .filter(([, recorded]) => isAsked(recorded) && !denied.has(recorded.id))
    .map(([address, recorded]) => [address, seen.byId.get(recorded.id) ?? null]);
}

function countForeign(
  { port: { kind }, rows }: Seen,
  matches: ReadonlyMap<Address, Match>,
  input: LiveInput,
): number {
  if (kind.ownership === 'part') return 0;
  const declared = input.resources.filter((resource) => resource.kind === kind.name);
  const found = declared.flatMap(({ address }) => {
    const match = matches.get(address);
    return match?.state === 'found' ? [match.observed.id] : [];
  });
  const recorded = input.objectsOnRecord(kind.name).map(([, { id }]) => id);
  const ours = new Set([...found, ...recorded]);
  return rows.filter(({ id }) => !ours.has(id)).length;
}
