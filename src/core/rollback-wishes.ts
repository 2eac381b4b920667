import { variablesOf } from './history.ts';
import { onRecord, recall, recallApplied } from './kept.ts';
import type { RecordedObject } from './record.ts';
import { type Resource, ruleFor } from './resource.ts';
import type { Restoration } from './restoration.ts';
import { type Undoing, type Undone, type Wanted, leave, stop, stopAsChanged } from './undoing.ts';
import type { Address, Value } from './value.ts';

type Wish = Pick<Resource, 'name' | 'wishes'> & {
  readonly address: Address;
  readonly id?: string;
  readonly traits?: Resource['traits'];
};

/** An entry that no file holds: what one object shall be again. */
export function wished({ undo, consentsOf, record }: Undoing, wish: Wish): Resource {
  const key = onRecord(record, undo.kind, wish.id ?? null)?.object.key ?? undo.key;
  return {
    traits: {},
    ...wish,
    kind: undo.kind,
    key,
    source: { file: '', line: 0, column: 0 },
    origins: {},
    isExisting: false,
    adoption: 'write',
    findings: [],
    consents: consentsOf(undo.kind, key),
  };
}

/** What was deleted is made again from what was on record of it. */
export function recreate(undoing: Undoing): Undone {
  const { undo, record, address } = undoing;
  const other = record?.objects[address];
  if (undo.was === null) return stop('nothing was on record of it');
  if (other !== undefined && other.id !== undo.was.id) {
    return undoing.isRemade(other.id)
      ? leave('it was made again already')
      : stopAsChanged(`it was made anew since then, as ${other.id}`);
  }
  return remade(undoing, undo.was, { left: {}, how: 'again' });
}

/** The object of the former type is made anew, and the one that took its place goes. */
export function replaceBack(undoing: Undoing): Undone {
  const { undo, record, address } = undoing;
  if (undo.was === null) return stop('nothing was on record of it');
  if (undo.id === null) return stop('that run died before it could say what it made');
  const now = record?.objects[address];
  if (now?.id === undo.id)
    return remade(undoing, undo.was, { left: known(statementOf(now, undoing)), how: 'back' });
  return now === undefined ? stopAsChanged(NOT_THAT) : replaceOn(undoing, undo.was, now);
}

/** An earlier run of this rollback may have come halfway, or to its end. */
function replaceOn(undoing: Undoing, was: RecordedObject, now: RecordedObject): Undone {
  if (now.replacing !== undefined && now.replacing.id === undoing.undo.id)
    return remade(undoing, was, { left: {}, how: 'back' });
  return undoing.isRemade(now.id) ? leave('it was replaced back already') : stopAsChanged(NOT_THAT);
}

const NOT_THAT = 'it is no longer the object that was made then';

function remade(undoing: Undoing, was: RecordedObject, way: Pick<Wanted, 'left' | 'how'>): Undone {
  const values = statementOf(was, undoing);
  const lost = lostIn(values);
  if (lost.length > 0) return stop(`${lost.join(', ')} was not kept anywhere, and it needs that`);
  const { name, traits } = was;
  const resource = wished(undoing, { address: undoing.address, name, traits, wishes: exactly(values) });
  const restoration = { was, paths: 'all', isForgotten: false } as const;
  return { is: 'wanted', wanted: { ...way, resource, notes: [], restoration } };
}

/** The fields that were written go back to what they were; all others stay. */
export function setBack(undoing: Undoing): Undone {
  const { undo, record, isWhole } = undoing;
  if (undo.id === null) return stop('that run died before it could say what it wrote');
  const now = onRecord(record, undo.kind, undo.id);
  if (now !== undefined) return fieldsSetBack(undoing, { ...now, id: undo.id });
  // What that apply let go of is not on record, and comes back there.
  const isReturned = undo.statement === null || !isWhole(undo.kind);
  return isReturned
    ? fieldsSetBack(undoing, { address: undoing.address, id: undo.id, object: undefined })
    : stopAsChanged('it is no longer on record, so it is not ours to change');
}

type Now = {
  readonly address: Address;
  readonly id: string;
  /** Undefined where it is not on record. */
  readonly object: RecordedObject | undefined;
};

