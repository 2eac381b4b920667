import type { FieldChange } from './change.ts';
import type { Directory } from './directory.ts';
import type { Clue } from './match.ts';
import type { RecordedObject } from './record.ts';
import type { Observed, Obstacle, Resource, Use } from './resource.ts';
import { IdRef, type Spec, type Value, isList, membersOf } from './value.ts';

/** A write: of what, and what it would leave behind. */
export type Aim = { readonly resource: Resource; readonly live: Observed; readonly target: Spec };

/** The API refuses every write that leaves an id behind which no destination has. */
export function dangling({ resource, live, target }: Aim, directory: Directory): readonly Obstacle[] {
  const left = live.uses.filter(
    ({ kind, id, place }) => directory.exists(kind, id) === false && stays(target, place, id),
  );
  const all = distinct([...left, ...danglingIn(target, directory)]);
  if (all.length === 0) return [];
  const what = all.length === 1 ? 'a destination that no longer exists' : 'destinations that no longer exist';
  const named = all.map(({ id, place }) => `${id} (${place})`).join(', ');
  const message = `it points at ${what}: ${named}; Databricks refuses every write until that is gone`;
  return [{ reason: 'dangling', message, hint: danglingHint(resource, all) }];
}

function danglingHint({ wishes, source }: Resource, all: readonly Use[]): string {
  const stated = all.filter(({ id, place }) => holds(wishes[place]?.value, id));
  if (stated.length === 0)
    return '`lakebell plan --repair dangling` shows their removal; or state that event exactly here';
  const places = stated.map(({ place }) => place).join(', ');
  if (source.file === '') return `what was applied had it under ${places}, and it cannot come back`;
  return `the entry at ${source.file}:${source.line} names it under ${places}: take it out there`;
}

function stays(target: Spec, place: string, id: string): boolean {
  return target[place] === undefined || holds(target[place], id);
}

function holds(value: Value | undefined, id: string): boolean {
  return isList(value) && value.some((item) => item instanceof IdRef && item.id === id);
}

function danglingIn(target: Spec, directory: Directory): readonly Use[] {
  return Object.entries(target).flatMap(([place, value]) =>
    membersOf(value).flatMap((item) =>
      item instanceof IdRef && directory.exists(item.kind, item.id) === false
        ? [{ kind: item.kind, id: item.id, place }]
        : [],
    ),
  );
}

function distinct(uses: readonly Use[]): readonly Use[] {
  const byText = new Map(uses.map((use) => [`${use.place} ${use.kind}/${use.id}`, use]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}

export function ambiguity(resource: Resource, candidates: readonly Observed[]): Obstacle {
  const ids = candidates.map(({ id }) => id).sort();
  const message = `${candidates.length} objects are called "${resource.name}": ${ids.join(', ')}`;
  return { reason: 'ambiguous', message, hint: `say which one with \`id: "${String(ids[0])}"\`` };
}

export function missing(resource: Resource, clue?: Clue): Obstacle {
  const what = resource.id === undefined ? `is called "${resource.name}"` : `has the id ${resource.id}`;
  const message = `no ${resource.kind} that this identity can see ${what}`;
  return { reason: 'missing', message, hint: missingHint(resource, clue) };
}

function missingHint({ kind, id }: Resource, clue: Clue | undefined): string {
  if (clue?.state === 'case') return `did you mean "${clue.name}"? Upper and lower case count`;
  if (clue?.state === 'renamed') {
    return `${kind} ${clue.id}, applied as "${clue.before}", is now called "${clue.name}": write that name, or the id`;
  }
  const look =
    id === undefined
      ? 'compare the name with the workspace, upper and lower case included'
      : 'look whether the id belongs to this workspace';
  return `${look}; or give this identity the permission to view it`;
}

export function notOurs(resource: Resource, observed: Observed): Obstacle {
  const is = Object.values(observed.traits).join(', ');
  const message = `"${observed.name}" is ${is} and not on record, so it is not ours to replace`;
  return {
    reason: 'not-ours',
    message,
    hint: `give it the type that it has, or drop \`id\` to make a new ${resource.kind}`,
  };
}

export function renamed(recorded: RecordedObject, observed: Observed): Obstacle {
  const message = `it was applied as "${recorded.name}" and is now called "${observed.name}": it may be another object`;
  const hint =
    'apply once without this change: that gives it the name of the file; or give it its old name by hand';
  return { reason: 'renamed', message, hint };
}

export function incomparable(opaque: readonly FieldChange[]): string {
  return `cannot be compared: ${opaque.map(({ path }) => path).join(', ')}; --rotate writes them`;
}
