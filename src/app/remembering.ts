import type { Change, Pending } from '../core/change.ts';
import { rulesApplied } from '../core/coverage.ts';
import { type HistoryGround, historyChange, withEntry } from '../core/history.ts';
import type { HistoryEntry, RecordDocument } from '../core/record.ts';
import type { FieldRule } from '../core/resource.ts';
import { Recorder } from '../engine/recorder.ts';
import type { Ports, Outcome } from '../engine/run.ts';
import { fingerprint } from '../record/fingerprint.ts';
import { emptyRecord, stampRecord } from '../record/record.ts';
import type { Planned } from './planning.ts';
import { type Session, stampOf } from './session.ts';

export type Keeper = {
  readonly recorder: Recorder;
  readonly fingerprint: Ports['fingerprint'];
  /** Lays in what is about to be written; the first save takes it along. */
  readonly begin: (changes: readonly Pending[]) => void;
  /** Lays in what concerns the run as a whole, and saves for the last time. */
  readonly finish: (outcomes: readonly Outcome[]) => Promise<void>;
};

/** The record of this run: where nothing is remembered, edits go nowhere. */
export function keepRecord(session: Session, planned: Planned, unapproved: readonly Change[]): Keeper {
  const start = planned.record ?? emptyRecord(session.scope, stampOf(session));
  const recorder = new Recorder(start, {
    save: async (document) => {
      const stamped = stampRecord(document, stampOf(session));
      if (planned.record !== null) await session.store.save(stamped);
      return stamped;
    },
  });
  return {
    recorder,
    fingerprint: (secret) => fingerprint(secret, session.fingerprintKey),
    begin: (changes) => begin(recorder, session, { planned, changes }),
    finish: (outcomes) => finish(recorder, session, { planned, outcomes, unapproved }),
  };
}

type Ended = {
  readonly planned: Planned;
  readonly outcomes: readonly Outcome[];
  /** What nobody approved. */
  readonly unapproved: readonly Change[];
};

/**
 * Saved with the intents, before the first write: a run that dies leaves word of what it was about to do. Its serial is the
 * one that it started from, which tells it from the entry of a run that came to an end.
 */
function begin(recorder: Recorder, session: Session, { planned, changes }: Omit<Left, 'left'>): void {
  recorder.edit((document) => {
    const entry = entryOf(session, document.serial, { planned, changes, left: null });
    return { ...document, history: withEntry(document.history, entry) };
  });
}

async function finish(
  recorder: Recorder,
  session: Session,
  { planned, outcomes, unapproved }: Ended,
): Promise<void> {
  const { limits, protect, prune } = session.config.settings;
  // Of an object that is put on record, or taken off it, nothing is written in the workspace.
  const changes = outcomes
    .filter(({ wrote, state }) => wrote || state === 'done')
    .map(({ change }) => change);
  recorder.edit((document) => {
    const entry = entryOf(session, document.serial + 1, { planned, changes, left: document });
    return {
      ...document,
      history: withEntry(planned.record?.history ?? [], entry),
      guards: { ...limits, protect, prune },
      jobs_seen: planned.live.seen['job'] ?? document.jobs_seen,
      ...rulesLeft(session, { planned, unapproved }),
    };
  });
  await recorder.flush();
}

/** The inverse of an apply says nothing about rules, and neither does a run that nobody approved them for. */
function rulesLeft(
  { source, learnsRules = true }: Session,
  { planned: { context }, unapproved }: Pick<Ended, 'planned' | 'unapproved'>,
): Pick<RecordDocument, 'rules'> {
  if (source !== undefined || !learnsRules) return {};
  const rules = rulesApplied(context, unapproved);
  return Object.keys(rules).length > 0 || context.record?.rules !== undefined ? { rules } : {};
}

type Left = {
  readonly planned: Planned;
  readonly changes: readonly Pending[];
  readonly left: HistoryGround['after'];
};

function entryOf(session: Session, serial: number, { planned, changes, left }: Left): HistoryEntry {
  const { at, identity } = stampOf(session);
  const { context, record: before } = planned;
  const rulesOf = (kind: string): readonly FieldRule[] => context.kindOf(kind)?.rules ?? [];
  const ground = { before, after: left, directory: context.directory, rulesOf };
  return {
    serial,
    at: new Date(at).toISOString(),
    identity,
    changes: changes.map((change) => historyChange(change, ground)),
    ...(left === null ? { open: true } : {}),
    ...(session.source === undefined ? {} : { rolls_back: session.source.serial }),
  };
}
