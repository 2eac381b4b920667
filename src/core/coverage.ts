import type { Change } from './change.ts';
import type { RecordDocument, RecordedObject } from './record.ts';
import type { Observed, Resource } from './resource.ts';
import type { Rule } from './rule.ts';
import { type Features, select } from './select.ts';
import type { Address } from './value.ts';

/** The rules of the file, and the record that tells which of them were applied as they are. */
export type RuleGround = {
  readonly rules?: readonly Rule[];
  readonly record: Pick<RecordDocument, 'rules'> | null;
};

/** An object that no entry speaks of, before the plan gives it its address: a key of the file may look like an id. */
export function addressInDraft(kind: string, id: string): Address {
  return `${kind}/#${id}`;
}

export function isDraftAddress({ kind, id, address }: Pick<Resource, 'kind' | 'id' | 'address'>): boolean {
  return id !== undefined && address === addressInDraft(kind, id);
}

/** Whether a rule says what it said when it was applied last. */
export function isApplied({ key, statement }: Rule, { record }: Pick<RuleGround, 'record'>): boolean {
  return record?.rules?.[key] === statement;
}

/** The rules that select an object of these features, in their own order. */
export function selecting(rules: readonly Rule[], features: Features): readonly Rule[] {
  return rules.filter(({ selector }) => select(selector, features) === 'yes');
}

/** Rules that are still the same, that an object was covered by, and that no longer select it: so it has changed. */
export function leftBy(
  recorded: Pick<RecordedObject, 'rules'> | undefined,
  now: readonly Rule[],
  ground: RuleGround,
): readonly Rule[] {
  const before = new Set(recorded?.rules ?? []);
  return (ground.rules ?? []).filter(
    (rule) => before.has(rule.key) && isApplied(rule, ground) && !now.includes(rule),
  );
}

/** What rules select an object now that did not in the plan, or the other way round, in a sentence; undefined where none do. */
export function coverageSince(
  { coverage, kind, name }: Resource,
  observed: Observed,
  rules: readonly Rule[],
): string | undefined {
  if (coverage === undefined) return undefined;
  const own = rules.filter((rule) => rule.kind === kind);
  const now = selecting(own, observed.features ?? {});
  const gone = coverage.rules.find((rule) => !now.includes(rule));
  if (gone !== undefined) return `${name} has changed, and rules.${gone.key} no longer selects it`;
  const come = now.find((rule) => !coverage.rules.includes(rule));
  return come === undefined ? undefined : `${name} has changed, and rules.${come.key} selects it now`;
}

/**
 * Rules that are as good as applied: nothing that they want is left undone for want of an approval.
 * @param unapproved changes that were planned and that nobody approved.
 */
export function rulesApplied(
  { rules = [], record }: RuleGround,
  unapproved: readonly Change[],
): Readonly<Record<string, string>> {
  const open = new Set(unapproved.flatMap((change) => rulesOf(change)));
  const held = rules.filter(({ key }) => open.has(key));
  const before = record?.rules ?? {};
  return Object.fromEntries([
    ...rules.filter((rule) => !held.includes(rule)).map(({ key, statement }) => [key, statement]),
    // What was applied earlier under this key is still what was applied last.
    ...held.flatMap(({ key }) => (before[key] === undefined ? [] : [[key, before[key]]])),
  ]);
}

function rulesOf(change: Change): readonly string[] {
  const resource = 'resource' in change ? change.resource : null;
  return (resource?.coverage?.rules ?? []).map(({ key }) => key);
}
