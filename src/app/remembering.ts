import type { HistoryEntry } from '../core/record.ts';
import type { Scalar } from '../core/value.ts';
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
    finish: (outcomes) => finish(recorder, session, { planned, outcomes }),
  };
}

type Ended = { readonly planned: Planned; readonly outcomes: readonly Outcome[] };

async function finish(recorder: Recorder, session: Session, { planned, outcomes }: Ended): Promise<void> {
  const { limits, protect, prune } = session.config.settings;
  recorder.edit((document) => ({
    ...document,
    guards: { ...limits, protect, prune },
    jobs_seen: planned.live.seen['job'] ?? document.jobs_seen,
    history: [...document.history, entryOf(session, document.serial + 1, outcomes)].slice(-MAX_HISTORY),
  }));
  await recorder.flush();
}

function entryOf(session: Session, serial: number, outcomes: readonly Outcome[]): HistoryEntry {
  const { at, identity } = stampOf(session);
  const changes = outcomes
    .filter(({ wrote }) => wrote)
    .map(({ change: { address, verb, fields } }) => ({
      address,
      verb,
      before: Object.fromEntries(fields.map(({ path, before }) => [path, recordable(before) as Scalar])),
      after: Object.fromEntries(fields.map(({ path, after }) => [path, recordable(after) as Scalar])),
    }));
  return { serial, at: new Date(at).toISOString(), identity, changes };
}
