import { type Change, type FieldChange, counts, isPending } from './change.ts';
import { isApplied } from './coverage.ts';
import { removes } from './guard.ts';
import type { ApprovedOp, RecordDocument } from './record.ts';
import type { Resource } from './resource.ts';
import { type Address, Ref, isEmpty, isList, membersOf } from './value.ts';

/**
 * What needs no pull request (`approve: rules`): operations that only add what `ensure` rules state which were applied
 * before and say the same today, such as those on new jobs. Everything else waits for an approval of its own.
 */
export function coveredOps(changes: readonly Change[], record: RecordDocument | null): readonly ApprovedOp[] {
  const open = new Set(changes.filter(isToApprove).map(({ address }) => address));
  return changes.flatMap((change) => {
    if (!isPending(change) || change.op === null || change.verb !== 'update') return [];
    const fields = change.fields.filter(counts);
    const isCovered =
      !removes(change) && !pointsAt(fields, open) && isByRules(change.resource, fields, record);
    return isCovered ? [{ address: change.address, op: change.op }] : [];
  });
}

/** The new value of a secret is no change of what is told to whom. */
function isToApprove(change: Change): boolean {
  return isPending(change) && change.op !== null;
}

/** Whether a recipient is itself to be made, adopted or changed: what waits for an approval may reach somebody else by then. */
function pointsAt(fields: readonly FieldChange[], open: ReadonlySet<Address>): boolean {
  const recipients = fields.flatMap(({ after }) => membersOf(after));
  return recipients.some((one) => one instanceof Ref && open.has(one.to));
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
    const isAdded = isList(after) || isEmpty(before);
    const isByItself = stated.length > 0 && !coverage.own.has(path);
    return isAdded && isByItself && stated.every(({ by }) => known.has(by));
  });
}
