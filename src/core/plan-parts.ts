import { type Blocked, type Change, type FieldChange, counts } from './change.ts';
import { type Comparison, type DiffContext, diff } from './diff.ts';
import { digestOperation } from './digest.ts';
import type { Position } from './diagnostic.ts';
import type { Directory } from './directory.ts';
import type { Match } from './match.ts';
import type { RecordDocument } from './record.ts';
import type { Rule } from './rule.ts';
import type { FieldRule, Observed, Obstacle, Resource } from './resource.ts';
import { type Address, Ref, type Spec, itemsOf } from './value.ts';

/** What is wished and what was found, as a plan takes it. */
export type PlanInput = {
  readonly resources: readonly Resource[];
  readonly matches: ReadonlyMap<Address, Match>;
  /** Recorded objects that the file no longer names, as they are now; null where they are gone. */
  readonly orphans: ReadonlyMap<Address, Observed | null>;
  readonly config: string;
  /** Resources of these that were planned already, by themselves, in the same context; left out where none were. */
  readonly foreseen?: ReadonlyMap<Resource, Foreseen>;
};

/** One object of a plan before others are looked at: as it is called from then on, and what would be done. */
export type Foreseen = { readonly resource: Resource; readonly match: Match; readonly change: Change };

/** What the planner needs to know of a kind. */
export type KindTraits = {
  readonly ownership: 'whole' | 'part';
  readonly rules: readonly FieldRule[];
  readonly judge: (
    target: Spec,
    write: { readonly changed: readonly string[]; readonly consents: readonly string[] },
  ) => {
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
  /** Of the file, sorted by key. */
  readonly rules?: readonly Rule[];
};

export type Policy = {
  readonly prune: boolean;
  readonly rotation: 'auto' | 'manual';
  /** `--rotate` and `--replace`. */
  readonly isRotated: (address: Address) => boolean;
  readonly isReplaced: (address: Address) => boolean;
  /** What an obstacle of this reason does; `block` where it is not named. */
  readonly lenience: Readonly<Record<string, 'block' | 'warn' | 'skip'>>;
  /** `removed`: where the file lets go of an object that is on record under this address. */
  readonly removedAt?: (address: Address) => Position | undefined;
  /** Why an object on record that the file does not declare stays, whatever `prune` says. */
  readonly keptWhy?: (address: Address) => string | undefined;
  /** `--repair dangling`: whether an id was looked for by itself and is not there; left out where nothing is repaired. */
  readonly isSurelyGone?: (kind: string, id: string) => boolean;
  /** `settings.mutes`: why what was changed by hand in a field is left alone for now. */
  readonly mutedWhy?: (resource: Resource, path: string) => string | undefined;
};

export function diffContext(resource: Resource, context: PlanContext): DiffContext {
  return {
    rules: context.kindOf(resource.kind)?.rules ?? [],
    directory: context.directory,
    recorded: context.record?.objects[resource.address],
    compareSecret: (path) => context.compareSecret(resource.address, path),
    rotation: context.policy.isRotated(resource.address) ? 'forced' : context.policy.rotation,
    mutedWhy: (path) => context.policy.mutedWhy?.(resource, path),
  };
}

/** What a write may do besides, out of what is worth a warning about it. */
export function effectsOf(warnings: readonly Obstacle[]): { readonly effects?: readonly string[] } {
  const effects = warnings.filter(({ isSideEffect }) => isSideEffect === true).map(({ message }) => message);
  return effects.length === 0 ? {} : { effects };
}

export function blocked(resource: Resource, id: string | null, obstacle: Obstacle): Blocked {
  return { ...describe(resource, [], []), verb: 'blocked', id, op: null, obstacle };
}

export function noop(resource: Resource, live: Observed, notes: readonly string[]): Change {
  return { ...describe(resource, [], notes), verb: 'noop', id: live.id, op: null, resource, live };
}

export function describe(resource: Resource, fields: readonly FieldChange[], notes: readonly string[]) {
  const { address, kind, key, name, source, display = name } = resource;
  return { address, kind, key, display, source, fields, notes, requires: requirements(fields) };
}

/** Addresses that the new values point at; the plan keeps those that this run must make. */
function requirements(fields: readonly FieldChange[]): readonly Address[] {
  const items = fields.flatMap(({ after }) => itemsOf(after));
  return [...new Set(items.flatMap((item) => (item instanceof Ref ? [item.to] : [])))].sort();
}

/** Every wished field, as it would be written to an object that is not there yet. */
export function wholeFields(resource: Resource, context: PlanContext): readonly FieldChange[] {
  const absent: Observed = { ...NOTHING, spec: {} };
  return diff(resource, absent, { ...diffContext(resource, context), recorded: undefined }).fields;
}

const NOTHING = { id: '', name: '', traits: {}, gaps: [], obstacles: [], uses: [] } as const;

/** The digest of one operation of this plan. */
export function opOf(
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
