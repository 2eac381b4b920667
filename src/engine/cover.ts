import { type Overridden, compose } from '../core/compose.ts';
import { type Directory, translate } from '../core/directory.ts';
import { addressInDraft, leftBy } from '../core/coverage.ts';
import { sha256 } from '../core/digest.ts';
import { wishesBack } from '../core/orphan.ts';
import type { PlanContext } from '../core/plan-parts.ts';
import type { RecordedObject } from '../core/record.ts';
import { hashWishes } from '../core/remember.ts';
import type { Coverage, Observed, Obstacle, Resource, Wish } from '../core/resource.ts';
import { type Rule, type Stated, statedBy } from '../core/rule.ts';
import { type Value, isEmpty, isList, keyOf, membersOf } from '../core/value.ts';
import type { Kind, RuleTraits } from '../kinds/kind.ts';
import type { Chosen } from './choose.ts';

/** Objects of one kind that rules select, and what is needed to say what they want of them. */
export type Covering = {
  readonly kind: Kind & { readonly byRule: RuleTraits };
  /** Every rule of the file. */
  readonly rules: readonly Rule[];
  readonly context: Omit<PlanContext, 'directory'>;
  readonly directory: Directory;
  /** Keys of the file's own entries of this kind. */
  readonly keys: ReadonlySet<string>;
};

export type Covered = { readonly resource: Resource; readonly overridden: readonly Overridden[] };

/** What rules want of an object, together with its own entry where it has one. */
export function cover(chosen: Chosen, entry: Resource | undefined, covering: Covering): Covered {
  const { kind, context, directory } = covering;
  const { observed, rules } = chosen;
  const stated = saidAbout(rules, observed, kind.byRule);
  const own = entry === undefined ? undefined : { ...entry, by: `${kind.section}.${entry.key}` };
  const composed = compose({ entry: own, stated, observed }, directory);
  const recorded = context.record?.objects[`${kind.name}/${observed.id}`];
  const retiring = recorded !== undefined && isRetiring(recorded, entry, covering) ? recorded : undefined;
  const base =
    entry ?? resourceOf(kind, chosen, retiring === undefined ? keyLeft(recorded, covering) : undefined);
  const coverage: Coverage = {
    rules,
    stated,
    own: pathsIn(entry),
    statement: statementOf(entry, rules),
    ...contradictionIn(composed.contradictions),
    hasLeft: leftBy(recorded, rules, { rules: covering.rules, record: context.record }).length > 0,
  };
  const wishes = composed.wishes;
  // Where statements contradict each other none of them decides.
  const isSettled = composed.contradictions.length === 0;
  const consents = [...(base.consents ?? []), ...rules.flatMap((rule) => rule.consents)];
  const retired =
    retiring !== undefined
      ? {
          wishes: withRetired(wishes, { recorded: retiring, observed, covering }),
          stated: wishes,
          asides: [RETIRED],
        }
      : { wishes };
  return {
    resource: { ...base, ...retired, coverage, consents },
    overridden: isSettled ? composed.overridden : [],
  };
}

function saidAbout(
  rules: readonly Rule[],
  observed: Observed,
  { reach }: RuleTraits,
): ReadonlyMap<string, readonly Stated[]> {
  return statedBy(rules, observed.spec, reach);
}

/** An entry that was dropped while rules still cover the object: until what it added is taken back, its key tells of it. */
function keyLeft(recorded: RecordedObject | undefined, { keys }: Covering): string | undefined {
  return recorded !== undefined && !keys.has(recorded.key) ? recorded.key : undefined;
}

function resourceOf(kind: Kind, { observed, rules }: Chosen, key: string | undefined): Resource {
  const { id, name } = observed;
  // What adds or sets something is what a reader looks for.
  const first = rules.find(({ mode }) => mode !== 'forbid') ?? rules[0];
  return {
    kind: kind.name,
    key: key ?? id,
    id,
    name,
    address: addressInDraft(kind.name, id),
    source: first?.source ?? { file: '', line: 0, column: 0 },
    traits: {},
    wishes: {},
    origins: {},
    isExisting: false,
    adoption: 'write',
    findings: [],
  };
}

/** To ensure nothing is to say nothing. */
function pathsIn(entry: Resource | undefined): ReadonlySet<string> {
  const said = Object.entries(entry?.wishes ?? {}).filter(
    ([, { mode, value }]) => mode === 'exact' || !isEmpty(value),
  );
  return new Set(said.map(([path]) => path));
}

function statementOf(entry: Resource | undefined, rules: readonly Rule[]): string {
  return sha256([
    ...(entry === undefined ? [] : [hashWishes(entry)]),
    ...rules.map(({ statement }) => statement),
  ]);
}

function contradictionIn(contradictions: readonly string[]): { readonly contradiction?: Obstacle } {
  if (contradictions.length === 0) return {};
  const message = `what the file says about it cannot hold all at once: ${contradictions.join('; ')}`;
  const hint = 'change one of the statements, or let one of the rules `exclude` it';
  return { contradiction: { reason: 'contradiction', message, hint } };
}

const RETIRED = 'takes back what was added for what the file no longer has';

/** With `prune`, what we added because of a rule, or of an entry, that the file no longer has is taken back. */
function isRetiring(
  recorded: RecordedObject,
  entry: Resource | undefined,
  { rules, context }: Covering,
): boolean {
  if (!context.policy.prune) return false;
  const keys = new Set(rules.map(({ key }) => key));
  const hadEntry = recorded.key !== recorded.id && entry === undefined;
  return hadEntry || (recorded.rules ?? []).some((key) => !keys.has(key));
}

type Retirement = {
  readonly recorded: RecordedObject;
  readonly observed: Observed;
  readonly covering: Covering;
};

function withRetired(
  wishes: Readonly<Record<string, Wish>>,
  { recorded, observed, covering }: Retirement,
): Readonly<Record<string, Wish>> {
  const back = wishesBack(recorded, observed, { ...covering.context, directory: covering.directory });
  const retired = Object.entries(back).map(
    ([path, wish]) =>
      [path, retire(wishes[path], wish, translate(observed.spec[path] ?? [], covering.directory))] as const,
  );
  return { ...wishes, ...Object.fromEntries(retired) };
}

/** What other statements still want stays. */
function retire(stated: Wish | undefined, back: Wish, live: Value): Wish {
  if (stated?.mode === 'exact' || (stated !== undefined && !isList(back.value))) return stated;
  if (!isList(back.value)) return back;
  const kept = new Set([...membersOf(back.value), ...membersOf(stated?.value)].map(keyOf));
  const gone = membersOf(live).filter((item) => !kept.has(keyOf(item)));
  const wish: Wish = stated ?? { mode: 'ensure', value: [] };
  const without = [...(wish.without ?? []), ...gone];
  return without.length === 0 ? wish : { ...wish, without };
}
