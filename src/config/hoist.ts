import type { EntryPath } from '../core/entry.ts';
import type { JsonSchema } from '../kinds/kind.ts';
import { asSchema, branchesOf, stepInto } from './schema-walk.ts';

/** Shorter ones are read more easily where they stand. */
const WORTH_CHARACTERS = 300;

/**
 * The same schema with what it repeats said once, under `$defs`: entries of jobs, tasks and rules share their blocks.
 * Alternatives stay as they are, as of a mistake among them the path through the schema tells which was meant.
 */
export function hoist(schema: JsonSchema): JsonSchema {
  const counts = new Map<string, number>();
  count(schema, counts);
  const names = new Map<string, string>();
  const defs: Record<string, unknown> = {};
  const replace = (inner: JsonSchema): JsonSchema => {
    const text = JSON.stringify(inner);
    if (text.length < WORTH_CHARACTERS || (counts.get(text) ?? 0) < 2) return descend(inner, replace);
    const name = names.get(text) ?? `shared-${names.size + 1}`;
    if (!names.has(text)) {
      names.set(text, name);
      defs[name] = descend(inner, replace);
    }
    return { $ref: `#/$defs/${name}` };
  };
  const root = descend(schema, replace);
  return names.size === 0 ? root : { ...root, $defs: defs };
}

/** Every part of a hoisted schema that applies at a path. */
export function hoistedAt(root: JsonSchema, path: EntryPath): readonly JsonSchema[] {
  const defs = asSchema(root['$defs']) ?? {};
  const follow = (schema: JsonSchema): JsonSchema => {
    const ref = schema['$ref'];
    return typeof ref === 'string' ? (asSchema(defs[ref.replace('#/$defs/', '')]) ?? schema) : schema;
  };
  return path
    .reduce<readonly JsonSchema[]>((schemas, segment) => stepInto(schemas, segment).map(follow), [root])
    .flatMap(branchesOf);
}

function count(schema: JsonSchema, counts: Map<string, number>): void {
  descend(schema, (inner) => {
    const text = JSON.stringify(inner);
    const seen = counts.get(text) ?? 0;
    counts.set(text, seen + 1);
    // What stands in a repeated part is repeated with it.
    if (seen === 0) count(inner, counts);
    return inner;
  });
}

/** Replaces the schemas right below this one, except among alternatives and names. */
function descend(schema: JsonSchema, replace: (inner: JsonSchema) => JsonSchema): JsonSchema {
  const each = (value: unknown): unknown => {
    const inner = asSchema(value);
    return inner === undefined ? value : replace(inner);
  };
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      const properties = keyword === 'properties' ? asSchema(value) : undefined;
      if (properties !== undefined)
        return [
          keyword,
          Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, each(inner)])),
        ];
      return [keyword, keyword === 'items' || keyword === 'additionalProperties' ? each(value) : value];
    }),
  );
}
