import { literal, type Written } from '../config/spell.ts';
import type { FieldChange, Update } from '../core/change.ts';
import { type Directory, translate } from '../core/directory.ts';
import { type EntryPath, type EntryValue, entryText, isEntry } from '../core/entry.ts';
import { IdRef, type Item, NameRef, Ref, keyOf, membersOf, kindOf } from '../core/value.ts';
import { sectionOf } from './accept-ground.ts';

/** A list as it was typed, and how its items are written there. */
export type TypedList = {
  readonly items: readonly EntryValue[];
  readonly directory: Directory;
  /** As the API has it, rather than the short way. */
  readonly isApiForm: boolean;
};

export type Alteration = { readonly remove: readonly number[]; readonly append: readonly Written[] };

/** What has to come and go in a list so that it says what is live; undefined where it cannot be said there. */
export function alterationOf(
  change: Update,
  fields: readonly FieldChange[],
  list: TypedList,
): Alteration | undefined {
  const parts = fields.map((field) => partOf(change, field, list));
  if (parts.some((part) => part === undefined)) return undefined;
  const remove = new Set(parts.flatMap((part) => part?.remove ?? []));
  // Several fields may want the same item, where one list says them all.
  const append = parts.flatMap((part) => part?.append ?? []);
  return {
    remove: [...remove].sort((a, b) => a - b),
    append: [...new Map(append.map((item) => [JSON.stringify(item), item])).values()],
  };
}

function partOf(change: Update, { path, before }: FieldChange, list: TypedList): Alteration | undefined {
  const wish = change.resource.wishes[path];
  if (wish === undefined) return undefined;
  const wished = membersOf(translate(wish.value, list.directory));
  const live = membersOf(before);
  const [wishedKeys, liveKeys] = [new Set(wished.map(keyOf)), new Set(live.map(keyOf))];
  const gone = wished.filter((item) => !liveKeys.has(keyOf(item)));
  // What a statement only ensures may stand beside others.
  const fresh = wish.mode === 'ensure' ? [] : live.filter((item) => !wishedKeys.has(keyOf(item)));
  const places = gone.map((item) => placesOf(item, list));
  const append = fresh.map((item) => written(item, list));
  if (places.some(({ length }) => length === 0) || append.includes(undefined)) return undefined;
  return { remove: places.flat(), append: append.filter((one) => one !== undefined) };
}

/** Every item that means it: a destination may be named by its key and by its id. */
function placesOf(item: Item, { items, directory }: TypedList): readonly number[] {
  return items.flatMap((typed, index) => (means(typed, item, directory) ? [index] : []));
}

function means(typed: EntryValue, item: Item, directory: Directory): boolean {
  if (isEntry(typed)) return means(typed['id'] ?? null, item, directory);
  if (typed instanceof Ref) return item instanceof Ref && item.to === typed.to;
  const text = entryText(typed);
  if (item instanceof IdRef) return text.toLowerCase() === item.id.toLowerCase();
  if (!(item instanceof Ref)) return typed === item;
  return text === String(item) || text.toLowerCase() === directory.idOf(item.to)?.toLowerCase();
}

/** An item in the form of its place; undefined for what has none. */
function written(item: Item, { isApiForm }: TypedList): Written | undefined {
  if (item instanceof Ref) return isApiForm ? { id: referenceTo(item) } : String(item);
  if (item instanceof IdRef) return isApiForm ? { id: item.id } : item.id;
  if (item instanceof NameRef || (typeof item === 'object' && item !== null)) return undefined;
  return typeof item === 'string' ? literal(item) : item;
}

/** Everything that is live, as a new list would say it; undefined where something cannot be said. */
export function wholeList(before: FieldChange['before'], list: TypedList): readonly Written[] | undefined {
  const items = membersOf(before).map((item) => written(item, list));
  return items.some((item) => item === undefined) ? undefined : items.filter((item) => item !== undefined);
}

/** A list of the file once it is altered, with values in place of variables. */
export function altered({ items }: TypedList, { remove, append }: Alteration): readonly Written[] {
  return [...items.filter((_, index) => !remove.includes(index)).map(typedValue), ...append];
}

function typedValue(value: EntryValue): Written {
  if (value instanceof Ref) return referenceTo(value);
  if (isEntry(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typedValue(one)]));
  return typeof value === 'string' ? literal(value) : entryText(value);
}

/** A list that is typed where the API has it takes the API's form, unless its items are plain keys. */
export function typedList(
  typed: EntryValue | undefined,
  place: { readonly path: string; readonly origin: EntryPath },
  directory: Directory,
): TypedList {
  const items = Array.isArray(typed) ? (typed as readonly EntryValue[]) : [];
  const isAsInApi = place.path === place.origin.join('.');
  return { items, directory, isApiForm: isAsInApi && (items.length === 0 || items.some(isEntry)) };
}

function referenceTo(ref: Ref): string {
  return `\${${sectionOf(kindOf(ref.to))}.${String(ref)}.id}`;
}
