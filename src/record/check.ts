/** The part of JSON Schema (draft 2020-12) that the record's schema is written in. */
export type Schema = {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: JsonType | readonly JsonType[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false | Schema;
  readonly items?: Schema;
};

export type JsonType = 'null' | 'boolean' | 'number' | 'integer' | 'string' | 'array' | 'object';

/** The first place where a value breaks a schema, as a sentence without a full stop; `null` where it fits. */
export function violation(schema: Schema, value: unknown, at = 'it'): string | null {
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
  if (types !== undefined && !types.some((type) => IS[type](value)))
    return `${at} is not ${types.join(' or ')}`;
  if (typeof value === 'string') return textViolation(schema, value, at);
  if (typeof value === 'number') return numberViolation(schema, value, at);
  if (Array.isArray(value)) return itemsViolation(schema, value, at);
  return isObject(value) ? propertiesViolation(schema, value, at) : null;
}

/** A JSON object: not an array, not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const IS: Readonly<Record<JsonType, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: Number.isFinite,
  integer: Number.isInteger,
  string: (value) => typeof value === 'string',
  array: Array.isArray,
  object: isObject,
};

function textViolation(schema: Schema, text: string, at: string): string | null {
  const allowed = schema.const === undefined ? schema.enum : [schema.const];
  if (allowed !== undefined && !allowed.includes(text)) return `${at} is not ${allowed.join(' or ')}`;
  if (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(text)) return null;
  return `${at} does not have the form that it must have`;
}

function numberViolation(schema: Schema, value: number, at: string): string | null {
  return schema.minimum !== undefined && value < schema.minimum
    ? `${at} is less than ${schema.minimum}`
    : null;
}

function itemsViolation(schema: Schema, list: readonly unknown[], at: string): string | null {
  if (schema.items === undefined) return null;
  for (const [index, item] of list.entries()) {
    const found = violation(schema.items, item, `${at}[${index}]`);
    if (found !== null) return found;
  }
  return null;
}

function propertiesViolation(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  at: string,
): string | null {
  const missing = schema.required?.find((key) => !Object.hasOwn(value, key) || value[key] === undefined);
  if (missing !== undefined) return `${step(at, missing)} is missing`;
  for (const [key, member] of Object.entries(value)) {
    // JSON.stringify leaves these out, so an optional key may be written as `undefined`.
    if (member === undefined) continue;
    const found = memberViolation(schema, key, member, step(at, key));
    if (found !== null) return found;
  }
  return null;
}

function memberViolation(schema: Schema, key: string, member: unknown, at: string): string | null {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key))
    return violation(schema.properties[key] ?? {}, member, at);
  if (schema.additionalProperties === false) return `${at} is unknown`;
  return schema.additionalProperties === undefined
    ? null
    : violation(schema.additionalProperties, member, at);
}

function step(at: string, key: string): string {
  const name = /^\w+$/.test(key) ? key : JSON.stringify(key);
  return at === 'it' ? name : `${at}.${name}`;
}
