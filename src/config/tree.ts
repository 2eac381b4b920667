import type { Position } from '../core/diagnostic.ts';
import type { EntryPath, EntryValue } from '../core/entry.ts';
import type { Secret } from '../core/secret.ts';
import type { Ref, Scalar } from '../core/value.ts';

/** What a file says, with the place of every key and value. The same subtree may hang in several places (aliases). */
export type Tree = Leaf | List | Mapping;

export type Leaf = {
  readonly shape: 'leaf';
  readonly at: Position;
  readonly value: Scalar | Secret | Ref;
  /** Columns from `at` to the first character of the text, where the text stands in the file letter by letter. */
  readonly textAt?: number;
  /** Its mistake has been reported already; nothing more is said about it. */
  readonly isBroken?: true;
};

export type List = { readonly shape: 'list'; readonly at: Position; readonly items: readonly Tree[] };

export type Mapping = {
  readonly shape: 'mapping';
  readonly at: Position;
  readonly fields: ReadonlyMap<string, Field>;
};

/** One key of a mapping; `at` is where the key stands. */
export type Field = { readonly at: Position; readonly value: Tree };

export function isMapping(tree: Tree | undefined): tree is Mapping {
  return tree?.shape === 'mapping';
}

/** True for a key that has nothing written behind it. */
export function isBlank(tree: Tree | undefined): boolean {
  return tree === undefined || (tree.shape === 'leaf' && tree.value === null && tree.isBroken !== true);
}

/** The mapping under a key; an empty one where there is none. */
export function mappingAt(tree: Mapping, key: string): Mapping {
  const value = tree.fields.get(key)?.value;
  return isMapping(value) ? value : { shape: 'mapping', at: value?.at ?? tree.at, fields: new Map() };
}

/** The same mapping with one key set, or left out where `value` is undefined; the key keeps its place. */
export function withField(tree: Mapping, key: string, value: Tree | undefined): Mapping {
  const fields = new Map(tree.fields);
  if (value === undefined) fields.delete(key);
  else fields.set(key, { at: tree.fields.get(key)?.at ?? value.at, value });
  return { ...tree, fields };
}

/** The value at a path, or undefined where the path leads nowhere. */
export function valueAt(tree: Tree, path: EntryPath): Tree | undefined {
  return path.reduce<Tree | undefined>((found, segment) => found && childOf(found, segment)?.value, tree);
}

/** Where the key or list item at a path stands; that of the nearest ancestor where the path leads nowhere. */
export function positionAt(tree: Tree, path: EntryPath): Position {
  let place: Field = { at: tree.at, value: tree };
  for (const segment of path) {
    const next = childOf(place.value, segment);
    if (next === undefined) break;
    place = next;
  }
  return place.at;
}

/** Every leaf with its path, in the order of the file. */
export function* leavesOf(tree: Tree, path: EntryPath = []): Generator<readonly [EntryPath, Leaf]> {
  if (tree.shape === 'leaf') yield [path, tree];
  else if (tree.shape === 'list')
    for (const [index, item] of tree.items.entries()) yield* leavesOf(item, [...path, index]);
  else for (const [key, field] of tree.fields) yield* leavesOf(field.value, [...path, key]);
}

/** Plain values; secrets and references stay what they are. */
export function toEntryValue(tree: Tree): EntryValue {
  if (tree.shape === 'leaf') return tree.value;
  if (tree.shape === 'list') return tree.items.map(toEntryValue);
  return Object.fromEntries([...tree.fields].map(([key, field]) => [key, toEntryValue(field.value)]));
}

/** For people: `jobs.etl.notify.on_failure[0]`, `jobs."my job"`. */
export function formatPath(path: EntryPath): string {
  return path.map(formatSegment).join('').replace(/^\./, '');
}

function formatSegment(segment: string | number): string {
  if (typeof segment === 'number') return `[${segment}]`;
  return /^[\w-]+$/.test(segment) ? `.${segment}` : `.${JSON.stringify(segment)}`;
}

function childOf(tree: Tree, segment: string | number): Field | undefined {
  if (tree.shape === 'mapping') return tree.fields.get(String(segment));
  const item = tree.shape === 'list' ? tree.items[Number(segment)] : undefined;
  return item && { at: item.at, value: item };
}
