import type { ChangeDocument, PlanDocument } from '../core/document.ts';
import { foldsOf, alikeInMarkdown, namesMarkdown, type MarkdownOptions } from './change-markdown.ts';
import { groupText } from './change-text.ts';
import { approveCommand, effort } from './command.ts';
import { EVERYTHING, clipTexts, firstOf } from './detail.ts';
import { codeSpan, prose } from './escape.ts';
import { byVerb } from './groups.ts';
import { explanationsText } from './explain.ts';
import { inertName, printable } from './inert.ts';
import { type Page, type TextOptions, pageOf, spaced } from './page.ts';
import { type Phrase, markdown, ours, plain, say } from './phrase.ts';
import { commandText, findingsText, sentence } from './text.ts';
import { workspaceOf } from './verdict.ts';
import { type Headings, plural } from './words.ts';
import { wrap } from './wrap.ts';

/** What the changes of a drift report are called: nobody is going to do them, somebody has. */
export const DRIFT_HEADINGS: Headings = {
  create: 'Not covered yet',
  update: 'Edited by hand',
  delete: 'Deleted by hand',
};

/** One sentence: what somebody did by hand in which workspace. */
export function driftPhrase(document: PlanDocument): Phrase {
  const where = workspaceOf(document);
  const { edited, deleted, uncovered } = document.drift ?? { edited: 0, deleted: 0, uncovered: 0 };
  if (!document.complete) return say`No conclusion about drift in ${where}: too little could be read`;
  if (edited + deleted + uncovered === 0) {
    return document.unreadable.length > 0
      ? say`No conclusion about drift in ${where}: not everything could be read`
      : say`No drift in ${where}`;
  }
  const counts = [
    ...(edited > 0 ? [`${plural(edited, 'object')} edited by hand`] : []),
    ...(deleted > 0 ? [`${plural(deleted, 'object')} deleted by hand`] : []),
    ...(uncovered > 0 ? [`${plural(uncovered, 'object')} that rules do not cover yet`] : []),
  ];
  return say`Drift in ${where}: ${ours(counts.join(', '))}`;
}

/** For a terminal: what was done by hand, then the three ways on. */
export function renderDriftText(document: PlanDocument, options: TextOptions = {}): string {
  const page = pageOf({ ...options, headings: DRIFT_HEADINGS });
  const verdict = sentence(plain(driftPhrase(document)), page.width);
  return printable(
    spaced([
      verdict.map((line) => page.paint.strong(line)),
      ...byVerb(document.changes.map(unremarked)).map((group) => groupText(group, page)),
      waysText(document, page),
      explanationsText(document.explanations ?? [], page),
      ...findingsText(document, page),
      [page.paint.faint(`${effort(document)}, as ${inertName(document.workspace.identity)}`)],
    ]),
  );
}

/** As a page of its own, for `--format markdown`. */
export function renderDriftMarkdown(document: PlanDocument): string {
  const sections = [
    [`### ${markdown(driftPhrase(document))}`],
    ...driftMarkdownSections(document, {}),
    [`<sub>${effort(document)}, as ${codeSpan(document.workspace.identity)}</sub>`],
  ];
  return `${spaced(sections).join('\n')}\n`;
}

/** As Markdown: names, folds, notes; the heading and the ways on are the page's. */
export function driftMarkdownSections(
  document: PlanDocument,
  options: MarkdownOptions,
): readonly (readonly string[])[] {
  const { detail = EVERYTHING } = options;
  const changes = document.changes.map(unremarked);
  const groups = byVerb(changes);
  const folds = foldsOf(alikeInMarkdown(changes), detail, DRIFT_HEADINGS);
  const notes = clipTexts(document.notes, detail.text).map((note) => `- Note: ${prose(note)}`);
  return [
    ...groups.map((group) => namesMarkdown(group, { ...options, headings: DRIFT_HEADINGS })),
    ...folds.map(({ render }) => render(folds.length <= FEW)),
    firstOf(notes, detail.items),
  ];
}

/** That it was changed by hand goes without saying here; that the file changed as well does not. */
function unremarked(change: ChangeDocument): ChangeDocument {
  const fields = change.fields.map((field) =>
    field.origin === 'both' ? field : { ...field, drifted: false },
  );
  return { ...change, fields };
}

const FEW = 5;

function waysText(document: PlanDocument, page: Page): readonly string[] {
  if (document.changes.length === 0) return [];
  // Nobody did anything by hand: there is nothing to take over, and nothing to be left.
  if (isOnlyUncovered(document)) {
    return ['To cover them:', ...commandText(document, document.digest, page)];
  }
  const item = (text: string): readonly string[] => wrap(text, page.width, { first: '  - ', rest: '    ' });
  return [
    'Three ways on:',
    ...item(`put it back: ${approveCommand(document)} ${inertName(document.digest)}`),
    ...item('take it over into the file: lakebell drift --accept'),
    ...item('leave it for a while: settings.mutes'),
  ];
}

/** Whether all that is told is that rules have not reached everything yet. */
export function isOnlyUncovered({ drift }: PlanDocument): boolean {
  return drift !== undefined && drift.uncovered > 0 && drift.edited + drift.deleted === 0;
}
