import {
  type DoctorDocument,
  FINDING_GROUPS,
  type FindingDocument,
  type FindingGroup,
  type FindingStatus,
  type Snippet,
} from '../core/doctor.ts';
import { findingCounts, GROUP_HEADINGS, isSignInAtFault, subjectOf } from './doctor.ts';
import { inert, inertName, printable } from './inert.ts';
import { type Page, type TextOptions, pageOf, spaced } from './page.ts';
import type { Paint } from './paint.ts';
import { wrap } from './wrap.ts';

/** For a terminal: one line for what is in order, and what to do below everything else. */
export function renderDoctorText(document: DoctorDocument, options: TextOptions = {}): string {
  const page = pageOf(options);
  const head = `Doctor for ${inert(subjectOf(document))}: ${findingCounts(document)}`;
  const groups = FINDING_GROUPS.map((group) => groupLines(document, group, page));
  return printable(spaced([wrap(page.paint.strong(head), page.width, { first: '', rest: '  ' }), ...groups]));
}

function groupLines(document: DoctorDocument, group: FindingGroup, page: Page): readonly string[] {
  const findings = document.findings.filter((finding) => finding.group === group);
  if (findings.length === 0) return [];
  const methods = group === 'sign-in' ? methodLines(document, page) : [];
  const heading = page.paint.strong(GROUP_HEADINGS[group]);
  return [heading, ...findings.flatMap((finding) => findingLines(finding, page)), ...methods];
}

const SIGNS: Readonly<Record<FindingStatus, string>> = { problem: '✗', warning: '!', unknown: '?', ok: '✓' };

function brushOf(status: FindingStatus, paint: Paint): (text: string) => string {
  const brushes = { problem: paint.error, warning: paint.warning, unknown: paint.warning, ok: paint.added };
  return brushes[status];
}

const LINE = { rest: '      ' };

function findingLines(finding: FindingDocument, page: Page): readonly string[] {
  const { status, title, detail, remedy } = finding;
  const { paint, width, verbose } = page;
  const sign = brushOf(status, paint)(SIGNS[status]);
  const said = wrap(`${title}: ${inert(detail)}`, width, { ...LINE, first: `  ${sign} ` });
  const todo =
    remedy === null
      ? []
      : wrap(inert(remedy), width, { rest: '        ', first: `      ${paint.changed('do:')} ` });
  const isToPaste = verbose || status !== 'ok';
  return [...said, ...todo, ...(isToPaste ? finding.snippets.flatMap((one) => snippetLines(one, page)) : [])];
}

/** Lines of it stay whole, however narrow the terminal is: they are to be copied. */
function snippetLines({ title, text }: Snippet, { paint, width }: Page): readonly string[] {
  const heading = wrap(`${inert(title)}:`, width, { first: '      ', rest: '      ' });
  const lines = text.split('\n').map((line) => `        ${inert(line)}`.trimEnd());
  return ['', ...heading.map(paint.faint), ...lines, ''].slice(0, -1);
}

/** Why each method was passed over. */
function methodLines(document: DoctorDocument, { paint, width, verbose }: Page): readonly string[] {
  const { considered } = document.sign_in;
  if (considered.length === 0 || !(verbose || isSignInAtFault(document))) return [];
  const lines = considered.flatMap(({ name, chosen, why }) =>
    wrap(`${inertName(name)}: ${inert(why)}`, width, {
      first: `      ${chosen ? '>' : '-'} `,
      rest: '          ',
    }),
  );
  return [paint.faint('    Methods, in the order in which they are tried'), ...lines];
}
