import type { OutcomeDocument, PlanDocument } from '../core/document.ts';
import { type Alert, alertsOf } from './alerts.ts';
import { effort } from './command.ts';
import { inert, inertName, printable } from './inert.ts';
import { type OutcomeGroup, outcomeGroups, outcomesVerdictOf, remarkOf } from './outcomes.ts';
import { type Page, type TextOptions, pageOf, spaced } from './page.ts';
import { alertText, commandText, findingsText, sentence } from './text.ts';
import { thousands, VERB_WORDS } from './words.ts';
import { columns, flow, wrap } from './wrap.ts';

export type OutcomesTextOptions = TextOptions & {
  /** The digest that would approve what was held back. */
  readonly approve?: string;
};

/** What an apply did, for a terminal: verdict, then what needs a person, then what is done. */
export function renderOutcomesText(document: PlanDocument, options: OutcomesTextOptions = {}): string {
  const page = pageOf(options);
  const verdict = sentence(outcomesVerdictOf(document), page.width);
  const stops = alertsOf(document).filter(isRefusal);
  const spent = page.paint.faint(`${effort(document)}, as ${inertName(document.workspace.identity)}`);
  return printable(
    spaced([
      verdict.map((line) => page.paint.strong(line)),
      stops.flatMap((alert) => alertText(alert, page)),
      ...outcomeGroups(document).map((group) =>
        groupText(group, document, { ...page, approve: options.approve }),
      ),
      ...findingsText(document, page),
      [spent],
    ]),
  );
}

/** Of the alerts of a plan, the ones that still matter once it was applied. */
export function isRefusal({ level }: Alert): boolean {
  return level === 'caution';
}

type OutcomesPage = Page & { readonly approve: string | undefined };

// What is done was shown as a plan before; a long list of it hides the verdict.
const DONE_SHOWN = 20;

function groupText(group: OutcomeGroup, document: PlanDocument, page: OutcomesPage): readonly string[] {
  const { heading, next, outcomes, state } = group;
  const isGood = state === 'done' || state === 'already';
  const shown = isGood && !page.verbose ? outcomes.slice(0, DONE_SHOWN) : outcomes;
  const more = outcomes.length - shown.length;
  const title = `${heading} (${thousands(outcomes.length)})`;
  return [
    ...wrap(title, page.width, { first: '', rest: '  ' }).map((line) => titlePaint(group, page)(line)),
    ...shown.flatMap((outcome) => outcomeText(outcome, page)),
    ...(more > 0 ? [`  and ${thousands(more)} more (--verbose lists them)`] : []),
    ...(next === null ? [] : wrap(next, page.width, { first: '  ', rest: '    ' })),
    ...(state === 'held-back' ? approveText(document, page) : []),
  ];
}

function approveText(document: PlanDocument, page: OutcomesPage): readonly string[] {
  if (page.approve === undefined) return [];
  return ['  To approve and apply these:', ...commandText(document, page.approve, page)];
}

function titlePaint({ state }: OutcomeGroup, { paint }: Page): (line: string) => string {
  if (state === 'done' || state === 'already') return paint.added;
  return state === 'failed' || state === 'refused' || state === 'blocked' ? paint.error : paint.warning;
}

function outcomeText(outcome: OutcomeDocument, { width }: Page): readonly string[] {
  const { verb, display, address, hint } = outcome;
  const head = [`${VERB_WORDS[verb].sign} ${inertName(display) || '""'}`, inertName(address)];
  const remark = remarkOf(outcome);
  const line = `  ${[...head, verb].join('  ')}${remark === null ? '' : `: ${inert(remark)}`}`;
  const body = { first: '      ', rest: '        ' };
  const isShort = columns(line) <= width;
  return [
    ...(isShort ? [line] : flow([...head, verb], '  ', { width, indent: { first: '  ', rest: '      ' } })),
    ...(isShort || remark === null ? [] : wrap(inert(remark), width, body)),
    ...(hint === null ? [] : wrap(`hint: ${inert(hint)}`, width, body)),
    ...Object.entries(outcome.outputs ?? {}).flatMap(([name, value]) =>
      wrap(`${inert(name)}: ${inert(value)}`, width, body),
    ),
  ];
}
