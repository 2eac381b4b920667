import type { Change, FieldChange } from './change.ts';
import { counts } from './change.ts';
import { type Comparison, type DiffContext, type Difference, diff } from './diff.ts';
import { digestOperation } from './digest.ts';
import type { Directory } from './directory.ts';
import type { Match } from './match.ts';
import { ambiguity, dangling, incomparable, missing, notOurs, renamed } from './obstacle.ts';
import type { RecordDocument, RecordedObject } from './record.ts';
import type { Declared, FieldRule, Observed, Obstacle, Resource } from './resource.ts';
import { Secret } from './secret.ts';
import { Ref, isList, type Address, type Spec } from './value.ts';

/** What the planner needs to know of a kind. */
export type KindTraits = {
  readonly ownership: 'whole' | 'part';
  readonly rules: readonly FieldRule[];
  readonly judge: (target: Spec) => {
    readonly obstacles: readonly Obstacle[];
    readonly warnings: readonly Obstacle[];
  };
  readonly audience: (spec: Spec) => Readonly<Record<string, number>>;
};

export type PlanContext = {
  readonly workspaceId: string;
  readonly directory: Directory;
  /** null where nothing is remembered on purpose (`record: none`): then a matched object is ours to update, never adopted. */
  readonly record: RecordDocument | null;
  readonly kindOf: (name: string) => KindTraits | undefined;
  readonly policy: Policy;
  readonly compareSecret: (address: Address, path: string) => Comparison;
};

export type Policy = {
  readonly prune: boolean;
  readonly rotation: 'auto' | 'manual';
  /** `--rotate` and `--replace`. */
  readonly isRotated: (address: Address) => boolean;
  readonly isReplaced: (address: Address) => boolean;
  /** What an obstacle of this reason does; `block` where it is not named. */
  readonly lenience: Readonly<Record<string, 'block' | 'warn' | 'skip'>>;
};

/** One declared object and what was found of it -> what to do. Total: it never throws for what it is given. */
export function planResource(resource: Resource, found: Match, context: PlanContext): Change {
  switch (found.state) {
    case 'unreadable':
      return blocked(resource, null, { reason: found.reason, message: found.why });
    case 'ambiguous':
      return blocked(resource, null, ambiguity(resource, found.candidates));
    case 'absent':
      return planAbsent(resource, context);
    case 'found':
      return resource.isExisting ? noop(resource, found.observed, []) : planFound(resource, found, context);
  }
}

export function blocked(resource: Resource, id: string | null, obstacle: Obstacle): Change {
  return { ...describe(resource, [], []), verb: 'blocked', id, op: null, obstacle };
}

/** Whether the object must be made anew: a trait differs, or `--replace` asks for it. */
export function mustReplace(
  resource: Declared & { address: Address },
  observed: Observed,
  policy: Policy,
): boolean {
  if (resource.isExisting) return false;
  const differs = Object.entries(resource.traits).some(([trait, value]) => observed.traits[trait] !== value);
  return differs || policy.isReplaced(resource.address);
}

function planAbsent(resource: Resource, context: PlanContext): Change {
  const isPart = context.kindOf(resource.kind)?.ownership === 'part';
  if (resource.isExisting || resource.id !== undefined || isPart)
    return blocked(resource, null, missing(resource));
  return create(resource, null, context);
}

function create(resource: Resource, remnant: Observed | null, context: PlanContext): Change {
  const fields = wholeFields(resource, context);
  const notes = context.record?.objects[resource.address]
    ? ['it is on record and gone: somebody deleted it by hand']
    : [];
  const op = opOf(resource, { id: null, verb: 'create', fields, traits: resource.traits }, context);
  return { ...describe(resource, fields, notes), verb: 'create', id: null, op, resource, remnant };
}

