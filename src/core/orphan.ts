import { type Change, type Detach, type FieldChange, counts } from './change.ts';
import { leftBy } from './coverage.ts';
import { type Difference, diff, recordable, translateSpec } from './diff.ts';
import { digestOperation } from './digest.ts';
import { type Aim, dangling } from './obstacle.ts';
import { type PlanContext, type PlanInput, effectsOf } from './plan-parts.ts';
import type { RecordedObject } from './record.ts';
import type { Observed, Obstacle, Resource, Wish } from './resource.ts';
import { nameStated } from './rule.ts';
import { type Address, type Item, Ref, isList, isSame, keyOf } from './value.ts';

/**
 * Objects on record that the file no longer names. Without `prune` each is a note. With it, whole objects are deleted, and
 * from somebody else's objects only what our own applies added is taken back.
 */
export function planOrphans(
  input: PlanInput,
  planned: readonly Change[],
  context: PlanContext,
): readonly Change[] {
  const claimed = new Set(planned.map(({ kind, id }) => `${kind}/${id}`));
  const unsettled = unsettledOf(input, planned);
  return Object.entries(context.record?.objects ?? {}).flatMap(([address, recorded]) => {
    if (claimed.has(`${recorded.kind}/${recorded.id}`)) return [];
    const orphan = { address, recorded, live: input.orphans.get(address) };
    if (planned.some((change) => isSpokenFor(orphan, change))) return [];
    const removedAt = context.policy.removedAt?.(address);
    if (removedAt !== undefined) return [{ ...letGo(orphan, REMOVED, context), source: removedAt }];
    const claimant = unsettled.find((resource) => mayMean(resource, orphan));
    const departed = hasChanged(orphan, context) ? leftNote(orphan, context) : undefined;
    if (departed !== undefined) return [letGo(orphan, departed, context)];
    if (claimant === undefined) return [planOrphan(orphan, context)];
    return [left(orphan, `it may be what ${claimant.kind}/${claimant.key} means, so it stays as it is`)];
  });
}

/**
 * Whether the file has no entry for it any more. Its entry may be there and have been pointed at another object: ours may
 * be renamed, somebody else's goes by name.
 */
export function isOrphan(
  recorded: RecordedObject,
  entry: Resource | undefined,
  ownership: 'whole' | 'part',
): boolean {
  if (entry === undefined || ownership === 'whole') return entry === undefined;
  return entry.id === undefined ? entry.name !== recorded.name : entry.id !== recorded.id;
}

/** Its entry is still in the file, and was not found to mean another object since. */
function isSpokenFor({ address, recorded }: Orphan, change: Change): boolean {
  const isItsEntry = change.kind === recorded.kind && change.key === recorded.key;
  return isItsEntry && (change.id === null || change.address === address);
}

/** Declared objects of which it is not known which live one they are. */
function unsettledOf({ resources }: PlanInput, planned: readonly Change[]): readonly Resource[] {
  const open = planned.filter(({ verb, id }) => verb === 'blocked' && id === null);
  const keys = new Set(open.map(({ kind, key }) => `${kind}/${key}`));
  return resources.filter(({ kind, key }) => keys.has(`${kind}/${key}`));
}

function mayMean(resource: Resource, { recorded, live }: Orphan): boolean {
  if (resource.kind !== recorded.kind) return false;
  return resource.id === recorded.id || [recorded.name, live?.name].includes(resource.name);
}

export type Orphan = {
  readonly address: Address;
  readonly recorded: RecordedObject;
  readonly live: Observed | null | undefined;
};

function planOrphan(orphan: Orphan, context: PlanContext): Change {
  const { recorded, live } = orphan;
  const kept = context.policy.keptWhy?.(orphan.address);
  if (kept !== undefined) return left(orphan, `no longer in the file; it stays as it is: ${kept}`);
  if (!context.policy.prune || (live === null && isRuled(recorded))) return stays(orphan);
  if (live === null) return left(orphan, 'no longer in the file, and gone from the workspace');
  if (live === undefined)
    return left(orphan, 'no longer in the file; it could not be read, so it stays as it is');
  return prune(orphan, live, context);
}

function prune(orphan: Orphan, live: Observed, context: PlanContext): Change {
  const { recorded } = orphan;
  if (context.kindOf(recorded.kind)?.ownership === 'part') return takeBack(orphan, live, context);
  if (live.name !== recorded.name || !sameTraits(live, recorded)) {
    return left(
      orphan,
      `no longer in the file; it is now called "${live.name}", so it may be another object and stays`,
    );
  }
  const op = digestOperation({
    workspaceId: context.workspaceId,
    address: orphan.address,
    id: recorded.id,
    verb: 'delete',
    fields: [],
  });
  return { ...described(orphan, [], []), verb: 'delete', id: recorded.id, op, recorded };
}

/** Where rules covered it there may be thousands like it: the plan as a whole says how many are still there. */
function stays(orphan: Orphan): Change {
  const note = 'no longer in the file; it stays as it is, and on record';
  const kept = left(orphan, note);
  return isRuled(orphan.recorded) ? { ...kept, notes: [] } : kept;
}

/** Jobs of other people come and go, which is nothing to be told of one that the file does not name. */
function isRuled({ rules = [], key, id }: RecordedObject): boolean {
  return rules.length > 0 && key === id;
}

/** No rule selects it any more although each that did is still the same: somebody changed the object, not the file. */
function hasChanged({ recorded, live }: Orphan, context: PlanContext): boolean {
  const before = recorded.rules ?? [];
  // One that had an entry of its own besides is the file's to speak of.
  if (recorded.key !== recorded.id || !live) return false;
  return before.length > 0 && leftBy(recorded, [], context).length === before.length;
}

