import type { Change, FieldChange } from './change.ts';
import { type RecordDocument, indexRecord } from './record.ts';

/** What somebody did by hand to an object that we own, or to fields that we manage. */
export type Drift = {
  readonly change: Change;
  readonly what: 'edited' | 'deleted';
  /** Of `edited`: the fields that are not as they were applied. */
  readonly fields: readonly FieldChange[];
};

/** The part of a plan that the workspace brought about; what the file changed since the last apply is left out. */
export function driftOf(changes: readonly Change[], record: RecordDocument | null): readonly Drift[] {
  const recordedOf = indexRecord(record);
  return changes.flatMap((change): readonly Drift[] => {
    if (isDeleted(change, recordedOf(change) !== undefined)) return [{ change, what: 'deleted', fields: [] }];
    const fields = change.fields.filter(({ isDrifted, verdict }) => isDrifted && verdict !== 'ignored');
    return fields.length === 0 ? [] : [{ change, what: 'edited', fields }];
  });
}

/** On record and gone: it would be made anew, or, where it is somebody else's, missed. */
function isDeleted(change: Change, isRecorded: boolean): boolean {
  if (!isRecorded) return false;
  if (change.verb === 'create') return change.remnant === null;
  return change.verb === 'blocked' && change.obstacle.reason === 'missing';
}
