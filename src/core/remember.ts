import { type FieldChange, counts } from './change.ts';
import { recordable, translateSpec } from './diff.ts';
import { sha256 } from './digest.ts';
import type { Directory } from './directory.ts';
import { recordKey } from './orphan.ts';
import type { Fingerprint, RecordedObject, RecordedSecret, RecordedValue } from './record.ts';
import { type Resource, statementOf } from './resource.ts';
import type { DeclaredRule } from './rule.ts';
import { Secret } from './secret.ts';
import { type Address, Ref, type Scalar, type Spec, type Value, isList, membersOf } from './value.ts';

/** What an apply leaves to remember of one object. */
export type Applied = {
  readonly resource: Resource;
  readonly id: string;
  readonly name: string;
  /** Live before and after, as far as they are known. */
  readonly before: Spec;
  readonly target: Spec;
  readonly fields: readonly FieldChange[];
  readonly previous: RecordedObject | undefined;
  /** Every path that was sent; with the fingerprint where it holds a secret. */
  readonly fingerprints: ReadonlyMap<string, Fingerprint | null>;
  readonly at: string;
  readonly isPart: boolean;
  readonly directory: Directory;
};

/** Pure: outcome -> record entry. A secret is a label and a fingerprint. */
export function remember(outcome: Applied): RecordedObject {
  const { resource, id, name } = outcome;
  // What was known of another object that went by this address says nothing about this one.
  const previous = outcome.previous?.id === id ? outcome.previous : undefined;
  const applied = { ...outcome, previous };
  return {
    kind: resource.kind,
    key: resource.key,
    id,
    name,
    traits: resource.traits,
    statement: hashStatement(resource),
    applied: appliedValues(applied),
    added: applied.isPart ? addedMembers(applied) : {},
    before: applied.isPart ? { ...scalarsBefore(applied), ...previous?.before } : {},
    secrets: secretsOf(applied),
    ...coveredBy(resource),
  };
}

function coveredBy({ coverage }: Resource): Pick<RecordedObject, 'rules'> {
  return coverage === undefined ? {} : { rules: coverage.rules.map(({ key }) => key) };
}

/** Tells whether a statement is the one that was applied last. */
export function hashStatement(resource: Resource): string {
  return resource.coverage?.statement ?? hashWishes(resource);
}

/** What an entry of its own says about an object. */
export function hashWishes(resource: Pick<Resource, 'wishes' | 'stated'>): string {
  const wishes = Object.entries(statementOf(resource)).map(([path, { mode, value, without }]) => [
    path,
    mode,
    recordable(value),
    ...(without === undefined ? [] : [recordable(without)]),
  ]);
  return sha256(wishes.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

/**
 * Tells whether a rule is the one that was applied: whom it selects, how strictly, what it says and allows, and what the
 * keys in it stand for. The same key for another object is another rule.
 * @param resources everything that the file declares.
 */
export function hashRule(
  { mode, selector, states, consents }: DeclaredRule,
  resources: readonly Resource[],
): string {
  const said = Object.entries(states).map(([path, value]) => [path, recordable(value)]);
  const named = new Set(Object.values(states).flatMap(pointersIn));
  const meant = resources
    .filter(({ address }) => named.has(address))
    .map(({ address, id = null, name, traits, isExisting }) => ({ address, id, name, traits, isExisting }));
  return sha256({
    mode,
    selector,
    states: said.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    consents: [...consents].sort(),
    meant: meant.sort((a, b) => (a.address < b.address ? -1 : 1)),
  });
}

function pointersIn(value: Value): readonly Address[] {
  return membersOf(value).flatMap((item) => (item instanceof Ref ? [item.to] : []));
}

function appliedValues(applied: Applied): Record<string, RecordedValue> {
  const target = translateSpec(applied.target, applied.directory);
  const values: Record<string, RecordedValue> = {};
  for (const [path, { value }] of Object.entries(statementOf(applied.resource))) {
    const kept = valueLeft(path, value, { applied, target });
    if (kept !== null) values[path] = kept;
  }
  return { ...values, ...mutedValues(applied) };
}

/** What a field is known to hold now; null where that is nothing, or cannot be said. */
function valueLeft(
  path: string,
  value: Value,
  { applied, target }: { readonly applied: Applied; readonly target: Spec },
): RecordedValue | null {
  if (value instanceof Secret) return null;
  const isMarker = target[path] === true && value !== true;
  if (isMarker && !isOurs(path, applied)) return null;
  return recordable(isMarker ? value : (target[path] ?? value)) as RecordedValue | null;
}

/** What was changed by hand and is muted stays what it is: drift from what was applied before. */
function mutedValues({ fields, previous }: Applied): Readonly<Record<string, RecordedValue>> {
  const muted = fields.filter(({ verdict, isDrifted }) => verdict === 'ignored' && isDrifted);
  return Object.fromEntries(
    muted.flatMap(({ path }) => {
      const before = previous?.applied[path];
      return before === undefined ? [] : [[path, before] as const];
    }),
  );
}

/** A write-only field is only seen to be set; what it is set to is known where we wrote it, now or earlier. */
function isOurs(path: string, applied: Applied): boolean {
  return applied.fingerprints.has(path) || applied.previous?.applied[path] !== undefined;
}

/** Members that we added and that nobody has taken away since. */
function addedMembers(applied: Applied): Record<string, readonly string[]> {
  const added: Record<string, readonly string[]> = { ...stillOurs(applied) };
  for (const { path, before, after } of applied.fields.filter(counts)) {
    if (!isList(after)) continue;
    const was = new Set(membersOf(before).map(recordKey));
    const now = after.map(recordKey);
    const ours = new Set(added[path] ?? []);
    added[path] = now.filter((key) => !was.has(key) || ours.has(key));
  }
  return Object.fromEntries(Object.entries(added).filter(([, members]) => members.length > 0));
}

/** What a rule added that the object has left since, because it changed itself, stays there and is no longer ours. */
function stillOurs({ resource, previous }: Applied): RecordedObject['added'] {
  const added = previous?.added ?? {};
  if (resource.coverage?.hasLeft !== true) return added;
  const kept = Object.entries(added).map(([path, members]) => {
    const value = resource.wishes[path]?.value ?? [];
    const stated = new Set(membersOf(value).map(recordKey));
    return [path, members.filter((member) => stated.has(member))] as const;
  });
  return Object.fromEntries(kept);
}

function scalarsBefore(applied: Applied): Record<string, Scalar> {
  const scalars = applied.fields.filter(
    (field) => counts(field) && !isList(field.after) && !isList(field.before),
  );
  return Object.fromEntries(scalars.map(({ path, before }) => [path, recordable(before) as Scalar]));
}

function secretsOf(applied: Applied): Record<string, RecordedSecret> {
  const secrets: Record<string, RecordedSecret> = {};
  for (const [path, { value }] of Object.entries(statementOf(applied.resource))) {
    if (!(value instanceof Secret)) continue;
    const fingerprint = applied.fingerprints.get(path);
    const earlier = applied.previous?.secrets[path];
    if (fingerprint !== undefined)
      secrets[path] = {
        label: value.label,
        fingerprint,
        applied_at: applied.at,
        variables: value.variables,
      };
    else if (earlier !== undefined) secrets[path] = earlier;
  }
  return secrets;
}
