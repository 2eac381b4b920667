import { type Approval, type Division, divide, holdDependants } from '../core/approval.ts';
import { type Pending, isPending } from '../core/change.ts';
import { isApplied, rulesApplied } from '../core/coverage.ts';
import type { PlanDocument } from '../core/document.ts';
import { EXIT, RefusedError, SettingsError } from '../core/errors.ts';
import { removes } from '../core/guard.ts';
import { withhold } from '../core/withhold.ts';
import { type Denials, readDenials } from '../engine/preflight.ts';
import { missingSecrets } from '../engine/secrets.ts';
import type { Host } from '../host/host.ts';
import { approveCommand } from '../report/command.ts';
import type { Approver } from './approve.ts';
import { carryOut } from './carry-out.ts';
import { conclude } from './conclude.ts';
import { unfinished, withRest } from './interrupted.ts';
import { load } from './load.ts';
import type { ApplyOptions } from './options.ts';
import type { Result } from './plan.ts';
import { type Planned, makePlan, standing } from './planning.ts';
import { type Session, loadRecord, lockOwnerOf, openSession, writerOf } from './session.ts';

export type Assignment = {
  readonly target: string | undefined;
  readonly approver: Approver;
  /** Shown before anybody is asked, and before a refusal. */
  readonly showPlan: (document: PlanDocument) => Promise<void> | void;
  /** Lays in what the plan is made of, where that is not the file. */
  readonly prepare?: (session: Session) => Promise<Session>;
  /** Whether somebody approved rules that are new and have nothing to do; left out where whoever applies does. */
  readonly judgeRules?: (session: Session, planned: Planned) => Promise<boolean>;
};

/** Plan again, match the approval, judge the guards, execute, verify, record. */
export async function applyTarget(
  host: Host,
  options: ApplyOptions,
  { target, approver, showPlan, prepare = unprepared, judgeRules = trusting }: Assignment,
): Promise<Result> {
  const loaded = await load(host, options, target);
  const opened = await prepare(await openSession(host, options, { loaded, access: 'write' }));
  const first = await makePlan(opened, options, await loadRecord(opened));
  const session = { ...opened, learnsRules: await isToLearn(opened, first, { options, judgeRules }) };
  await showPlan(first.document);
  refuseByGuards(first);
  const hasPending = first.plan.changes.some(isPending);
  if (!hasPending && !isToRecord(session, first))
    return {
      document: { ...first.document, outcomes: [] },
      code: first.document.complete ? EXIT.done : EXIT.api,
    };
  const approval = hasPending ? await approver(session, first) : nothingIn(first);
  const approved = divisionOf(first, approval, options);
  const denials = await readDenials(approved.execute, session.ports, writerOf(session));
  session.status('');
  const division = withhold(approved, denials);
  if (division.execute.length === 0 && !isToRecord(session, first))
    return conclude(session, { planned: first, division, outcomes: [] });
  refuseWithoutSecrets(first, division.execute);
  return underLock(session, options, { planned: first, approval, denials });
}

type Judging = {
  readonly options: ApplyOptions;
  readonly judgeRules: (session: Session, planned: Planned) => Promise<boolean>;
};

/** With `--only` the plan does not show everything that a rule still wants. */
async function isToLearn(
  session: Session,
  planned: Planned,
  { options, judgeRules }: Judging,
): Promise<boolean> {
  if (options.only.length > 0) return false;
  const rules = planned.context.rules ?? [];
  const isKnown = rules.every((rule) => isApplied(rule, planned));
  return isKnown || judgeRules(session, planned);
}

function trusting(): Promise<boolean> {
  return Promise.resolve(true);
}

function unprepared(session: Session): Promise<Session> {
  return Promise.resolve(session);
}

/** What an interrupted apply was approved for stays on record. */
function nothingIn({ record, document }: Planned): Approval {
  return record?.approval ?? { digest: document.digest, ops: [] };
}

/**
 * The record is to be saved whether or not there is more to write: an apply died before it could say what it did, `moved`
 * renamed something, or a rule that has nothing to do is new.
 */
function isToRecord({ learnsRules = true }: Session, planned: Planned): boolean {
  const { record, moved } = planned;
  return unfinished(record).size > 0 || moved.length > 0 || (learnsRules && hasNewRules(planned));
}

