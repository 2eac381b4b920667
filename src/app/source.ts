import type { Drawn } from '../core/rollback-plan.ts';
import type { PlanContext, PlanInput } from '../core/plan-parts.ts';
import type { RecordDocument, RecordedObject } from '../core/record.ts';
import type { Resource } from '../core/resource.ts';
import type { Address } from '../core/value.ts';

/** What a plan is made of where that is not the file: the inverse of an apply. */
export type Source = {
  /** Of the apply that is undone. */
  readonly serial: number;
  readonly notes: readonly string[];
  /** Anew for each plan, as the record may have changed in between. */
  readonly from: (record: RecordDocument | null) => Basis;
};

export type Basis = {
  readonly resources: readonly Resource[];
  readonly draw: (input: PlanInput, ground: PlanContext) => Drawn;
  /** What the record says of an object once it was written; null where it is forgotten. */
  readonly remember: (address: Address, written: RecordedObject) => RecordedObject | null;
};
