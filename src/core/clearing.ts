import type { Change } from './change.ts';
import type { PlanContext } from './plan-parts.ts';
import type { Observed, Resource, Use, Wish } from './resource.ts';
import { IdRef, type Item, Ref, isList, membersOf } from './value.ts';

/** `--repair dangling`: the entry, and wished besides that ids of what surely does not exist go wherever they stand. */
export function repaired(resource: Resource, live: Observed, { policy }: PlanContext): Resource {
  const isGone = policy.isSurelyGone;
  if (isGone === undefined || resource.isExisting) return resource;
  const gone = live.uses.filter(({ kind, id }) => isGone(kind, id));
  return without(resource, live, { uses: gone, why: countGone, successorOf: () => [] });
}

/** What this plan deletes or replaces, by its old id. */
type Going = Pick<Change, 'kind' | 'id' | 'address' | 'verb'>;

/**
 * The entry, and wished besides that what our applies added of an object that goes makes way: before a delete it is taken
 * out, before a replace its successor takes its place.
 */
export function rewired(
  resource: Resource,
  live: Observed,
  { going, context }: { readonly going: readonly Going[]; readonly context: PlanContext },
): Resource {
  const added = context.record?.objects[resource.address]?.added ?? {};
  const byId = new Map(going.map((one) => [`${one.kind}/${String(one.id)}`, one]));
  const goneOf = ({ kind, id }: Use): Going | undefined => byId.get(`${kind}/${id}`);
  const isOurs = (use: Use): boolean => {
    const keys = [`\${${String(goneOf(use)?.address)}}`, use.id];
    return goneOf(use) !== undefined && keys.some((key) => added[use.place]?.includes(key));
  };
  const named = (cleared: readonly Use[]): string =>
    [...new Set(cleared.map((use) => goneOf(use)?.address))].join(', ');
  return without(resource, live, {
    uses: live.uses.filter(isOurs),
    why: (cleared) => `rewires what we added and this plan deletes or replaces: ${named(cleared)}`,
    successorOf: (use) => successorOf(goneOf(use)),
  });
}

function successorOf(going: Going | undefined): readonly Item[] {
  return going?.verb === 'replace' ? [new Ref(going.address)] : [];
}

function countGone({ length }: readonly Use[]): string {
  return `takes out ${length} ${length === 1 ? 'id' : 'ids'} of what no longer exists (--repair dangling)`;
}

type Clearance = {
  readonly uses: readonly Use[];
  /** One sentence about what is taken out. */
  readonly why: (cleared: readonly Use[]) => string;
  readonly successorOf: (use: Use) => readonly Item[];
};

function without(resource: Resource, live: Observed, { uses, why, successorOf: next }: Clearance): Resource {
  const cleared = uses.filter((use) => isInList(use, live) && !isDecided(use, resource.wishes[use.place]));
  if (cleared.length === 0) return resource;
  const wishes: Record<string, Wish> = { ...resource.wishes };
  for (const use of cleared) {
    const { mode, value, without: others = [] } = wishes[use.place] ?? { mode: 'ensure', value: [] };
    const members = membersOf(value);
    wishes[use.place] = {
      mode,
      value: [...members, ...next(use)],
      without: [...others, new IdRef(use.kind, use.id)],
    };
  }
  return {
    ...resource,
    wishes,
    stated: resource.stated ?? resource.wishes,
    asides: [...(resource.asides ?? []), why(cleared)],
  };
}

function isInList({ place, ...use }: Use, { spec }: Observed): boolean {
  const value = spec[place];
  return isList(value) && value.some((item) => isSameId(item, use));
}

/**
 * Where the file says exactly who it is, it goes without more. An id that the file itself names is the file's to drop:
 * taken out, it would come back with the next plan.
 */
function isDecided(use: Use, wish: Wish | undefined): boolean {
  if (wish === undefined) return false;
  const isNamed = isList(wish.value) && wish.value.some((item) => isSameId(item, use));
  return wish.mode === 'exact' || isNamed;
}

function isSameId(item: Item, { kind, id }: Pick<Use, 'kind' | 'id'>): boolean {
  return item instanceof IdRef && item.kind === kind && item.id === id;
}
