import type { RecordedObject } from './record.ts';
import type { Declared, Observed, Resource } from './resource.ts';

/** How a declared object was found: by the id in the file, by the id on record, by name, or as what an intent left. */
export type Match =
  | { readonly state: 'found'; readonly observed: Observed; readonly by: 'id' | 'record' | 'name' | 'intent' }
  /** `clue`: something that it may be instead. */
  | { readonly state: 'absent'; readonly clue?: Clue }
  | { readonly state: 'ambiguous'; readonly candidates: readonly Observed[] }
  /** Found or not, it cannot be judged; `reason` is the word that the plan uses. */
  | { readonly state: 'unreadable'; readonly why: string; readonly reason: string };

/** `case`: a name that differs in upper and lower case only; `renamed`: what was applied last goes by another name now. */
export type Clue =
  | { readonly state: 'case'; readonly name: string }
  | { readonly state: 'renamed'; readonly id: string; readonly name: string; readonly before: string };

export type Sight = {
  readonly rows: readonly Observed[];
  readonly recorded: RecordedObject | undefined;
  /** A create of this object was started and not finished. */
  readonly isIntended: boolean;
  /** Whether the record knows the id under another address that is still declared. */
  readonly isTaken: (id: string) => boolean;
  /** `id`: follow a recorded object through a rename; `id-and-name`: only to choose among several of that name. */
  readonly believes: 'id' | 'id-and-name';
  readonly isSame: (declared: Declared, observed: Observed) => boolean;
};

/** An id in the file decides alone; then a recorded id that still lives; then the name. */
export function match(resource: Resource, sight: Sight): Match {
  if (resource.id !== undefined) {
    const observed = sight.rows.find(({ id }) => id === resource.id);
    return observed === undefined ? { state: 'absent' } : { state: 'found', observed, by: 'id' };
  }
  const known = sight.rows.find(({ id }) => id === sight.recorded?.id);
  const isKnown = known !== undefined && (sight.believes === 'id' || sight.isSame(resource, known));
  if (isKnown) return { state: 'found', observed: known, by: 'record' };
  const named = sight.rows.filter((row) => sight.isSame(resource, row) && !sight.isTaken(row.id));
  const [only] = named;
  if (only === undefined) return { state: 'absent' };
  if (named.length > 1) return { state: 'ambiguous', candidates: named };
  return { state: 'found', observed: only, by: sight.isIntended ? 'intent' : 'name' };
}