function fieldsSetBack(undoing: Undoing, { address, id, object }: Now): Undone {
  const back = fieldsBack(undoing);
  const restoration = restorationOf(undoing, back, object);
  const isIdle = Object.keys(back.wishes).length === 0 && object !== undefined;
  if (isIdle && !restoration.isForgotten)
    return leave(back.notes.length > 0 ? back.notes.join('; ') : 'there is nothing to undo');
  const others = companions(back, object ?? undoing.undo.was, undoing);
  const wishes = exactly({ ...others, ...back.wishes });
  const resource = wished(undoing, { address, id, name: nameBack(undoing, object), wishes });
  const left = { ...known(others), ...back.left };
  return { is: 'wanted', wanted: { resource, left, notes: back.notes, how: 'back', restoration } };
}

/** Without a later apply the whole entry is as it was; otherwise what went back is, and the rest stays. */
function restorationOf(
  { undo }: Undoing,
  { wishes, notes }: Back,
  now: RecordedObject | undefined,
): Restoration {
  const isLatest = now !== undefined && now.statement === undo.statement;
  const isForgotten = undo.was === null && (isLatest || now === undefined);
  const paths = isLatest && notes.length === 0 ? 'all' : Object.keys(wishes);
  return { was: undo.was, paths, isForgotten };
}

type Values = Readonly<Record<string, Value | undefined>>;

type Back = {
  readonly wishes: Values;
  readonly left: Readonly<Record<string, Value>>;
  readonly notes: readonly string[];
};

/** Fields that are sent together go back together: one of which the former value is lost keeps all of them. */
function fieldsBack(undoing: Undoing): Back {
  const { undo, rulesOf, kept } = undoing;
  const rules = rulesOf(undo.kind);
  const groupOf = (path: string): string => ruleFor(rules, path)?.sentWith ?? path;
  const before = Object.fromEntries(
    Object.entries(undo.fields).map(([path, field]) => [path, recall(field.before, kept)]),
  );
  const lost = lostIn(before);
  const stays = new Set(lost.map(groupOf));
  const paths = Object.keys(before).filter((path) => !stays.has(groupOf(path)));
  const why =
    lost.length === 0 ? [] : [`${lost.join(', ')} cannot go back: what was there is not kept anywhere`];
  return {
    wishes: Object.fromEntries(paths.map((path) => [path, before[path]])),
    left: known(Object.fromEntries(paths.map((path) => [path, recall(undo.fields[path]?.after, kept)]))),
    notes: [...why, ...rotationNotes(undoing)],
  };
}

/** What is sent along with the fields that go back, as it was applied last. */
function companions({ wishes }: Back, object: RecordedObject | null, undoing: Undoing): Values {
  if (object === null) return {};
  const rules = undoing.rulesOf(undoing.undo.kind);
  const groups = new Set(Object.keys(wishes).map((path) => ruleFor(rules, path)?.sentWith));
  const others = Object.entries(statementOf(object, undoing)).filter(([path]) => {
    const group = ruleFor(rules, path)?.sentWith;
    return group !== undefined && groups.has(group) && !(path in wishes);
  });
  return Object.fromEntries(others);
}

/** Everything that was applied to an object, its secrets included; undefined where a value is not to be had. */
function statementOf(object: RecordedObject, { rulesOf, kept }: Undoing): Values {
  const rules = rulesOf(object.kind);
  const values = Object.entries(object.applied).map(
    ([path, value]) => [path, recallApplied(path, value, { rules, ground: kept })] as const,
  );
  const secrets = Object.entries(object.secrets).map(
    ([path, secret]) =>
      [path, recall({ secret: secret.label, variables: variablesOf(secret) }, kept)] as const,
  );
  return Object.fromEntries([...values, ...secrets]);
}

function rotationNotes({ rotated }: Undoing): readonly string[] {
  return rotated.map((path) => `${path} was rotated: the former value is not stored anywhere`);
}

/** A later apply may have renamed it, which is not undone here. */
function nameBack({ undo }: Undoing, now: RecordedObject | undefined): string {
  const isRenamed = undo.was !== null && undo.was.name !== undo.name;
  return isRenamed ? (undo.was?.name ?? undo.name) : (now?.name ?? undo.name);
}

function exactly(values: Values): Resource['wishes'] {
  return Object.fromEntries(
    Object.entries(known(values)).map(([path, value]) => [path, { mode: 'exact', value } as const]),
  );
}

function known(values: Values): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([path, value]) => (value === undefined ? [] : [[path, value] as const])),
  );
}

function lostIn(values: Values): readonly string[] {
  return Object.keys(values).filter((path) => values[path] === undefined);
}
