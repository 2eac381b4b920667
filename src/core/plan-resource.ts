import { hideAdminOnly, rebase } from './admin-only.ts';
import { type Change, type FieldChange, type Update, type Withheld, counts } from './change.ts';
import { explained } from './crowd.ts';
import { type Difference, diff } from './diff.ts';
import type { Clue, Match } from './match.ts';
import { ambiguity, dangling, incomparable, missing } from './obstacle.ts';
import {
  type PlanContext,
  blocked,
  describe,
  diffContext,
  effectsOf,
  noop,
  opOf,
  wholeFields,
} from './plan-parts.ts';
import { mustReplace, replace, resume } from './plan-replace.ts';
import {
  type FieldRule,
  type Observed,
  type Obstacle,
  type Resource,
  ruleFor,
  sentTogether,
} from './resource.ts';
import type { Spec } from './value.ts';

/** One declared object and what was found of it -> what to do. Total: it never throws for what it is given. */
export function planResource(resource: Resource, found: Match, context: PlanContext): Change {
  switch (found.state) {
    case 'unreadable':
      return blocked(resource, null, { reason: found.reason, message: found.why });
    case 'ambiguous':
      return blocked(resource, null, ambiguity(resource, found.candidates));
    case 'absent':
      return planAbsent(resource, found.clue, context);
    case 'found':
      return planThere(resource, found, context);
  }
}

function planThere(resource: Resource, found: Match & { state: 'found' }, context: PlanContext): Change {
  const contradiction = resource.coverage?.contradiction;
  if (contradiction !== undefined) return blocked(resource, found.observed.id, contradiction);
  return resource.isExisting
    ? planExisting(resource, found.observed, context)
    : planFound(resource, found, context);
}

/** What was ours and is now only looked up is let go of, or a later `prune` would delete somebody else's object. */
function planExisting(resource: Resource, observed: Observed, context: PlanContext): Change {
  const recorded = context.record?.objects[resource.address];
  if (recorded?.id !== observed.id) return noop(resource, observed, []);
  const { id } = observed;
  const op = opOf(resource, { id, verb: 'detach', fields: [] }, context);
  return { ...describe(resource, [], ['looked up from now on, and no longer ours']), verb: 'detach', id, op };
}

function planAbsent(resource: Resource, clue: Clue | undefined, context: PlanContext): Change {
  const isPart = context.kindOf(resource.kind)?.ownership === 'part';
  if (resource.isExisting || resource.id !== undefined || isPart)
    return blocked(resource, null, missing(resource, clue));
  return create(resource, null, context);
}

function create(resource: Resource, remnant: Observed | null, context: PlanContext): Change {
  const isGone = remnant === null && context.record?.objects[resource.address] !== undefined;
  const drift = isGone ? ({ isDrifted: true, origin: 'workspace' } as const) : { isDrifted: false };
  const fields = wholeFields(resource, context).map((field) => ({ ...field, ...drift }));
  const notes = isGone ? ['it is on record and gone: somebody deleted it by hand'] : [];
  const op = opOf(resource, { id: null, verb: 'create', fields, traits: resource.traits }, context);
  return { ...describe(resource, fields, notes), verb: 'create', id: null, op, resource, remnant };
}

function planFound(resource: Resource, found: Match & { state: 'found' }, ground: PlanContext): Change {
  const { observed } = found;
  if (found.by === 'intent') return create(resource, observed, ground);
  const context = knowing(ground, resource, observed);
  const recorded = context.record?.objects[resource.address];
  if (recorded?.replacing !== undefined) return resume(resource, observed, recorded, context);
  if (mustReplace(resource, observed, context.policy)) return replace(resource, observed, recorded, context);
  const difference = diff(resource, observed, diffContext(resource, context));
  const isWhole = context.kindOf(resource.kind)?.ownership === 'whole';
  const isAdopted = isWhole && context.record !== null && recorded === undefined;
  return isAdopted
    ? adopt(resource, observed, difference, context)
    : update(resource, observed, difference, context);
}

/** An object that took the name of a recorded one is not what was applied: nothing is known of it. */
function knowing(context: PlanContext, { address }: Resource, observed: Observed): PlanContext {
  const { record } = context;
  const recorded = record?.objects[address];
  if (record === null || recorded === undefined || recorded.id === observed.id) return context;
  const { [address]: _other, ...objects } = record.objects;
  return { ...context, record: { ...record, objects } };
}

function update(resource: Resource, live: Observed, difference: Difference, context: PlanContext): Change {
  const rules = context.kindOf(resource.kind)?.rules ?? [];
  const isForced = context.policy.isRotated(resource.address);
  const forced = isForced ? difference.fields.map((field) => force(field, rules)) : difference.fields;
  const written = withCompanions(forced, rules);
  const pending = written.filter(counts);
  const opaque = written.filter(({ verdict }) => verdict === 'opaque');
  const notes = opaque.length > 0 ? [incomparable(opaque)] : [];
  const { target } = difference;
  const ignored = written
    .filter(({ verdict }) => verdict === 'ignored')
    .map(({ path, reason }) => `${path}: ${String(reason)}`);
  if (pending.length === 0) return noop(resource, live, [...notes, ...ignored]);
  const writing = { live, fields: written, target, notes: [...notes, ...ignored] };
  const change = write(resource, { ...writing, verb: verbOf(pending) }, context);
  const lesser = change.verb === 'update' ? lesserOf(resource, live, context) : undefined;
  const isSame = lesser === undefined || lesser.op === change.op || change.verb !== 'update';
  return isSame ? change : { ...change, lesser };
}

