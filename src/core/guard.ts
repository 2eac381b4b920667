import { type Change, type Pending, isPending } from './change.ts';
import type { UserDocument } from './document.ts';
import { matchesGlob } from './glob.ts';
import type { KindTraits } from './plan-parts.ts';
import type { Use } from './resource.ts';
import type { Address, Spec } from './value.ts';

export const GUARDS = [
  'max_deletes',
  'max_delete_percent',
  'max_changes',
  'silenced',
  'empty_config',
  'in_use',
  'protect',
] as const;
export type Guard = (typeof GUARDS)[number];

export type Refusal = {
  readonly guard: Guard;
  readonly message: string;
  readonly allow: Guard;
  /** Of `in_use`: every place that still points at what would go. */
  readonly users?: readonly UserDocument[];
};

export type GuardLimits = {
  readonly max_deletes: number;
  readonly max_delete_percent: number;
  readonly max_changes: number;
  readonly silenced: number;
};

/** Who points at an object that is to go: where, and whether this run rewires it. */
export type Usage =
  | { readonly state: 'read'; readonly users: readonly User[] }
  | { readonly state: 'unreadable'; readonly why: string };
/** `user`: `kind/id` of what points; `name`: what people know it by; `link`: its page. */
export type User = Use & { readonly user: string; readonly name: string; readonly link: string };

export type GuardInput = {
  readonly changes: readonly Change[];
  readonly limits: GuardLimits;
  readonly protect: readonly string[];
  /** How many objects the file declares. */
  readonly declared: number;
  /** Whole objects on record, and all objects on record. */
  readonly owned: { readonly whole: number; readonly all: number };
  /** Only asked for where something is deleted or replaced. */
  readonly usage: Usage;
  readonly kindOf: (name: string) => KindTraits | undefined;
};

/** Every guard that says no, with its figure and the way on; `--allow GUARD` lifts one for a run. */
export function judge(input: GuardInput): readonly Refusal[] {
  const left = leftUsing(input);
  const verdicts: Readonly<Record<Guard, string | undefined>> = {
    max_deletes: tooManyDeletes(input),
    max_delete_percent: tooLargeAShare(input),
    max_changes: tooManyChanges(input),
    silenced: silenced(input),
    empty_config: emptyConfig(input),
    in_use: inUse(input, left),
    protect: protectedOnes(input),
  };
  return GUARDS.flatMap((guard) => {
    const message = verdicts[guard];
    if (message === undefined) return [];
    const users = guard === 'in_use' && left.length > 0 ? { users: left } : {};
    return [{ guard, message, allow: guard, ...users }];
  });
}

/** Operations that take something away: what `--no-removals` holds back. */
export function removes(change: Pending): boolean {
  if (change.verb === 'delete' || change.verb === 'replace') return true;
  return change.fields.some(({ before, after }) => takesAway(before, after));
}

function takesAway(before: unknown, after: unknown): boolean {
  if (Array.isArray(before)) {
    const kept = new Set((Array.isArray(after) ? after : []).map(String));
    return before.some((item) => !kept.has(String(item)));
  }
  const wasThere = before !== null && before !== false && before !== '';
  return wasThere && (after === null || after === false);
}

function objects(count: number): string {
  return `${count} ${count === 1 ? 'object' : 'objects'}`;
}

function tooManyDeletes({ changes, limits }: GuardInput): string | undefined {
  const count = goneOf(changes).length;
  if (count <= limits.max_deletes) return undefined;
  return `${objects(count)} would be deleted or replaced; settings.limits.max_deletes is ${limits.max_deletes}`;
}

function tooLargeAShare({ changes, limits, owned }: GuardInput): string | undefined {
  const count = goneOf(changes).length;
  const allowed = Math.max(1, (owned.whole * limits.max_delete_percent) / 100);
  if (count <= allowed) return undefined;
  const share = `${count} of ${objects(owned.whole)} on record`;
  return `${share} would be deleted or replaced; settings.limits.max_delete_percent is ${limits.max_delete_percent}`;
}

function tooManyChanges({ changes, limits }: GuardInput): string | undefined {
  const count = changes.filter(isPending).length;
  if (count <= limits.max_changes) return undefined;
  return `${objects(count)} would be written; settings.limits.max_changes is ${limits.max_changes}`;
}

