import { type FieldChange, type Pending, counts } from './change.ts';
import { recordable } from './diff.ts';
import type { Directory } from './directory.ts';
import type {
  HistoryChange,
  HistoryEntry,
  KeptItem,
  KeptValue,
  RecordDocument,
  RecordedObject,
  RecordedSecret,
  Undo,
} from './record.ts';
import { type FieldRule, ruleFor } from './resource.ts';
import { Secret } from './secret.ts';
import {
  type Address,
  IdRef,
  type Item,
  NameRef,
  Ref,
  type Value,
  isEmpty,
  isList,
  kindOf,
} from './value.ts';

/** Applies that a record remembers for `history` and `rollback`. */
const MAX_ENTRIES = 20;
/** Characters of JSON that one change, and all of them together, may take in order to be undone some day. */
const MAX_CHANGE = 32_000;
const MAX_ALL = 1_000_000;

export type HistoryGround = {
  readonly before: RecordDocument | null;
  /** The record as the run left it; null before its first write. */
  readonly after: RecordDocument | null;
  readonly directory: Directory;
  readonly rulesOf: (kind: string) => readonly FieldRule[];
};

/** Pure: one change of an apply -> what is remembered of it, before and after, and what would undo it. */
export function historyChange(change: Pending, ground: HistoryGround): HistoryChange {
  const { address, verb, fields } = change;
  return {
    address,
    verb,
    before: Object.fromEntries(fields.map(({ path, before }) => [path, recordable(before)])),
    after: Object.fromEntries(fields.map(({ path, after }) => [path, recordable(after)])),
    undo: undoOf(change, ground),
  };
}

/** Newest last. Where it grows too large, the oldest are the first of which only the values are kept. */
export function withEntry(history: readonly HistoryEntry[], entry: HistoryEntry): readonly HistoryEntry[] {
  let left = MAX_ALL;
  const kept = [...history, entry].slice(-MAX_ENTRIES).reverse();
  const bounded = kept.map((one) => ({
    ...one,
    changes: one.changes.map((change) => {
      const size = JSON.stringify(change.undo ?? null).length;
      if (change.undo === undefined || change.undo === null) return change;
      if (size > MAX_CHANGE || size > left) return { ...change, undo: null };
      left -= size;
      return change;
    }),
  }));
  return bounded.reverse();
}

/** References that a label names: `Bearer (secret TOKEN)` names TOKEN. */
export function namesInLabel(label: string): readonly string[] {
  return [...label.matchAll(/\(secret ([^()\s]+)\)/g)].map(([, name]) => String(name));
}

/** Environment variables of a secret on record; where they were not kept yet, the names in its label. */
export function variablesOf({ label, variables }: RecordedSecret): readonly string[] {
  return variables ?? [...new Set(namesInLabel(label))];
}

function undoOf(change: Pending, ground: HistoryGround): Undo {
  const { address, kind, key } = change;
  const was = formerly(change, ground) ?? null;
  const left = ground.after?.objects[address];
  const written = change.fields.filter((field) => isWritten(field, change));
  return {
    kind,
    key,
    id: idLeft(change, left),
    name: left?.name ?? nameOf(change),
    fields: Object.fromEntries(
      written.map((field) => [
        field.path,
        {
          before: keepBefore(field, { was, rules: ground.rulesOf(kind) }, ground),
          after: keep(field.after, { ...ground, made: ground.after }),
        },
      ]),
    ),
    was,
    statement: left?.statement ?? null,
  };
}

/** An object of ours whose key was renamed is on record under its former address. */
function formerly({ address, kind, id }: Pending, { before }: HistoryGround): RecordedObject | undefined {
  const objects = before?.objects ?? {};
  return objects[address] ?? Object.values(objects).find((one) => one.kind === kind && one.id === id);
}

function isWritten(field: FieldChange, { verb }: Pending): boolean {
  if (field.isRotated || (verb !== 'update' && verb !== 'adopt')) return false;
  return counts(field) || (verb === 'adopt' && field.verdict === 'opaque');
}

function idLeft(change: Pending, left: RecordedObject | undefined): string | null {
  if (change.verb === 'delete') return null;
  if (change.verb !== 'create' && change.verb !== 'replace') return change.id;
  // What did not come to be made is still on record as it was.
  return left === undefined || left.id === change.id ? null : left.id;
}

function nameOf(change: Pending): string {
  if (change.verb === 'delete') return change.recorded.name;
  return 'resource' in change ? change.resource.name : change.display;
}

type Former = { readonly was: RecordedObject | null; readonly rules: readonly FieldRule[] };

/** A secret goes by its reference; of what was neither readable nor on record nothing is known. */
function keepBefore(
  { path, before, after }: FieldChange,
  { was, rules }: Former,
  { directory }: HistoryGround,
): KeptValue {
  const secret = was?.secrets[path];
  if (secret !== undefined) return { secret: secret.label, variables: variablesOf(secret) };
  if (isEmpty(before)) return isList(before) ? [] : null;
  const isWriteOnly = ruleFor(rules, path)?.writeOnly !== undefined;
  const isConcealed = isWriteOnly || [before, after].some((value) => value instanceof Secret);
  return isConcealed ? (was?.applied[path] ?? { lost: true }) : keep(before, { directory, made: null });
}

type Keeping = { readonly directory: Directory; readonly made: RecordDocument | null };

function keep(value: Value, keeping: Keeping): KeptValue {
  return isList(value) ? value.map((item) => keepItem(item, keeping)) : keepItem(value, keeping);
}

function keepItem(item: Item, { directory, made }: Keeping): KeptItem {
  if (item instanceof Secret) return { secret: item.label, variables: item.variables };
  if (item instanceof Ref) return pointer(item.to, made?.objects[item.to]?.id ?? directory.idOf(item.to));
  if (item instanceof IdRef) {
    const address = directory.addressOf(item.kind, item.id) ?? directory.formerAddressOf(item.kind, item.id);
    return { kind: item.kind, id: item.id, ...(address === undefined ? {} : { address }) };
  }
  return item instanceof NameRef ? { lost: true } : item;
}

function pointer(address: Address, id: string | undefined): KeptItem {
  return { kind: kindOf(address), address, ...(id === undefined ? {} : { id }) };
}
