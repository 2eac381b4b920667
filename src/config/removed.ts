import type { Diagnostic, Position } from '../core/diagnostic.ts';
import type { EntryPath, EntryValue } from '../core/entry.ts';
import type { Resource } from '../core/resource.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Address } from '../core/value.ts';

/** What addresses under `removed` and `moved` are held against. */
export type Declared = {
  readonly resources: readonly Resource[];
  readonly kinds: readonly string[];
  readonly positionOf: (path: EntryPath) => Position;
};

/** Addresses that the schema has accepted, in the order of the file. */
export function readRemoved(value: EntryValue | undefined): readonly Address[] {
  return Array.isArray(value) ? value.filter((address) => typeof address === 'string') : [];
}

/** Addresses of `removed` that are none, or that the file still declares. */
export function judgeRemoved(removed: readonly Address[], declared: Declared): readonly Diagnostic[] {
  return removed.flatMap((address, index) => {
    const at = declared.positionOf(['removed', index]);
    const unknown = unknownKind(address, at, declared.kinds);
    if (unknown !== undefined) return [unknown];
    const entry = declaredAt(address, declared.resources);
    return entry === undefined ? [] : [stillDeclared(address, at, entry.source)];
  });
}

/** The entry that goes by an address: by its key, or by the id that it gives. */
export function declaredAt(address: Address, resources: readonly Resource[]): Resource | undefined {
  return resources.find(({ kind, key, id }) => [`${kind}/${key}`, `${kind}/${id}`].includes(address));
}

export function unknownKind(
  address: Address,
  at: Position,
  kinds: readonly string[],
): Diagnostic | undefined {
  const kind = address.slice(0, address.indexOf('/'));
  if (kinds.includes(kind)) return undefined;
  const message = `"${address}" begins with no kind of this version`;
  return { code: 'unknown-kind', severity: 'error', message, at, hint: didYouMean(kind, kinds) };
}

/** `file:line`, as a message names a second place. */
export function placeOf({ file, line }: Position): string {
  return `${file}:${line}`;
}

function stillDeclared(address: Address, at: Position, source: Position): Diagnostic {
  return {
    code: 'removed',
    severity: 'error',
    message: `${address} is under \`removed\` (${placeOf(at)}) and still declared (${placeOf(source)})`,
    at,
    hint: 'keep one of them: `removed` is for what the file no longer declares',
  };
}