function leftNote({ recorded }: Orphan, context: PlanContext): string {
  const rules = leftBy(recorded, [], context).map(({ key, source }) =>
    nameStated({ by: `rules.${key}`, at: source }),
  );
  return `${recorded.name} has changed, and ${rules.join(', ')} no longer selects it: it stays as it is, and is no longer ours`;
}

const REMOVED = 'under `removed`: it stays as it is, and is no longer ours';

/** The object stays as it is, nothing that we added to it is taken back, and it is forgotten. */
function letGo(orphan: Orphan, note: string, context: PlanContext): Detach {
  const { id } = orphan.recorded;
  const { address } = orphan;
  const op = digestOperation({
    workspaceId: context.workspaceId,
    address,
    id,
    verb: 'detach',
    fields: [],
  });
  return { ...described(orphan, [], [note]), verb: 'detach', id, op };
}

function sameTraits(live: Observed, recorded: RecordedObject): boolean {
  return Object.entries(live.traits).every(([trait, value]) => (recorded.traits[trait] ?? value) === value);
}

/** What is left to take back from an object as it is now. */
export function takeBack(orphan: Orphan, live: Observed, context: PlanContext): Change {
  const { recorded } = orphan;
  const resource = resourceOf(orphan, wishesBack(recorded, live, context));
  const rules = context.kindOf(recorded.kind)?.rules ?? [];
  const unknown = () => 'unknown' as const;
  const ground = {
    rules,
    directory: context.directory,
    recorded,
    compareSecret: unknown,
    rotation: 'auto' as const,
  };
  const { fields, target } = diff(resource, live, ground);
  if (!fields.some(counts))
    return left(orphan, 'no longer in the file; nothing of what we added is left in it');
  const stop = inTheWay({ resource, live, target }, context);
  if (stop !== undefined)
    return left(orphan, `no longer in the file; what we added stays, as ${stop.message}`);
  const operation = {
    workspaceId: context.workspaceId,
    address: orphan.address,
    id: live.id,
    verb: 'update',
    fields,
  };
  const besides = besidesOf(recorded, { fields, target }, context);
  const notes = ['no longer in the file: what we added is taken back', ...(besides.effects ?? [])];
  const op = digestOperation(operation);
  return {
    ...described(orphan, fields, notes),
    ...besides,
    verb: 'update',
    id: live.id,
    op,
    resource,
    live,
    target,
    isRelease: true,
  };
}

/** Taking back is a write like any other: it may do what any other may do besides. */
function besidesOf({ kind }: RecordedObject, { fields, target }: Difference, { kindOf }: PlanContext) {
  const changed = fields.filter(counts).map(({ path }) => path);
  return effectsOf(kindOf(kind)?.judge(target, { changed, consents: [] }).warnings ?? []);
}

/** Taking back is a write like any other: what keeps a job from being written keeps it from that too. */
function inTheWay(writing: Aim, { directory, policy }: PlanContext): Obstacle | undefined {
  const obstacles = [...writing.live.obstacles, ...dangling(writing, directory)];
  return obstacles.find(({ reason }) => policy.lenience[reason] !== 'warn');
}

/** What taking back comes to. Recipients that we added go; a flag is set back only if it still has our value; what we removed is not restored. */
export function wishesBack(
  recorded: RecordedObject,
  live: Observed,
  context: PlanContext,
): Readonly<Record<string, Wish>> {
  const spec = translateSpec(live.spec, context.directory);
  const wishes: Record<string, Wish> = {};
  for (const [path, added] of Object.entries(recorded.added)) {
    const value = spec[path];
    const ours = new Set(added.flatMap((key) => [key, ...idOnRecord(key, context)]));
    const isOurs = (item: Item): boolean => ours.has(recordKey(item)) || ours.has(idOf(item, context));
    if (isList(value)) wishes[path] = exact(value.filter((item) => !isOurs(item)));
  }
  for (const [path, before] of Object.entries(recorded.before)) {
    if (isSame(recordable(spec[path]), recorded.applied[path])) wishes[path] = exact(before);
  }
  return wishes;
}

/** What was added under a key that the file has dropped or renamed since is known by the id on record. */
function idOnRecord(key: string, { record }: PlanContext): readonly string[] {
  const address = /^\$\{(.*)\}$/.exec(key)?.[1];
  const id = address === undefined ? undefined : record?.objects[address]?.id;
  return id === undefined ? [] : [id];
}

function idOf(item: Item, { directory }: PlanContext): string {
  return item instanceof Ref ? (directory.idOf(item.to) ?? '') : '';
}

function exact(value: Wish['value']): Wish {
  return { mode: 'exact', value };
}

/** How the record spells one member of a list. */
export function recordKey(item: Item): string {
  const text = recordable(item);
  return typeof text === 'string' ? text : keyOf(item);
}

function left(orphan: Orphan, note: string): Change {
  return {
    ...described(orphan, [], [note]),
    verb: 'noop',
    id: orphan.recorded.id,
    op: null,
    resource: null,
    live: null,
  };
}

function described(orphan: Orphan, fields: readonly FieldChange[], notes: readonly string[]) {
  const { kind, key, name: display } = orphan.recorded;
  return { address: orphan.address, kind, key, display, source: null, fields, notes, requires: [] };
}

function resourceOf(orphan: Orphan, wishes: Resource['wishes']): Resource {
  const { kind, key, name, id } = orphan.recorded;
  const source = { file: '', line: 0, column: 0 };
  const rest = { traits: {}, origins: {}, isExisting: false, adoption: 'write', findings: [] } as const;
  return { ...rest, name, id, wishes, kind, key, address: orphan.address, source };
}
