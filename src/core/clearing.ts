import type { Change } from './change.ts';
import type { PlanContext } from './plan-parts.ts';
import type { Observed, Resource, Use, Wish } from './resource.ts';
import { IdRef, type Item, isList } from './value.ts';

/** `--repair dangling`: the entry, and wished besides that ids of what surely does not exist go wherever they stand. */
export function repaired(resource: Resource, live: Observed, { policy }: PlanContext): Resource {
  const isGone = policy.isSurelyGone;
  if (isGone === undefined || resource.isExisting) return resource;
  const gone = live.uses.filter(({ kind, id }) => isGone(kind, id));
  return without(resource, live, { uses: gone, why: countGone });
}

/** What this plan deletes. */
type Going = Pick<Change, 'kind' | 'id' | 'address'>;

/** The entry, and wished besides that what our applies added of an object that this plan deletes goes before the object. */
export function rewired(
  resource: Resource,
  live: Observed,
  { going, context }: { readonly going: readonly Going[]; readonly context: PlanContext },
): Resource {
  const added = context.record?.objects[resource.address]?.added ?? {};
  const addressOf = new Map(going.map(({ kind, id, address }) => [`${kind}/${String(id)}`, address]));
  const ours = live.uses.filter(({ kind, id, place }) => {
    const address = addressOf.get(`${kind}/${id}`);
    return address !== undefined && [`\${${address}}`, id].some((key) => added[place]?.includes(key));
  });
  const named = [...new Set(ours.map(({ kind, id }) => addressOf.get(`${kind}/${id}`)))].join(', ');
  const why = (): string => `takes out what we added and this plan deletes: ${named}`;
  return without(resource, live, { uses: ours, why });
}

function countGone({ length }: readonly Use[]): string {
  return `takes out ${length} ${length === 1 ? 'id' : 'ids'} of what no longer exists (--repair dangling)`;
}

/** `why`: one sentence about what is taken out. */
type Clearance = { readonly uses: readonly Use[]; readonly why: (cleared: readonly Use[]) => string };

function without(resource: Resource, live: Observed, { uses, why }: Clearance): Resource {
  const cleared = uses.filter((use) => isInList(use, live) && !isDecided(use, resource.wishes[use.place]));
  if (cleared.length === 0) return resource;
  const wishes: Record<string, Wish> = { ...resource.wishes };
  for (const { kind, id, place } of cleared) {
    const wish = wishes[place] ?? { mode: 'ensure', value: [] };
    wishes[place] = { ...wish, without: [...(wish.without ?? []), new IdRef(kind, id)] };
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
