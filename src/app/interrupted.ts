import { type Change, type FieldChange, counts, isPending } from '../core/change.ts';
import type { Approval } from '../core/approval.ts';
import { recordable } from '../core/diff.ts';
import { sortedJson } from '../core/digest.ts';
import type { HistoryChange, RecordDocument } from '../core/record.ts';
import type { Address, Scalar, Value } from '../core/value.ts';
import type { Begun } from '../engine/run.ts';

/**
 * What an apply was about to write that died before it could say what became of it, by address. Its entry in the history
 * is older than the record; the entry of one that came to an end has the serial of the record that it saved.
 */
export function unfinished(record: RecordDocument | null): ReadonlyMap<Address, HistoryChange> {
  const last = record?.history.at(-1);
  const isOpen = record !== null && last !== undefined && last.serial < record.serial;
  return new Map(isOpen ? last.changes.map((change) => [change.address, change]) : []);
}

/** The same as field changes, so that what was written and not recorded is recorded as ours. */
export function begunOf(record: RecordDocument | null): Begun {
  return new Map([...unfinished(record)].map(([address, change]) => [address, fieldsOf(change)]));
}

/**
 * An update of fields that can be read and of fields that cannot is seen half done where its record was not saved: the rest
 * has another digest, and is covered by the approval under which it was begun.
 */
export function withRest(
  approval: Approval,
  changes: readonly Change[],
  record: RecordDocument | null,
): Approval {
  if (approval === 'everything') return approval;
  const begun = unfinished(record);
  const approved = new Set(approval.ops.map(({ op }) => op));
  const covered = (record?.approval?.ops ?? []).filter(({ op }) => approved.has(op));
  const addresses = new Set(covered.map(({ address }) => address));
  const rest = changes.flatMap((change) => {
    const { address, op } = change;
    return op !== null && addresses.has(address) && isRest(change, begun.get(address))
      ? [{ address, op }]
      : [];
  });
  return { ...approval, ops: [...approval.ops, ...rest] };
}

function isRest(change: Change, begun: HistoryChange | undefined): boolean {
  const isWrite = isPending(change) && (change.verb === 'update' || change.verb === 'adopt');
  if (!isWrite || begun?.verb !== change.verb) return false;
  const written = change.fields.filter((field) => counts(field) || field.verdict === 'opaque');
  return written.every(
    ({ path, before, after }) =>
      isEqual(before, begun.before[path]) && isEqual(after, begun.after[path]) && path in begun.after,
  );
}

function isEqual(value: Value, recorded: unknown): boolean {
  return sortedJson(recordable(value)) === sortedJson(recorded ?? null);
}

function fieldsOf({ before, after }: HistoryChange): readonly FieldChange[] {
  return Object.keys(after).map((path) => ({
    path,
    before: valueOf(before[path]),
    after: valueOf(after[path]),
    verdict: 'changed',
    isDrifted: false,
    isRotated: false,
    reason: null,
  }));
}

function valueOf(json: unknown): Value {
  return Array.isArray(json) ? json.map(scalarOf) : scalarOf(json);
}

function scalarOf(json: unknown): Scalar {
  const isScalar = typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean';
  return isScalar ? json : null;
}
