import type { Entry, EntryValue } from '../../src/core/entry.ts';
import { Ref } from '../../src/core/value.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import type { Snapshot } from '../../src/sandbox/snapshot.ts';
import { aSecret } from '../support/builders.ts';

/** An entry as it stands in the file, `${…}` and all. */
export type Written = { readonly [key: string]: WrittenValue };
type WrittenValue = null | boolean | number | string | readonly WrittenValue[] | Written;

/** What the conformance tests need of a kind: `test/kinds/<kind>.fixture.ts` exports one as `fixture`. */
export type KindFixture = {
  /** Valid entries by name; `minimal` and `full` must be among them. All have one key and mean one object. */
  readonly examples: Readonly<Record<string, Written>>;
  /** Pairs of examples: an object that was applied as the first is updated in place to the second. */
  readonly updates: readonly (readonly [from: string, to: string])[];
  /** Other sections that the examples refer to. */
  readonly around: Readonly<Record<string, Readonly<Record<string, Written>>>>;
  /** What must be live before. */
  readonly seed: Seed;
  /** Method and path of every request that writes an object of this kind. */
  readonly writes: RegExp;
  /** Path of the requests that read objects of this kind, as a glob. */
  readonly reads: string;
  /** The examples' live object, or undefined where there is none. */
  readonly live: (snapshot: Snapshot) => unknown;
  /** Everything live that no example may touch, as text. */
  readonly unmanaged: (snapshot: Snapshot) => string;
};

export const KEY = 'example';

/** The value of `${secrets.NAME}` in tests. */
export function secretText(name: string): string {
  return name.endsWith('URL') ? `https://secret.company.test/${name}-hidden` : `${name}-hidden`;
}

/** Names of the secrets that an entry refers to. */
export function secretNames(written: Written): readonly string[] {
  return [
    ...new Set([...JSON.stringify(written).matchAll(/\$\{secrets\.(\w+)\}/g)].map(([, name = '']) => name)),
  ];
}

/** An entry as a kind gets it: references put in. */
export function entryOf(written: Written): Entry {
  return valueOf(written) as Entry;
}

function valueOf(written: WrittenValue): EntryValue {
  if (typeof written === 'string') return referenceOf(written);
  if (Array.isArray(written)) return (written as readonly WrittenValue[]).map(valueOf);
  if (typeof written !== 'object' || written === null) return written;
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [key, valueOf(value)]));
}

function referenceOf(text: string): EntryValue {
  const secret = /^\$\{secrets\.(\w+)\}$/.exec(text)?.[1];
  if (secret !== undefined) return aSecret(secret, secretText(secret));
  const key = /^\$\{destinations\.(.+)\.id\}$/.exec(text)?.[1];
  return key === undefined ? text : new Ref(`destination/${key}`);
}
