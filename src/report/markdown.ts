import type { ChangeDocument, DiagnosticDocument, PlanDocument } from '../core/document.ts';
import { type Alert, alertsOf } from './alerts.ts';
import {
  type MarkdownOptions,
  alikeInMarkdown,
  foldsOf,
  itemMarkdown,
  namesMarkdown,
  placeMarkdown,
} from './change-markdown.ts';
import { approveCommand, effort, isRefused } from './command.ts';
import { comparePlaces, diagnosticCounts } from './diagnostics-text.ts';
import { type Detail, EVERYTHING, andMore, clipTexts, firstOf } from './detail.ts';
import { codeSpan, fenced, prose } from './escape.ts';
import { explanationsMarkdown } from './explain.ts';
import { type VerbGroup, byVerb } from './groups.ts';
import { inertName } from './inert.ts';
import { spaced } from './page.ts';
import { markdown } from './phrase.ts';
import { rulesMarkdown } from './rules.ts';
import { countsLine, headlinePhrase, isApplicable } from './verdict.ts';
import { plural, thousands } from './words.ts';

/** The sections of a plan as Markdown, each a list of lines, so that a page can put its own between them. */
export type MarkdownParts = {
  readonly heading: readonly string[];
  readonly counts: readonly string[];
  readonly alerts: readonly string[];
  readonly names: readonly string[];
  readonly rules: readonly string[];
  readonly folds: readonly string[];
  readonly leftAlone: readonly string[];
  readonly findings: readonly string[];
  readonly footer: readonly string[];
};

/** A plan as GitHub Markdown: verdict, counts, alert blocks, names by verb, a fold per change, what is left alone, footer. */
export function renderPlanMarkdown(document: PlanDocument, options: MarkdownOptions = {}): string {
  const parts = planMarkdownParts(document, options);
  const { heading, counts, alerts, names, rules, folds, leftAlone, findings, footer } = parts;
  const explained = explanationsMarkdown(document.explanations ?? []);
  return `${spaced([heading, counts, alerts, names, rules, explained, folds, leftAlone, findings, footer]).join('\n')}\n`;
}

export function planMarkdownParts(whole: PlanDocument, options: MarkdownOptions = {}): MarkdownParts {
  const { detail = EVERYTHING } = options;
  const { verbs, alike, alerts, noted } = sortedOut(whole);
  // Of a list only what is shown is cut: most of it is not, where there is much.
  const document = clipTexts({ ...whole, changes: [] }, detail.text);
  return {
    heading: [`### ${markdown(headlinePhrase(document))}`],
    counts: [countsLine(document.summary)],
    alerts: spaced(clipTexts(alerts, detail.text).map((alert) => alertMarkdown(alert, detail))),
    names: spaced(verbs.map((group) => namesMarkdown(group, options))),
    rules: rulesMarkdown(document, options),
    folds: foldsMarkdown(alike, detail),
    leftAlone: leftAloneMarkdown(document, noted, options),
    findings: spaced([
      findingsMarkdown(document.diagnostics, options),
      notesMarkdown(document.notes, detail),
    ]),
    footer: footerMarkdown(document),
  };
}

/** A plan in the order in which it is read. */
type SortedOut = {
  readonly verbs: readonly VerbGroup[];
  readonly alike: readonly (readonly ChangeDocument[])[];
  readonly alerts: readonly Alert[];
  readonly noted: readonly ChangeDocument[];
};

const KNOWN = new WeakMap<PlanDocument, SortedOut>();

/** A plan that is too long for a page is laid out several times; which of its changes are alike is asked once. */
function sortedOut(document: PlanDocument): SortedOut {
  const known = KNOWN.get(document);
  if (known !== undefined) return known;
  const verbs = byVerb(document.changes.filter(({ verb }) => verb !== 'noop'));
  const made = {
    verbs,
    alike: alikeInMarkdown(verbs.flatMap(({ changes }) => changes)),
    alerts: alertsOf(document),
    noted: document.changes.filter(({ verb }) => verb === 'noop'),
  };
  KNOWN.set(document, made);
  return made;
}

