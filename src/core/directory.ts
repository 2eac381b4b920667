import { IdRef, NameRef, Ref, isList, type Address, type Item, type Value, kindOf } from './value.ts';

/** Who is who: ids of live objects, their names, and the addresses that this configuration gives them. */
export type Directory = {
  addressOf(kind: string, id: string): Address | undefined;
  idOf(address: Address): string | undefined;
  /** The address that the record knows an id by, whether the file still declares it or is about to replace it. */
  formerAddressOf(kind: string, id: string): Address | undefined;
  nameOf(kind: string, id: string): string | undefined;
  /** Ids of the objects of this name, among those that were looked for. */
  idsNamed(kind: string, name: string): readonly string[];
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
  /** `kind/id` -> address, as the record has it. */
  readonly recorded?: ReadonlyMap<string, Address>;
};

export function directoryOf(parts: DirectoryParts): Directory {
  const addresses = new Map([...parts.ids].map(([address, id]) => [`${kindOf(address)}/${id}`, address]));
  // A list lags behind a create: what a declared object was found by is there even where the list lacks it.
  const isThere = (kind: string, id: string): boolean =>
    parts.names.get(kind)?.has(id) === true || addresses.has(`${kind}/${id}`);
  // Few values are names, and thousands of objects may have one.
  let named: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    addressOf: (kind, id) => addresses.get(`${kind}/${id}`),
    formerAddressOf: (kind, id) => parts.recorded?.get(`${kind}/${id}`),
    idOf: (address) => parts.ids.get(address),
    nameOf: (kind, id) => parts.names.get(kind)?.get(id),
    idsNamed: (kind, name) => {
      named ??= idsByName(parts.names);
      return named.get(`${kind}/${name}`) ?? [];
    },
    exists: (kind, id) => (parts.complete.has(kind) ? isThere(kind, id) : undefined),
  };
}

/** `kind/name` -> ids. */
function idsByName(names: DirectoryParts['names']): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const [kind, objects] of names) {
    for (const [id, name] of objects) {
      const key = `${kind}/${name}`;
      const others = ids.get(key);
      if (others === undefined) ids.set(key, [id]);
      else others.push(id);
    }
  }
  return ids;
}

/** Ids that the configuration has a name for become references, so that both sides of a diff speak alike. */
export function translate(value: Value, directory: Directory): Value {
  return isList(value)
    ? value.map((item) => translateItem(item, directory))
    : translateItem(value, directory);
}

/** What the workspace calls a live object, by its id or by the address of the file; undefined where it is not known. */
export function liveNameOf(item: Ref | IdRef, directory: Directory): string | undefined {
  if (item instanceof IdRef) return directory.nameOf(item.kind, item.id);
  const id = directory.idOf(item.to);
  return id === undefined ? undefined : directory.nameOf(kindOf(item.to), id);
}

/** What live ids were called when they were applied, to tell a change by hand from one of the file. */
export function translateFormer(value: Value, directory: Directory): Value {
  const former = (item: Item): Item => {
    const kind = item instanceof Ref ? kindOf(item.to) : item instanceof IdRef ? item.kind : '';
    const id = item instanceof Ref ? directory.idOf(item.to) : item instanceof IdRef ? item.id : undefined;
    const address = id === undefined ? undefined : directory.formerAddressOf(kind, id);
    return address === undefined ? item : new Ref(address);
  };
  return isList(value) ? value.map(former) : former(value);
}

function translateItem(item: Item, directory: Directory): Item {
  const found = item instanceof NameRef ? lookUp(item, directory) : item;
  if (!(found instanceof IdRef)) return found;
  const address = directory.addressOf(found.kind, found.id);
  return address === undefined ? found : new Ref(address);
}

/** A name that nothing or more than one thing has stays a name, which blocks its change. */
function lookUp(item: NameRef, directory: Directory): NameRef | IdRef {
  const [id, second] = directory.idsNamed(item.kind, item.name);
  return id === undefined || second !== undefined ? item : new IdRef(item.kind, id);
}
