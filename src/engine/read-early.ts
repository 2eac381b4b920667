import { type MatchInput, matchKind } from './live-match.ts';
import type { Seen } from './live-input.ts';
import { isUntold } from './live-whole.ts';

/**
 * Begins to read what the list of a kind leaves out of our own objects, while other lists are still read. Nothing else
 * decides whether that is wanted, so no more is read than would be later.
 */
export function readEarly(seen: Seen, input: MatchInput): Seen {
  const { api } = seen.port;
  const found = new Map(matchKind(seen, input));
  const ids = input.resources.flatMap((resource) => {
    const match = found.get(resource.address);
    if (match?.state !== 'found' || resource.isExisting) return [];
    const { id } = match.observed;
    return isUntold(resource, seen.told.get(id)?.gaps ?? []) ? [id] : [];
  });
  const early = new Map([...new Set(ids)].map((id) => [id, api.get(id)]));
  // What goes wrong is told where it is waited for, and to nobody where another list fails first.
  for (const one of early.values()) one.catch(() => undefined);
  return { ...seen, early };
}