function planFound(resource: Resource, found: Match & { state: 'found' }, context: PlanContext): Change {
  const { observed } = found;
  const recorded = context.record?.objects[resource.address];
  if (found.by === 'intent') return create(resource, observed, context);
  if (recorded?.replacing !== undefined) return resume(resource, observed, recorded, context);
  if (mustReplace(resource, observed, context.policy)) return replace(resource, observed, recorded, context);
  const difference = diff(resource, observed, diffContext(resource, context));
  const isWhole = context.kindOf(resource.kind)?.ownership === 'whole';
  const isAdopted = isWhole && context.record !== null && recorded === undefined;
  return isAdopted
    ? adopt(resource, observed, difference, context)
    : update(resource, observed, difference, context);
}

export function diffContext(resource: Resource, context: PlanContext): DiffContext {
  return {
    rules: context.kindOf(resource.kind)?.rules ?? [],
    directory: context.directory,
    recorded: context.record?.objects[resource.address],
    compareSecret: (path) => context.compareSecret(resource.address, path),
    rotation: context.policy.isRotated(resource.address) ? 'forced' : context.policy.rotation,
  };
}

function update(resource: Resource, live: Observed, difference: Difference, context: PlanContext): Change {
  const { fields, target } = difference;
  const opaque = fields.filter(({ verdict }) => verdict === 'opaque');
  const written = context.policy.isRotated(resource.address) ? fields.map(force) : fields;
  const pending = written.filter(counts);
  const notes =
    opaque.length > 0 && pending.every(({ isRotated }) => !isRotated) ? [incomparable(opaque)] : [];
  const ignored = fields
    .filter(({ verdict }) => verdict === 'ignored')
    .map(({ path, reason }) => `${path}: ${String(reason)}`);
  if (pending.length === 0) return noop(resource, live, [...notes, ...ignored]);
  const verb = pending.every(({ isRotated }) => isRotated) ? 'rotate' : 'update';
  return write(resource, { verb, live, fields: written, target, notes: [...notes, ...ignored] }, context);
}

/** Write-only fields cannot be read, so they are written once, unless the file says `adopt: keep`. */
function adopt(resource: Resource, live: Observed, difference: Difference, context: PlanContext): Change {
  const { fields, target } = difference;
  const isKept = resource.adoption === 'keep';
  const opaque = fields.filter(({ verdict }) => verdict === 'opaque');
  const notes =
    isKept && opaque.length > 0 ? [`not verified: ${opaque.map(({ path }) => path).join(', ')}`] : [];
  return write(
    resource,
    { verb: 'adopt', live, fields: isKept ? fields.filter(counts) : fields, target, notes },
    context,
  );
}

type Writing = {
  readonly verb: 'update' | 'adopt' | 'rotate';
  readonly live: Observed;
  readonly fields: readonly FieldChange[];
  readonly target: Spec;
  readonly notes: readonly string[];
};

function write(resource: Resource, writing: Writing, context: PlanContext): Change {
  const { verb, live, fields, target } = writing;
  const judgement = context.kindOf(resource.kind)?.judge(target) ?? { obstacles: [], warnings: [] };
  const inTheWay = [...live.obstacles, ...judgement.obstacles, ...dangling(live, target, context.directory)];
  const lenience = (obstacle: Obstacle): string => context.policy.lenience[obstacle.reason] ?? 'block';
  const stopping = inTheWay.find((obstacle) => lenience(obstacle) === 'block');
  if (stopping !== undefined) return { ...blocked(resource, live.id, stopping), notes: writing.notes };
  const skipping = inTheWay.find((obstacle) => lenience(obstacle) === 'skip');
  if (skipping !== undefined) return noop(resource, live, [`left alone: ${skipping.message}`]);
  const warnings = [...inTheWay, ...judgement.warnings].map(({ message }) => message);
  const op = verb === 'rotate' ? null : opOf(resource, { id: live.id, verb, fields }, context);
  const described = describe(resource, fields, [...writing.notes, ...warnings]);
  return { ...described, verb, id: live.id, op, resource, live, target, isRelease: false };
}

