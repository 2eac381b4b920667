import type { Blocked, Noop } from './change.ts';
import { onRecord } from './kept.ts';
import type { HistoryChange, HistoryEntry } from './record.ts';
import { recreate, replaceBack, setBack, wished } from './rollback-wishes.ts';
import { type InverseGround, type Undoing, type Undone, type Wanted, leave, stop } from './undoing.ts';
import type { Address } from './value.ts';

/** What would undo one apply, as far as that can be told without looking at the workspace. */
export type Inverse = {
  /** What is to be as it was before. */
  readonly wanted: readonly Wanted[];
  /** Objects that the apply made. */
  readonly removed: ReadonlySet<Address>;
  /** What cannot be undone, or needs not be, with the reason. */
  readonly settled: readonly (Blocked | Noop)[];
};

/** Pure: an entry of the history and the record as it is now -> what would undo it. */
export function invert(entry: HistoryEntry, ground: InverseGround): Inverse {
  const remade = new Set(entry.changes.filter(isRemade).map(({ address }) => address));
  const kept = { record: ground.record, remade, secretOf: ground.secretOf };
  const parts = { ...ground, kept, remadeAt: remadeBy(entry, ground) };
  const undone = entry.changes.map((change) => ({ change, is: undoneOf(change, parts) }));
  return {
    wanted: undone.flatMap(({ is }) => (is.is === 'wanted' ? [is.wanted] : [])),
    removed: new Set(undone.flatMap(({ is }) => (is.is === 'removed' ? [is.address] : []))),
    settled: undone.flatMap(({ change, is }) => settledOf(change, is)),
  };
}

type RemadeAt = (address: Address) => Undoing['isRemade'];

/** A rollback that failed in part, or died, is gone on with: what it made is not what somebody else made since. */
function remadeBy({ serial }: HistoryEntry, { record }: InverseGround): RemadeAt {
  const earlier = (record?.history ?? []).filter(({ rolls_back }) => rolls_back === serial);
  return (address) => (id) =>
    earlier.some(({ changes, open }) =>
      changes.some(
        (change) =>
          change.address === address &&
          (change.verb === 'create' || change.verb === 'replace') &&
          (change.undo?.id === id || open === true),
      ),
    );
}

function isRemade({ verb }: HistoryChange): boolean {
  return verb === 'delete' || verb === 'replace';
}

type Way = (undoing: Undoing) => Undone;

const WAYS: Readonly<Record<string, Way>> = {
  create: removeMade,
  delete: recreate,
  replace: replaceBack,
  update: setBack,
  adopt: setBack,
  detach: putBack,
};

function undoneOf(
  change: HistoryChange,
  ground: InverseGround & Pick<Undoing, 'kept'> & { readonly remadeAt: RemadeAt },
): Undone {
  const { address, verb, undo } = change;
  const way = Object.hasOwn(WAYS, verb) ? WAYS[verb] : undefined;
  if (verb === 'rotate') return leave('a rotation cannot be undone: the former value is not stored anywhere');
  if (undo === undefined) return stop('an older version recorded it, and not what was there before');
  if (undo === null) return stop('what was there before was too large to be kept');
  if (way === undefined) return stop(`nothing is known that undoes "${verb}"`);
  return way({ ...ground, address, undo, rotated: rotatedIn(change), isRemade: ground.remadeAt(address) });
}

/** The same reference before and after: it got a new value. */
function rotatedIn({ before, after, undo }: HistoryChange): readonly string[] {
  const secrets = Object.keys(undo?.was?.secrets ?? {});
  return secrets.filter((path) => path in after && before[path] === after[path]);
}

/** Deleted is only what is on record as made by that very apply; the planner holds it against the live object. */
function removeMade({ undo, record }: Undoing): Undone {
  if (undo.id === null) return stop('that run died before it could say what it made');
  const now = onRecord(record, undo.kind, undo.id);
  return now === undefined
    ? leave('it is no longer on record: there is nothing to undo')
    : { is: 'removed', address: now.address };
}

/** The object was only forgotten: it comes back on record as it was, and nothing is written to it. */
function putBack(undoing: Undoing): Undone {
  const { undo, record, address } = undoing;
  if (undo.was === null) return stop('it was not on record before');
  if (onRecord(record, undo.kind, undo.was.id) !== undefined) return leave('it is on record again');
  const restoration = { was: undo.was, paths: 'all', isForgotten: false } as const;
  const resource = wished(undoing, { address, id: undo.was.id, name: undo.was.name, wishes: {} });
  const notes = ['it comes back on record as it was; nothing is written to it'];
  return { is: 'wanted', wanted: { resource, left: {}, notes, how: 'returned', restoration } };
}

function settledOf(change: HistoryChange, undone: Undone): readonly (Blocked | Noop)[] {
  if (undone.is === 'wanted' || undone.is === 'removed') return [];
  const described = { ...namesOf(change), source: null, fields: [], requires: [], op: null } as const;
  return undone.is === 'stopped'
    ? [{ ...described, notes: [], verb: 'blocked', obstacle: undone.obstacle }]
    : [{ ...described, notes: [undone.note], verb: 'noop', resource: null, live: null }];
}

/** What an older version recorded goes by its address alone. */
function namesOf({
  address,
  undo,
}: HistoryChange): Pick<Blocked, 'address' | 'kind' | 'key' | 'display' | 'id'> {
  const slash = address.indexOf('/');
  const key = address.slice(slash + 1);
  if (undo === undefined || undo === null)
    return { address, kind: address.slice(0, slash), key, display: key, id: null };
  return { address, kind: undo.kind, key: undo.key, display: undo.name, id: undo.id };
}
