import { type Directory, directoryOf } from '../core/directory.ts';
import type { Match } from '../core/match.ts';
import { mustReplace } from '../core/plan-replace.ts';
import type { Address } from '../core/value.ts';
import type { LiveInput, Seen } from './live-input.ts';

/** Who is who among what was listed, and what of it the file declares. */
export function directoryFor(
  seen: readonly Seen[],
  matches: ReadonlyMap<Address, Match>,
  input: LiveInput,
): Directory {
  const names = seen.map(
    ({ port, rows }) => [port.kind.name, new Map(rows.map(({ id, name }) => [id, name]))] as const,
  );
  const complete = seen.filter(({ listing }) => listing.isComplete).map(({ port }) => port.kind.name);
  return directoryOf({
    names: new Map(names),
    complete: new Set(complete),
    ids: boundIn(matches, input),
    recorded: input.addressesOnRecord,
  });
}

/** Ids of what the file declares and what is there to stay. */
export function boundIn(
  matches: ReadonlyMap<Address, Match>,
  input: LiveInput,
): ReadonlyMap<Address, string> {
  const bound = input.resources.flatMap((resource) => {
    const found = matches.get(resource.address);
    if (found?.state !== 'found') return [];
    const isResumed = input.recordedOf(resource)?.replacing !== undefined;
    const goes = !isResumed && mustReplace(resource, found.observed, input.context.policy);
    return goes ? [] : [[resource.address, found.observed.id] as const];
  });
  return new Map(bound);
}

export function isSame(one: ReadonlyMap<Address, string>, other: ReadonlyMap<Address, string>): boolean {
  return one.size === other.size && [...one].every(([address, id]) => other.get(address) === id);
}
