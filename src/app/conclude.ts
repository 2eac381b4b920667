import type { Division } from '../core/approval.ts';
import type { OutcomeDocument } from '../core/document.ts';
import { EXIT, type ExitCode, ToolError } from '../core/errors.ts';
import { outcomeDocument } from '../report/plan-document.ts';
import type { CarriedOut } from './carry-out.ts';
import type { Result } from './plan.ts';
import type { Planned } from './planning.ts';
import type { Session } from './session.ts';

export type Conclusion = CarriedOut & {
  readonly planned: Planned;
  readonly division: Division;
  readonly wasInterrupted?: boolean;
};

/** What became of every change, and the exit code that says so. */
export function conclude(session: Session, conclusion: Conclusion): Result {
  const { planned, division, outcomes, failure } = conclusion;
  const documents = [...outcomes.map(outcomeOf), ...notRun(division)];
  const sorted = [...documents].sort((a, b) => (a.address < b.address ? -1 : 1));
  const lost =
    failure === undefined ? [] : [`the record could not be saved: ${failure.message}; run apply again`];
  // What the plan noted was said with it; some of it is not true any more, for example that there is no record.
  const notes = [...(session.source?.notes ?? []), ...lost];
  const document = { ...planned.document, notes, requests: session.client.stats(), outcomes: sorted };
  return { document, code: codeOf(conclusion) };
}

function outcomeOf({
  change,
  state,
  wrote,
  message,
  hint,
  outputs = {},
}: CarriedOut['outcomes'][number]): OutcomeDocument {
  const told = Object.keys(outputs).length > 0 ? { outputs } : {};
  return outcomeDocument({ change, state, wrote, message, hint, ...told });
}

function notRun({ heldBack, refused, blocked }: Division): readonly OutcomeDocument[] {
  const held = heldBack.map(({ change, why }) =>
    outcomeDocument({ change, state: 'held-back', wrote: false, message: why, hint: null }),
  );
  const message = 'what was approved under this address is something else';
  const hint = 'look at the plan as it is now, and approve that';
  const stopped = blocked.map(({ change, obstacle: { reason, message: why, hint: remedy = null } }) =>
    outcomeDocument({ change, state: 'blocked', wrote: false, message: why, hint: remedy, reason }),
  );
  return [
    ...held,
    ...stopped,
    ...refused.map((change) => outcomeDocument({ change, state: 'refused', wrote: false, message, hint })),
  ];
}

function codeOf(conclusion: Conclusion): ExitCode {
  const { planned, outcomes, wasInterrupted } = conclusion;
  if (wasInterrupted === true) return EXIT.interrupted;
  if (isGood(conclusion)) return planned.document.complete ? EXIT.done : EXIT.api;
  return outcomes.some(({ wrote }) => wrote) ? EXIT.partial : codeOfNothing(conclusion);
}

function isGood({ outcomes, division: { refused, blocked }, failure }: Conclusion): boolean {
  const isAsWished = outcomes.every(({ state }) => state === 'done' || state === 'already');
  return isAsWished && refused.length === 0 && blocked.length === 0 && failure === undefined;
}

/** Nothing was written. What is blocked ends as if its write had been sent and refused. */
function codeOfNothing({ outcomes, division, failure }: Conclusion): ExitCode {
  if (division.blocked.length > 0) return EXIT.permission;
  const cause = failure ?? outcomes.find(({ error }) => error instanceof ToolError)?.error;
  return cause instanceof ToolError ? cause.exitCode : EXIT.refused;
}
