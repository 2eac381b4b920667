import { isInteger, isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/** What crosses the wire; numbers that a double cannot hold stay exact. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject | ExactNumber;
export type JsonObject = { readonly [key: string]: Json };
/** A number that a double cannot hold; `String(n)` is exact. */
type ExactNumber = { readonly isLosslessNumber: boolean; toString(): string };

/** @throws SyntaxError when the text is not JSON. */
export function parseJson(text: string): Json {
  // The exact parser is several times slower, and only long runs of digits need it.
  if (/\d{16}/.test(text)) return parse(text, null, exactly) as Json;
  const value: Json = JSON.parse(text);
  return value;
}

export function printJson(value: Json): string {
  const text = JSON.stringify(value);
  return text.includes('"isLosslessNumber":') ? (stringify(value) ?? 'null') : text;
}

/** A plain object, neither a list nor an exact number. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExact(value);
}

export function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

export function listAt(parent: JsonObject, key: string): readonly Json[] {
  const value = parent[key];
  return isJsonList(value) ? value : [];
}

export function textAt(parent: JsonObject, key: string): string | undefined {
  const value = parent[key];
  return typeof value === 'string' ? value : undefined;
}

export function isJsonList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The decimal digits of an int64 however it was written; undefined when it is none. */
export function integerText(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'string' || isExact(value) ? String(value) : '';
  return /^-?\d{1,20}$/.test(text) ? String(BigInt(text)) : undefined;
}

/** An id as the JSON number that the API prints. */
export function exactNumber(digits: string): number | ExactNumber {
  return isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits);
}

/** A copy that shares nothing with the original. */
export function copyJson(value: Json): Json {
  if (isJsonList(value)) return value.map(copyJson);
  return isObject(value) ? copyObject(value) : value;
}

export function copyObject(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyJson(member)]));
}

export function omit(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function exactly(digits: string): number | LosslessNumber {
  return isInteger(digits) && !isSafeNumber(digits) ? new LosslessNumber(digits) : Number(digits);
}

function isExact(value: unknown): value is ExactNumber {
  return typeof value === 'object' && value !== null && 'isLosslessNumber' in value;
}
