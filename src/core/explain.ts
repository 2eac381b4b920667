import { type Overridden, compose, ownStatement } from './compose.ts';
import { translateWish } from './diff.ts';
import { type Directory, translate } from './directory.ts';
import { isForbidden } from './forbidden.ts';
import { type Observed, type Resource, meet } from './resource.ts';
import type { Stated } from './rule.ts';
import { type Item, type Value, isEmpty, isList, isSame, keyOf, itemsOf, membersOf } from './value.ts';

/** Why one field of an object will be as it will be. */
export type FieldExplanation = {
  readonly path: string;
  readonly members: readonly MemberExplanation[];
  /** Statements that do not hold there, and what decides instead. */
  readonly overridden: readonly Overridden[];
};

export type MemberExplanation = {
  readonly value: Item;
  /** `stays`: there already, and nothing states it. `stated`: by those. `goes`: because of those. */
  readonly fate: 'stays' | 'stated' | 'goes';
  readonly by: readonly Stated[];
};

export type Explained = {
  readonly resource: Resource;
  readonly observed: Observed;
  /** The wishes of its own entry, before rules were laid over them. */
  readonly entry: Pick<Resource, 'wishes' | 'source'> | undefined;
  /** What the entry is called, for example `jobs.etl`. */
  readonly by: string;
};

/** Which statement puts each recipient, flag and metric there, and which statement does not hold. */
export function explain(
  { resource, observed, entry, by }: Explained,
  directory: Directory,
): readonly FieldExplanation[] {
  const stated = resource.coverage?.stated ?? new Map<string, readonly Stated[]>();
  const own = entry === undefined ? undefined : { ...entry, by };
  const { overridden } = compose({ entry: own, stated, observed }, directory);
  const paths = new Set([...stated.keys(), ...Object.keys(resource.wishes)]);
  return [...paths].sort().map((path) => {
    const said = [...ownStatement(own, own?.wishes[path]), ...(stated.get(path) ?? [])];
    const live = translate(observed.spec[path] ?? null, directory);
    const wanted = resource.wishes[path];
    const after = wanted === undefined ? live : meet(translateWish(wanted, directory), live);
    return {
      path,
      members: fatesOf({ live, after, said }, directory),
      overridden: overridden.filter((one) => one.path === path),
    };
  });
}

type Field = { readonly live: Value; readonly after: Value; readonly said: readonly Stated[] };

function fatesOf({ live, after, said }: Field, directory: Directory): readonly MemberExplanation[] {
  const kept = new Set(setItemsOf(after).map(keyOf));
  const there = setItemsOf(after).map((value): MemberExplanation => {
    const by = said.filter((one) => one.mode !== 'forbid' && states(one, value, directory));
    return { value, fate: by.length === 0 ? 'stays' : 'stated', by };
  });
  const gone = setItemsOf(live)
    .filter((value) => !kept.has(keyOf(value)))
    .map((value): MemberExplanation => ({
      value,
      fate: 'goes',
      by: said.filter((one) => takes(one, value, directory)),
    }));
  return [...there, ...gone];
}

function states({ value }: Stated, item: Item, directory: Directory): boolean {
  const said = translate(value, directory);
  return isList(said) ? said.some((one) => keyOf(one) === keyOf(item)) : isSame(said, item);
}

/** An exact statement takes away what it does not name, a forbidding one what it does. */
function takes(stated: Stated, item: Item, directory: Directory): boolean {
  if (stated.mode === 'exact') return true;
  const patterns = membersOf(stated.value).map(String);
  return stated.mode === 'forbid' && isForbidden(item, patterns, directory);
}

function setItemsOf(value: Value): readonly Item[] {
  return isEmpty(value) ? [] : itemsOf(value);
}
