import { type FieldChange, counts } from './change.ts';
import { type Directory, translate, translateFormer } from './directory.ts';
import type { RecordedObject } from './record.ts';
import { type FieldRule, type Observed, type Resource, type Wish, gapAt, meet, ruleFor } from './resource.ts';
import { Secret } from './secret.ts';
import {
  IdRef,
  type Item,
  NameRef,
  Ref,
  type Spec,
  type Value,
  isEmpty,
  isList,
  isSame,
  keyOf,
  itemsOf,
} from './value.ts';

/** How a secret's fingerprint compares with the one on record; `unknown` where there is nothing to compare with. */
export type Comparison = 'same' | 'different' | 'unknown';

export type DiffContext = {
  readonly rules: readonly FieldRule[];
  readonly directory: Directory;
  readonly recorded: RecordedObject | undefined;
  readonly compareSecret: (path: string) => Comparison;
  /** `auto`: a new value is written; `manual`: it is reported; `forced`: every secret is written again. */
  readonly rotation: 'auto' | 'manual' | 'forced';
  /** Why what was changed by hand there is to be left alone for now; undefined where it is not. */
  readonly mutedWhy?: (path: string) => string | undefined;
};

const PLAIN = { verdict: 'changed', isDrifted: false, isRotated: false, reason: null } as const;

export type Difference = {
  readonly fields: readonly FieldChange[];
  /** The whole spec once the fields that count are written. */
  readonly target: Spec;
};

/** The only diff: preview, apply, verify and drift use it. */
export function diff(
  resource: Pick<Resource, 'wishes'>,
  observed: Observed,
  context: DiffContext,
): Difference {
  const spec = translateSpec(observed.spec, context.directory);
  const live = { ...observed, spec };
  const fields = Object.entries(resource.wishes)
    .map(([path, wish]) => diffField(path, wish, live, context))
    .filter((field) => field !== undefined)
    .map((field) => muted(field, context))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const written = Object.fromEntries(fields.filter(counts).map(({ path, after }) => [path, after]));
  return { fields, target: { ...spec, ...written } };
}

/** Only what the workspace alone changed: where the file has a new say, it is shown and written. */
function muted(field: FieldChange, { mutedWhy }: DiffContext): FieldChange {
  const why = field.origin === 'workspace' ? mutedWhy?.(field.path) : undefined;
  return why === undefined ? field : { ...field, verdict: 'ignored', reason: why };
}

export function translateSpec(spec: Spec, directory: Directory): Spec {
  return Object.fromEntries(Object.entries(spec).map(([path, value]) => [path, translate(value, directory)]));
}

function diffField(path: string, wish: Wish, live: Observed, context: DiffContext): FieldChange | undefined {
  const wanted = translateWish(wish, context.directory);
  const before = live.spec[path];
  const isWriteOnly = ruleFor(context.rules, path)?.writeOnly !== undefined;
  const isHidden = gapAt(live.gaps, path) !== undefined;
  const isSecret = isSecretField(path, [before, wanted.value], context);
  if (isWriteOnly || (isHidden && isSecret)) return diffWriteOnly(path, wanted.value, live, context);
  if (isHidden) return diffHidden(path, wanted, live, context);
  if (isSecret) return diffShown(path, wanted.value, before, context);
  return diffReadable(path, wanted, before, context);
}

/** A wish in terms of the file, as live values are compared with it. */
export function translateWish({ without, ...wish }: Wish, directory: Directory): Wish {
  const value = translate(wish.value, directory);
  const unwanted = translate(without ?? [], directory);
  return { ...wish, value, ...(isList(unwanted) && unwanted.length > 0 ? { without: unwanted } : {}) };
}

/** A secret stands there, in the file or live, or was applied there. */
function isSecretField(
  path: string,
  values: readonly (Value | undefined)[],
  { recorded }: DiffContext,
): boolean {
  return recorded?.secrets[path] !== undefined || values.some((value) => value instanceof Secret);
}

