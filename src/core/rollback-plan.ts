import { type Change, type FieldChange, type Pending, isPending } from './change.ts';
import { changedSince } from './changed-since.ts';
import { digestPlan } from './digest.ts';
import type { Directory } from './directory.ts';
import type { Match } from './match.ts';
import { type Plan, plan } from './plan.ts';
import { type PlanContext, type PlanInput, opOf } from './plan-parts.ts';
import type { RecordDocument } from './record.ts';
import type { Obstacle } from './resource.ts';
import type { Inverse } from './rollback.ts';
import { type Wanted, changedSinceThen } from './undoing.ts';
import type { Address } from './value.ts';

export type Drawn = { readonly plan: Plan; readonly context: PlanContext };

/** Secrets that these changes would send and that this run does not have: address -> what is missing. */
export type Missing = (changes: readonly Pending[]) => ReadonlyMap<Address, Obstacle>;

/** Pure: the inverse of an apply and what is live -> a plan like any other; what cannot be undone stands in it, blocked. */
export function planRollback(
  inverse: Inverse,
  {
    input: whole,
    ground,
    missing,
  }: { readonly input: PlanInput; readonly ground: PlanContext; readonly missing: Missing },
): Drawn {
  const context = contextFor(inverse, ground);
  const orphans = new Map([...whole.orphans].filter(([address]) => inverse.removed.has(address)));
  const input = { ...whole, orphans };
  const changed = stoppedIn(inverse, input, context);
  const first = withMatches(input, changed);
  const lacking = missing(plan(first, context).changes.filter(isPending));
  const { changes } = plan(withMatches(first, lacking), context);
  const obstacles = new Map([...changed, ...lacking]);
  const byAddress = new Map(inverse.wanted.map((wanted) => [wanted.resource.address, wanted]));
  const told = changes
    .filter(({ address }) => byAddress.has(address) || inverse.removed.has(address))
    .map((change) => stopping(change, obstacles.get(change.address)))
    .map((change) => undoing(change, byAddress.get(change.address), context))
    .map((change): Change => ({ ...change, fields: change.fields.map(withoutOrigin) }));
  const sorted = [...told, ...inverse.settled].sort((a, b) => (a.address < b.address ? -1 : 1));
  const ops = sorted.flatMap(({ op }) => (op === null ? [] : [op]));
  return { plan: { changes: sorted, digest: digestPlan(ops, context.workspaceId, input.config) }, context };
}

/** Who moved away from what was applied is no question here: going back to what was before is asked for. */
function withoutOrigin({ origin: _origin, applied: _applied, ...field }: FieldChange): FieldChange {
  return { ...field, isDrifted: false };
}

/** Nothing rotates, and what the apply made goes whatever `settings.prune` says: it was not there before. */
function contextFor(inverse: Inverse, ground: PlanContext): PlanContext {
  const { rotation, isRotated, isReplaced, lenience } = ground.policy;
  return {
    ...ground,
    policy: { rotation, isRotated, isReplaced, lenience, prune: true },
    compareSecret: () => 'unknown',
    directory: withRecord(ground.directory, ground.record, touchedBy(inverse)),
  };
}

function touchedBy({ wanted, removed }: Inverse): ReadonlySet<Address> {
  return new Set([...wanted.map(({ resource }) => resource.address), ...removed]);
}

/** A file would name the other objects that are on record; here the record does. */
function withRecord(
  directory: Directory,
  record: RecordDocument | null,
  touched: ReadonlySet<Address>,
): Directory {
  const others = Object.entries(record?.objects ?? {}).filter(([address]) => !touched.has(address));
  const addresses = new Map(others.map(([, { kind, key, id }]) => [`${kind}/${id}`, `${kind}/${key}`]));
  const ids = new Map(others.map(([, { kind, key, id }]) => [`${kind}/${key}`, id]));
  return {
    ...directory,
    addressOf: (kind, id) => directory.addressOf(kind, id) ?? addresses.get(`${kind}/${id}`),
    idOf: (address) => directory.idOf(address) ?? ids.get(address),
  };
}

function withMatches(input: PlanInput, obstacles: ReadonlyMap<Address, Obstacle>): PlanInput {
  const stopped = [...obstacles].map(([address, { message, reason }]): readonly [Address, Match] => [
    address,
    { state: 'unreadable', why: message, reason },
  ]);
  return { ...input, matches: new Map([...input.matches, ...stopped]) };
}

function stoppedIn(
  { wanted }: Inverse,
  { matches }: PlanInput,
  context: PlanContext,
): ReadonlyMap<Address, Obstacle> {
  const found = wanted.flatMap((one): readonly (readonly [Address, Obstacle])[] => {
    const why = changedSince(one, matches.get(one.resource.address), context);
    return why === undefined ? [] : [[one.resource.address, changedSinceThen(why)]];
  });
  return new Map(found);
}

function stopping(change: Change, obstacle: Obstacle | undefined): Change {
  return change.verb === 'blocked' && obstacle !== undefined ? { ...change, obstacle } : change;
}

/** The file has no place for it; and what is to leave the record, or to come back, may need no write to do so. */
function undoing(change: Change, wanted: Wanted | undefined, context: PlanContext): Change {
  const told = { ...change, source: null, notes: [...change.notes, ...(wanted?.notes ?? [])] };
  if (wanted === undefined || change.verb !== 'noop' || change.live === null) return told;
  const { resource, restoration, how } = wanted;
  const { live } = change;
  if (restoration.isForgotten) {
    const op = opOf(resource, { id: live.id, verb: 'detach', fields: [] }, context);
    return { ...told, verb: 'detach', id: live.id, op };
  }
  if (how !== 'returned') return told;
  const op = opOf(resource, { id: live.id, verb: 'adopt', fields: [] }, context);
  return { ...told, verb: 'adopt', id: live.id, op, resource, live, target: live.spec, isRelease: false };
}
