import { type Change, type Verb, VERBS, isPending } from './change.ts';
import { isDraftAddress } from './coverage.ts';
import { repaired, rewired } from './clearing.ts';
import { digestPlan } from './digest.ts';
import type { Match } from './match.ts';
import { planOrphans } from './orphan.ts';
import { type Foreseen, type PlanContext, type PlanInput, blocked } from './plan-parts.ts';
import { planResource } from './plan-resource.ts';
import type { Obstacle, Resource } from './resource.ts';
import { type Address, NameRef, Ref, itemsOf } from './value.ts';

export type Plan = {
  /** Sorted by address; a noop is here whether it has notes or not. */
  readonly changes: readonly Change[];
  readonly digest: string;
};

export type Summary = Readonly<Record<Verb | 'drifted' | 'foreign', number>>;

/** Pure: what is wished, what is live and what is remembered -> what to do. */
export function plan(input: PlanInput, context: PlanContext): Plan {
  const matches = untangle(input.resources, input.matches);
  const wanted = input.resources.map((resource) => {
    const match = matches.get(resource.address) ?? { state: 'absent' };
    const foreseen = match.state === 'found' ? input.foreseen?.get(resource) : undefined;
    return foreseen ?? planOne(resource, match, context);
  });
  const planned = wanted.map(({ change }) => change);
  const orphans = planOrphans(input, planned, context);
  const settled = withRewiring({ wanted, planned, orphans }, context);
  const changes = withRequirements([...settled, ...orphans], context);
  const sorted = [...changes].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const ops = sorted.flatMap(({ op }) => (op === null ? [] : [op]));
  return { changes: sorted, digest: digestPlan(ops, context.workspaceId, input.config) };
}

/** Pure: the plan of one object by itself. */
export function planOne(resource: Resource, match: Match, context: PlanContext): Foreseen {
  const wanted = withRepairs(addressed(resource, match, context), match, context);
  return { resource: wanted, match, change: planResource(wanted, match, context) };
}

type Wanted = { readonly resource: Resource; readonly match: Match };

function withRepairs(resource: Resource, match: Match, context: PlanContext): Resource {
  return match.state === 'found' ? repaired(resource, match.observed, context) : resource;
}

/** What points at an object that goes is rewired first, where it is ours to rewire. */
function withRewiring(
  parts: {
    readonly wanted: readonly Wanted[];
    readonly planned: readonly Change[];
    readonly orphans: readonly Change[];
  },
  context: PlanContext,
): readonly Change[] {
  const going = [...parts.planned, ...parts.orphans].filter(
    ({ verb }) => verb === 'delete' || verb === 'replace',
  );
  if (going.length === 0) return parts.planned;
  return parts.wanted.flatMap(({ resource, match }, at) => {
    const before = parts.planned[at];
    if (before === undefined) return [];
    if (match.state !== 'found') return [before];
    const after = rewired(resource, match.observed, { going, context });
    return [after === resource ? before : planResource(after, match, context)];
  });
}

/** Objects of ours and foreign ones, counted by what happens to them. */
export function summarise(changes: readonly Change[], foreign: number): Summary {
  const counts = Object.fromEntries(VERBS.map((verb) => [verb, 0])) as Record<Verb, number>;
  for (const { verb } of changes) counts[verb] += 1;
  const drifted = changes.filter(({ fields }) => fields.some(({ isDrifted }) => isDrifted)).length;
  return { ...counts, drifted, foreign };
}

/** An object that we own in part goes by its id, and is shown by its own name: its key is only what this file calls it. */
function addressed(resource: Resource, found: Match, context: PlanContext): Resource {
  if (isDraftAddress(resource)) return { ...resource, address: `${resource.kind}/${resource.id}` };
  if (found.state !== 'found' || context.kindOf(resource.kind)?.ownership !== 'part') return resource;
  const { id, name } = found.observed;
  return { ...resource, address: `${resource.kind}/${id}`, name };
}

/** Two entries that turn out to mean one live object are both left alone: which of them is right cannot be known. */
function untangle(
  resources: readonly Resource[],
  matches: ReadonlyMap<Address, Match>,
): ReadonlyMap<Address, Match> {
  const first = new Map<string, Resource>();
  const tangled = new Map<string, Resource[]>();
  for (const resource of resources) {
    const found = matches.get(resource.address);
    if (found?.state !== 'found') continue;
    const claim = `${resource.kind}/${found.observed.id}`;
    const other = first.get(claim);
    if (other === undefined) first.set(claim, resource);
    else tangled.set(claim, [...(tangled.get(claim) ?? [other]), resource]);
  }
  if (tangled.size === 0) return matches;
  const untangled = new Map(matches);
  for (const [claim, claimants] of tangled) {
    const why = `${claimants.map(({ key }) => key).join(' and ')} are one object (${claim}); keep one entry`;
    for (const { address } of claimants)
      untangled.set(address, { state: 'unreadable', why, reason: 'ambiguous' });
  }
  return untangled;
}

/** Keeps the requirements that this run must make, and blocks what needs an object that will not be there. */
function withRequirements(changes: readonly Change[], context: PlanContext): readonly Change[] {
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  return changes.map((change) => {
    const made = change.requires.filter((address) => isMade(byAddress.get(address)));
    const lost = missingRefs(change, context).find((address) => !isMade(byAddress.get(address)));
    if (!isPending(change) || !('resource' in change)) return { ...change, requires: made };
    const unnamed = unnamedIn(change, context);
    if (unnamed !== undefined) return blocked(change.resource, change.id, unnamed);
    if (lost === undefined) return { ...change, requires: made };
    const reason = byAddress.get(lost)?.verb === 'blocked' ? 'is blocked' : 'does not exist';
    return blocked(change.resource, change.id, {
      reason: 'requires',
      message: `it needs ${lost}, which ${reason}`,
    });
  });
}

/** A name that nothing has, or several things have: which one is meant cannot be known. */
function unnamedIn({ fields }: Change, { directory }: PlanContext): Obstacle | undefined {
  const items = fields.flatMap(({ after }) => itemsOf(after));
  const name = items.find((item) => item instanceof NameRef);
  if (!(name instanceof NameRef)) return undefined;
  const ids = directory.idsNamed(name.kind, name.name);
  const hint = `give its id instead of its name`;
  return ids.length > 1
    ? {
        reason: 'ambiguous',
        message: `${ids.length} ${name.kind}s are called "${name.name}": ${ids.join(', ')}`,
        hint,
      }
    : {
        reason: 'missing',
        message: `no ${name.kind} that this identity can see is called "${name.name}"`,
        hint,
      };
}

function isMade(change: Change | undefined): boolean {
  return change?.verb === 'create' || change?.verb === 'replace';
}

function missingRefs(change: Change, context: PlanContext): readonly Address[] {
  const items = change.fields.flatMap(({ after }) => itemsOf(after));
  return items.flatMap((item) =>
    item instanceof Ref && context.directory.idOf(item.to) === undefined ? [item.to] : [],
  );
}