/** What covers jobs that are to come is on record as applied. */
function hasNewRules({ context: { rules = [], record }, plan }: Planned): boolean {
  if (record === null) return false;
  const done = rulesApplied({ rules, record }, plan.changes.filter(isPending));
  return rules.some(({ key }) => done[key] !== record.rules?.[key]);
}

type Approved = { readonly planned: Planned; readonly approval: Approval; readonly denials: Denials };

/** Nothing is written before the lock is held, and what others wrote until then is planned on anew. */
async function underLock(session: Session, options: ApplyOptions, approved: Approved): Promise<Result> {
  const signal = interruption(session.host);
  try {
    const lock = await session.store.lock(lockOwnerOf(session));
    const ended = await applyLocked(session, options, { ...approved, ...signal }).catch(
      async (error: unknown) => {
        await lock.release().catch(() => undefined);
        throw error;
      },
    );
    // What was written must be told even where the lock cannot be given back.
    return await lock.release().then(
      () => ended,
      (error: unknown) => withLockLeft(ended, lock.id, error),
    );
  } finally {
    signal.stop();
  }
}

async function applyLocked(
  session: Session,
  options: ApplyOptions,
  { approval, denials, isInterrupted, planned: before }: Approved & Interruption,
): Promise<Result> {
  const planned = await replan(session, options, before);
  refuseByGuards(planned);
  const division = withhold(divisionOf(planned, approval, options), denials);
  const wasInterrupted = isInterrupted();
  const isIdle = division.execute.length === 0 && !isToRecord(session, planned);
  if (isIdle || wasInterrupted) return conclude(session, { planned, division, outcomes: [], wasInterrupted });
  refuseWithoutSecrets(planned, division.execute);
  const ran = await carryOut(session, { planned, division, approval, isInterrupted });
  return conclude(session, { planned, division, ...ran, wasInterrupted: isInterrupted() });
}

function withLockLeft({ document, code }: Result, id: string, error: unknown): Result {
  const why = error instanceof Error ? error.message : String(error);
  const note = `the lock could not be removed: ${why}; before the next apply: lakebell unlock ${id}`;
  return {
    document: { ...document, notes: [...document.notes, note] },
    code: code === EXIT.done ? EXIT.partial : code,
  };
}

async function replan(session: Session, options: ApplyOptions, planned: Planned): Promise<Planned> {
  const recorded = await loadRecord(session);
  const isSame = recorded.document?.serial === planned.record?.serial;
  return isSame ? planned : makePlan(session, options, recorded);
}

/** What may run: approved, and not held back by `--no-removals`. */
function divisionOf({ plan, record }: Planned, approval: Approval, { noRemovals }: ApplyOptions): Division {
  const division = divide(plan.changes, withRest(approval, plan.changes, record));
  if (!noRemovals) return division;
  const held = division.execute.filter(removes);
  return holdDependants({
    ...division,
    execute: division.execute.filter((change) => !removes(change)),
    heldBack: [
      ...division.heldBack,
      ...held.map((change) => ({ change, why: '--no-removals holds it back' })),
    ],
  });
}

function refuseByGuards({ refusals, document }: Planned): void {
  const open = standing(refusals);
  if (open.length === 0) return;
  const guards = open.map(({ guard }) => guard).join(', ');
  throw new RefusedError(`refused by ${guards}; nothing was written`, {
    code: 'guard',
    hint: `if it is meant: ${approveCommand(document)} ${document.digest}`,
  });
}

function refuseWithoutSecrets({ context }: Planned, changes: readonly Pending[]): void {
  const missing = missingSecrets(changes, (kind) => context.kindOf(kind)?.rules ?? []);
  if (missing.length === 0) return;
  const named = [
    ...new Set(missing.map(({ change, path, secret }) => `${change.address} ${path} ${secret.label}`)),
  ];
  const variables = [...new Set(missing.flatMap(({ secret }) => secret.variables))];
  throw new SettingsError(
    `nothing was written: it would need secrets that are not set: ${named.join('; ')}`,
    {
      code: 'secret-unavailable',
      hint: `set ${variables.join(', ')} in the environment`,
    },
  );
}

type Interruption = { readonly isInterrupted: () => boolean; readonly stop: () => void };

/** The first signal lets what is on its way finish; the lock is released and the record saved. */
function interruption(host: Host): Interruption {
  let isInterrupted = false;
  const stop = host.onInterrupt(() => {
    isInterrupted = true;
    host.err('interrupted: finishing what is on its way, then stopping\n');
  });
  return { isInterrupted: () => isInterrupted, stop };
}
