import { type Change, type FieldChange, counts, isPending } from './change.ts';
import type { Overridden } from './compose.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Coverage, Resource } from './resource.ts';
import { type Rule, nameStated } from './rule.ts';
import { type Address, isList, keyOf, membersOf } from './value.ts';

/** What one rule came to. */
export type RuleTally = {
  readonly rule: Rule;
  readonly matched: number;
  /** Those of them in which something is written that it wants. */
  readonly pending: number;
  /** Reason -> number of objects that are left alone because of it. */
  readonly blocked: Readonly<Record<string, number>>;
};

/** @param planned every covered object with what the plan has for it. */
export function tallyRules(
  rules: readonly Rule[],
  planned: readonly (readonly [Resource, Change | undefined])[],
): readonly RuleTally[] {
  const tallies = new Map<string, Tally>(
    rules.map((rule) => [rule.key, { rule, matched: 0, pending: 0, blocked: {} }]),
  );
  for (const [{ coverage }, change] of planned) {
    for (const rule of coverage?.rules ?? []) {
      count(tallies.get(rule.key), change, change !== undefined && hasPart(rule, coverage, change));
    }
  }
  return [...tallies.values()];
}

type Tally = {
  readonly rule: Rule;
  matched: number;
  pending: number;
  readonly blocked: Record<string, number>;
};

function count(tally: Tally | undefined, change: Change | undefined, isConcerned: boolean): void {
  if (tally === undefined) return;
  tally.matched += 1;
  if (change === undefined || !isConcerned) return;
  if (isPending(change)) tally.pending += 1;
  if (change.verb !== 'blocked') return;
  const { reason } = change.obstacle;
  tally.blocked[reason] = (tally.blocked[reason] ?? 0) + 1;
}

/** Whether a change is, for a part of it, what the rule wants: other rules select the object as well. */
function hasPart(rule: Rule, coverage: Coverage | undefined, change: Change): boolean {
  const states = (path: string): boolean =>
    coverage?.stated.get(path)?.some(({ by }) => by === `rules.${rule.key}`) === true;
  if (change.verb === 'blocked') return change.withheld?.paths.some(states) ?? true;
  return change.fields.some((field) => counts(field) && states(field.path) && isInItsWay(rule, field));
}

/** What a rule ensures adds something, and what it forbids takes something away. */
function isInItsWay({ mode }: Rule, { before, after }: FieldChange): boolean {
  if (mode === 'exact' || !isList(after)) return true;
  const [some, others] = mode === 'ensure' ? [after, membersOf(before)] : [membersOf(before), after];
  const keys = new Set(others.map(keyOf));
  return some.some((item) => !keys.has(keyOf(item)));
}

/** Rules that select nothing, and statements that another one overrides. */
export function ruleFindings(
  tallies: readonly RuleTally[],
  overridden: readonly (Overridden & { readonly display: string })[],
): readonly Diagnostic[] {
  return [...idleRules(tallies), ...overruled(overridden)];
}

function idleRules(tallies: readonly RuleTally[]): readonly Diagnostic[] {
  return tallies
    .filter(({ matched }) => matched === 0)
    .map(({ rule }) => ({
      code: 'rule-matches-nothing',
      severity: 'warning',
      message: `rules.${rule.key} matches no ${rule.kind} that this identity can see`,
      at: rule.source,
      hint: 'compare `select` with the workspace: everything in it must hold at once, upper and lower case count',
    }));
}

/** One warning for each pair of statements, however many objects they meet on. */
function overruled(
  overridden: readonly (Overridden & { readonly display: string })[],
): readonly Diagnostic[] {
  const pairs = new Map<string, (Overridden & { readonly display: string })[]>();
  for (const one of overridden) {
    const key = JSON.stringify([one.path, nameStated(one.loser), nameStated(one.winner)]);
    const others = pairs.get(key);
    if (others === undefined) pairs.set(key, [one]);
    else others.push(one);
  }
  return [...pairs.values()].flatMap((met): readonly Diagnostic[] => {
    const [first] = met;
    if (first === undefined) return [];
    const { loser, winner, path } = first;
    const [display = ''] = met.map((one) => one.display).sort();
    const where = met.length === 1 ? display : `${met.length} jobs, ${display} among them`;
    return [
      {
        code: 'overridden',
        severity: 'warning',
        message: `${loser.by} does not hold for ${path} of ${where}: ${nameStated(winner)} decides alone`,
        at: loser.at,
        hint: 'say it there too, or `exclude` what it decides',
      },
    ];
  });
}

/** Addresses of covered objects, as changes have them. */
export function plannedOf(
  resources: readonly Resource[],
  changes: readonly Change[],
  addressOf: (resource: Resource) => Address,
): readonly (readonly [Resource, Change | undefined])[] {
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  return resources
    .filter(({ coverage }) => coverage !== undefined)
    .map((resource) => [resource, byAddress.get(addressOf(resource))] as const);
}
