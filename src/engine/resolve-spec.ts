import { type Directory, translate } from '../core/directory.ts';
import { type Resource, type FieldRule, ruleFor } from '../core/resource.ts';
import {
  IdRef,
  type Item,
  NameRef,
  Ref,
  type ResolvedSpec,
  type ResolvedValue,
  type Spec,
  type Value,
  isList,
} from '../core/value.ts';

/**
 * Every declared field with its final value and references as ids. Write-only fields are taken from the file: a read only
 * tells that they are set.
 * @returns null where a reference has no id, because what it points at was not made.
 */
export function resolveSpec(
  resource: Resource,
  target: Spec,
  rules: readonly FieldRule[],
  directory: Directory,
): ResolvedSpec | null {
  const entries = Object.entries(resource.wishes).map(([path, { value }]) => {
    const isWriteOnly = ruleFor(rules, path)?.writeOnly !== undefined;
    return [path, resolve(isWriteOnly ? value : (target[path] ?? value), directory)] as const;
  });
  return entries.some(([, value]) => value === undefined)
    ? null
    : Object.fromEntries(entries.map(([path, value]) => [path, value ?? null]));
}

function resolve(value: Value, directory: Directory): ResolvedValue | undefined {
  const translated = translate(value, directory);
  if (!isList(translated)) return resolveItem(translated, directory);
  const items = translated.map((item) => resolveItem(item, directory));
  return items.some((item) => item === undefined) ? undefined : (items as ResolvedValue);
}

function resolveItem(item: Item, directory: Directory): Exclude<Item, Ref | IdRef | NameRef> | undefined {
  if (item instanceof NameRef) return undefined;
  if (item instanceof Ref) return directory.idOf(item.to);
  return item instanceof IdRef ? item.id : item;
}
