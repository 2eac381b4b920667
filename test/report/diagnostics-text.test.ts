import { describe, expect, test } from '@jest/globals';
import { terminalPaint } from '../../src/report/paint.ts';
import { renderDiagnosticsText } from '../../src/report/diagnostics-text.ts';
import { aDiagnostic } from './support/builders.ts';

const sources = new Map([['notifications.yml', 'version: 1\njobs:\n    on_failur: [a]\n']]);

describe('renderDiagnosticsText', () => {
  test('quotes the line with a caret under the column', () => {
    expect(renderDiagnosticsText([aDiagnostic()], { sources })).toBe(
      [
        'notifications.yml:3:5: error: unknown key "on_failur"',
        '  3 |     on_failur: [a]',
        '    |     ^',
        '  hint: did you mean "on_failure"?',
        '1 error',
        '',
      ].join('\n'),
    );
  });

  test('keeps the caret in place behind tabs and wide characters', () => {
    const text = renderDiagnosticsText([aDiagnostic({ line: 1, column: 4, hint: null })], {
      sources: new Map([['notifications.yml', '\tデx: 1']]),
    });
    expect(text.split('\n').slice(1, 3)).toEqual(['  1 |   デx: 1', '    |      ^']);
  });

  test('sorts by file, line and column, and counts by severity', () => {
    const text = renderDiagnosticsText([
      aDiagnostic({ line: 30, message: 'c', hint: null }),
      aDiagnostic({ line: 4, column: 9, message: 'b', severity: 'warning', hint: null }),
      aDiagnostic({ line: 4, message: 'a', hint: null }),
      aDiagnostic({ file: null, line: null, column: null, message: 'first', severity: 'note', hint: null }),
    ]);
    expect(text.split('\n')).toEqual([
      'note: first',
      'notifications.yml:4:5: error: a',
      'notifications.yml:4:9: warning: b',
      'notifications.yml:30:5: error: c',
      '2 errors, 1 warning, 1 note',
      '',
    ]);
  });

  test('takes the order of equal places from code and message', () => {
    const same = { hint: null, file: 'a.yml', line: 1, column: 1 } as const;
    const text = renderDiagnosticsText([
      aDiagnostic({ ...same, message: 'z' }),
      aDiagnostic({ ...same, message: 'y' }),
      aDiagnostic({ ...same, message: 'y' }),
    ]);
    expect(text.match(/[yz]$/gmu)).toEqual(['y', 'y', 'z']);
  });

  test.each([
    ['a line that is not there', { line: 9 }],
    ['a file that was not passed', { file: 'other.yml' }],
    ['no line', { line: null, column: null }],
  ])('quotes nothing for %s', (_case, parts) => {
    expect(renderDiagnosticsText([aDiagnostic(parts)], { sources })).not.toContain(' | ');
  });

  test('quotes a line without a caret where the column is unknown', () => {
    expect(renderDiagnosticsText([aDiagnostic({ column: null })], { sources })).not.toContain('^');
  });

  test('prints nothing for nothing', () => {
    expect(renderDiagnosticsText([])).toBe('');
  });

  test('colours the severity where it is asked to', () => {
    const text = renderDiagnosticsText([aDiagnostic()], { paint: terminalPaint() });
    expect(text).toContain(terminalPaint().error('error:'));
  });

  test('lets neither a message nor a source line reach the terminal as it came', () => {
    const text = renderDiagnosticsText([aDiagnostic({ message: '\u001B[2J', line: 1 })], {
      sources: new Map([['notifications.yml', 'a: \u001B]0;x\u0007']]),
    });
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});
