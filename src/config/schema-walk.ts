import type { EntryPath } from '../core/entry.ts';
import type { JsonSchema } from '../kinds/kind.ts';

/** The schemas that may apply one level further down; empty where the schema knows no such key or item. */
export function stepInto(schemas: readonly JsonSchema[], segment: string | number): readonly JsonSchema[] {
  return schemas.flatMap(branchesOf).flatMap((schema) => {
    if (typeof segment === 'number') return schemasIn([schema['items']]);
    const properties = asSchema(schema['properties']);
    if (properties !== undefined && Object.hasOwn(properties, segment))
      return schemasIn([properties[segment]]);
    return schemasIn([schema['additionalProperties']]);
  });
}

/** All that applies at a path. */
export function schemasAt(schema: JsonSchema, path: EntryPath): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(stepInto, [schema]);
}

/** A schema and every alternative in it. */
export function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const nested = ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => {
    const branches = schema[keyword];
    return Array.isArray(branches) ? schemasIn(branches) : [];
  });
  return [schema, ...nested.flatMap(branchesOf)];
}

/** The value as a schema object, or undefined where it is a boolean, missing, or something else. */
export function asSchema(value: unknown): JsonSchema | undefined {
  return isSchema(value) ? value : undefined;
}

function schemasIn(values: readonly unknown[]): readonly JsonSchema[] {
  return values.filter(isSchema);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
