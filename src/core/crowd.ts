import type { Position } from './diagnostic.ts';
import { type Directory, liveNameOf, translate } from './directory.ts';
import type { Aim } from './obstacle.ts';
import type { Obstacle, Resource } from './resource.ts';
import { IdRef, type Item, Ref, type Value, isList, keyOf } from './value.ts';

/** A part of the file that names a member of a list: what it goes by, for example `jobs.etl`, and where it stands. */
export type Naming = { readonly by: string; readonly at: Position };

/** Every part of the file that wants this member in this field; none where it is only live. */
export function statedBy(
  resource: Resource,
  path: string,
  { item, directory }: { readonly item: Item; readonly directory: Directory },
): readonly Naming[] {
  const names = (value: Value): boolean => {
    const wanted = translate(value, directory);
    return isList(wanted) && wanted.some((one) => keyOf(one) === keyOf(item));
  };
  const ruled = resource.coverage?.stated.get(path) ?? [];
  const byRules = ruled.filter(({ mode, value }) => mode !== 'forbid' && names(value));
  if (byRules.length > 0 || !names(resource.wishes[path]?.value ?? [])) return byRules;
  return [{ by: `${resource.kind}s.${resource.key}`, at: resource.source }];
}

/** Says of a list with too many members which they are, who wants each, and which can go. */
export function explained(obstacle: Obstacle, aim: Aim, directory: Directory): Obstacle {
  const { path, most } = obstacle;
  const value = path === undefined ? undefined : aim.target[path];
  if (path === undefined || most === undefined || !isList(value)) return obstacle;
  const names = namesOf(value, directory);
  const members = value
    .map((item) => ({
      name: names.get(item) ?? '',
      display: displayOf(item, directory),
      stated: statedBy(aim.resource, path, { item, directory }),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const hint = [...oneByTwoNames(members), wayOut(members, members.length - most)].join('; ');
  return { ...obstacle, message: `${obstacle.message}: ${whoIsThere(members)}`, hint };
}

type Member = {
  readonly name: string;
  /** What the workspace calls it. */
  readonly display: string;
  readonly stated: readonly Naming[];
};

/** `finance and ops (there already), pagerduty (jobs.etl, notifications.yml:12)`. */
function whoIsThere(members: readonly Member[]): string {
  const groups = new Map<string, string[]>();
  for (const { name, stated } of [...onlyLive(members), ...inFile(members)]) {
    const who = stated.length === 0 ? 'there already' : stated.map(placeOf).join(' and ');
    groups.set(who, [...(groups.get(who) ?? []), name]);
  }
  return [...groups].map(([who, names]) => `${listed(names)} (${who})`).join(', ');
}

function placeOf({ by, at }: Naming): string {
  // What no file says, such as the inverse of an apply, has no place.
  return at.file === '' ? by : `${by}, ${at.file}:${at.line}`;
}

function wayOut(members: readonly Member[], excess: number): string {
  const few = excess === 1 ? 'one' : String(excess);
  const named = listed(inFile(members).map(({ name }) => name));
  const live = onlyLive(members).map(({ name }) => name);
  if (live.length === 0) return `drop ${few} of ${named} from the file`;
  const are = live.length === 1 ? 'is' : 'are';
  const first = `drop ${few}: ${listed(live)} ${are} not in the file, and can be taken off on the job's page, or by stating the event exactly`;
  return named === '' ? first : `${first}; or take ${named} out of the file`;
}

/** "Team Slack" and team-slack are most likely the same place. */
function oneByTwoNames(members: readonly Member[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { name, display } of members) {
    const sound = display.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
    groups.set(sound, [...(groups.get(sound) ?? []), name]);
  }
  return [...groups.values()]
    .filter((names) => names.length > 1)
    .map((names) => `${listed(names)} may be one place by two names: keep one of them`);
}

function onlyLive(members: readonly Member[]): readonly Member[] {
  return members.filter(({ stated }) => stated.length === 0);
}

function inFile(members: readonly Member[]): readonly Member[] {
  return members.filter(({ stated }) => stated.length > 0);
}

/** A key of the file, or the name that people see in the workspace; with the id where two go by that name. */
function namesOf(items: readonly Item[], directory: Directory): ReadonlyMap<Item, string> {
  const plain = items.map((item) => (item instanceof Ref ? item.toString() : displayOf(item, directory)));
  const isRepeated = (name: string): boolean => plain.filter((other) => other === name).length > 1;
  return new Map(
    items.map((item, at) => {
      const name = plain[at] ?? '';
      const isToTell = item instanceof IdRef && name !== item.id && isRepeated(name);
      return [item, isToTell ? `${name} (${item.id})` : name];
    }),
  );
}

function displayOf(item: Item, directory: Directory): string {
  const isPointer = item instanceof IdRef || item instanceof Ref;
  return (isPointer ? liveNameOf(item, directory) : undefined) ?? String(item);
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
