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
export function violation(schema: Schema, value: unknown): string | null {
  const found = find(schema, value);
  return found === null ? null : `${nameOf(found.steps.toReversed())} ${found.says}`;
}

/** `steps`: keys and indexes on the way to the place, the last one first: only what is wrong needs a name. */
type Found = { readonly steps: (string | number)[]; readonly says: string };

function nameOf(steps: readonly (string | number)[]): string {
  let at = '';
  for (const step of steps) {
    if (typeof step === 'number') at = `${at === '' ? 'it' : at}[${step}]`;
    else at = `${at}${at === '' ? '' : '.'}${/^\w+$/.test(step) ? step : JSON.stringify(step)}`;
  }
  return at === '' ? 'it' : at;
}

function find(schema: Schema, value: unknown): Found | null {
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
  if (types !== undefined && !types.some((type) => IS[type](value)))
    return here(`is not ${types.join(' or ')}`);
  if (typeof value === 'string') return findInText(schema, value);
  if (typeof value === 'number') return findInNumber(schema, value);
  if (Array.isArray(value)) return findInItems(schema, value);
  return isObject(value) ? findInProperties(schema, value) : null;
}

function here(says: string): Found {
  return { steps: [], says };
}

function under(step: string | number, found: Found | null): Found | null {
  found?.steps.push(step);
  return found;
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

function findInText(schema: Schema, text: string): Found | null {
  const allowed = schema.const === undefined ? schema.enum : [schema.const];
  if (allowed !== undefined && !allowed.includes(text)) return here(`is not ${allowed.join(' or ')}`);
  if (schema.pattern === undefined || compiled(schema.pattern).test(text)) return null;
  return here('does not have the form that it must have');
}

/** A record holds thousands of texts, and its schema a handful of patterns. */
const COMPILED = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = COMPILED.get(pattern) ?? new RegExp(pattern, 'u');
  COMPILED.set(pattern, known);
  return known;
}

function findInNumber(schema: Schema, value: number): Found | null {
  return schema.minimum !== undefined && value < schema.minimum
    ? here(`is less than ${schema.minimum}`)
    : null;
}

function findInItems({ items }: Schema, list: readonly unknown[]): Found | null {
  if (items === undefined) return null;
  for (const [index, item] of list.entries()) {
    const found = find(items, item);
    if (found !== null) return under(index, found);
  }
  return null;
}

function findInProperties(schema: Schema, value: Readonly<Record<string, unknown>>): Found | null {
  const missing = schema.required?.find((key) => !Object.hasOwn(value, key) || value[key] === undefined);
  if (missing !== undefined) return under(missing, here('is missing'));
  for (const [key, member] of Object.entries(value)) {
    // JSON.stringify leaves these out, so an optional key may be written as `undefined`.
    const found = member === undefined ? null : findInMember(schema, key, member);
    if (found !== null) return under(key, found);
  }
  return null;
}

function findInMember(schema: Schema, key: string, member: unknown): Found | null {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key))
    return find(schema.properties[key] ?? {}, member);
  if (schema.additionalProperties === false) return here('is unknown');
  return schema.additionalProperties === undefined ? null : find(schema.additionalProperties, member);
}
