import type { Severity } from './diagnostic.ts';
import type { Ref, Scalar } from './value.ts';
import type { Secret } from './secret.ts';

/**
 * What was typed, after variables, secrets and references have been put in: `${secrets.X}` has become a Secret,
 * `${destinations.key.id}` a Ref. An integer that a double cannot hold is its digits as a string.
 */
export type EntryValue = Scalar | Secret | Ref | readonly EntryValue[] | Entry;
export type Entry = { readonly [key: string]: EntryValue };

/** Where in an entry: keys and list indexes from the entry down. */
export type EntryPath = readonly (string | number)[];

/** A diagnostic of one entry, before it has a file and a line. */
export type Finding = {
  readonly code: string;
  readonly severity: Severity;
  readonly path: EntryPath;
  readonly message: string;
  readonly hint?: string;
};

/** A scalar as it was typed; empty for anything else, secrets included. */
export function entryText(value: EntryValue | undefined): string {
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isText ? String(value) : '';
}

export function isEntry(value: EntryValue | undefined): value is Entry {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A mapping, or an empty one where something else stands there. */
export function asEntry(value: EntryValue | undefined): Entry {
  return isEntry(value) ? value : {};
}

/** A list, or an empty one where something else stands there. */
export function asEntryList(value: EntryValue | undefined): readonly EntryValue[] {
  return Array.isArray(value) ? value : [];
}
