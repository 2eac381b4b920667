import { hideAdminOnly, rebase } from './admin-only.ts';
import { type Change, type FieldChange, type Update, counts } from './change.ts';
import { type Difference, diff } from './diff.ts';
import type { Match } from './match.ts';
import { ambiguity, dangling, incomparable, missing } from './obstacle.ts';
import { type PlanContext, blocked, describe, diffContext, noop, opOf, wholeFields } from './plan-parts.ts';
import { mustReplace, replace, resume } from './plan-replace.ts';
import type { Observed, Obstacle, Resource } from './resource.ts';
import { Secret } from './secret.ts';
import type { Spec } from './value.ts';

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
  const writing = { live, fields: written, target, notes: [...notes, ...ignored] };
  const change = write(resource, { ...writing, verb: verbOf(pending) }, context);
  const lesser = change.verb === 'update' ? lesserOf(resource, live, context) : undefined;
  const isSame = lesser === undefined || lesser.op === change.op || change.verb !== 'update';
  return isSame ? change : { ...change, lesser };
}

function verbOf(pending: readonly FieldChange[]): 'rotate' | 'update' {
  return pending.every(({ isRotated }) => isRotated) ? 'rotate' : 'update';
}

/** The operation that an identity comes to that cannot read what admins can, executed on what an admin reads. */
function lesserOf(resource: Resource, live: Observed, context: PlanContext): Update | undefined {
  const rules = context.kindOf(resource.kind)?.rules ?? [];
  const { fields } = diff(resource, hideAdminOnly(live, rules), diffContext(resource, context));
  const pending = fields.filter(counts);
  if (pending.length === 0) return undefined;
  const rebased = rebase(pending, live.spec, rules);
  const target = { ...live.spec, ...Object.fromEntries(rebased.map(({ path, after }) => [path, after])) };
  const change = write(
    resource,
    { verb: verbOf(pending), live, fields: rebased, told: fields, target, notes: [] },
    context,
  );
  return change.verb === 'update' || change.verb === 'rotate' ? change : undefined;
}

/** Write-only fields cannot be read, so they are written once, unless the file says `adopt: keep`. */
function adopt(resource: Resource, live: Observed, difference: Difference, context: PlanContext): Change {
  const { fields, target } = difference;
  const isKept = resource.adoption === 'keep';
  const opaque = fields.filter(({ verdict }) => verdict === 'opaque');
  const notes =
    isKept && opaque.length > 0 ? [`not verified: ${opaque.map(({ path }) => path).join(', ')}`] : [];
  const written = isKept ? fields.filter(counts) : fields;
  const rules = context.kindOf(resource.kind)?.rules ?? [];
  const told = diff(resource, hideAdminOnly(live, rules), diffContext(resource, context)).fields;
  return write(resource, { verb: 'adopt', live, fields: written, told, target, notes }, context);
}

type Writing = {
  readonly verb: 'update' | 'adopt' | 'rotate';
  readonly live: Observed;
  readonly fields: readonly FieldChange[];
  /** What the digest is made of, where that is not `fields`. */
  readonly told?: readonly FieldChange[];
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
  const told = writing.told ?? fields;
  const op = verb === 'rotate' ? null : opOf(resource, { id: live.id, verb, fields: told }, context);
  const described = describe(resource, fields, [...writing.notes, ...warnings]);
  return { ...described, verb, id: live.id, op, resource, live, target, isRelease: false };
}

/** `--rotate` writes what cannot be compared too. */
function force(field: FieldChange): FieldChange {
  const isForced = field.verdict === 'opaque' && field.after instanceof Secret;
  return isForced
    ? { ...field, verdict: 'changed', isRotated: true, reason: 'asked for by --rotate' }
    : field;
}
