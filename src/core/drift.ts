import { type Change, type FieldChange, counts } from './change.ts';
import { isApplied } from './coverage.ts';
import { type RecordDocument, indexRecord } from './record.ts';

/**
 * What somebody did by hand to an object that we own, or to fields that we manage. `uncovered`: rules that were applied select
 * an object that is new, or that has changed since, and it is not as they say.
 */
export type Drift = {
  readonly change: Change;
  readonly what: 'edited' | 'deleted' | 'uncovered';
  /** The fields that are not as they were applied, or not as the rules say. */
  readonly fields: readonly FieldChange[];
};

/** The part of a plan that the workspace brought about; what the file changed since the last apply is left out. */
export function driftOf(changes: readonly Change[], record: RecordDocument | null): readonly Drift[] {
  const recordedOf = indexRecord(record);
  return changes.flatMap((change): readonly Drift[] => {
    if (isDeleted(change, recordedOf(change) !== undefined)) return [{ change, what: 'deleted', fields: [] }];
    const fields = change.fields.filter(({ isDrifted, verdict }) => isDrifted && verdict !== 'ignored');
    if (fields.length > 0) return [{ change, what: 'edited', fields }];
    const uncovered = uncoveredFields(change, record);
    return uncovered.length === 0 ? [] : [{ change, what: 'uncovered', fields: uncovered }];
  });
}

/** What only rules say that were applied and are the same today: the file has nothing new to say there. */
function uncoveredFields(change: Change, record: RecordDocument | null): readonly FieldChange[] {
  if (change.verb !== 'update' || change.resource.coverage === undefined) return [];
  const { rules, stated } = change.resource.coverage;
  const applied = rules.filter((rule) => isApplied(rule, { record })).map(({ key }) => `rules.${key}`);
  return change.fields.filter((field) => {
    const said = stated.get(field.path) ?? [];
    return counts(field) && said.length > 0 && said.every(({ by }) => applied.includes(by));
  });
}

/** On record and gone: it would be made anew, or, where it is somebody else's, missed. */
function isDeleted(change: Change, isRecorded: boolean): boolean {
  if (!isRecorded) return false;
  if (change.verb === 'create') return change.remnant === null;
  return change.verb === 'blocked' && change.obstacle.reason === 'missing';
}
