import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { terminalPaint } from '../../src/report/paint.ts';
import { columns, wrap } from '../../src/report/wrap.ts';

const FLAT = { first: '', rest: '  ' };

describe('columns', () => {
  test.each([
    ['abc', 3],
    ['データ', 6],
    ['e\u0301', 1],
    ['🔔', 2],
    [terminalPaint().error('abc'), 3],
  ])('counts %j', (text, count) => {
    expect(columns(text)).toBe(count);
  });
});

describe('wrap', () => {
  test('breaks between words and indents what follows', () => {
    expect(wrap('one two three', 8, FLAT)).toEqual(['one two', '  three']);
  });

  test('leaves a long word whole', () => {
    expect(wrap('a bbbbbbbbbb c', 5, FLAT)).toEqual(['a', '  bbbbbbbbbb', '  c']);
  });

  test('loses nothing, and passes the width only for a single word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zé日]{1,12}$/u), { minLength: 1 }),
        fc.integer({ min: 4, max: 30 }),
        (words, width) => {
          const lines = wrap(words.join(' '), width, FLAT);
          expect(lines.map((line) => line.trim()).join(' ')).toBe(words.join(' '));
          expect(lines.filter((line) => columns(line) > width && line.trim().includes(' '))).toEqual([]);
        },
      ),
    );
  });
});
