import type { Change, FieldChange } from './change.ts';
import { notOurs, renamed } from './obstacle.ts';
import { type PlanContext, type Policy, blocked, describe, opOf, wholeFields } from './plan-parts.ts';
import type { RecordedObject } from './record.ts';
import type { Declared, Observed, Resource } from './resource.ts';
import type { Address } from './value.ts';

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

/** Only what is on record, and still looks like it, is ours to make anew. */
export function replace(
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
export function resume(
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
