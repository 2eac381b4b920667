import type { DiagnosticDocument } from '../core/document.ts';
import { clipText } from './detail.ts';
import { inert } from './inert.ts';
import { thousands } from './words.ts';

/** A line in the log that GitHub shows at a place of a file. */
export type Annotation = {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file: string | null;
  /** Counted from 1. */
  readonly line: number | null;
  readonly column: number | null;
};

// GitHub shows ten of each level for a step, and drops the others in silence.
const MOST = 10;
// The runner cuts at 4,096.
const LONGEST = 3_500;

const LEVELS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** What was found in the configuration, without our notes to it: those are not worth a mark in the file. */
export function annotationsOf(diagnostics: readonly DiagnosticDocument[]): readonly Annotation[] {
  return diagnostics
    .filter(({ severity }) => severity !== 'note')
    .map(({ code, severity, message, hint, file, line, column }) => ({
      level: LEVELS[severity],
      title: `lakebell ${code}`,
      message: clipText(inert(hint === null ? message : `${message} (${hint})`), LONGEST),
      file,
      line,
      column,
    }));
}

/** As many of each level as GitHub shows, the last of them saying how many there are besides. */
export function mostAnnotations(annotations: readonly Annotation[]): readonly Annotation[] {
  return (['error', 'warning', 'notice'] as const).flatMap((level) =>
    capped(annotations.filter((annotation) => annotation.level === level)),
  );
}

function capped(annotations: readonly Annotation[]): readonly Annotation[] {
  const [first] = annotations;
  if (first === undefined || annotations.length <= MOST) return annotations;
  const left = annotations.length - MOST + 1;
  const message = `and ${thousands(left)} more like these; the log and the summary have all of them`;
  const last = { level: first.level, title: 'lakebell', message, file: null, line: null, column: null };
  return [...annotations.slice(0, MOST - 1), last];
}
