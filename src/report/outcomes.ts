import type { OutcomeDocument, OutcomeState, PlanDocument } from '../core/document.ts';
import { type Phrase, ours, plain, say } from './phrase.ts';
import { guardsOf, workspaceOf } from './verdict.ts';
import { thousands } from './words.ts';

type StateWords = { readonly count: string; readonly heading: string; readonly next: string | null };

/** How each state is written, in the order in which a person must act on it. */
const STATE_WORDS: Readonly<Record<OutcomeState, StateWords>> = {
  failed: {
    count: 'failed',
    heading: 'Failed',
    next: 'Next: mend the cause and run the same apply again; it looks before it writes, and repeats nothing that is done',
  },
  blocked: {
    count: 'blocked',
    heading: 'Blocked: this identity may not write it, or what it needs',
    next: 'Next: clear what each of them names and run the same apply again',
  },
  refused: {
    count: 'refused',
    heading: 'Refused: something else was approved under this address',
    next: 'Next: review the new plan, and approve that',
  },
  'changed-meanwhile': {
    count: 'changed meanwhile',
    heading: 'Changed meanwhile: not what was planned on any more, so left alone',
    next: 'Next: plan again',
  },
  skipped: {
    count: 'skipped',
    heading: 'Skipped: it needs what was not done, or the run was interrupted',
    next: 'Next: run the same apply again',
  },
  'held-back': { count: 'held back', heading: 'Pending: held back', next: null },
  done: { count: 'done', heading: 'Done', next: null },
  already: { count: 'already so', heading: 'Already so when we looked', next: null },
};

const STATE_ORDER: readonly OutcomeState[] = [
  'failed',
  'blocked',
  'refused',
  'changed-meanwhile',
  'skipped',
  'held-back',
  'done',
  'already',
];

/** What a person has to look after, approvals aside. */
export const LOOSE: readonly OutcomeState[] = [
  'failed',
  'blocked',
  'refused',
  'changed-meanwhile',
  'skipped',
];

export type OutcomeGroup = StateWords & {
  readonly state: OutcomeState;
  readonly outcomes: readonly OutcomeDocument[];
};

/** Outcomes by state, what needs a person first; states that nothing has are left out. */
export function outcomeGroups(document: PlanDocument): readonly OutcomeGroup[] {
  return STATE_ORDER.map((state) => ({
    ...STATE_WORDS[state],
    state,
    outcomes: outcomesOf(document).filter((outcome) => outcome.state === state),
  })).filter(({ outcomes }) => outcomes.length > 0);
}

/** One sentence: what the apply did to which workspace. */
export function outcomesVerdictOf(document: PlanDocument): string {
  return plain(outcomesVerdictPhrase(document));
}

/** The same sentence, for a renderer that escapes in its own way. */
export function outcomesVerdictPhrase(document: PlanDocument): Phrase {
  const where = workspaceOf(document);
  const outcomes = outcomesOf(document);
  const hasWritten = outcomes.some(({ wrote }) => wrote);
  const guards = guardsOf(document);
  const counts = ours(countsOf(document));
  if (guards.length > 0 && !hasWritten) return say`Refused by ${guards}: nothing was written to ${where}`;
  if (outcomes.length === 0) return idlePhrase(document);
  if (hasLoose(outcomes)) {
    return hasWritten
      ? say`Applied to ${where} in part: ${counts}`
      : say`Nothing was written to ${where}: ${counts}`;
  }
  if (outcomes.every(({ state }) => state === 'held-back'))
    return say`Nothing was written to ${where}: ${counts}`;
  return say`Applied to ${where}: ${counts}`;
}

/** Nothing was there to be done: because all is well, or because nothing could be. */
function idlePhrase(document: PlanDocument): Phrase {
  const where = workspaceOf(document);
  if (!document.complete) return say`Nothing was written to ${where}: too little could be read`;
  const { blocked } = document.summary;
  return blocked > 0
    ? say`Nothing to apply for ${where}: ${blocked} blocked`
    : say`Nothing to do for ${where}: the workspace is what the file says`;
}

/** What a person needs to know about one outcome besides its name. */
export function remarkOf({ state, wrote, message }: OutcomeDocument): string | null {
  if (state !== 'failed') return message;
  const reached = wrote ? 'a write of it reached the workspace' : 'nothing of it was written';
  return message === null ? reached : `${message}; ${reached}`;
}

function hasLoose(outcomes: readonly OutcomeDocument[]): boolean {
  return outcomes.some(({ state }) => LOOSE.includes(state));
}

/** What was done first, as that is what the verdict tells. */
function countsOf(document: PlanDocument): string {
  const groups = outcomeGroups(document);
  const good = groups.filter(({ state }) => state === 'done' || state === 'already');
  return [...good, ...groups.filter((group) => !good.includes(group))]
    .map(({ count, outcomes }) => `${thousands(outcomes.length)} ${count}`)
    .join(', ');
}

function outcomesOf({ outcomes = [] }: PlanDocument): readonly OutcomeDocument[] {
  return outcomes;
}
