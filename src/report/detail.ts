import { plural } from './words.ts';

/** How much of a report is shown; `Infinity` is all of it. */
export type Detail = {
  /** Lines of one fold. */
  readonly foldLines: number;
  readonly folds: number;
  /** Names under one verb. */
  readonly names: number;
  /** Lines of one list: findings, notes, what is left alone. */
  readonly items: number;
  /** Pieces of YAML to paste elsewhere, which nobody misses who can get them from the plan. */
  readonly snippets: number;
  /** Characters of one text of somebody else's. */
  readonly text: number;
};

export const EVERYTHING: Detail = {
  foldLines: Infinity,
  folds: Infinity,
  names: Infinity,
  items: Infinity,
  snippets: Infinity,
  text: Infinity,
};

/** From all that there is to say down to the counts: what does not fit is tried again with the next one. */
export const LADDER: readonly Detail[] = [
  EVERYTHING,
  { ...EVERYTHING, snippets: 0 },
  { foldLines: 40, folds: 400, names: 400, items: 100, snippets: 0, text: 1_000 },
  { foldLines: 12, folds: 120, names: 400, items: 50, snippets: 0, text: 400 },
  { foldLines: 6, folds: 40, names: 150, items: 20, snippets: 0, text: 200 },
  { foldLines: 0, folds: 0, names: 150, items: 20, snippets: 0, text: 160 },
  { foldLines: 0, folds: 0, names: 30, items: 10, snippets: 0, text: 120 },
  { foldLines: 0, folds: 0, names: 0, items: 0, snippets: 0, text: 80 },
];

/** The line that stands for what was left out; nothing where nothing was. */
export function andMore(count: number): readonly string[] {
  return count <= 0 ? [] : [`- and ${plural(count, 'more', 'more')}`];
}

/** The first items of a list, and how many were left out. */
export function firstOf(items: readonly string[], most: number): readonly string[] {
  return [...items.slice(0, most), ...andMore(items.length - most)];
}

/** The same value with every text cut to a length in characters; a character is never cut in two. */
export function clipTexts<Value>(value: Value, length: number): Value {
  return length === Infinity ? value : (clip(value, length) as Value);
}

const ADDRESSES: ReadonlySet<string> = new Set(['url', 'link']);

function clip(value: unknown, length: number): unknown {
  if (typeof value === 'string') return clipText(value, length);
  if (Array.isArray(value)) return value.map((item: unknown) => clip(item, length));
  if (typeof value !== 'object' || value === null) return value;
  // An address that is cut leads nowhere.
  const cut = (key: string, member: unknown): unknown => (ADDRESSES.has(key) ? member : clip(member, length));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cut(key, member)]));
}

/** At most that many characters, the last of them `…` where some are missing. */
export function clipText(text: string, length: number): string {
  // In the common case nothing is counted: a text has no more characters than units.
  if (text.length <= length) return text;
  if (length <= 0) return '';
  // A character has two units at most; of a megabyte no more is looked at than may be shown.
  const characters = Array.from(text.slice(0, 2 * length + 2));
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