function replace(
  resource: Resource,
  observed: Observed,
  recorded: RecordedObject | undefined,
  context: PlanContext,
): Change {
  if (recorded === undefined) return blocked(resource, observed.id, notOurs(resource, observed));
  if (recorded.name !== observed.name) return blocked(resource, observed.id, renamed(recorded, observed));
  const old = { id: observed.id, name: observed.name, traits: observed.traits };
  return replacement(resource, { old, successor: null, isOldThere: true }, context);
}

/** An interrupted replace: the record names the new object, and the old one that is still to go. */
function resume(
  resource: Resource,
  observed: Observed,
  recorded: RecordedObject,
  context: PlanContext,
): Change {
  const old = recorded.replacing ?? { id: '', name: '', traits: {} };
  const isOldThere = context.directory.exists(resource.kind, old.id) !== false;
  return replacement(resource, { old, successor: observed, isOldThere }, context);
}

type Succession = {
  readonly old: {
    readonly id: string;
    readonly name: string;
    readonly traits: Readonly<Record<string, string>>;
  };
  readonly successor: Observed | null;
  readonly isOldThere: boolean;
};

function replacement(resource: Resource, succession: Succession, context: PlanContext): Change {
  const { old, successor, isOldThere } = succession;
  const fields = [...traitFields(old.traits, resource.traits), ...wholeFields(resource, context)];
  const traits = { ...old.traits, ...prefixed(resource.traits) };
  const op = opOf(resource, { id: old.id, verb: 'replace', fields, traits }, context);
  const described = describe(resource, fields, []);
  return {
    ...described,
    verb: 'replace',
    id: old.id,
    op,
    resource,
    oldName: old.name,
    oldTraits: old.traits,
    successor,
    isOldThere,
  };
}

export function noop(resource: Resource, live: Observed, notes: readonly string[]): Change {
  return { ...describe(resource, [], notes), verb: 'noop', id: live.id, op: null, resource, live };
}

function describe(resource: Resource, fields: readonly FieldChange[], notes: readonly string[]) {
  const { address, kind, key, name: display, source } = resource;
  return { address, kind, key, display, source, fields, notes, requires: requirements(fields) };
}

/** Addresses that the new values point at; the plan keeps those that this run must make. */
function requirements(fields: readonly FieldChange[]): readonly Address[] {
  const items = fields.flatMap(({ after }) => (isList(after) ? after : [after]));
  return [...new Set(items.flatMap((item) => (item instanceof Ref ? [item.to] : [])))].sort();
}

function wholeFields(resource: Resource, context: PlanContext): readonly FieldChange[] {
  const absent: Observed = { ...NOTHING, spec: {} };
  return diff(resource, absent, { ...diffContext(resource, context), recorded: undefined }).fields;
}

const NOTHING = { id: '', name: '', traits: {}, gaps: [], obstacles: [], uses: [] } as const;

function traitFields(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): FieldChange[] {
  return Object.entries(after)
    .filter(([trait, value]) => before[trait] !== value)
    .map(([trait, value]) => ({
      path: trait,
      before: before[trait] ?? null,
      after: value,
      verdict: 'changed',
      isDrifted: false,
      isRotated: false,
      reason: 'it cannot change in place',
    }));
}

function prefixed(traits: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(traits).map(([trait, value]) => [`new ${trait}`, value]));
}

function opOf(
  resource: Resource,
  operation: {
    id: string | null;
    verb: string;
    fields: readonly FieldChange[];
    traits?: Readonly<Record<string, string>>;
  },
  context: PlanContext,
): string {
  const written = operation.fields.filter((field) => counts(field) || field.verdict === 'opaque');
  return digestOperation({
    ...operation,
    fields: written,
    address: resource.address,
    workspaceId: context.workspaceId,
  });
}

/** `--rotate` writes what cannot be compared too. */
function force(field: FieldChange): FieldChange {
  const isForced = field.verdict === 'opaque' && field.after instanceof Secret;
  return isForced
    ? { ...field, verdict: 'changed', isRotated: true, reason: 'asked for by --rotate' }
    : field;
}
