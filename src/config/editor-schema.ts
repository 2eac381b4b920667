import type { JsonSchema } from '../kinds/kind.ts';
import { asSchema } from './schema-walk.ts';

/** The same schema for text as it is written: a reference may stand where a number, a list or a choice is wanted. */
export function editable(schema: JsonSchema): JsonSchema {
  return loosen(schema, { isPartial: false });
}

/** As `editable`, for what a target lays over a section: nothing is required, and `null` removes. */
export function partial(schema: JsonSchema): JsonSchema {
  return loosen(schema, { isPartial: true });
}

type Mode = { readonly isPartial: boolean };

const REFERENCE: JsonSchema = {
  type: 'string',
  pattern: '\\$\\{.+\\}',
  description: 'A reference: ${var.NAME}',
};
const NULL: JsonSchema = { type: 'null', description: 'Removes it' };

/** Stay outside `anyOf`, where editors look for them. */
const SHOWN: readonly string[] = ['title', 'description', 'default', 'examples', 'x-secret'];

function loosen(schema: JsonSchema, mode: Mode): JsonSchema {
  const inner = loosenInside(schema, mode);
  const others = [
    ...(takesReference(schema) ? [REFERENCE] : []),
    ...(mode.isPartial && !allowsNull(schema) ? [NULL] : []),
  ];
  if (others.length === 0) return inner;
  const isShown = ([keyword]: readonly [string, unknown]): boolean => SHOWN.includes(keyword);
  const rest = Object.fromEntries(Object.entries(inner).filter((keyword) => !isShown(keyword)));
  const branches: unknown = rest['anyOf'];
  const own = Array.isArray(branches) && Object.keys(rest).length === 1 ? branches : [rest];
  return { ...Object.fromEntries(Object.entries(inner).filter(isShown)), anyOf: [...own, ...others] };
}

function loosenInside(schema: JsonSchema, mode: Mode): JsonSchema {
  const kept = Object.entries(schema).filter(([keyword]) => !(mode.isPartial && MINIMUM.includes(keyword)));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, loosenKeyword(keyword, value, mode)]));
}

const MINIMUM: readonly string[] = ['required', 'minProperties'];

function loosenKeyword(keyword: string, value: unknown, mode: Mode): unknown {
  const schema = asSchema(value);
  if (keyword === 'properties' && schema !== undefined) {
    return Object.fromEntries(
      Object.entries(schema).map(([key, inner]) => [key, loosen(asSchema(inner) ?? {}, mode)]),
    );
  }
  if (keyword === 'additionalProperties' && schema !== undefined) return loosen(schema, mode);
  // Lists replace as a whole, so what stands in them is complete.
  if (keyword === 'items' && schema !== undefined) return loosen(schema, { isPartial: false });
  // Alternatives are told apart by what they require.
  if (keyword === 'anyOf' && Array.isArray(value))
    return value.map((branch) => loosen(asSchema(branch) ?? {}, { isPartial: false }));
  return value;
}

function takesReference(schema: JsonSchema): boolean {
  const types = typesOf(schema);
  if (types.length === 0) return Array.isArray(schema['anyOf']) && !branchTypes(schema).includes('string');
  if (types.includes('string'))
    return ['enum', 'pattern', 'format', 'maxLength'].some((keyword) => keyword in schema);
  return !types.includes('object');
}

function branchTypes(schema: JsonSchema): readonly string[] {
  const branches: unknown = schema['anyOf'];
  return Array.isArray(branches) ? branches.flatMap((branch) => typesOf(asSchema(branch) ?? {})) : [];
}

function allowsNull(schema: JsonSchema): boolean {
  return typesOf(schema).includes('null');
}

function typesOf(schema: JsonSchema): readonly string[] {
  const type = schema['type'];
  return typeof type === 'string' ? [type] : Array.isArray(type) ? type.map(String) : [];
}
