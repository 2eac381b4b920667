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

function notRun({ heldBack, refused }: Division): readonly OutcomeDocument[] {
  const held = heldBack.map(({ change, why }) =>
    outcomeDocument({ change, state: 'held-back', wrote: false, message: why, hint: null }),
  );
  const message = 'what was approved under this address is something else';
  const hint = 'look at the plan as it is now, and approve that';
  return [
    ...held,
    ...refused.map((change) => outcomeDocument({ change, state: 'refused', wrote: false, message, hint })),
  ];
}

function codeOf({ planned, outcomes, division, failure, wasInterrupted }: Conclusion): ExitCode {
  if (wasInterrupted === true) return EXIT.interrupted;
  const bad = outcomes.filter(({ state }) => state !== 'done' && state !== 'already');
  if (bad.length === 0 && division.refused.length === 0 && failure === undefined) {
    return planned.document.complete ? EXIT.done : EXIT.api;
  }
  if (outcomes.some(({ wrote }) => wrote)) return EXIT.partial;
  const cause = failure ?? bad.find(({ error }) => error instanceof ToolError)?.error;
  return cause instanceof ToolError ? cause.exitCode : EXIT.refused;
}
