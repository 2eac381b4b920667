import type { Diagnostic } from '../core/diagnostic.ts';
import type { EntryPath } from '../core/entry.ts';
import { Secret } from '../core/secret.ts';
import { Ref } from '../core/value.ts';
import type { JsonSchema } from '../kinds/kind.ts';
import { validate } from './generated/validator.js';
import { hoist, hoistedAt } from './hoist.ts';
import { condense, keyIn, segmentsOf, type RawError } from './raw-error.ts';
import { asSchema } from './schema-walk.ts';
import { wordMistake } from './schema-words.ts';
import { positionAt, valueAt, type Tree } from './tree.ts';

/** Compares a tree with the schema: one diagnostic for each mistake, in our own words. */
export function check(tree: Tree, schema: JsonSchema): readonly Diagnostic[] {
  if (validate(toShown(tree))) return [];
  // Paths through the schema are those of the one that the validator was made of.
  const root = hoist(schema);
  return condense(validate.errors ?? []).flatMap((error) => {
    const path = pathOf(tree, error.instancePath);
    const value = valueAt(tree, path);
    if (isSettled(value)) return [];
    return [diagnose(tree, error, { path, value, schema: schemaOf(error, path, root) })];
  });
}

/** The schema that was broken. The validator's path to it begins at the root, or at the shared part that it is in. */
function schemaOf({ schemaPath }: RawError, path: EntryPath, root: JsonSchema): JsonSchema {
  const keyword = segmentsOf(schemaPath).map(decodeURIComponent);
  const applying = hoistedAt(root, path);
  const starts = [root, ...Object.values(asSchema(root['$defs']) ?? {})];
  const ends = starts.map((start) =>
    asSchema(keyword.slice(0, -1).reduce<unknown>((inner, segment) => childOf(inner, segment), start)),
  );
  return ends.find((end) => end !== undefined && applying.includes(end)) ?? {};
}

type Spot = { readonly path: EntryPath; readonly value: Tree | undefined; readonly schema: JsonSchema };

function diagnose(tree: Tree, error: RawError, { path, value, schema }: Spot): Diagnostic {
  const words = wordMistake(error, { path, value: value === undefined ? undefined : toShown(value), schema });
  // An unknown key is found at the key, a wrong value at the value, a missing key where its mapping begins.
  const key = error.params['missingProperty'] === undefined ? keyIn(error) : '';
  const isAboutKeys = key !== '' || value?.shape !== 'leaf';
  const at = isAboutKeys ? positionAt(tree, key === '' ? path : [...path, key]) : value.at;
  return { severity: 'error', at, ...words };
}

/** Reported already, or a secret, about whose value nothing is said. */
function isSettled(value: Tree | undefined): boolean {
  return value?.shape === 'leaf' && (value.isBroken === true || value.value instanceof Secret);
}

function toShown(tree: Tree): unknown {
  if (tree.shape === 'list') return tree.items.map(toShown);
  if (tree.shape === 'mapping')
    return Object.fromEntries([...tree.fields].map(([key, { value }]) => [key, toShown(value)]));
  return tree.value instanceof Secret || tree.value instanceof Ref ? tree.value.toString() : tree.value;
}

/** In a JSON pointer an index and a key of digits look the same; the tree knows which is which. */
function pathOf(tree: Tree, pointer: string): EntryPath {
  const path: (string | number)[] = [];
  for (const segment of segmentsOf(pointer)) {
    path.push(valueAt(tree, path)?.shape === 'list' ? Number(segment) : segment);
  }
  return path;
}

function childOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return asSchema(value)?.[key];
}
