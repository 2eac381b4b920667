import type { Position } from './diagnostic.ts';
import type { EntryPath, Finding } from './entry.ts';
import type { Rule, Stated } from './rule.ts';
import type { Features } from './select.ts';
import {
  isEmpty,
  isList,
  keyOf,
  type Address,
  type Item,
  type Spec,
  type Value,
  membersOf,
} from './value.ts';

/**
 * What the file wants of one field. `exact`: this and nothing else; `ensure`: at least this, what is live stays;
 * a scalar is ensured only where none is set. `without`: members of a list that must not be in it, whoever put them there.
 */
export type Wish = {
  readonly mode: 'exact' | 'ensure';
  readonly value: Value;
  readonly without?: readonly Item[];
};

/** What one entry of the file says, in canonical form; made by a kind's `resolve`. */
export type Declared = {
  /** The name that it is looked up by where nothing is recorded. */
  readonly name: string;
  /** What people know it by, where that is not its name. */
  readonly display?: string;
  /** Given by the user; then nothing else identifies it. */
  readonly id?: string;
  /** Facts that cannot change in place, for example `{type: 'SLACK'}`; a difference means replace. */
  readonly traits: Readonly<Record<string, string>>;
  readonly wishes: Readonly<Record<string, Wish>>;
  /** Where in the entry each wish was typed, by field path. */
  readonly origins: Readonly<Record<string, EntryPath>>;
  /** Looked up, never written. */
  readonly isExisting: boolean;
  /** Whether an adopted object's write-only fields are written or left as they are. */
  readonly adoption: 'write' | 'keep';
  readonly findings: readonly Finding[];
  /** What the file allows by name, or by a glob over names, for example `rewrite_task:load`. */
  readonly consents?: readonly string[];
};

/** A declared object with its place in the file. */
export type Resource = Declared & {
  readonly kind: string;
  readonly key: string;
  /** `kind/key`. */
  readonly address: Address;
  readonly source: Position;
  /** What the entry itself wishes, where `wishes` takes out more than it says. */
  readonly stated?: Declared['wishes'];
  /** What is taken out besides, each in a sentence. */
  readonly asides?: readonly string[];
  /** What rules say about it; left out where none does. */
  readonly coverage?: Coverage;
};

/** The rules that an object is covered by, and what became of what they say. */
export type Coverage = {
  /** Sorted by key. */
  readonly rules: readonly Rule[];
  readonly stated: ReadonlyMap<string, readonly Stated[]>;
  /** Field paths of which its own entry says something. */
  readonly own: ReadonlySet<string>;
  /** Hash of every statement about the object, that of its own entry included. */
  readonly statement: string;
  /** Why what is stated cannot hold all at once. */
  readonly contradiction?: Obstacle;
  /** The object has changed so that a rule which is still the same no longer covers it. */
  readonly hasLeft: boolean;
};

/** What one object looks like now, in canonical form; made by a kind's `observe`. */
export type Observed = {
  readonly id: string;
  readonly name: string;
  readonly traits: Readonly<Record<string, string>>;
  /** Everything that could be read; a write-only field is `true` where it is set. */
  readonly spec: Spec;
  /** Field paths or prefixes about which this reading says nothing, with the reason. */
  readonly gaps: readonly Gap[];
  /** Why it must not be written although it was found. */
  readonly obstacles: readonly Obstacle[];
  /** Every object that it points at, by id, wherever in it. */
  readonly uses: readonly Use[];
  /** What rules choose objects by; for kinds that have rules. */
  readonly features?: Features;
  /** Where a bundle's object says that its bundle's metadata lie; any text that somebody wrote there. */
  readonly metadataPath?: string;
};

export type Gap = { readonly prefix: string; readonly why: string };

/** A reason to leave one object alone; `reason` is one of the contract's words, for example `more-than-three`. */
export type Obstacle = {
  readonly reason: string;
  readonly message: string;
  readonly hint?: string;
  /** Of a warning: what the write may do to the object besides, which no reviewer must miss. */
  readonly isSideEffect?: true;
  /** The field that it is about, where it is about one, and how many members that may have. */
  readonly path?: string;
  readonly most?: number;
};

export type Use = { readonly kind: string; readonly id: string; readonly place: string };

/** Field behaviour as data, each with its reason; `path` may end in `*`. */
export type FieldRule = {
  readonly path: string;
  /** Never comes back from the API; live says only whether it is set. */
  readonly writeOnly?: string;
  /** Readable by workspace admins only; others compare with the record. */
  readonly adminOnly?: string;
  /** Fields of one group are sent together or not at all. */
  readonly sentWith?: string;
  /** The kind of the object that its value names by id, where the record alone would not tell it from a text. */
  readonly pointsAt?: string;
};

export function ruleFor(rules: readonly FieldRule[], path: string): FieldRule | undefined {
  return rules.find((rule) => matchesPath(rule.path, path));
}

export function gapAt(gaps: readonly Gap[], path: string): Gap | undefined {
  return gaps.find((gap) => path === gap.prefix || path.startsWith(`${gap.prefix}.`) || gap.prefix === '*');
}

/** What the entry says, and nothing that a run takes out besides: that is no statement of the file's. */
export function statementOf({ stated, wishes }: Pick<Resource, 'stated' | 'wishes'>): Declared['wishes'] {
  return stated ?? wishes;
}

/** What a write of these paths sends: whatever is in a group with one of them goes along. */
export function sentTogether(
  paths: readonly string[],
  changed: readonly string[],
  rules: readonly FieldRule[],
): readonly string[] {
  const groupOf = (path: string): string | undefined => ruleFor(rules, path)?.sentWith;
  const groups = new Set(changed.map(groupOf).filter((group) => group !== undefined));
  return paths.filter((path) => changed.includes(path) || groups.has(groupOf(path) ?? ''));
}

/** The value that a field has once the wish is met. */
export function meet(wish: Wish, live: Value | undefined): Value {
  const met = meetValue(wish, live);
  if (wish.without === undefined || !isList(met)) return met;
  const unwanted = new Set(wish.without.map(keyOf));
  return met.filter((item) => !unwanted.has(keyOf(item)));
}

function meetValue(wish: Wish, live: Value | undefined): Value {
  if (wish.mode === 'exact') return isList(wish.value) ? unite([], wish.value) : wish.value;
  if (isList(wish.value)) return unite(membersOf(live), wish.value);
  return live === undefined || isEmpty(live) ? wish.value : live;
}

/** Each member once: a destination may be named by its key and by its id. */
function unite(live: readonly Item[], wanted: readonly Item[]): readonly Item[] {
  return [...new Map([...live, ...wanted].map((item) => [keyOf(item), item])).values()];
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}
