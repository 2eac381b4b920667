import type { PlanDocument } from '../core/document.ts';
import { type Alert, alertsOf } from './alerts.ts';
import { groupText } from './change-text.ts';
import { approveCommand, effort, isRefused } from './command.ts';
import { diagnosticCounts, diagnosticLines } from './diagnostics-text.ts';
import { explanationsText } from './explain.ts';
import { byVerb } from './groups.ts';
import { inert, inertName, printable } from './inert.ts';
import { type Page, type TextOptions, pageOf, spaced } from './page.ts';
import { plain } from './phrase.ts';
import { rulesText } from './rules.ts';
import { isApplicable, standingLine, verdictOf } from './verdict.ts';
import { flow, wrap } from './wrap.ts';

const FLAT = { first: '', rest: '  ' };
const ITEM = { first: '  ', rest: '    ' };
// Beyond this a terminal has scrolled the verdict away, so it is said again at the end.
const SCREEN = 50;

/** A plan for a terminal: verdict, alarms, changes by verb, findings, and how to apply it. */
export function renderPlanText(document: PlanDocument, options: TextOptions = {}): string {
  const page = pageOf(options);
  const top = [...verdictText(document, page), ...standingText(document, page)];
  const alerts = alertsOf(document).filter(({ level }) => level !== 'note');
  const middle = spaced([
    alerts.flatMap((alert) => alertText(alert, page)),
    ...byVerb(document.changes).map((group) => groupText(group, page)),
    rulesText(document, page),
    explanationsText(document.explanations ?? [], page),
    ...findingsText(document, page),
  ]);
  const again = middle.length > SCREEN ? verdictText(document, page) : [];
  return printable(spaced([top, middle, [...again, ...footerText(document, page)]]));
}

/** Findings, notes and what could not be read: the sections that a plan and its outcomes have in common. */
export function findingsText(document: PlanDocument, page: Page): readonly (readonly string[])[] {
  const { diagnostics, notes, unreadable, complete } = document;
  const sources = new Map<string, string>();
  const unread = complete ? unreadable : [];
  return [
    diagnostics.length === 0
      ? []
      : [
          page.paint.strong(diagnosticCounts(diagnostics)),
          ...diagnosticLines(diagnostics, { paint: page.paint, sources, width: page.width }),
        ],
    unread.flatMap(({ what, why, identity }) =>
      wrap(`Not readable: ${inertName(what)}: ${inert(why)} (as ${inertName(identity)})`, page.width, FLAT),
    ),
    notes.flatMap((note) => wrap(`Note: ${inert(note)}`, page.width, FLAT)),
  ];
}

export function alertText({ level, title, lines }: Alert, { paint, width }: Page): readonly string[] {
  const brush = level === 'caution' ? paint.error : paint.warning;
  const [head = '', ...more] = wrap(`! ${plain(title)}`, width, FLAT);
  return [
    ...[head, ...more].map((line) => brush(line)),
    ...lines.flatMap((line) => wrap(plain(line), width, { first: '    ', rest: '      ' })),
  ];
}

/** Broken between its counts, not between a figure and its word. */
export function sentence(text: string, width: number): readonly string[] {
  return flow(text.split(/(?<=[,:]) /u), ' ', { width, indent: FLAT });
}

/** The command to copy, its digest on a line of its own. */
export function commandText(document: PlanDocument, digest: string, page: Page): readonly string[] {
  return [...wrap(`${approveCommand(document)} \\`, page.width, ITEM), `    ${inertName(digest)}`];
}

function verdictText(document: PlanDocument, { paint, width }: Page): readonly string[] {
  return sentence(verdictOf(document), width).map((line) => paint.strong(line));
}

function standingText({ summary }: PlanDocument, { width }: Page): readonly string[] {
  const standing = standingLine(summary);
  return standing === '' ? [] : wrap(standing, width, FLAT);
}

function footerText(document: PlanDocument, page: Page): readonly string[] {
  const spent = page.paint.faint(`${effort(document)}, as ${inertName(document.workspace.identity)}`);
  if (!isApplicable(document) || page.ending === 'cost') return [spent];
  const lead = isRefused(document) ? 'If that is meant, apply exactly this with:' : 'To apply exactly this:';
  return [lead, ...commandText(document, document.digest, page), spent];
}
