import type { OutcomeDocument, PlanDocument } from '../core/document.ts';
import { alertsOf } from './alerts.ts';
import type { MarkdownOptions } from './change-markdown.ts';
import { approveCommand, effort } from './command.ts';
import { EVERYTHING, andMore, clipTexts } from './detail.ts';
import { codeSpan, fenced, prose } from './escape.ts';
import { inertName } from './inert.ts';
import { alertMarkdown, findingsMarkdown, notesMarkdown } from './markdown.ts';
import { type OutcomeGroup, outcomeGroups, outcomesVerdictPhrase, remarkOf } from './outcomes.ts';
import { isRefusal } from './outcomes-text.ts';
import { spaced } from './page.ts';
import { markdown } from './phrase.ts';
import { thousands } from './words.ts';

export type OutcomesMarkdownOptions = MarkdownOptions & {
  /** The digest that would approve what was held back. */
  readonly approve?: string;
};

/** What an apply did, as GitHub Markdown: verdict, what needs a person, then what is done, folded. */
export function renderOutcomesMarkdown(
  document: PlanDocument,
  options: OutcomesMarkdownOptions = {},
): string {
  const { verdict, sections } = outcomesMarkdownParts(document, options);
  const cost = `<sub>${effort(document)}, as ${codeSpan(document.workspace.identity)}</sub>`;
  return `${spaced([[`### ${verdict}`], ...sections, [cost]]).join('\n')}\n`;
}

export type OutcomesMarkdownParts = {
  readonly verdict: string;
  readonly sections: readonly (readonly string[])[];
};

export function outcomesMarkdownParts(
  whole: PlanDocument,
  options: OutcomesMarkdownOptions = {},
): OutcomesMarkdownParts {
  const { detail = EVERYTHING } = options;
  const document = clipTexts(whole, detail.text);
  return {
    verdict: markdown(outcomesVerdictPhrase(document)),
    sections: [
      ...alertsOf(document)
        .filter(isRefusal)
        .map((alert) => alertMarkdown(alert, detail)),
      ...outcomeGroups(document).map((group) => groupMarkdown(group, document, options)),
      findingsMarkdown(document.diagnostics, options),
      notesMarkdown(document.notes, detail),
    ],
  };
}

const LEVELS = {
  failed: 'CAUTION',
  blocked: 'CAUTION',
  refused: 'CAUTION',
  'changed-meanwhile': 'WARNING',
  skipped: 'WARNING',
} as const;

function groupMarkdown(
  group: OutcomeGroup,
  document: PlanDocument,
  options: OutcomesMarkdownOptions,
): readonly string[] {
  const { state, heading, next, outcomes } = group;
  const title = `${heading} (${thousands(outcomes.length)})`;
  const { names: most } = options.detail ?? EVERYTHING;
  const shown = outcomes.slice(0, most).map(outcomeMarkdown);
  const items = [...shown, ...andMore(outcomes.length - shown.length)];
  if (state === 'done' || state === 'already') {
    return [`<details><summary>${title}</summary>`, '', ...items, '', '</details>'];
  }
  if (state === 'held-back') return [`**${title}**`, '', ...items, ...approveMarkdown(document, options)];
  return [
    `> [!${LEVELS[state]}]`,
    `> **${title}**`,
    '>',
    ...[...items, '', next ?? ''].map((line) => `> ${line}`.trimEnd()),
  ];
}

function approveMarkdown(document: PlanDocument, { approve }: OutcomesMarkdownOptions): readonly string[] {
  if (approve === undefined) return [];
  const command = [`${approveCommand(document)} \\`, `  ${inertName(approve)}`];
  return ['', 'To approve and apply these:', '', ...fenced('sh', command)];
}

function outcomeMarkdown(outcome: OutcomeDocument): string {
  const remark = remarkOf(outcome);
  const said = remark === null ? '' : `: ${prose(remark)}`;
  const hint = outcome.hint === null ? '' : ` (${prose(outcome.hint)})`;
  return `- ${outcome.verb} ${codeSpan(outcome.display)} · ${codeSpan(outcome.address)}${said}${hint}`;
}
