import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Annotation, annotationsOf, mostAnnotations } from '../../src/report/annotations.ts';
import { aDiagnostic } from './support/builders.ts';
import { anyText } from '../support/any-text.ts';

const LEVELS = ['error', 'warning', 'notice'] as const;

const annotation = (level: Annotation['level'], at = 0): Annotation => ({
  level,
  title: 'lakebell unknown-key',
  message: `${level} ${at}`,
  file: 'notifications.yml',
  line: at + 1,
  column: 1,
});
const some = (level: Annotation['level'], count: number): readonly Annotation[] =>
  Array.from({ length: count }, (_none, at) => annotation(level, at));

describe('annotationsOf', () => {
  test('puts a finding where it was made, with its hint', () => {
    expect(annotationsOf([aDiagnostic()])).toEqual([
      {
        level: 'error',
        title: 'lakebell unknown-key',
        message: 'unknown key "on_failur" (did you mean "on_failure"?)',
        file: 'notifications.yml',
        line: 3,
        column: 5,
      },
    ]);
  });

  test('says no more than there is to say', () => {
    const bare = aDiagnostic({ severity: 'warning', hint: null, file: null, line: null, column: null });
    expect(annotationsOf([bare])).toEqual([
      {
        level: 'warning',
        title: 'lakebell unknown-key',
        message: 'unknown key "on_failur"',
        file: null,
        line: null,
        column: null,
      },
    ]);
  });

  test('leaves notes out, and keeps the order of the rest', () => {
    const diagnostics = (['note', 'warning', 'note', 'error', 'warning'] as const).map((severity, at) =>
      aDiagnostic({ severity, line: at }),
    );
    expect(annotationsOf(diagnostics).map(({ level, line }) => [level, line])).toEqual([
      ['warning', 1],
      ['error', 3],
      ['warning', 4],
    ]);
  });

  test.each([
    ['x'.repeat(3_500), null, 'x'.repeat(3_500)],
    ['x'.repeat(3_501), null, `${'x'.repeat(3_499)}…`],
    ['x', 'y'.repeat(9_000), `x (${'y'.repeat(3_496)}…`],
    ['🔔'.repeat(9_000), null, `${'🔔'.repeat(3_499)}…`],
  ])('cuts a message that the runner would cut, %#', (message, hint, shown) => {
    expect(annotationsOf([aDiagnostic({ message, hint })])[0]?.message).toBe(shown);
  });

  test.each([
    ['a\nb\r\nc', String.raw`a\u{A}b\u{D}\u{A}c`],
    ['\u001B[31mred', String.raw`\u{1B}[31mred`],
    ['a\u202Eb', String.raw`a\u{202E}b`],
    ['##[error]x', String.raw`\u{23}#[error]x`],
    ['x\n::error::y', String.raw`x\u{A}::error::y`],
  ])('shows %j as %s', (message, shown) => {
    expect(annotationsOf([aDiagnostic({ message, hint: null })])[0]?.message).toBe(shown);
  });

  test('is one printed line that begins no command of its own, whatever is quoted', () => {
    const foreign = fc.oneof(
      anyText(),
      fc.string({
        unit: fc.constantFrom('\n', '\r', '::', '##[', 'add-mask', '\u2028', '\u001B', '%0A', ' '),
      }),
    );
    fc.assert(
      fc.property(foreign, fc.option(foreign), (message, hint) => {
        const [told] = annotationsOf([aDiagnostic({ message, hint })]);
        expect(told?.message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|##\[/u);
      }),
    );
  });
});

describe('mostAnnotations', () => {
  test.each(LEVELS)('keeps ten of the level %s', (level) => {
    for (const count of [0, 1, 9, 10])
      expect(mostAnnotations(some(level, count))).toEqual(some(level, count));
  });

  test.each([
    [11, 'and 2 more like these'],
    [12, 'and 3 more like these'],
    [1_009, 'and 1,000 more like these'],
    [5_000, 'and 4,991 more like these'],
  ])('says in the place of the tenth of %d how many more there are', (count, words) => {
    for (const level of LEVELS) {
      const shown = mostAnnotations(some(level, count));
      expect(shown.slice(0, 9)).toEqual(some(level, 9));
      expect(shown.slice(9)).toEqual([
        {
          level,
          title: 'lakebell',
          message: `${words}; the log and the summary have all of them`,
          file: null,
          line: null,
          column: null,
        },
      ]);
    }
  });

  test('counts each level for itself, errors first, in the order in which they came', () => {
    const mixed = [...some('notice', 2), ...some('warning', 11), ...some('error', 3)];
    const shown = mostAnnotations(mixed);
    expect(shown.map(({ level }) => level)).toEqual([
      ...Array.from({ length: 3 }, () => 'error'),
      ...Array.from({ length: 10 }, () => 'warning'),
      ...Array.from({ length: 2 }, () => 'notice'),
    ]);
    expect(shown.slice(0, 3)).toEqual(some('error', 3));
  });

  test('loses none in silence', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LEVELS), { maxLength: 60 }), (levels) => {
        const all = levels.map((level, at) => annotation(level, at));
        const shown = mostAnnotations(all);
        const told = shown.reduce(
          (sum, { message }) => sum + Number(/^and (\d+) more/u.exec(message)?.[1] ?? 1),
          0,
        );
        expect(told).toBe(all.length);
        for (const level of LEVELS)
          expect(shown.filter((one) => one.level === level).length).toBeLessThanOrEqual(10);
      }),
    );
  });
});
