import { VERBS } from '../core/change.ts';
import type { ChangeDocument, FieldDocument, PlanDocument } from '../core/document.ts';
import type { Drift } from '../core/drift.ts';
import { pendingCount } from './verdict.ts';
import { plural } from './words.ts';

/**
 * What is left of a plan when only the workspace's own moves count: fields as they were applied and as they are now. The
 * digest stays the plan's, as that is what would put everything back.
 */
export function driftDocument(document: PlanDocument, drift: readonly Drift[]): PlanDocument {
  const found = new Map(drift.map((one) => [one.change.address, one]));
  const changes = document.changes.flatMap((change) => {
    const one = found.get(change.address);
    return one === undefined ? [] : [changeOf(change, one)];
  });
  return { ...restricted(document, changes), notes: [...document.notes, ...pendingNotes(document, changes)] };
}

function changeOf(change: ChangeDocument, drift: Drift): ChangeDocument {
  switch (drift.what) {
    case 'deleted':
      return gone(change);
    case 'edited':
      return edited(change, drift);
    case 'uncovered':
      return uncovered(change, drift);
  }
}

/** Without a record nobody can say who moved: everything that is not as the file says is told. */
export function twoWayDriftDocument(document: PlanDocument): PlanDocument {
  const changes = document.changes
    .filter(({ verb }) => verb === 'create' || verb === 'update' || verb === 'adopt' || verb === 'replace')
    .map((change) => (change.verb === 'create' ? gone(change) : turned(change, change.fields)));
  const note =
    'there is no record to compare with: this is all that is not as the file says, whoever changed it';
  return { ...restricted(document, changes), notes: [...document.notes, note] };
}

function restricted(document: PlanDocument, changes: readonly ChangeDocument[]): PlanDocument {
  const { loosened: _loosened, ...rest } = document;
  const deleted = changes.filter(({ verb }) => verb === 'delete').length;
  const created = changes.filter(({ verb }) => verb === 'create').length;
  const counts = { edited: changes.length - deleted - created, deleted, uncovered: created };
  const objects = VERBS.reduce((sum, verb) => sum + document.summary[verb], 0);
  const none = Object.fromEntries(VERBS.map((verb) => [verb, 0])) as Record<(typeof VERBS)[number], number>;
  return {
    ...rest,
    changes,
    refusals: [],
    drift: counts,
    summary: {
      ...none,
      create: counts.uncovered,
      update: counts.edited,
      delete: deleted,
      noop: objects - changes.length,
      drifted: changes.length,
      foreign: document.summary.foreign,
    },
  };
}

function edited(change: ChangeDocument, drift: Drift): ChangeDocument {
  return turned(change, fieldsOf(change, drift));
}

/** What rules would add, in the direction in which they would. */
function uncovered(change: ChangeDocument, drift: Drift): ChangeDocument {
  return { ...change, verb: 'create', op: null, requires: [], notes: [], fields: fieldsOf(change, drift) };
}

function fieldsOf({ fields }: ChangeDocument, drift: Drift): readonly FieldDocument[] {
  const paths = new Set(drift.fields.map(({ path }) => path));
  return fields.filter(({ path }) => paths.has(path));
}

function turned(change: ChangeDocument, fields: readonly FieldDocument[]): ChangeDocument {
  return { ...change, verb: 'update', op: null, requires: [], notes: [], fields: fields.map(turn) };
}

/** From what was applied to what is live, which is the way that the workspace went. */
function turn(field: FieldDocument): FieldDocument {
  const { before, after, applied = after } = field;
  return { ...field, before: applied, after: before, verdict: 'changed', reason: null };
}

function gone(change: ChangeDocument): ChangeDocument {
  return { ...change, verb: 'delete', op: null, requires: [], notes: [], blocked: null, fields: [] };
}

function pendingNotes(document: PlanDocument, changes: readonly ChangeDocument[]): readonly string[] {
  const pending = pendingCount(document.summary) - changes.length;
  if (pending <= 0) return [];
  return [
    `besides, ${plural(pending, 'change')} of the file ${pending === 1 ? 'is' : 'are'} not applied yet`,
  ];
}
