import { isAlias, isMap, isScalar, isSeq, Scalar as YamlScalar } from 'yaml';
import type { Position } from '../core/diagnostic.ts';
import type { Scalar } from '../core/value.ts';
import { alter, type Alteration, type Collection } from './edit-collection.ts';
import { readSource, type Found, type Source } from './source.ts';
import { spellLike, type Written } from './spell.ts';
import { splice, type Splice } from './splice.ts';

/** One change to a file; `at` is where a key stands, as the tree tells it. */
export type Edit = { readonly at: Pick<Position, 'line' | 'column'> } & (
  | { readonly do: 'replace'; readonly value: Scalar }
  /** Of the list behind the key. `emptied`: whether an empty list stays or its key goes too. */
  | {
      readonly do: 'members';
      readonly remove: readonly number[];
      readonly append: readonly Written[];
      readonly emptied: 'keep' | 'drop';
    }
  /** A new key in the mapping behind the key. */
  | { readonly do: 'set'; readonly key: string; readonly value: Written }
  /** The key goes, and what is left empty above it, up to the entry. */
  | { readonly do: 'drop' }
);

export type Refusal = { readonly edit: Edit; readonly why: string };
export type Edited = { readonly text: string; readonly refused: readonly Refusal[] };

/** The text with its edits made, and every other byte as it was. What cannot be edited in place is refused with the reason. */
export function edit(text: string, edits: readonly Edit[]): Edited {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const source = readSource(text.slice(mark.length));
  const drafts = new Drafts(source);
  for (const one of edits) drafts.add(one);
  const made = drafts.make();
  const whole = splice(source.text, made.splices);
  if (whole === undefined) return { text, refused: edits.map((one) => ({ edit: one, why: OVERLAP })) };
  const isEnded = text.endsWith('\n') || !whole.endsWith(source.eol);
  const after = isEnded ? whole : whole.slice(0, -source.eol.length);
  return { text: made.splices.length === 0 ? text : mark + after, refused: made.refused };
}

const OVERLAP = 'two changes are about the same place';
const ALIASED = 'it stands behind an anchor, and an alias means it elsewhere too';

type Draft = {
  readonly node: Collection;
  readonly holder: Found | undefined;
  readonly removed: Set<number>;
  readonly added: unknown[];
  readonly edits: Edit[];
  emptied: 'keep' | 'drop';
};

/** Edits by the list or mapping that they are about. */
class Drafts {
  readonly #source: Source;
  readonly #drafts = new Map<Collection, Draft>();
  readonly #splices: Splice[] = [];
  readonly #refused: Refusal[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  add(one: Edit): void {
    const found = this.#source.keyAt(one.at);
    const why = found === undefined ? 'it was not found there' : this.#addTo(found, one);
    if (why !== undefined) this.#refused.push({ edit: one, why });
  }

  make(): { readonly splices: readonly Splice[]; readonly refused: readonly Refusal[] } {
    for (const draft of [...this.#drafts.values()].reverse()) this.#climb(draft);
    for (const draft of this.#drafts.values()) {
      const made = alter(this.#source, draft as Alteration);
      if (typeof made !== 'string') this.#splices.push(...made);
      else this.#refused.push(...draft.edits.map((one) => ({ edit: one, why: made })));
    }
    return { splices: this.#splices, refused: this.#refused };
  }

  #addTo(found: Found, one: Edit): string | undefined {
    const { value } = found.pair;
    if (found.isAliased) return ALIASED;
    if (one.do === 'drop') return this.#drop(found, [one]);
    if (isAlias(value)) return 'an alias stands there';
    // A new key in a mapping, and a new item of a list, are new wherever an alias means it.
    if (this.#source.isShared(value)) return ALIASED;
    if (one.do === 'replace') return this.#replace(found, one.value);
    if (one.do === 'set' ? !isMap(value) : !isSeq(value)) return 'it is not written out there';
    const draft = this.#draftOf(value as Collection, found);
    draft.edits.push(one);
    if (one.do === 'set') draft.added.push([one.key, one.value]);
    else this.#addMembers(draft, one);
    return undefined;
  }

  #addMembers(draft: Draft, { remove, append, emptied }: Edit & { readonly do: 'members' }): void {
    for (const index of remove) draft.removed.add(index);
    draft.added.push(...append);
    draft.emptied = emptied;
  }

  #drop({ mapping, holder, index, pair }: Found, edits: readonly Edit[]): string | undefined {
    if (this.#source.isShared(pair.value)) return ALIASED;
    const draft = this.#draftOf(mapping, holder);
    draft.removed.add(index);
    draft.edits.push(...edits);
    return undefined;
  }

  #replace({ pair: { value } }: Found, by: Scalar): string | undefined {
    if (!isScalar(value)) return 'it is not written out there';
    const isBlock = value.type === YamlScalar.BLOCK_FOLDED || value.type === YamlScalar.BLOCK_LITERAL;
    if (isBlock || value.value === null) return 'it is not written in one line';
    if (typeof value.value === 'string' && value.value.includes('${')) return 'a reference stands there';
    this.#splices.push({
      from: value.range[0],
      to: value.range[1],
      text: spellLike(by, value.type ?? undefined),
    });
    return undefined;
  }

  #draftOf(node: Collection, holder: Found | undefined): Draft {
    const known = this.#drafts.get(node);
    if (known !== undefined) return known;
    const draft: Draft = { node, holder, removed: new Set(), added: [], edits: [], emptied: 'keep' };
    // A mapping that loses all that it says goes with it.
    if (isMap(node)) draft.emptied = 'drop';
    this.#drafts.set(node, draft);
    return draft;
  }

  /** What is left empty goes whole, up to the entry, which stays. */
  #climb(draft: Draft): void {
    const { node, holder, removed, added, edits, emptied } = draft;
    const isEmptied = removed.size === node.items.length && added.length === 0 && emptied === 'drop';
    if (!isEmptied || holder === undefined || holder.depth <= depthOfEntries(holder)) return;
    if (this.#drop(holder, edits) !== undefined) return;
    this.#drafts.delete(node);
    const above = this.#drafts.get(holder.mapping);
    if (above !== undefined) this.#climb(above);
  }
}

/** `jobs.etl`, or `targets.prod.jobs.etl`. */
function depthOfEntries({ root }: Found): number {
  return root === 'targets' ? 4 : 2;
}
