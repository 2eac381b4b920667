import type { HistoryChange, RecordDocument, RecordedObject } from './record.ts';
import type { Address } from './value.ts';

/** An entry that got another key: `destination/old` is `destination/new` from now on. */
export type Move = { readonly from: Address; readonly to: Address };

export type Renamed = {
  readonly record: RecordDocument;
  /** Moves that this record did not know of yet. */
  readonly moved: readonly Move[];
  /** Moves to an address that the record knows as another object. */
  readonly stuck: readonly Move[];
};

/** The record with every entry under its new key. A move that has happened already changes nothing. */
export function renameRecorded(
  record: RecordDocument,
  moves: readonly Move[],
  isPart: (kind: string) => boolean,
): Renamed {
  return moves.reduce<Renamed>(
    (sofar, move) => {
      const found = recordedAt(sofar.record, move.from);
      if (found === undefined) return sofar;
      if (recordedAt(sofar.record, move.to) !== undefined) return { ...sofar, stuck: [...sofar.stuck, move] };
      const [address, object] = found;
      // Somebody else's object goes by its id, and only the key beside it is ours to choose.
      const to = isPart(object.kind) ? address : move.to;
      const renamed = rename(sofar.record, { address, to, key: keyIn(move.to) });
      return { ...sofar, record: renamed, moved: [...sofar.moved, move] };
    },
    { record, moved: [], stuck: [] },
  );
}

/** What is on record under an address, or under a kind and a key. */
export function recordedAt(
  { objects }: RecordDocument,
  address: Address,
): readonly [Address, RecordedObject] | undefined {
  const exact = objects[address];
  if (exact !== undefined) return [address, exact];
  return Object.entries(objects).find(([, { kind, key }]) => `${kind}/${key}` === address);
}

/** Values on record that point at an object in one spelling, in another one. */
export function respell(record: RecordDocument, before: string, after: string): RecordDocument {
  const objects = Object.entries(record.objects).map(([address, object]) => {
    const applied = respelled(object.applied, before, after) as RecordedObject['applied'];
    const added = respelled(object.added, before, after) as RecordedObject['added'];
    return [address, { ...object, applied, added }] as const;
  });
  return { ...record, objects: Object.fromEntries(objects) };
}

/** How the record spells a pointer at a declared object. */
export function pointerTo(address: Address): string {
  return `\${${address}}`;
}

type NewName = { readonly address: Address; readonly to: Address; readonly key: string };

function rename(record: RecordDocument, name: NewName): RecordDocument {
  const { address, to, key } = name;
  const renamed = respell(record, pointerTo(address), pointerTo(to));
  return {
    ...renamed,
    objects: rekeyed(renamed.objects, address, (object) => [to, { ...object, key }]),
    intents: rekeyed(record.intents, address, (intent) => [to, intent]),
    // An interrupted apply is finished by what its entry says it was about to write, and an undone one is found by it.
    history: record.history.map((entry) => ({
      ...entry,
      changes: entry.changes.map((change) => renameChange(change, name)),
    })),
  };
}

function renameChange(change: HistoryChange, { address, to, key }: NewName): HistoryChange {
  const spelled = respelled(change, pointerTo(address), pointerTo(to));
  const renamed = readdressed(spelled, address, to) as HistoryChange;
  const { undo } = renamed;
  if (change.address !== address || !undo) return renamed;
  return { ...renamed, undo: { ...undo, key, was: undo.was && { ...undo.was, key } } };
}

function rekeyed<Value>(
  values: Readonly<Record<Address, Value>>,
  address: Address,
  change: (value: Value) => readonly [Address, Value],
): Readonly<Record<Address, Value>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => (key === address ? change(value) : [key, value])),
  );
}

/** Any JSON, with one text for another wherever it stands alone. */
function respelled(json: unknown, before: string, after: string): unknown {
  if (json === before) return after;
  if (Array.isArray(json)) return json.map((item) => respelled(item, before, after));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, respelled(value, before, after)]),
  );
}

/** The same with another text for one under `address`, at any depth. */
function readdressed(json: unknown, before: Address, after: Address): unknown {
  if (Array.isArray(json)) return json.map((item) => readdressed(item, before, after));
  if (typeof json !== 'object' || json === null) return json;
  const fields = Object.entries(json).map(([key, value]) =>
    key === 'address' && value === before ? [key, after] : [key, readdressed(value, before, after)],
  );
  return Object.fromEntries(fields) as unknown;
}

function keyIn(address: Address): string {
  return address.slice(address.indexOf('/') + 1);
}
