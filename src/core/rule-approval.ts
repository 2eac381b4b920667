import { type Change, type FieldChange, counts, isPending } from './change.ts';
import { isApplied } from './coverage.ts';
import { removes } from './guard.ts';
import type { ApprovedOp, RecordDocument } from './record.ts';
import type { Resource } from './resource.ts';
import { isEmpty } from './value.ts';

/**
 * What needs no pull request (`approve: rules`): operations that only add what `ensure` rules state which were applied
 * before and say the same today, such as those on new jobs. Everything else waits for an approval of its own.
 */
export function coveredOps(changes: readonly Change[], record: RecordDocument | null): readonly ApprovedOp[] {
  return changes.flatMap((change) => {
    if (!isPending(change) || change.op === null || change.verb !== 'update') return [];
    const isCovered = !removes(change) && isByRules(change.resource, change.fields.filter(counts), record);
    return isCovered ? [{ address: change.address, op: change.op }] : [];
  });
}

function isByRules(
  { coverage }: Resource,
  fields: readonly FieldChange[],
  record: RecordDocument | null,
): boolean {
  if (coverage === undefined) return false;
  const applied = coverage.rules.filter((rule) => rule.mode === 'ensure' && isApplied(rule, { record }));
  const known = new Set(applied.map(({ key }) => `rules.${key}`));
  return fields.every(({ path, before, after }) => {
    const stated = coverage.stated.get(path) ?? [];
    // A scalar that is there already is not set by a rule that ensures, and an entry of the job's own is not a rule.
    const isAdded = Array.isArray(after) || isEmpty(before);
    return isAdded && stated.length > 0 && stated.every(({ by }) => known.has(by));
  });
}
