import { IdRef, Ref, isList, type Address, type Item, type Value } from './value.ts';

/** Who is who: ids of live objects, their names, and the addresses that this configuration gives them. */
export type Directory = {
  addressOf(kind: string, id: string): Address | undefined;
  idOf(address: Address): string | undefined;
  nameOf(kind: string, id: string): string | undefined;
  /** undefined where not every object of the kind could be listed. */
  exists(kind: string, id: string): boolean | undefined;
};

export type DirectoryParts = {
  /** Kind -> id -> name, for every object that was listed. */
  readonly names: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Kinds that were listed completely. */
  readonly complete: ReadonlySet<string>;
  /** Address -> id, for declared objects that exist and stay. */
  readonly ids: ReadonlyMap<Address, string>;
};

export function directoryOf(parts: DirectoryParts): Directory {
  const addresses = new Map([...parts.ids].map(([address, id]) => [`${kindOf(address)}/${id}`, address]));
  return {
    addressOf: (kind, id) => addresses.get(`${kind}/${id}`),
    idOf: (address) => parts.ids.get(address),
    nameOf: (kind, id) => parts.names.get(kind)?.get(id),
    exists: (kind, id) => (parts.complete.has(kind) ? parts.names.get(kind)?.has(id) === true : undefined),
  };
}

/** Ids that the configuration has a name for become references, so that both sides of a diff speak alike. */
export function translate(value: Value, directory: Directory): Value {
  return isList(value)
    ? value.map((item) => translateItem(item, directory))
    : translateItem(value, directory);
}

function translateItem(item: Item, directory: Directory): Item {
  if (!(item instanceof IdRef)) return item;
  const address = directory.addressOf(item.kind, item.id);
  return address === undefined ? item : new Ref(address);
}

function kindOf(address: Address): string {
  return address.slice(0, address.indexOf('/'));
}
