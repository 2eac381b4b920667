import type { Directory } from '../core/directory.ts';
import { type Match, match } from '../core/match.ts';
import type { RecordedObject } from '../core/record.ts';
import type { Observed, Resource } from '../core/resource.ts';
import type { Address } from '../core/value.ts';
import type { LiveInput, Seen } from './live-input.ts';
import { samenessOf } from './sameness.ts';

export type MatchInput = LiveInput & { readonly directory: Directory };

/** What each declared object of a kind is among those that were listed. */
export function matchKind(seen: Seen, input: MatchInput): readonly (readonly [Address, Match])[] {
  const { kind } = seen.port;
  const declared = input.resources.filter((resource) => resource.kind === kind.name);
  const owners = new Map(declared.map((resource) => [input.recordedOf(resource)?.id, resource.key]));
  return declared.map((resource) => {
    const isTaken = (id: string): boolean => owners.has(id) && owners.get(id) !== resource.key;
    return [resource.address, matchOne(resource, seen, { isTaken, input })] as const;
  });
}

type Claim = { readonly isTaken: (id: string) => boolean; readonly input: MatchInput };

function matchOne(resource: Resource, seen: Seen, claim: Claim): Match {
  const { kind } = seen.port;
  const recorded = claim.input.recordedOf(resource);
  const hidden = matchHidden(resource, seen, recorded);
  if (hidden !== undefined) return hidden;
  return match(resource, {
    rows: candidatesOf(resource, seen, recorded),
    recorded,
    isIntended: claim.input.context.record?.intents[resource.address]?.name === resource.name,
    isTaken: claim.isTaken,
    believes: kind.ownership === 'whole' ? 'id' : 'id-and-name',
    isSame: samenessOf(kind, claim.input.directory),
  });
}

/** What this identity may not list is assumed to be as it was applied, where that is on record, and otherwise unreadable. */
function matchHidden(
  resource: Resource,
  seen: Seen,
  recorded: RecordedObject | undefined,
): Match | undefined {
  const { port, failure, listing } = seen;
  if (failure !== undefined && recorded !== undefined && port.kind.ownership === 'whole') {
    return { state: 'found', observed: assume(recorded, failure.message), by: 'record' };
  }
  const why = failure?.message ?? listing.denied.find(({ id }) => id === resource.id)?.why;
  return why === undefined ? undefined : { state: 'unreadable', why, reason: 'no-permission' };
}

/** What is on record of an object whose kind this identity may not list: as it was applied, as far as anybody can tell. */
function assume({ id, name, traits }: RecordedObject, why: string): Observed {
  return { id, name, traits, spec: {}, gaps: [{ prefix: '*', why }], obstacles: [], uses: [] };
}

/** The rows that could be this object: looking at all of them for each would take quadratic time. */
function candidatesOf(
  { id, name }: Resource,
  { port, rows, byId, byName }: Seen,
  recorded: RecordedObject | undefined,
): readonly Observed[] {
  if (port.kind.isNamed === false) return rows;
  const known = [id, recorded?.id].flatMap((one) => (one === undefined ? [] : (byId.get(one) ?? [])));
  return [...new Set([...known, ...(byName.get(name) ?? [])])];
}
