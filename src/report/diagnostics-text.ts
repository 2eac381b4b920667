import type { Severity } from '../core/diagnostic.ts';
import type { DiagnosticDocument } from '../core/document.ts';
import { inert, inertName, printable } from './inert.ts';
import { PLAIN, type Paint } from './paint.ts';
import { plural } from './words.ts';
import { columns, wrap } from './wrap.ts';

export type DiagnosticsTextOptions = {
  readonly paint?: Paint;
  /** File as the diagnostic names it -> its text; the line is quoted where the text is here. */
  readonly sources?: ReadonlyMap<string, string>;
  /** Columns to break messages at; unbroken where it is left out, so that tools can read them line by line. */
  readonly width?: number;
};

/** `file:line:column: error: message`, hint and quoted line, in the order of the file, and a count; empty for none. */
export function renderDiagnosticsText(
  diagnostics: readonly DiagnosticDocument[],
  { paint = PLAIN, sources = new Map(), width = Number.POSITIVE_INFINITY }: DiagnosticsTextOptions = {},
): string {
  if (diagnostics.length === 0) return '';
  return printable([
    ...diagnosticLines(diagnostics, { paint, sources, width }),
    diagnosticCounts(diagnostics),
  ]);
}

/** The same without the count, for a page that has other parts. */
export function diagnosticLines(
  diagnostics: readonly DiagnosticDocument[],
  options: Required<DiagnosticsTextOptions>,
): readonly string[] {
  return [...diagnostics].sort(comparePlaces).flatMap((diagnostic) => oneText(diagnostic, options));
}

/** `2 errors, 1 warning`. */
export function diagnosticCounts(diagnostics: readonly DiagnosticDocument[]): string {
  const severities: readonly Severity[] = ['error', 'warning', 'note'];
  return severities
    .map(
      (severity) =>
        [severity, diagnostics.filter((diagnostic) => diagnostic.severity === severity).length] as const,
    )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => plural(count, severity))
    .join(', ');
}

/** By file, line, column, then code: the order in which a person reads the file. */
export function comparePlaces(a: DiagnosticDocument, b: DiagnosticDocument): number {
  const [first, second] = [placeKeys(a), placeKeys(b)];
  const at = first.findIndex((key, index) => key !== second[index]);
  return at < 0 ? 0 : (first[at] ?? '') < (second[at] ?? '') ? -1 : 1;
}

function placeKeys({ file, line, column, code, message }: DiagnosticDocument): readonly (string | number)[] {
  return [file ?? '', line ?? 0, column ?? 0, code, message];
}

const LINE = { first: '', rest: '  ' };
const HINT = { first: '  ', rest: '    ' };

function oneText(
  diagnostic: DiagnosticDocument,
  options: Required<DiagnosticsTextOptions>,
): readonly string[] {
  const { severity, message, hint } = diagnostic;
  const { paint, width } = options;
  const brush = severity === 'error' ? paint.error : severity === 'warning' ? paint.warning : paint.changed;
  const place = placeOf(diagnostic);
  return [
    ...wrap(
      `${place === '' ? '' : `${paint.strong(`${place}:`)} `}${brush(`${severity}:`)} ${inert(message)}`,
      width,
      LINE,
    ),
    ...quote(diagnostic, options),
    ...(hint === null ? [] : wrap(`${paint.faint('hint:')} ${inert(hint)}`, width, HINT)),
  ];
}

/** As far as it is known: `file:line:column`. */
function placeOf({ file, line, column }: DiagnosticDocument): string {
  if (file === null) return '';
  return [inertName(file), line, line === null ? null : column].filter((part) => part !== null).join(':');
}

function quote(
  diagnostic: DiagnosticDocument,
  { paint, sources }: Required<DiagnosticsTextOptions>,
): readonly string[] {
  const { file, line, column } = diagnostic;
  if (file === null || line === null) return [];
  const source = sources.get(file)?.split(/\r\n|[\r\n]/u)[line - 1];
  if (source === undefined || source.trim() === '') return [];
  const gutter = `  ${line} | `;
  const under = columns(visible(source.slice(0, Math.max(0, (column ?? 1) - 1))));
  const caret =
    column === null ? [] : [`${' '.repeat(gutter.length - 2)}| ${' '.repeat(under)}${paint.error('^')}`];
  return [`${paint.faint(gutter)}${visible(source)}`, ...caret];
}

function visible(source: string): string {
  return inert(source.replaceAll('\t', '  '));
}