/** A secret that the API does show, such as a webhook's address: compared as it is, and never printed. */
function diffShown(
  path: string,
  wanted: Value,
  live: Value | undefined,
  context: DiffContext,
): FieldChange | undefined {
  if (isSameText(wanted, live)) return undefined;
  const change = { path, before: concealed(path, live, context), after: wanted, ...PLAIN };
  return wanted instanceof Secret ? diffShownSecret(change, wanted, context) : change;
}

function diffShownSecret(change: FieldChange, wanted: Secret, context: DiffContext): FieldChange | undefined {
  const label = context.recorded?.secrets[change.path]?.label ?? null;
  const isKnown = label === wanted.label;
  // Without its value only another reference can be told.
  if (!wanted.isAvailable) return isKnown || label === null ? undefined : change;
  const isRotated = isKnown && context.compareSecret(change.path) === 'different';
  return isRotated ? diffRotation(change.path, wanted, context) : { ...change, isDrifted: isKnown };
}

/** What is live where a secret stands, or stood: it may be one too, whatever it looks like. */
function concealed(path: string, live: Value | undefined, { recorded }: DiffContext): Value {
  if (isEmpty(live)) return null;
  if (live instanceof Secret) return live.label;
  return recorded?.secrets[path]?.label ?? '(another value)';
}

function isSameText(a: Value, b: Value | undefined): boolean {
  if (a instanceof Secret) return b instanceof Secret ? a.isSameAs(b) : typeof b === 'string' && a.isText(b);
  return b instanceof Secret ? typeof a === 'string' && b.isText(a) : isSame(a, b);
}

function diffReadable(
  path: string,
  wish: Wish,
  before: Value | undefined,
  context: DiffContext,
): FieldChange | undefined {
  const after = meet(wish, withoutPredecessors(before, wish, context.directory));
  if (isSame(before, after)) return undefined;
  const verdict = hasUnknown(after, context.directory) ? 'unknown' : 'changed';
  const change = { path, before: before ?? null, after, verdict, isRotated: false, reason: null } as const;
  const applied = context.recorded?.applied[path];
  return { ...change, ...originOf(applied, { wish, live: before ?? null }, context) };
}

/** Three ways: what was last applied, what the file says now, and what is live. */
function originOf(
  applied: Value | undefined,
  { wish, live }: { readonly wish: Wish; readonly live: Value },
  { directory }: DiffContext,
): Pick<FieldChange, 'isDrifted' | 'origin' | 'applied'> {
  if (applied === undefined) return { isDrifted: false };
  const isDrifted = !isSame(applied, recordable(translateFormer(live, directory)));
  if (!isDrifted) return { isDrifted, origin: 'file' };
  const isStated = isSame(applied, recordable(meet(asRecorded(wish), applied)));
  return { isDrifted, origin: isStated ? 'workspace' : 'both', applied };
}

/** The record spells references as texts; what must not be there goes under either spelling. */
function asRecorded({ without, ...wish }: Wish): Wish {
  return without === undefined ? wish : { ...wish, without: [...without, ...without.map(recordableItem)] };
}

/** What was replaced under an address that is wished for makes way for its successor, also where others are to stay. */
function withoutPredecessors(
  before: Value | undefined,
  { value }: Wish,
  directory: Directory,
): Value | undefined {
  if (!isList(before) || !isList(value)) return before;
  const wanted = new Set(value.map(keyOf));
  const isReplaced = (item: Item): boolean => {
    const former = item instanceof IdRef ? directory.formerAddressOf(item.kind, item.id) : undefined;
    return former !== undefined && wanted.has(keyOf(new Ref(former)));
  };
  return before.filter((item) => !isReplaced(item));
}

/** A field that only admins are shown, and this identity is none: compared with what was last applied. */
function diffHidden(path: string, wish: Wish, live: Observed, context: DiffContext): FieldChange | undefined {
  const applied = context.recorded?.applied[path];
  if (applied === undefined)
    return isEmpty(wish.value) ? undefined : opaque(path, wish.value, gapAt(live.gaps, path)?.why);
  const after = meet(asRecorded(wish), applied);
  if (isSame(applied, recordable(after))) return undefined;
  const reason = 'compared with what was last applied, as this identity cannot read it';
  return { path, before: applied, after, verdict: 'assumed', isDrifted: false, isRotated: false, reason };
}

