import { Secret } from './secret.ts';

/** `kind/key`, for example `destination/team-slack`; jobs and pipelines carry their id: `job/123`. */
export type Address = string;

/** A pointer to an object that this configuration declares; becomes its id when the object exists. */
export class Ref {
  readonly to: Address;
  constructor(to: Address) {
    this.to = to;
  }
  toString(): string {
    return this.to.slice(this.to.indexOf('/') + 1);
  }
  toJSON(): string {
    return this.toString();
  }
}

/** A pointer to a live object by its id, declared here or not. */
export class IdRef {
  readonly kind: string;
  readonly id: string;
  constructor(kind: string, id: string) {
    this.kind = kind;
    this.id = id;
  }
  toString(): string {
    return this.id;
  }
  toJSON(): string {
    return this.id;
  }
}

/** A pointer to a live object by its name, where the file does not declare it; becomes an IdRef once it was looked up. */
export class NameRef {
  readonly kind: string;
  readonly name: string;
  constructor(kind: string, name: string) {
    this.kind = kind;
    this.name = name;
  }
  toString(): string {
    return this.name;
  }
  toJSON(): string {
    return this.name;
  }
}

export type Scalar = null | boolean | number | string;
export type Item = Scalar | Secret | Ref | IdRef | NameRef;
/** Lists are sets: their order means nothing. */
export type Value = Item | readonly Item[];

/** Canonical form of one object: dotted path -> value, for example `email_notifications.on_failure`. */
export type Spec = Readonly<Record<string, Value>>;

/** A spec in which every reference has become an id. Secrets stay secrets until the request is built. */
export type ResolvedValue = Scalar | Secret | readonly (Scalar | Secret)[];
export type ResolvedSpec = Readonly<Record<string, ResolvedValue>>;

/** Absent, null, `false`, `''` and `[]` are one state (the API invents and drops them freely). */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return isList(value) && value.length === 0;
}

export function isList(value: Value | undefined): value is readonly Item[] {
  return Array.isArray(value);
}

/** The members of a list; none where the value is no list. */
export function membersOf(value: Value | undefined): readonly Item[] {
  return isList(value) ? value : [];
}

/** The members of a list, or the one value that is no list. */
export function itemsOf(value: Value): readonly Item[] {
  return isList(value) ? value : [value];
}

/** The first half of an address. */
export function kindOf(address: Address): string {
  return address.slice(0, address.indexOf('/'));
}

/** A text that is equal for equal items and different for different ones; never a secret's value. */
export function keyOf(item: Item): string {
  if (item instanceof Secret) return `secret:${item.label}`;
  if (item instanceof Ref) return `ref:${item.to}`;
  if (item instanceof IdRef) return `id:${item.kind}/${item.id}`;
  if (item instanceof NameRef) return `name:${item.kind}/${item.name}`;
  return `${typeof item}:${String(item)}`;
}

/** `null` for every empty state, otherwise sorted keys. */
export function canonical(value: Value | undefined): string | null {
  if (value === undefined || isEmpty(value)) return null;
  if (isList(value)) return JSON.stringify([...new Set(value.map(keyOf))].sort());
  return keyOf(value);
}

export function isSame(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  return isList(a) && isList(b) ? isSameSet(a, b) : canonical(a) === canonical(b);
}

function isSameSet(a: readonly Item[], b: readonly Item[]): boolean {
  const [keys, others] = [new Set(a.map(keyOf)), new Set(b.map(keyOf))];
  return keys.size === others.size && [...keys].every((key) => others.has(key));
}
