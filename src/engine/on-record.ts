import { type RecordDocument, type RecordedObject, type RecordIndex, indexRecord } from '../core/record.ts';
import type { Address } from '../core/value.ts';

type Entry = readonly [Address, RecordedObject];

/** The record as everything that reads the workspace looks at it: made once, as it may hold thousands of objects. */
export type OnRecord = {
  /** By kind and key. */
  readonly recordedOf: RecordIndex;
  /** Of one kind. */
  readonly objectsOnRecord: (kind: string) => readonly Entry[];
  /** `kind/id` -> the address that the record knows it by. */
  readonly addressesOnRecord: ReadonlyMap<string, Address>;
};

export function lookUpRecord(record: RecordDocument | null): OnRecord {
  const entries = Object.entries(record?.objects ?? {});
  const byKind = new Map<string, Entry[]>();
  for (const entry of entries) {
    const others = byKind.get(entry[1].kind);
    if (others === undefined) byKind.set(entry[1].kind, [entry]);
    else others.push(entry);
  }
  return {
    recordedOf: indexRecord(record),
    objectsOnRecord: (kind) => byKind.get(kind) ?? [],
    addressesOnRecord: addressesIn(entries),
  };
}

/** The old object of an unfinished replace goes by the same address. */
function addressesIn(entries: readonly Entry[]): ReadonlyMap<string, Address> {
  return new Map(
    entries.flatMap(([address, { kind, id, replacing }]) =>
      [id, replacing?.id].flatMap((one) => (one === undefined ? [] : [[`${kind}/${one}`, address] as const])),
    ),
  );
}
