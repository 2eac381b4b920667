import { type Resource, type FieldRule, ruleFor } from '../core/resource.ts';
import { Secret } from '../core/secret.ts';
import {
  IdRef,
  type Item,
  Ref,
  type ResolvedSpec,
  type ResolvedValue,
  type Spec,
  type Value,
  isList,
} from '../core/value.ts';

export type IdLookup = (address: string) => string | undefined;

/**
 * Every declared field with its final value and references as ids. Write-only fields are taken from the file: a read only
 * tells that they are set.
 * @returns null where a reference has no id, because what it points at was not made.
 */
export function resolveSpec(
  resource: Resource,
  target: Spec,
  rules: readonly FieldRule[],
  idOf: IdLookup,
): ResolvedSpec | null {
  const entries = Object.entries(resource.wishes).map(([path, { value }]) => {
    const isWriteOnly = ruleFor(rules, path)?.writeOnly !== undefined;
    return [path, resolve(isWriteOnly ? value : (target[path] ?? value), idOf)] as const;
  });
  return entries.some(([, value]) => value === undefined)
    ? null
    : Object.fromEntries(entries.map(([path, value]) => [path, value ?? null]));
}

function resolve(value: Value, idOf: IdLookup): ResolvedValue | undefined {
  if (!isList(value)) return resolveItem(value, idOf);
  const items = value.map((item) => resolveItem(item, idOf));
  return items.some((item) => item === undefined) ? undefined : (items as ResolvedValue);
}

function resolveItem(item: Item, idOf: IdLookup): Exclude<Item, Ref | IdRef> | undefined {
  if (item instanceof Ref) return idOf(item.to);
  return item instanceof IdRef ? item.id : item instanceof Secret ? item : item;
}
