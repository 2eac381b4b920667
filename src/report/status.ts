import type { OutcomeDocument, PlanDocument } from '../core/document.ts';
import { clipTexts, firstOf } from './detail.ts';
import { isRefused } from './command.ts';
import { codeSpan, ownLink, prose } from './escape.ts';
import { minuteOf } from './moment.ts';
import { LOOSE, outcomeGroups, outcomesVerdictPhrase, remarkOf } from './outcomes.ts';
import { type Phrase, markdown, message, say } from './phrase.ts';
import type { Reference } from './review.ts';
import { refusing } from './verdict.ts';

/** How far an apply is with one target. */
export type Status =
  | { readonly is: 'applying' }
  | { readonly is: 'ended'; readonly document: PlanDocument }
  /** Stopped before it could say what became of every change. */
  | { readonly is: 'stopped'; readonly message: string; readonly hint: string | null };

export type StatusOptions = {
  readonly run: Reference | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether what needs a person is listed, or only counted. */
  readonly isListed: boolean;
};

/** The lines that an apply writes over a plan that was posted: how it went, and what is left for a person. */
export function statusMarkdown(status: Status, { run, at, isListed }: StatusOptions): readonly string[] {
  const time = minuteOf(at);
  const where = [time, ...(run === null ? [] : [ownLink(run.label, run.url)])].join(' · ');
  const { icon, verdict, items } = wordsOf(clipTexts(status, LONGEST));
  const line = `${icon} **${markdown(verdict)}** · ${where}`;
  return isListed && items.length > 0 ? [line, '', ...firstOf(items, MOST)] : [line];
}

/** What stands in the place of what the merge will do, once it does. */
export function outlookAfter(status: Status): readonly string[] {
  return [status.is === 'applying' ? 'Merged; being applied.' : 'Merged; how it went is said at the top.'];
}

const LONGEST = 300;
const MOST = 10;

type Words = { readonly icon: string; readonly verdict: Phrase; readonly items: readonly string[] };

function wordsOf(status: Status): Words {
  switch (status.is) {
    case 'applying':
      return { icon: '⏳', verdict: say`Applying`, items: [] };
    case 'stopped':
      return {
        icon: '⛔',
        verdict: say`Not applied: ${message(status.message)}`,
        items: status.hint === null ? [] : [`- ${prose(status.hint)}`],
      };
    case 'ended': {
      const { document } = status;
      return { icon: iconOf(document), verdict: outcomesVerdictPhrase(document), items: itemsOf(document) };
    }
  }
}

/** What a status begins with that nothing has to be added to. */
export const DONE_ICON = '✅';

function iconOf(document: PlanDocument): string {
  const { outcomes = [], complete } = document;
  if (isRefused(document)) return '⛔';
  if (!complete || notesOf(document).length > 0) return '⚠️';
  if (outcomes.some(({ state }) => LOOSE.includes(state))) return '⚠️';
  return outcomes.some(({ state }) => state === 'held-back') ? '⏸️' : DONE_ICON;
}

function itemsOf(document: PlanDocument): readonly string[] {
  const loose = outcomeGroups(document).filter(({ state }) => LOOSE.includes(state) || state === 'held-back');
  return [
    ...refusing(document).map(({ guard, message: why }) => `- ${codeSpan(guard)}: ${prose(why)}`),
    ...notesOf(document).map((note) => `- ${prose(note)}`),
    ...loose.flatMap(({ count, outcomes }) => outcomes.map((outcome) => itemOf(count, outcome))),
  ];
}

/** What went wrong around the changes, for example that the record was not saved. Without outcomes they are the plan's. */
function notesOf({ outcomes = [], notes }: PlanDocument): readonly string[] {
  return outcomes.length === 0 ? [] : notes;
}

function itemOf(count: string, outcome: OutcomeDocument): string {
  const remark = remarkOf(outcome);
  const said = remark === null ? '' : `: ${prose(remark)}`;
  // Whoever may give the permission reads it here, and not the log.
  const { state, hint } = outcome;
  const remedy = state === 'blocked' && hint !== null ? ` (${prose(hint)})` : '';
  return `- ${count}: ${codeSpan(outcome.display)} · ${codeSpan(outcome.address)}${said}${remedy}`;
}
