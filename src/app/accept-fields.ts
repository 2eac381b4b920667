import { literal, type Written } from '../config/spell.ts';
import type { Edit } from '../config/edit.ts';
import type { Change, FieldChange, Update } from '../core/change.ts';
import { type Directory, liveNameOf } from '../core/directory.ts';
import { type EntryPath, type EntryValue, isEntry } from '../core/entry.ts';
import { ruleFor } from '../core/resource.ts';
import { nameStated } from '../core/rule.ts';
import { Secret } from '../core/secret.ts';
import { IdRef, type Item, NameRef, Ref, type Scalar, isList, isSame, kindOf } from '../core/value.ts';
import { KINDS } from '../kinds/index.ts';
import {
  type Ask,
  type Ground,
  type Left,
  type PlacedEdit,
  type Wanted,
  entryPath,
  leave,
  nested,
  sectionOf,
  statedAt,
  writeByHand,
} from './accept-ground.ts';
import { type Alteration, alterationOf, altered, typedList, wholeList } from './accept-members.ts';

/** The edits that make the file say what is live in fields that somebody changed by hand. */
export function wantFields(change: Change, fields: readonly FieldChange[], ground: Ground): Wanted {
  const spots = spotsOf(change, fields);
  const found = spots.map((spot) => wantSpot(spot, ground));
  return {
    asks: found.filter((one): one is Ask => 'edits' in one),
    left: found.filter((one): one is Left => !('edits' in one)),
  };
}

/** Fields that one place of the entry states together, such as both sides of an event. */
type Spot = {
  readonly change: Change;
  readonly origin: EntryPath;
  readonly fields: readonly [FieldChange, ...FieldChange[]];
};

function spotsOf(change: Change, fields: readonly FieldChange[]): readonly Spot[] {
  const origins = 'resource' in change ? (change.resource?.origins ?? {}) : {};
  const spots = new Map<string, Spot>();
  for (const field of fields) {
    const origin = origins[field.path] ?? [];
    const place = JSON.stringify(origin);
    const others = spots.get(place)?.fields;
    spots.set(place, { change, origin, fields: others === undefined ? [field] : [...others, field] });
  }
  return [...spots.values()];
}

type Place = { readonly spot: Spot; readonly change: Update; readonly typed: EntryValue | undefined };

function wantSpot(spot: Spot, ground: Ground): Ask | Left {
  const { change, fields, origin } = spot;
  const place = placeOf(spot, ground);
  if (change.verb !== 'update' && change.verb !== 'adopt' && change.verb !== 'rotate')
    return leave(place, 'it would have to be made anew', PUT_BACK);
  const ruled = statedByRules(change, fields);
  if (ruled !== undefined)
    return leave(place, `${ruled} states it for every ${change.kind} that it selects`, ownEntry(change));
  const secret = fields.find((field) => isSecret(change, field, ground));
  if (secret !== undefined) {
    const hint = `put it back: lakebell apply --rotate ${change.address}`;
    return leave({ ...place, paths: [secret.path] }, 'a secret cannot be read', hint);
  }
  const typed = origin.length === 0 ? undefined : statedAt(ground, change, origin);
  const areLists = fields.some(
    ({ path, before }) => isList(before) || isList(change.resource.wishes[path]?.value),
  );
  return (areLists ? wantList : wantScalar)({ spot, change, typed }, ground);
}

/** Where it was a rule, and no entry of its own, that was departed from. */
function statedByRules({ resource }: Update, fields: Spot['fields']): string | undefined {
  const ruled = fields.find(
    ({ path }) => resource.origins[path] === undefined && resource.coverage?.stated.has(path),
  );
  const stated = ruled === undefined ? [] : (resource.coverage?.stated.get(ruled.path) ?? []);
  return stated.length === 0 ? undefined : stated.map(nameStated).join(' and ');
}

function ownEntry({ kind, id, live }: Update): string {
  return `give it an entry of its own, which decides alone: ${sectionOf(kind)}: { ${literal(live.name)}: { id: "${id}", … } }; or let the rule exclude it`;
}

const PUT_BACK = 'put it back with an apply, or write into the file what is there now';

function placeOf({ change, origin, fields }: Spot, { config }: Ground): Pick<Ask, 'change' | 'paths' | 'at'> {
  const at = config.positionOf([...entryPath(change), ...origin]);
  return { change, paths: fields.map(({ path }) => path), at };
}

function isSecret(
  { kind, address, ...change }: Update,
  { path, before }: FieldChange,
  ground: Ground,
): boolean {
  const rules = KINDS.find(({ name }) => name === kind)?.rules ?? [];
  const values = [change.resource.wishes[path]?.value, change.live.spec[path], before];
  return (
    ruleFor(rules, path)?.writeOnly !== undefined ||
    ground.record.objects[address]?.secrets[path] !== undefined ||
    values.some((value) => value instanceof Secret)
  );
}

