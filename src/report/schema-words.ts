/** A JSON Schema (draft 2020-12), as far as ours need it. */
export type Schema = { readonly [keyword: string]: SchemaValue };
type SchemaValue = null | boolean | number | string | readonly SchemaValue[] | Schema;

type Type = 'string' | 'boolean' | 'integer' | 'number' | 'null';

export function typed(type: Type | readonly Type[], description: string): Schema {
  return { description, type };
}

export function count(description: string): Schema {
  return { description, type: 'integer', minimum: 0 };
}

export function oneOf(values: readonly string[], description: string): Schema {
  return { description, enum: values };
}

export function matching(pattern: string, description: string): Schema {
  return { description, type: 'string', pattern };
}

export function listOf(items: Schema, description: string): Schema {
  return { description, type: 'array', items };
}

export function nullable(schema: Schema): Schema {
  const { description = '', ...rest } = schema;
  return { description, anyOf: [rest, { type: 'null' }] };
}

/** An object that has all of these keys, may have the optional ones, and has no others. */
export function closed(
  properties: Readonly<Record<string, Schema>>,
  description: string,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return {
    description,
    type: 'object',
    required: Object.keys(properties),
    properties: { ...properties, ...optional },
    additionalProperties: false,
  };
}
