import type { RecordDocument, RecordedObject, RecordedValue } from './record.ts';
import { type FieldRule, ruleFor } from './resource.ts';
import type { Secret } from './secret.ts';
import { type Address, IdRef, type Item, Ref, type Scalar, type Value } from './value.ts';

/** What a value that was kept means by now. */
export type KeptGround = {
  readonly record: RecordDocument | null;
  /** Addresses whose objects this run makes again. */
  readonly remade: ReadonlySet<Address>;
  readonly secretOf: (label: string, variables: readonly string[]) => Secret;
};

/** A kept value as a field has it; undefined where what was there is not known. */
export function recall(kept: unknown, ground: KeptGround): Value | undefined {
  if (!Array.isArray(kept)) return recallItem(kept, ground);
  const items = kept.map((item: unknown) => recallItem(item, ground));
  return items.some((item) => item === undefined) ? undefined : (items as readonly Item[]);
}

/** A value of a record entry: where its field points at an object, it is kept there as that one's id or address. */
export function recallApplied(
  path: string,
  value: RecordedValue,
  { rules, ground }: { readonly rules: readonly FieldRule[]; readonly ground: KeptGround },
): Value | undefined {
  const kind = ruleFor(rules, path)?.pointsAt;
  if (kind === undefined || typeof value !== 'string' || value === '') return value;
  const address = /^\$\{(.*)\}$/.exec(value)?.[1];
  return recallItem(address === undefined ? { kind, id: value } : { kind, address }, ground);
}

/** The entry of an object on record, and the address that it goes by now. */
export function onRecord(
  record: RecordDocument | null,
  kind: string,
  id: string | null,
): { readonly address: Address; readonly object: RecordedObject } | undefined {
  const found = Object.entries(record?.objects ?? {}).find(
    ([, object]) => object.kind === kind && object.id === id,
  );
  return found === undefined ? undefined : { address: found[0], object: found[1] };
}

/** The record may be forged: what does not have the form of anything is not known. */
function recallItem(kept: unknown, ground: KeptGround): Item | undefined {
  if (isScalar(kept)) return kept;
  const { secret, variables, kind, id, address } = kept as Readonly<Record<string, unknown>>;
  // A secret without a variable stood in the file itself: its value is nowhere to be had.
  if (typeof secret === 'string')
    return isTexts(variables) && variables.length > 0 ? ground.secretOf(secret, variables) : undefined;
  return typeof kind === 'string'
    ? follow({ kind, id: textOf(id), address: textOf(address) }, ground)
    : undefined;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

type Pointer = {
  readonly kind: string;
  readonly id: string | undefined;
  readonly address: Address | undefined;
};

/** By its id while that is still ours; else by its address, where that is made again or means another object by now. */
function follow({ kind, id, address }: Pointer, { record, remade }: KeptGround): Item | undefined {
  if (id !== undefined && isOurs(record, kind, id)) return new IdRef(kind, id);
  if (address !== undefined && remade.has(address)) return new Ref(address);
  const now = address === undefined ? undefined : idAt(record, address);
  const known = now ?? id;
  return known === undefined ? undefined : new IdRef(kind, known);
}

/** The old object of an unfinished replace is one too. */
function isOurs(record: RecordDocument | null, kind: string, id: string): boolean {
  const objects = Object.values(record?.objects ?? {});
  return objects.some((object) => object.kind === kind && [object.id, object.replacing?.id].includes(id));
}

function idAt(record: RecordDocument | null, address: Address): string | undefined {
  const objects = Object.values(record?.objects ?? {});
  return objects.find(({ kind, key }) => `${kind}/${key}` === address)?.id;
}
