/** Where something was written: file as the user named it, line and column counted from 1. */
export type Position = { readonly file: string; readonly line: number; readonly column: number };

export type Severity = 'error' | 'warning' | 'note';

/**
 * A finding about what a user wrote or what was read. Collected, never thrown.
 * `message` says what is wrong, `hint` what is allowed or what to do; neither ends with a full stop.
 */
export type Diagnostic = {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at?: Position;
  readonly hint?: string;
};

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/** By file, line, column, then code: the order in which a person reads the file. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(comparePositions);
}

const NOWHERE: Position = { file: '', line: 0, column: 0 };

function comparePositions(a: Diagnostic, b: Diagnostic): number {
  const [here, there] = [a.at ?? NOWHERE, b.at ?? NOWHERE];
  return (
    compareText(here.file, there.file) ||
    here.line - there.line ||
    here.column - there.column ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
