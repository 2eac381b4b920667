import type { PermissionError } from '../core/errors.ts';
import type { Gap, Observed } from '../core/resource.ts';
import type { Listing } from '../kinds/kind.ts';
import type { Port, Seen, Told } from './live-input.ts';

/** One kind's listing, observed. @param failure where this identity may not list it. */
export function seenOf(port: Port, listing: Listing, failure: PermissionError | undefined): Seen {
  // A list that shifts while its pages are read shows an object twice.
  const byId = new Map<string, Observed>();
  const told = new Map<string, Told>();
  const untoldOf = sharedGaps();
  for (const { observed, gaps, isWhole } of listing.rows) {
    const untold = untoldOf(gaps);
    byId.set(
      observed.id,
      untold.length === 0 ? observed : { ...observed, gaps: [...observed.gaps, ...untold] },
    );
    told.set(observed.id, { gaps, isWhole });
  }
  const rows = [...byId.values()];
  // Of thousands of rows only what was seen in them is kept.
  return { port, rows, byId, byName: groupByName(rows), told, listing: { ...listing, rows: [] }, failure };
}

function groupByName(rows: readonly Observed[]): ReadonlyMap<string, readonly Observed[]> {
  const groups = new Map<string, Observed[]>();
  for (const row of rows) {
    const group = groups.get(row.name);
    if (group === undefined) groups.set(row.name, [row]);
    else group.push(row);
  }
  return groups;
}

/** Thousands of rows have the same gaps. */
function sharedGaps(): (prefixes: readonly string[]) => readonly Gap[] {
  const known = new Map<readonly string[], readonly Gap[]>();
  return (prefixes) => {
    const gaps =
      known.get(prefixes) ?? prefixes.map((prefix) => ({ prefix, why: 'a list does not tell it' }));
    known.set(prefixes, gaps);
    return gaps;
  };
}
