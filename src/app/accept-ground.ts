import { spell, type Written } from '../config/spell.ts';
import type { Config } from '../config/load.ts';
import type { Edit } from '../config/edit.ts';
import type { Change } from '../core/change.ts';
import type { Position } from '../core/diagnostic.ts';
import type { Directory } from '../core/directory.ts';
import { type EntryPath, type EntryValue, isEntry } from '../core/entry.ts';
import type { Match } from '../core/match.ts';
import type { RecordDocument } from '../core/record.ts';
import { KINDS } from '../kinds/index.ts';

/** What accepting goes by, for one target. */
export type Ground = {
  readonly config: Config;
  readonly directory: Directory;
  readonly record: RecordDocument;
  readonly matches: ReadonlyMap<string, Match>;
  /** The names of all targets of the file. */
  readonly targets: readonly string[];
};

/** An edit that is wanted, and what it takes over. */
export type Ask = {
  readonly change: Change;
  /** Fields of it; none where the whole object is meant. */
  readonly paths: readonly string[];
  readonly at: Position;
  readonly edits: readonly PlacedEdit[];
  /** What a person would write there. */
  readonly byHand: string;
};

export type PlacedEdit = { readonly file: string; readonly edit: Edit };

/** What is not taken over, and the way on. */
export type Left = {
  readonly what: string;
  readonly at: Position | null;
  readonly why: string;
  readonly hint: string;
};

export type Wanted = { readonly asks: readonly Ask[]; readonly left: readonly Left[] };

export function sectionOf(kind: string): string {
  return KINDS.find(({ name }) => name === kind)?.section ?? '';
}

/** The path of a change's entry in the file. */
export function entryPath({ kind, key }: Change): EntryPath {
  return [sectionOf(kind), key];
}

/** What the file says at a path of an entry, or undefined where it says nothing. */
export function statedAt({ config }: Ground, change: Change, origin: EntryPath): EntryValue | undefined {
  const entry: EntryValue | undefined = config.sections[sectionOf(change.kind)]?.[change.key];
  return origin.reduce<EntryValue | undefined>((value, segment) => {
    if (Array.isArray(value)) return (value as readonly EntryValue[])[Number(segment)];
    return isEntry(value) ? value[String(segment)] : undefined;
  }, entry);
}

/** Whether a path leads somewhere, rather than to what is nearest above it. */
export function isThere({ config }: Ground, path: EntryPath): boolean {
  return !isSamePlace(config.positionOf(path), config.positionOf(path.slice(0, -1)));
}

export function isSamePlace(a: Position, b: Position): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

/** The other targets that what stands at this path of the file is about too. */
export function sharedWith({ config, targets }: Ground, path: EntryPath): readonly string[] {
  const own = config.target.name;
  if (own === null || targets.length < 2) return [];
  const isOwn = isSamePlace(config.positionOf(path), config.positionOf(['targets', own, ...path]));
  return isOwn ? [] : targets.filter((name) => name !== own);
}

/** What is left of a change, in the words of a report. */
export function leave(ask: Pick<Ask, 'change' | 'paths' | 'at'>, why: string, hint: string): Left {
  const { change, paths, at } = ask;
  return {
    what: [paths.join(' and '), change.address].filter((part) => part !== '').join(' of '),
    at,
    why,
    hint,
  };
}

export function writeByHand(text: string): string {
  return `write it by hand: ${text}`;
}

/** One line of YAML: keys within keys, and the value. */
export function nested(path: EntryPath, value: Written): string {
  const [first, ...rest] = path.map(String);
  if (first === undefined) return spell(value);
  return `${spell(first)}: ${spell(rest.reduceRight<Written>((inner, key) => ({ [key]: inner }), value))}`;
}
