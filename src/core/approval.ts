import { type Change, type Pending, isPending } from './change.ts';
import type { RecordedApproval } from './record.ts';
import type { Obstacle } from './resource.ts';
import type { Address } from './value.ts';

/** What may be executed: everything (`--auto-approve`), or the operations of a plan that somebody approved. */
export type Approval = 'everything' | RecordedApproval;

export type Division = {
  readonly execute: readonly Pending[];
  /** Nobody approved these, or they need something that is held back. */
  readonly heldBack: readonly { readonly change: Pending; readonly why: string }[];
  /** Approved under this address was something else. */
  readonly refused: readonly Pending[];
  /** Approved, and not to be written all the same. */
  readonly blocked: readonly Stopped[];
};

export type Stopped = { readonly change: Pending; readonly obstacle: Obstacle };

/** current ∩ approved is executed. Approved operations that are done already are simply not current any more. */
export function divide(changes: readonly Change[], approval: Approval): Division {
  const pending = changes.filter(isPending);
  if (approval === 'everything') return { execute: pending, heldBack: [], refused: [], blocked: [] };
  const approved = new Set(approval.ops.map(({ op }) => op));
  const addresses = new Set(approval.ops.map(({ address }) => address));
  const isApproved = (change: Pending): boolean => change.op === null || approved.has(change.op);
  const unapproved = pending.filter((change) => !isApproved(change));
  const reduced = unapproved.flatMap((change) => lesserOf(change).filter(isApproved));
  const kept = new Set(reduced.map(({ address }) => address));
  const refused = unapproved.filter(({ address }) => addresses.has(address) && !kept.has(address));
  const held = unapproved.filter(({ address }) => !addresses.has(address) || kept.has(address));
  const heldBack = held.map((change) => ({ change, why: kept.has(change.address) ? REST : 'not approved' }));
  const execute = [...pending.filter(isApproved), ...reduced];
  return holdDependants({ execute, heldBack, refused, blocked: [] });
}

const REST = 'not approved: the approval was made by an identity that cannot read all of this';

/** Approved was what an identity sees that may read less: that much is done, and the rest is held back. */
function lesserOf(change: Pending): readonly Pending[] {
  return 'lesser' in change && change.lesser !== undefined ? [change.lesser] : [];
}

/** What requires a change that does not run cannot run either. */
export function holdDependants(division: Division): Division {
  const stopped = new Set<Address>([
    ...division.heldBack.map(({ change }) => change.address),
    ...division.refused.map(({ address }) => address),
  ]);
  const dependant = division.execute.find(({ requires }) => requires.some((address) => stopped.has(address)));
  if (dependant === undefined) return division;
  const missing = dependant.requires.find((address) => stopped.has(address));
  return holdDependants({
    ...division,
    execute: division.execute.filter((change) => change !== dependant),
    heldBack: [
      ...division.heldBack,
      { change: dependant, why: `it needs ${String(missing)}, which does not run` },
    ],
  });
}