export function alertMarkdown(
  { level, title, lines }: Alert,
  { items: most }: Detail = EVERYTHING,
): readonly string[] {
  // Even where there is no room the first line is said: of a refusal it is the reason.
  const shown = lines.slice(0, Math.max(1, most)).map((line) => `- ${markdown(line)}`);
  const items = [...shown, ...andMore(lines.length - shown.length)].map((line) => `> ${line}`);
  return [
    `> [!${level.toUpperCase()}]`,
    `> **${markdown(title)}**`,
    ...(items.length === 0 ? [] : ['>', ...items]),
  ];
}

/** Warnings and errors of the configuration, with their places; a fold where none is an error. */
export function findingsMarkdown(
  diagnostics: readonly DiagnosticDocument[],
  options: MarkdownOptions,
): readonly string[] {
  if (diagnostics.length === 0) return [];
  const { items: most } = options.detail ?? EVERYTHING;
  if (most === 0) return [diagnosticCounts(diagnostics)];
  const all = [...diagnostics].sort(comparePlaces).map((diagnostic) => findingMarkdown(diagnostic, options));
  const items = firstOf(all, most);
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  return fold(diagnosticCounts(diagnostics), items, hasErrors);
}

/** What is worth knowing about the run. */
export function notesMarkdown(
  notes: readonly string[],
  { items: most }: Detail = EVERYTHING,
): readonly string[] {
  return most === 0
    ? []
    : firstOf(
        notes.map((note) => `- Note: ${prose(note)}`),
        most,
      );
}

// Short plans are read without a click.
const LINES_SHOWN = 24;

function foldsMarkdown(alike: readonly (readonly ChangeDocument[])[], detail: Detail): readonly string[] {
  const folds = foldsOf(alike, detail);
  const isShort = folds.reduce((sum, { lines }) => sum + lines, 0) <= LINES_SHOWN;
  return spaced(folds.map(({ render }) => render(isShort)));
}

function leftAloneMarkdown(
  { summary, unreadable, complete }: PlanDocument,
  noted: readonly ChangeDocument[],
  options: MarkdownOptions,
): readonly string[] {
  const { items: most, text } = options.detail ?? EVERYTHING;
  const unread = complete ? unreadable : [];
  const count = noted.length + unread.length + summary.foreign;
  const items = [
    ...clipTexts(noted.slice(0, most + 1), text).flatMap((change) => [
      itemMarkdown(change, options),
      ...change.notes.map((note) => `  - ${prose(note)}`),
    ]),
    ...unread.map(
      ({ what, why, identity }) =>
        `- ${codeSpan(what)} is not readable: ${prose(why)} (as ${codeSpan(identity)})`,
    ),
    ...(summary.foreign > 0
      ? [`- ${plural(summary.foreign, 'object is', 'objects are')} not in the file`]
      : []),
  ];
  const title = `Left alone, and why (${thousands(count)})`;
  if (items.length === 0) return [];
  return most === 0 ? [title] : fold(title, firstOf(items, most), false);
}

function findingMarkdown(diagnostic: DiagnosticDocument, options: MarkdownOptions): string {
  const { severity, message, hint, file, line } = diagnostic;
  const place =
    file === null ? '' : `${line === null ? codeSpan(file) : placeMarkdown(file, line, options)} · `;
  return `- ${place}**${severity}:** ${prose(message)}${hint === null ? '' : ` (${prose(hint)})`}`;
}

function fold(summary: string, body: readonly string[], isOpen: boolean): readonly string[] {
  return [`<details${isOpen ? ' open' : ''}><summary>${summary}</summary>`, '', ...body, '', '</details>'];
}

function footerMarkdown(document: PlanDocument): readonly string[] {
  const spent = `<sub>${effort(document)}, as ${codeSpan(document.workspace.identity)}</sub>`;
  if (!isApplicable(document)) return [spent];
  const command = [`${approveCommand(document)} \\`, `  ${inertName(document.digest)}`];
  const summary = isRefused(document)
    ? 'If that is meant, apply exactly this'
    : 'Apply exactly this from a terminal';
  const digest = `Digest ${codeSpan(document.digest)}`;
  return spaced([[digest], fold(summary, fenced('sh', command), false), [spent]]);
}
