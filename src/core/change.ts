import type { BundleOwner } from './bundle.ts';
import type { Position } from './diagnostic.ts';
import type { RecordedObject } from './record.ts';
import type { Observed, Obstacle, Resource } from './resource.ts';
import type { Address, Spec, Value } from './value.ts';

/**
 * `changed`: differs. `unknown`: points at an object that does not exist yet. `opaque`: cannot be read back, so it cannot
 * be compared. `assumed`: this identity cannot read it; compared with what was last applied. `ignored`: differs, and does
 * not count, for the reason given.
 */
export type Verdict = 'changed' | 'unknown' | 'opaque' | 'assumed' | 'ignored';

/** Who moved away from what was last applied: the file, the workspace (by hand), or both of them. */
export type Origin = 'file' | 'workspace' | 'both';

export type FieldChange = {
  readonly path: string;
  readonly before: Value;
  readonly after: Value;
  readonly verdict: Verdict;
  /** Live is not what was last applied: somebody changed it by hand. */
  readonly isDrifted: boolean;
  /** Left out where nothing is on record to compare with. */
  readonly origin?: Origin;
  /** What was last applied, where live is something else. */
  readonly applied?: Value;
  /** Same reference, new value: outside every digest. */
  readonly isRotated: boolean;
  readonly reason: string | null;
};

type Described = {
  readonly address: Address;
  readonly kind: string;
  readonly key: string;
  /** The name that people know it by. */
  readonly display: string;
  readonly source: Position | null;
  readonly fields: readonly FieldChange[];
  /** Objects that this run must make first. */
  readonly requires: readonly Address[];
  readonly notes: readonly string[];
};

export type Create = Described & {
  readonly verb: 'create';
  readonly id: null;
  readonly op: string;
  readonly resource: Resource;
  /** What our own interrupted create left behind, to be completed. */
  readonly remnant: Observed | null;
};

/** `rotate` has no digest: it writes what was approved when the reference was. */
export type Update = Described & {
  readonly verb: 'update' | 'adopt' | 'rotate';
  readonly id: string;
  readonly op: string | null;
  readonly resource: Resource;
  readonly live: Observed;
  /** The whole spec that the write leaves behind. */
  readonly target: Spec;
  /** What the write may do to the object besides; left out where that is nothing. */
  readonly effects?: readonly string[];
  /** Forget the object afterwards: an orphan whose additions are taken back. */
  readonly isRelease: boolean;
  /** What is left of it for an identity that may read less: may run alone where only that was approved. */
  readonly lesser?: Update;
};

/** Create new, verify, move our references, delete old. */
export type Replace = Described & {
  readonly verb: 'replace';
  /** The old object. */
  readonly id: string;
  readonly op: string;
  readonly resource: Resource;
  readonly oldName: string;
  readonly oldTraits: Readonly<Record<string, string>>;
  /** The new object where an interrupted run has made it already. */
  readonly successor: Observed | null;
  /** False where somebody has deleted the old one in the meantime. */
  readonly isOldThere: boolean;
};

export type Delete = Described & {
  readonly verb: 'delete';
  readonly id: string;
  readonly op: string;
  readonly recorded: RecordedObject;
};

/** The object stays as it is, and is forgotten: only the record is written. */
export type Detach = Described & {
  readonly verb: 'detach';
  readonly id: string;
  readonly op: string;
};

export type Blocked = Described & {
  readonly verb: 'blocked';
  readonly id: string | null;
  readonly op: null;
  readonly obstacle: Obstacle;
  /** Left out where it is not known what would be written. */
  readonly withheld?: Withheld;
  /** Who writes it instead, where a bundle owns it. */
  readonly owner?: Owner;
};

/** What a blocked write would have changed: it is told, and never counted. */
export type Withheld = {
  readonly paths: readonly string[];
  /** The whole spec that the write would have left behind. */
  readonly target: Spec;
  /** See `Observed`. */
  readonly metadataPath?: string;
};

export type Owner = BundleOwner & {
  /** YAML for the bundle; null where the kind has none. */
  readonly snippet: string | null;
};

export type Noop = Described & {
  readonly verb: 'noop';
  readonly id: string | null;
  readonly op: null;
  readonly resource: Resource | null;
  readonly live: Observed | null;
};

export type Change = Create | Update | Replace | Delete | Detach | Blocked | Noop;
export type Pending = Create | Update | Replace | Delete | Detach;
export type Verb = Change['verb'];

export const VERBS: readonly Verb[] = [
  'create',
  'update',
  'replace',
  'delete',
  'adopt',
  'detach',
  'rotate',
  'blocked',
  'noop',
];

export function isPending(change: Change): change is Pending {
  return change.verb !== 'blocked' && change.verb !== 'noop';
}

/** Whether a field change leads to a write; an opaque one does only where an object is adopted. */
export function counts(field: FieldChange): boolean {
  return field.verdict === 'changed' || field.verdict === 'unknown' || field.verdict === 'assumed';
}
