import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import type { Json, JsonObject } from '../kinds/client.ts';

/**
 * JSON text to values without loss: a number that a double would print differently becomes a LosslessNumber.
 * @throws SyntaxError
 */
export function parseJson(text: string): Json {
  return hasInexactNumber(text) ? (parse(text, undefined, toNumber) as Json) : (JSON.parse(text) as Json);
}

/** The inverse of `parseJson`, digit for digit. */
export function printJson(value: Json): string {
  return stringify(value) ?? 'null';
}

/** An object, not a list and not an exact number. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

/** A text, or a number's digits. */
export function wordOf(value: Json | undefined): string | undefined {
  if (typeof value === 'number' || isLosslessNumber(value)) return value.toString();
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Every number follows a bracket, a comma, a colon or nothing, so this misses none; a look-alike inside a string only
 * costs time. Integers of up to 15 digits are exact and need no look.
 */
const SUSPECT = /(?:[[:,]|^)\s*(-?(?:\d{16,}|\d+[.eE])[\d.eE+-]*|-0)/g;

function hasInexactNumber(text: string): boolean {
  for (const [, digits = ''] of text.matchAll(SUSPECT)) {
    if (String(Number(digits)) !== digits) return true;
  }
  return false;
}

function toNumber(digits: string): number | LosslessNumber {
  const number = Number(digits);
  return String(number) === digits ? number : new LosslessNumber(digits);
}