/** A configuration is sent whole: what cannot be compared, or was to wait, goes along with what differs. */
function withCompanions(fields: readonly FieldChange[], rules: readonly FieldRule[]): readonly FieldChange[] {
  const changed = fields.filter(counts).map(({ path }) => path);
  const paths = fields.map(({ path }) => path);
  const sent = new Set(sentTogether(paths, changed, rules));
  return fields.map((field) =>
    counts(field) || !sent.has(field.path) ? field : { ...field, verdict: 'changed', reason: SENT_ALONG },
  );
}

const SENT_ALONG = 'it goes along with what differs, as the API takes the configuration whole';

function verbOf(pending: readonly FieldChange[]): 'rotate' | 'update' {
  return pending.every(({ isRotated }) => isRotated) ? 'rotate' : 'update';
}

/** The operation that an identity comes to that cannot read what admins can, executed on what an admin reads. */
function lesserOf(resource: Resource, live: Observed, context: PlanContext): Update | undefined {
  const rules = context.kindOf(resource.kind)?.rules ?? [];
  if (!rules.some(({ adminOnly }) => adminOnly !== undefined)) return undefined;
  const hidden = diff(resource, hideAdminOnly(live, rules), diffContext(resource, context));
  const fields = withCompanions(hidden.fields, rules);
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
  const { target } = difference;
  const rules = context.kindOf(resource.kind)?.rules ?? [];
  const hidden = diff(resource, hideAdminOnly(live, rules), diffContext(resource, context)).fields;
  if (resource.adoption === 'write')
    return write(
      resource,
      { verb: 'adopt', live, fields: difference.fields, told: hidden, target, notes: [] },
      context,
    );
  const isWriteOnly = ({ path }: FieldChange): boolean => ruleFor(rules, path)?.writeOnly !== undefined;
  const isLeft = (field: FieldChange): boolean => field.verdict === 'opaque' && isWriteOnly(field);
  const fields = withCompanions(difference.fields, rules);
  const left = fields.filter(isLeft).map(({ path }) => path);
  const written = fields.filter((field) => !isLeft(field));
  // What is written of the secrets after all is told, although only an admin can know of it.
  const told = [...hidden.filter((field) => !isWriteOnly(field)), ...written.filter(isWriteOnly)];
  const notes = left.length > 0 ? [`not verified: ${left.join(', ')}`] : [];
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
  const changed = fields
    .filter((field) => counts(field) || field.verdict === 'opaque')
    .map(({ path }) => path);
  const judged = { changed, consents: resource.consents ?? [] };
  const judgement = context.kindOf(resource.kind)?.judge(target, judged) ?? { obstacles: [], warnings: [] };
  const aim = { resource, live, target };
  const { directory } = context;
  const judgedAgainst = judgement.obstacles.map((obstacle) => explained(obstacle, aim, directory));
  const inTheWay = [...live.obstacles, ...judgedAgainst, ...dangling(aim, directory)];
  const lenience = (obstacle: Obstacle): string => context.policy.lenience[obstacle.reason] ?? 'block';
  const stopping = inTheWay.find((obstacle) => lenience(obstacle) === 'block');
  if (stopping !== undefined)
    return { ...blocked(resource, live.id, stopping), notes: writing.notes, withheld: withheldOf(writing) };
  const skipping = inTheWay.find((obstacle) => lenience(obstacle) === 'skip');
  if (skipping !== undefined) return noop(resource, live, [`left alone: ${skipping.message}`]);
  const warnings = [...inTheWay, ...judgement.warnings].map(({ message }) => message);
  const told = writing.told ?? fields;
  // Whether secrets are written is decided by a word in the file, and that word is what is approved.
  const traits: Record<string, string> = verb === 'adopt' ? { adoption: resource.adoption } : {};
  const op = verb === 'rotate' ? null : opOf(resource, { id: live.id, verb, fields: told, traits }, context);
  const described = describe(resource, fields, [...(resource.asides ?? []), ...writing.notes, ...warnings]);
  const effects = effectsOf(judgement.warnings);
  return { ...described, ...effects, verb, id: live.id, op, resource, live, target, isRelease: false };
}

function withheldOf({ live, fields, target }: Writing): Withheld {
  const paths = fields.filter(counts).map(({ path }) => path);
  return {
    paths,
    target,
    ...(live.metadataPath === undefined ? {} : { metadataPath: live.metadataPath }),
  };
}

/** `--rotate` writes what cannot be read back too. */
function force(field: FieldChange, rules: readonly FieldRule[]): FieldChange {
  const isForced = field.verdict === 'opaque' && ruleFor(rules, field.path)?.writeOnly !== undefined;
  return isForced
    ? { ...field, verdict: 'changed', isRotated: true, reason: 'asked for by --rotate' }
    : field;
}
