import { counts } from '../core/change.ts';
import { diff } from '../core/diff.ts';
import type { Directory } from '../core/directory.ts';
import { PermissionError } from '../core/errors.ts';
import type { Match } from '../core/match.ts';
import { diffContext } from '../core/plan-parts.ts';
import { type Observed, type Resource, gapAt } from '../core/resource.ts';
import type { Address } from '../core/value.ts';
import type { LiveInput, Port, Seen, Told } from './live-input.ts';

type WholeInput = LiveInput & { readonly directory: Directory };

/** Reads by itself each object about which the list says too little: what it leaves out, and what will change. */
export async function readWhole(
  listed: ReadonlyMap<Address, Match>,
  seen: readonly Seen[],
  input: WholeInput,
): Promise<ReadonlyMap<Address, Match>> {
  const ports = new Map(seen.map((one) => [one.port.kind.name, one]));
  const matches = new Map<Address, Match>();
  const reads: Promise<unknown>[] = [];
  for (const resource of input.resources) {
    const found = listed.get(resource.address) ?? { state: 'absent' };
    matches.set(resource.address, found);
    const from = ports.get(resource.kind);
    const whole = from === undefined ? undefined : complete(resource, found, from, input);
    // Of thousands of objects most are known by now.
    if (whole !== undefined) reads.push(whole.then((match) => matches.set(resource.address, match)));
  }
  await Promise.all(reads);
  return matches;
}

/** What is read by itself; undefined where the list says enough. */
function complete(
  resource: Resource,
  found: Match,
  seen: Seen,
  input: WholeInput,
): Promise<Match> | undefined {
  if (found.state === 'absent') return confirmAbsence(resource, seen, input);
  if (found.state !== 'found' || resource.isExisting) return undefined;
  const row = seen.told.get(found.observed.id);
  if (row === undefined || (row.isWhole && row.gaps.length === 0)) return undefined;
  const isOpen = mustKnowUses(resource, row.gaps, { seen, input }) || needsGet(resource, found, row, input);
  return isOpen ? get(resource, found, seen) : undefined;
}

/** Parts of somebody else's object that may point at ours. */
const POINTING = ['webhook_notifications.*', 'tasks.*'];

/** What points at others is wanted whole where ids are to be taken out, or what we added of something that may go. */
function mustKnowUses(
  resource: Resource,
  gaps: readonly string[],
  { seen, input }: { readonly seen: Seen; readonly input: WholeInput },
): boolean {
  if (seen.port.api.users === undefined) return false;
  const added = input.context.policy.prune ? (input.recordedOf(resource)?.added ?? {}) : {};
  return (input.isThorough === true && hasUntold(POINTING, gaps)) || hasUntold(Object.keys(added), gaps);
}

function needsGet(
  resource: Resource,
  found: Match & { state: 'found' },
  { gaps, isWhole }: Told,
  input: WholeInput,
): boolean {
  if (isUntold(resource, gaps)) return true;
  if (isWhole) return false;
  const context = { ...diffContext(resource, { ...input.context, directory: input.directory }) };
  return diff(resource, found.observed, {
    ...context,
    recorded: input.recordedOf(resource),
  }).fields.some(counts);
}

/** Whether the list leaves out a field that the file speaks of, in an entry or in a rule about parts of the object. */
export function isUntold({ wishes, coverage }: Resource, gaps: readonly string[]): boolean {
  const ruled = (coverage?.rules ?? []).flatMap(({ states }) => Object.keys(states));
  return hasUntold([...Object.keys(wishes), ...ruled], gaps);
}

function hasUntold(paths: readonly string[], gaps: readonly string[]): boolean {
  const untold = gaps.map((prefix) => ({ prefix, why: '' }));
  return paths.some((path) => gapAt(untold, path) !== undefined);
}

/**
 * A list may lag: an object of ours that is on record is gone only when it cannot be read by its id either. Somebody
 * else's is known by its name, so one that was renamed is a clue and no more.
 */
async function confirmAbsence(resource: Resource, seen: Seen, input: WholeInput): Promise<Match> {
  const recorded = input.recordedOf(resource);
  if (resource.id !== undefined) return { state: 'absent' };
  if (recorded === undefined) return withNearName(resource, seen);
  const observed = await read(seen.port, recorded.id);
  if (observed === null) return withNearName(resource, seen);
  if (seen.port.kind.ownership === 'whole') return { state: 'found', observed, by: 'record' };
  const { id, name } = observed;
  return { state: 'absent', clue: { state: 'renamed', id, name, before: recorded.name } };
}

function withNearName({ name }: Resource, { rows, listing }: Seen): Match {
  const names = [...listing.near, ...rows.map((row) => row.name)];
  const near = names.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
  return near === undefined ? { state: 'absent' } : { state: 'absent', clue: { state: 'case', name: near } };
}

async function read({ kind, api }: Port, id: string): Promise<Observed | null> {
  try {
    const raw = await api.get(id);
    return raw === null ? null : kind.observe(raw);
  } catch (error) {
    // Of somebody else's object nothing follows from that; one of ours must not be taken for absent.
    if (error instanceof PermissionError && kind.ownership === 'part') return null;
    throw error;
  }
}

async function get(
  resource: Resource,
  found: Match & { state: 'found' },
  { port, early }: Seen,
): Promise<Match> {
  try {
    const raw = await (early?.get(found.observed.id) ?? port.api.get(found.observed.id));
    return raw === null ? { state: 'absent' } : { ...found, observed: port.kind.observe(raw) };
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    return { state: 'unreadable', why: `${resource.name}: ${error.message}`, reason: 'no-permission' };
  }
}