function silenced({ changes, limits, kindOf }: GuardInput): string | undefined {
  const quiet = changes.flatMap((change) => silencedBy(change, kindOf));
  if (quiet.length <= limits.silenced) return undefined;
  const named = `${quiet.slice(0, 5).join(', ')}${quiet.length > 5 ? `, and ${quiet.length - 5} more` : ''}`;
  return `nobody would be told any more when these fail: ${named}; settings.limits.silenced is ${limits.silenced}`;
}

/** Places that had somebody to tell of a failure and would have nobody. */
function silencedBy(change: Change, kindOf: GuardInput['kindOf']): readonly string[] {
  if (!('target' in change)) return [];
  const audience = (spec: Spec): Readonly<Record<string, number>> =>
    kindOf(change.kind)?.audience(spec) ?? {};
  const told = Object.entries(audience(change.live.spec)).filter(([, count]) => count > 0);
  if (told.length === 0) return [];
  const after = audience(change.target);
  return told
    .filter(([place]) => (after[place] ?? 0) === 0)
    .map(([place]) => (place === change.kind ? change.display : `${change.display} ${place}`));
}

function emptyConfig({ declared, owned }: GuardInput): string | undefined {
  if (declared > 0 || owned.all === 0) return undefined;
  return `the configuration declares nothing, while ${objects(owned.all)} ${owned.all === 1 ? 'is' : 'are'} on record`;
}

/** The scan is part of the guard: what could not be read might be using it. */
function inUse({ changes, usage }: GuardInput, left: readonly UserDocument[]): string | undefined {
  if (goneOf(changes).length === 0) return undefined;
  if (usage.state === 'unreadable') return `who uses what would go could not be read: ${usage.why}`;
  if (left.length === 0) return undefined;
  const users = [...byUser(left).values()].flatMap(describeUser);
  const more = users.length > SHOWN_USERS ? `; and ${users.length - SHOWN_USERS} more` : '';
  return `${users.slice(0, SHOWN_USERS).join('; ')}${more}`;
}

const SHOWN_USERS = 5;

function byUser(left: readonly UserDocument[]): ReadonlyMap<string, readonly UserDocument[]> {
  const groups = new Map<string, UserDocument[]>();
  for (const one of left) {
    const key = `${one.user} ${one.uses}`;
    const places = groups.get(key);
    if (places === undefined) groups.set(key, [one]);
    else places.push(one);
  }
  return groups;
}

/** One user of one object, with its places. */
function describeUser(places: readonly UserDocument[]): readonly string[] {
  const [first] = places;
  if (first === undefined) return [];
  const where = [...new Set(places.map(({ place }) => place))].join(', ');
  const { user, name, uses, link } = first;
  return [`${user} "${name}" (${where}) uses ${uses}: ${link}`];
}

function leftUsing({ changes, usage }: GuardInput): readonly UserDocument[] {
  if (usage.state === 'unreadable') return [];
  const gone = new Map(goneOf(changes).map((change) => [`${change.kind}/${change.id}`, change.address]));
  const left = usage.users.flatMap((one) => {
    const uses = gone.get(`${one.kind}/${one.id}`);
    if (uses === undefined || isRewired(one, changes)) return [];
    const { user, name, place, link } = one;
    return [{ user, name, place, uses, link }];
  });
  return left.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function orderOf({ user, place, uses }: UserDocument): string {
  return `${user} ${place} ${uses}`;
}

/** A change of this plan that leaves that very place without the old id. */
function isRewired(user: User, changes: readonly Change[]): boolean {
  const change = changes.find(({ address, verb }) => address === user.user && verb !== 'blocked');
  const field = change?.fields.find(({ path }) => path === user.place);
  if (field === undefined) return false;
  return !(Array.isArray(field.after) ? field.after : []).some((item) => String(item) === user.id);
}

function protectedOnes({ changes, protect }: GuardInput): string | undefined {
  const hit = goneOf(changes).filter((change) => protect.some((pattern) => isNamedBy(pattern, change)));
  if (hit.length === 0) return undefined;
  return `settings.protect forbids to delete or replace ${hit.map(({ address }) => address).join(', ')}`;
}

/** `--only`, `protect` and `mutes` match the address, `kind/key` or `kind/name`. */
export function isNamedBy(
  pattern: string,
  change: { address: Address; kind: string; key: string; display: string },
): boolean {
  const { address, kind, key, display } = change;
  return [address, `${kind}/${key}`, `${kind}/${display}`].some((name) => matchesGlob(pattern, name));
}

function goneOf(changes: readonly Change[]): readonly (Change & { verb: 'delete' | 'replace' })[] {
  return changes.filter((change) => change.verb === 'delete' || change.verb === 'replace');
}
