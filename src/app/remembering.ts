import type { Pending } from '../core/change.ts';
import type { HistoryEntry, RecordDocument } from '../core/record.ts';
import { Recorder } from '../engine/recorder.ts';
import type { Ports, Outcome } from '../engine/run.ts';
import { fingerprint } from '../record/fingerprint.ts';
import { emptyRecord, stampRecord } from '../record/record.ts';
import { recordable } from '../core/diff.ts';
import type { Planned } from './planning.ts';
import { type Session, stampOf } from './session.ts';

/** Applies that a record remembers for `history` and `rollback`. */
const MAX_HISTORY = 20;

export type Keeper = {
  readonly recorder: Recorder;
  readonly fingerprint: Ports['fingerprint'];
  /** Lays in what is about to be written; the first save takes it along. */
  readonly begin: (changes: readonly Pending[]) => void;
  /** Lays in what concerns the run as a whole, and saves for the last time. */
  readonly finish: (outcomes: readonly Outcome[]) => Promise<void>;
};

/** The record of this run: where nothing is remembered, edits go nowhere. */
export function keepRecord(session: Session, planned: Planned): Keeper {
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
    begin: (changes) => begin(recorder, session, changes),
    finish: (outcomes) => finish(recorder, session, { planned, outcomes }),
  };
}

type Ended = { readonly planned: Planned; readonly outcomes: readonly Outcome[] };

/**
 * Saved with the intents, before the first write: a run that dies leaves word of what it was about to do. Its serial is the
 * one that it started from, which tells it from the entry of a run that came to an end.
 */
function begin(recorder: Recorder, session: Session, changes: readonly Pending[]): void {
  recorder.edit((document) =>
    withEntry(document, document.history, entryOf(session, document.serial, changes)),
  );
}

async function finish(recorder: Recorder, session: Session, { planned, outcomes }: Ended): Promise<void> {
  const { limits, protect, prune } = session.config.settings;
  const written = outcomes.filter(({ wrote }) => wrote).map(({ change }) => change);
  recorder.edit((document) => ({
    ...withEntry(document, planned.record?.history ?? [], entryOf(session, document.serial + 1, written)),
    guards: { ...limits, protect, prune },
    jobs_seen: planned.live.seen['job'] ?? document.jobs_seen,
  }));
  await recorder.flush();
}

function withEntry(
  document: RecordDocument,
  history: readonly HistoryEntry[],
  entry: HistoryEntry,
): RecordDocument {
  return { ...document, history: [...history, entry].slice(-MAX_HISTORY) };
}

function entryOf(session: Session, serial: number, changes: readonly Pending[]): HistoryEntry {
  const { at, identity } = stampOf(session);
  const entries = changes.map(({ address, verb, fields }) => ({
    address,
    verb,
    before: Object.fromEntries(fields.map(({ path, before }) => [path, recordable(before)])),
    after: Object.fromEntries(fields.map(({ path, after }) => [path, recordable(after)])),
  }));
  return { serial, at: new Date(at).toISOString(), identity, changes: entries };
}
