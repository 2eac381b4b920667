import type { Approval, Division } from '../core/approval.ts';
import { InternalError, ToolError } from '../core/errors.ts';
import type { RecordedObject } from '../core/record.ts';
import { execute } from '../engine/execute.ts';
import type { Outcome } from '../engine/run.ts';
import { approvalOf } from './approve.ts';
import type { Planned } from './planning.ts';
import { begunOf } from './interrupted.ts';
import { applyProgress } from './progress.ts';
import { keepRecord } from './remembering.ts';
import { type Session, runName } from './session.ts';

export type Assignment = {
  readonly planned: Planned;
  readonly division: Division;
  readonly approval: Approval;
  readonly isInterrupted: () => boolean;
};

/** `failure`: the record could not be saved at the end, although the outcomes stand. */
export type CarriedOut = { readonly outcomes: readonly Outcome[]; readonly failure?: ToolError };

/** Executes what was approved, and remembers it; the caller holds the lock. */
export async function carryOut(session: Session, assignment: Assignment): Promise<CarriedOut> {
  const { planned, division, approval, isInterrupted } = assignment;
  const { clock, sleep } = session.host;
  const { recorder, fingerprint, begin, finish } = keepRecord(session, planned, [
    ...division.heldBack.map(({ change }) => change),
    ...division.refused,
  ]);
  begin(division.execute);
  const work = {
    execute: division.execute,
    planned: planned.plan.changes,
    approval: approval === 'everything' ? approvalOf(planned.document) : approval,
    orphans: planned.live.orphans,
  };
  const outcomes = await execute(work, {
    portOf: (kind) => portOf(session, kind),
    context: planned.context,
    recorder,
    remember: session.source?.from(planned.record).remember ?? asWritten,
    begun: begunOf(planned.record),
    fingerprint,
    clock,
    sleep,
    isInterrupted,
    progress: applyProgress(session.host, session.status),
    run: runName(session.host),
    isProbing: session.config.settings.test_webhooks,
  });
  return finish(outcomes).then(
    () => ({ outcomes }),
    (error: unknown) => ({ outcomes, failure: asToolError(error) }),
  );
}

function asWritten(_address: string, written: RecordedObject): RecordedObject {
  return written;
}

function portOf(session: Session, kind: string): Session['ports'][number] {
  const port = session.ports.find((one) => one.kind.name === kind);
  if (port === undefined) throw new InternalError(`there is no kind "${kind}"`);
  return port;
}

function asToolError(error: unknown): ToolError {
  return error instanceof ToolError ? error : new InternalError(String(error), { cause: error });
}
