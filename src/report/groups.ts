import type { Verb } from '../core/change.ts';
import type { ChangeDocument } from '../core/document.ts';
import { VERB_ORDER } from './words.ts';

export type VerbGroup = { readonly verb: Verb; readonly changes: readonly ChangeDocument[] };

/** Changes by verb in reading order; verbs that nothing has are left out. */
export function byVerb(changes: readonly ChangeDocument[]): readonly VerbGroup[] {
  return VERB_ORDER.map((verb) => ({
    verb,
    changes: changes.filter((change) => change.verb === verb),
  })).filter((group) => group.changes.length > 0);
}

const WORTH_MERGING = 3;

/**
 * Changes that are alike, told by a text, come together where they are three or more: what a rule does to 400 jobs is
 * read once. Order is that of the first of each.
 */
export function alike(
  changes: readonly ChangeDocument[],
  likeness: (change: ChangeDocument) => string,
): readonly (readonly ChangeDocument[])[] {
  const groups = new Map<string, ChangeDocument[]>();
  for (const change of changes) {
    const key = likeness(change);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()].flatMap((group) =>
    group.length < WORTH_MERGING ? group.map((change) => [change]) : [group],
  );
}