function diffWriteOnly(
  path: string,
  wanted: Value,
  live: Observed,
  context: DiffContext,
): FieldChange | undefined {
  const { recorded } = context;
  const isHidden = gapAt(live.gaps, path) !== undefined;
  const isSet = isHidden ? wasSet(path, recorded) : !isEmpty(live.spec[path]);
  const before = lastApplied(path, recorded);
  if (isEmpty(wanted)) {
    const change = { path, before: isEmpty(before) ? '(set)' : before, after: null };
    const verdict = isHidden ? 'assumed' : 'changed';
    return isSet
      ? { ...change, ...PLAIN, verdict, isDrifted: recorded !== undefined && isEmpty(before) }
      : undefined;
  }
  if (isSet || isHidden) return diffSetField(path, wanted, context);
  // On record and yet unset: somebody took it away by hand.
  return { path, before: null, after: wanted, ...PLAIN, isDrifted: !isEmpty(before) };
}

/** The field is set, as far as can be told; whether to what is wanted, only the record can say. */
function diffSetField(path: string, wanted: Value, context: DiffContext): FieldChange | undefined {
  const before = lastApplied(path, context.recorded);
  if (isEmpty(before)) return opaque(path, wanted, undefined);
  const isSecret = context.recorded?.secrets[path] !== undefined;
  const isEqual = isSecret === wanted instanceof Secret && isSame(before, recordable(wanted));
  if (!isEqual) return { path, before, after: wanted, ...PLAIN };
  return wanted instanceof Secret ? diffRotation(path, wanted, context) : undefined;
}

function diffRotation(path: string, wanted: Secret, context: DiffContext): FieldChange | undefined {
  if (context.rotation === 'forced') return rotated(path, wanted, 'asked for by --rotate');
  if (!wanted.isAvailable || context.compareSecret(path) !== 'different') return undefined;
  // A literal has no reference that was approved: the file says something else now.
  if (wanted.variables.length === 0)
    return { path, before: wanted.label, after: wanted, ...PLAIN, reason: 'the file holds another value' };
  if (context.rotation === 'auto') return rotated(path, wanted, 'the secret has a new value');
  const reason = 'the secret has a new value; `settings.rotate: manual` waits for --rotate';
  return { ...rotated(path, wanted, reason), verdict: 'ignored' };
}

function rotated(path: string, wanted: Secret, reason: string): FieldChange {
  return { path, before: wanted.label, after: wanted, ...PLAIN, isRotated: true, reason };
}

function opaque(path: string, wanted: Value, why: string | undefined): FieldChange {
  const reason = why ?? 'it cannot be read back, and is not on record';
  return { path, before: '(set)', after: wanted, ...PLAIN, verdict: 'opaque', reason };
}

function wasSet(path: string, recorded: RecordedObject | undefined): boolean {
  return !isEmpty(lastApplied(path, recorded));
}

/** A secret's label, or the value that was last applied; null where neither is on record. */
function lastApplied(path: string, recorded: RecordedObject | undefined): Value {
  return recorded?.secrets[path]?.label ?? recorded?.applied[path] ?? null;
}

function hasUnknown(value: Value, directory: Directory): boolean {
  const items = itemsOf(value);
  return items.some(
    (item) => item instanceof NameRef || (item instanceof Ref && directory.idOf(item.to) === undefined),
  );
}

/** A value as the record keeps it: references as `${…}` texts, never a secret's value. */
export function recordable(value: Value | undefined): Value {
  if (isList(value)) return value.map((item) => recordableItem(item)).sort(byText);
  return recordableItem(value ?? null);
}

function recordableItem(item: Item | Value): Item {
  if (item instanceof Ref) return `\${${item.to}}`;
  if (item instanceof Secret) return item.label;
  return typeof item === 'object' && item !== null ? String(item) : item;
}

function byText(a: Item, b: Item): number {
  return String(a) < String(b) ? -1 : 1;
}
