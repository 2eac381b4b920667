import { type Directory, translate } from './directory.ts';
import { isForbidden } from './forbidden.ts';
import type { Observed, Resource, Wish } from './resource.ts';
import { type Stated, nameStated } from './rule.ts';
import { type Item, type Value, isEmpty, isList, isSame, keyOf, membersOf } from './value.ts';

/** What stands about one object: its own entry, if it has one, and what rules say. */
export type Subject = {
  readonly entry: Entry | undefined;
  readonly stated: ReadonlyMap<string, readonly Stated[]>;
  readonly observed: Pick<Observed, 'spec'>;
};

/** `by`: for example `jobs.etl`. */
export type Entry = Pick<Resource, 'wishes' | 'source'> & { readonly by: string };

/** A statement that does not come to hold, and what decides instead. */
export type Overridden = { readonly loser: Stated; readonly path: string; readonly winner: Stated };

export type Composed = {
  readonly wishes: Readonly<Record<string, Wish>>;
  readonly overridden: readonly Overridden[];
  /** Statements that cannot both hold, each pair as a sentence. */
  readonly contradictions: readonly string[];
};

/**
 * All statements about one object become one wish for each field. An exact entry decides alone; then exact rules, which must
 * agree; then everything that is to be ensured, together. What is forbidden is taken out of the last two, and must not be
 * what another rule states. The order of rules means nothing.
 */
export function compose({ entry, stated, observed }: Subject, directory: Directory): Composed {
  const wishes: Record<string, Wish> = { ...entry?.wishes };
  const overridden: Overridden[] = [];
  const contradictions: string[] = [];
  for (const [path, rules] of stated) {
    const own = entry?.wishes[path];
    const said = [...ownStatement(entry, own), ...rules].map((one) => inTerms(one, directory));
    const field = { own, said, live: translate(observed.spec[path] ?? [], directory), directory };
    const decision = decide(field);
    if (decision.wish !== undefined) wishes[path] = decision.wish;
    overridden.push(...decision.overridden.map((one) => ({ ...one, path })));
    contradictions.push(...decision.contradictions.map((why) => `${path}: ${why}`));
  }
  return { wishes, overridden, contradictions: contradictions.sort() };
}

type Field = {
  readonly own: Wish | undefined;
  /** The entry first, then the rules by key; all in terms of the file. */
  readonly said: readonly Stated[];
  readonly live: Value;
  readonly directory: Directory;
};

type Decision = {
  readonly wish: Wish | undefined;
  readonly overridden: readonly Omit<Overridden, 'path'>[];
  readonly contradictions: readonly string[];
};

/** What the entry itself says about a field, as a statement beside those of rules. */
export function ownStatement(entry: Entry | undefined, own: Wish | undefined): readonly Stated[] {
  if (entry === undefined || own === undefined) return [];
  return [{ by: entry.by, at: entry.source, mode: own.mode, value: own.value }];
}

/** Both sides of every comparison speak of destinations by the key that the file gives them. */
function inTerms(stated: Stated, directory: Directory): Stated {
  return stated.mode === 'forbid' ? stated : { ...stated, value: translate(stated.value, directory) };
}

function decide(field: Field): Decision {
  const { own, said, directory } = field;
  const [entry, ...rules] = said;
  if (own?.mode === 'exact' && entry !== undefined) {
    return { wish: own, overridden: losersTo(entry, rules, directory), contradictions: [] };
  }
  const [exact, ...others] = said.filter(({ mode }) => mode === 'exact');
  const ensured = said.filter(({ mode }) => mode === 'ensure');
  const forbidden = forbiddenStatements(said, directory);
  if (exact === undefined)
    return {
      wish: together(field),
      overridden: [],
      contradictions: [...disagreements(ensured, isScalar), ...forbidden],
    };
  return {
    wish: { mode: 'exact', value: exact.value },
    overridden: losersTo(exact, ensured, directory),
    contradictions: [...disagreements([exact, ...others], () => true), ...forbidden],
  };
}

/** What is live, with everything that is to be ensured, and without what is forbidden. */
function together({ own, said, live, directory }: Field): Wish | undefined {
  const value = unite(said.filter(({ mode }) => mode === 'ensure').map((one) => one.value));
  const patterns = patternsOf(said);
  const unwanted =
    patterns.length === 0 ? [] : membersOf(live).filter((item) => isForbidden(item, patterns, directory));
  const without = [...(own?.without ?? []), ...unwanted];
  // To ensure nothing is to say nothing, while a field that something is forbidden in is looked after.
  if (isEmpty(value) && patterns.length === 0) return own;
  return { mode: 'ensure', value, ...(without.length > 0 ? { without } : {}) };
}

function unite(values: readonly Value[]): Value {
  const [first] = values;
  if (first !== undefined && !isList(first)) return first;
  return [...new Map(values.flatMap(membersOf).map((item) => [keyOf(item), item])).values()].sort(byKey);
}

function byKey(a: Item, b: Item): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function losersTo(
  winner: Stated,
  others: readonly Stated[],
  directory: Directory,
): readonly Omit<Overridden, 'path'>[] {
  const lost = others.filter((one) => !isMet(one, winner.value, directory));
  return lost.map((loser) => ({ loser, winner }));
}

function isScalar({ value }: Stated): boolean {
  return !isList(value);
}

function disagreements(said: readonly Stated[], isJudged: (stated: Stated) => boolean): readonly string[] {
  const [first, ...rest] = said.filter(isJudged);
  if (first === undefined) return [];
  return rest
    .filter(({ value }) => !isSame(value, first.value))
    .map((other) => `${nameStated(first)} and ${nameStated(other)} state it differently`);
}

function forbiddenStatements(said: readonly Stated[], directory: Directory): readonly string[] {
  const forbids = said.filter(isForbid);
  if (forbids.length === 0) return [];
  const binding = said.filter((one) => !isForbid(one));
  return forbids.flatMap((forbid) =>
    binding.flatMap((one) =>
      membersOf(one.value)
        .filter((item) => isForbidden(item, patternsOf([forbid]), directory))
        .map((item) => `${nameStated(one)} states ${String(item)}, and ${nameStated(forbid)} forbids it`),
    ),
  );
}

/** Whether a value, taken by itself, is as a statement wants it. */
function isMet(stated: Stated, decided: Value, directory: Directory): boolean {
  const items = membersOf(decided);
  if (isForbid(stated)) return !items.some((item) => isForbidden(item, patternsOf([stated]), directory));
  if (!isList(stated.value))
    return stated.mode === 'ensure'
      ? !isEmpty(decided) || isSame(stated.value, decided)
      : isSame(stated.value, decided);
  if (stated.mode === 'exact') return isSame(stated.value, decided);
  const there = new Set(items.map(keyOf));
  return stated.value.every((item) => there.has(keyOf(item)));
}

function isForbid({ mode }: Stated): boolean {
  return mode === 'forbid';
}

function patternsOf(said: readonly Stated[]): readonly string[] {
  return said.filter(isForbid).flatMap(({ value }) => membersOf(value).map(String));
}
