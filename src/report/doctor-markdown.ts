import {
  type DoctorDocument,
  type FindingDocument,
  type FindingStatus,
  type Snippet,
} from '../core/doctor.ts';
import { findingCounts, GROUP_HEADINGS, isSignInAtFault, subjectOf } from './doctor.ts';
import { codeSpan, fenced, prose, summaryCode } from './escape.ts';
import { inert, printable } from './inert.ts';
import { spaced } from './page.ts';
import { plural } from './words.ts';

/** For a job summary: what needs somebody first, and the rest folded. */
export function renderDoctorMarkdown(document: DoctorDocument): string {
  const { findings } = document;
  const loud = LOUD.flatMap((status) => findings.filter((finding) => finding.status === status));
  const quiet = findings.filter(({ status }) => status === 'ok');
  const icon = document.healthy ? (loud.length === 0 ? '✅' : '⚠️') : '⛔';
  const all = loud.length === 0 ? ['Nothing needs to be done.'] : [];
  return printable(
    spaced([
      [`### ${icon} lakebell doctor: ${findingCounts(document)}`],
      [`For ${prose(subjectOf(document))}${asWhom(document)}.`],
      all,
      ...loud.map(findingLines),
      ...methodLines(document),
      ...quietLines(quiet),
    ]),
  );
}

function asWhom({ workspace: { identity }, sign_in: { method } }: DoctorDocument): string {
  if (identity === null) return '';
  return `, as ${codeSpan(identity)}${method === null ? '' : ` by ${codeSpan(method)}`}`;
}

/** What keeps somebody from working comes first. */
const LOUD: readonly FindingStatus[] = ['problem', 'warning', 'unknown'];

const WORDS: Readonly<Record<FindingStatus, string>> = {
  problem: 'Problem',
  warning: 'Warning',
  unknown: 'Not known',
  ok: 'In order',
};

/** A section of its own, so that what is to be pasted stands at the margin. */
function findingLines({
  status,
  title,
  group,
  detail,
  remedy,
  snippets,
}: FindingDocument): readonly string[] {
  const todo = remedy === null ? [] : ['', `**To do:** ${prose(remedy)}`];
  const heading = `**${WORDS[status]}.** ${GROUP_HEADINGS[group]}, ${title}:`;
  return [`${heading} ${prose(detail)}`, ...todo, ...snippets.flatMap(snippetLines)];
}

function snippetLines({ title, language, text }: Snippet): readonly string[] {
  return ['', `${prose(title)}:`, '', ...fenced(language, text.split('\n').map(inert))];
}

function methodLines(document: DoctorDocument): readonly (readonly string[])[] {
  const { considered } = document.sign_in;
  if (!isSignInAtFault(document) || considered.length === 0) return [];
  const lines = considered.map(({ name, why }) => `- ${codeSpan(name)}: ${prose(why)}`);
  return [['Methods, in the order in which they are tried:', '', ...lines]];
}

function quietLines(findings: readonly FindingDocument[]): readonly (readonly string[])[] {
  if (findings.length === 0) return [];
  const lines = findings.map(
    ({ group, title, detail }) => `- ${GROUP_HEADINGS[group]}, ${title}: ${prose(detail)}`,
  );
  const pasted = findings.filter(({ snippets }) => snippets.length > 0);
  const folds = pasted.map(({ title, snippets }) => [
    `<details><summary>${summaryCode(title)}: to paste</summary>`,
    ...snippets.flatMap(snippetLines),
    '',
    '</details>',
  ]);
  const summary = `<details><summary>${plural(findings.length, 'finding')} in order</summary>`;
  return [[summary, '', ...lines, '', '</details>'], ...folds];
}