function wantList({ spot, change, typed }: Place, ground: Ground): Ask | Left {
  const { origin, fields } = spot;
  const place = placeOf(spot, ground);
  const list = typedList(typed, { path: fields[0].path, origin }, ground.directory);
  if (typed !== undefined && Array.isArray(typed)) {
    const alteration = alterationOf(change, fields, list);
    if (alteration === undefined) return leave(place, 'its members were not found there', PUT_BACK);
    const byHand = nested(origin.slice(-1), altered(list, alteration));
    return { ...place, byHand, edits: [memberEdit(place, alteration)] };
  }
  const whole = wholeList(fields[0].before, list);
  if (whole === undefined) return leave(place, 'it cannot be said in the file', PUT_BACK);
  if (typed === undefined && origin.length > 0) return wantNew({ spot, change, typed }, whole, ground);
  const byHand = nested(typedAt(change.kind, fields[0].path), whole);
  return leave(place, 'the file does not name it', writeByHand(byHand));
}

function typedAt(kind: string, path: string): EntryPath {
  return KINDS.find(({ name }) => name === kind)?.typedAt?.(path) ?? path.split('.');
}

function memberEdit({ at }: Pick<Ask, 'at'>, alteration: Alteration): PlacedEdit {
  return { file: at.file, edit: { at, do: 'members', ...alteration, emptied: 'keep' } };
}

function wantScalar(place: Place, ground: Ground): Ask | Left {
  const { spot, change, typed } = place;
  const [{ path, before }] = spot.fields;
  const isNamed = change.resource.wishes[path]?.value instanceof NameRef;
  const value = isList(before) ? undefined : scalarOf(before, isNamed, ground);
  if (value === undefined) return leave(placeOf(spot, ground), 'it cannot be said in the file', PUT_BACK);
  if (typed === undefined && !isUnset(value)) return wantNew(place, value, ground);
  return isEntry(typed) ? wantPart(place, value, ground) : wantTyped(place, value, ground);
}

function wantTyped({ spot, typed }: Place, value: Scalar, ground: Ground): Ask | Left {
  const place = placeOf(spot, ground);
  if (typed === undefined || typeof typed === 'object' || spot.fields.length > 1)
    return leave(place, 'the file does not name it', PUT_BACK);
  const { at } = place;
  const key = String(spot.origin.at(-1));
  const edit: Edit = isUnset(value) ? { at, do: 'drop' } : { at, do: 'replace', value };
  const byHand = isUnset(value) ? `drop ${key}` : nested([key], value);
  return { ...place, edits: [{ file: at.file, edit }], byHand };
}

function isUnset(value: Scalar): boolean {
  return value === null || value === '';
}

/** A key that the file leaves out, because it has a default. */
function wantNew({ spot }: Place, value: Written, { config }: Ground): Ask | Left {
  const { change, origin } = spot;
  const above = config.positionOf([...entryPath(change), ...origin.slice(0, -1)]);
  const place = { change, paths: spot.fields.map(({ path }) => path), at: above };
  const key = String(origin.at(-1));
  const byHand = nested([key], value);
  if (origin.length === 0) return leave(place, 'the file does not name it', PUT_BACK);
  return { ...place, byHand, edits: [{ file: above.file, edit: { at: above, do: 'set', key, value } }] };
}

/** An item of a list that states one value beside what the value is about. */
function wantPart({ spot, change, typed }: Place, value: Scalar, ground: Ground): Ask | Left {
  const place = placeOf(spot, ground);
  const path = [...entryPath(change), ...spot.origin];
  const wished = change.resource.wishes[spot.fields[0].path]?.value ?? null;
  const [key] = Object.entries(isEntry(typed) ? typed : {}).find(([, one]) => isStated(one, wished)) ?? [];
  const index = spot.origin.at(-1);
  if (value === null && typeof index === 'number') {
    const at = ground.config.positionOf(path.slice(0, -1));
    const edit: Edit = { at, do: 'members', remove: [index], append: [], emptied: 'drop' };
    return { ...place, at, edits: [{ file: at.file, edit }], byHand: `drop item ${index + 1}` };
  }
  if (key === undefined || value === null) return leave(place, 'the file does not name it', PUT_BACK);
  const at = ground.config.positionOf([...path, key]);
  const edits = [{ file: at.file, edit: { at, do: 'replace', value } as const }];
  return { ...place, at, edits, byHand: nested([key], value) };
}

function isStated(typed: EntryValue, wished: FieldChange['after']): boolean {
  const isPlain = typeof typed !== 'object' && typeof wished !== 'object';
  return isPlain && (isSame(typed, wished) || String(typed) === String(wished));
}

/** A live value as the file says it; undefined where it cannot. Null where nothing is set. */
function scalarOf(live: Item, isNamed: boolean, { directory }: Ground): Scalar | undefined {
  if (live instanceof Ref || live instanceof IdRef)
    return isNamed ? nameOf(live, directory) : idOf(live, directory);
  if (typeof live === 'object' && live !== null) return undefined;
  return typeof live === 'string' ? literal(live) : live;
}

function idOf(live: Ref | IdRef, directory: Directory): string | undefined {
  return live instanceof IdRef ? live.id : directory.idOf(live.to);
}

/** Its name, where no other object has it too. */
function nameOf(live: Ref | IdRef, directory: Directory): string | undefined {
  const kind = live instanceof IdRef ? live.kind : kindOf(live.to);
  const name = liveNameOf(live, directory);
  if (name === undefined) return undefined;
  return directory.idsNamed(kind, name).length === 1 ? literal(name) : undefined;
}
