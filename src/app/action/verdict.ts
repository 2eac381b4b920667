import type { PlanDocument } from '../../core/document.ts';
import { EXIT, type ExitCode } from '../../core/errors.ts';
import { pendingCount } from '../../report/verdict.ts';
import { worst } from '../each-target.ts';
import { type Part, diagnosticsOf, documentOf } from './part.ts';
import type { ActionSettings, FailOn, Mode } from './settings.ts';

/** Why a run is red although nothing broke. */
export type Objection = { readonly code: ExitCode; readonly why: string };

type Rules = Pick<ActionSettings, 'failOn'> & { readonly mode: Mode };

/** The exit code of the whole run. It follows from what was planned and applied alone, never from a comment or a check. */
export function codeOf(rules: Rules, parts: readonly Part[]): ExitCode {
  return worst(
    parts.flatMap((part) => [ownCode(rules, part), ...objections(rules, part).map(({ code }) => code)]),
  );
}

export function isRed(rules: Rules, part: Part): boolean {
  return codeOf(rules, [part]) !== EXIT.done;
}

/** What the input `fail-on` objects to. */
export function objections({ mode, failOn }: Rules, part: Part): readonly Objection[] {
  const found = failOn.map((what) => [what, FOUND[what](part, mode)] as const);
  return found.flatMap(([what, count]) =>
    count === 0 ? [] : [{ code: CODES[what], why: `fail-on: ${what} (${count})` }],
  );
}

/** A refused plan is red only where somebody asks for it; an apply that was refused always is, or it would pass for applied. */
function ownCode({ mode, failOn }: Rules, { code }: Part): ExitCode {
  const isTolerated = code === EXIT.refused && mode !== 'apply' && !failOn.includes('refusal');
  // Whether drift is red is for fail-on to say.
  return isTolerated || (mode === 'drift' && code === EXIT.pending) ? EXIT.done : code;
}

const CODES: Readonly<Record<FailOn, ExitCode>> = {
  refusal: EXIT.refused,
  drift: EXIT.pending,
  blocked: EXIT.refused,
  pending: EXIT.pending,
  lint: EXIT.config,
};

const FOUND: Readonly<Record<FailOn, (part: Part, mode: Mode) => number>> = {
  // Its exit code says so already.
  refusal: () => 0,
  // What an apply found edited by hand it has put back.
  drift: (part, mode) => (mode === 'apply' ? 0 : (documentOf(part)?.summary.drifted ?? 0)),
  blocked: (part) => blockedIn(documentOf(part)),
  pending: (part, mode) => pendingOf(part, mode),
  lint: (part) => diagnosticsOf(part).filter(({ severity }) => severity === 'warning').length,
};

/** What the plan blocks, and what its apply had to. */
function blockedIn(document: PlanDocument | null): number {
  if (document === null) return 0;
  const { summary, outcomes = [] } = document;
  return summary.blocked + outcomes.filter(({ state }) => state === 'blocked').length;
}

/** What is left to be applied: of a plan all of it, of an apply what was not done. */
export function pendingOf(part: Part, mode: Mode): number {
  const document = documentOf(part);
  if (document === null) return 0;
  if (mode !== 'apply' || document.outcomes === undefined) return pendingCount(document.summary);
  return document.outcomes.filter(({ state }) => state !== 'done' && state !== 'already').length;
}
