import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { EVERYTHING, LADDER, andMore, clipText, clipTexts, firstOf } from '../../src/report/detail.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('\uD83D', '\uDD14', '🔔', 'e\u0301', 'a', '👩‍💻', '\n'), maxLength: 60 }),
);
const charactersOf = (whole: string): readonly string[] => Array.from(whole);
const length = fc.oneof(fc.nat({ max: 70 }), fc.constant(Infinity));

describe('clipText', () => {
  test.each([
    ['abcde', 5, 'abcde'],
    ['abcdef', 5, 'abcd…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['', 0, ''],
    ['🔔🔔🔔', 3, '🔔🔔🔔'],
    ['🔔🔔🔔', 2, '🔔…'],
    ['a🔔', 1, '…'],
    ['abc', Infinity, 'abc'],
  ])('cuts %j to %d: %j', (whole, most, clipped) => {
    expect(clipText(whole, most)).toBe(clipped);
  });

  test('yields no more characters than asked for, all of them whole', () => {
    fc.assert(
      fc.property(text, length, (whole, most) => {
        const characters = charactersOf(clipText(whole, most));
        expect(characters.length).toBeLessThanOrEqual(most);
        // What is kept is the beginning, character by character: none is cut in two or joined to its neighbour.
        const kept = characters.length === charactersOf(whole).length ? characters : characters.slice(0, -1);
        expect(kept).toEqual(charactersOf(whole).slice(0, kept.length));
      }),
      { numRuns: 1_000 },
    );
  });

  test('marks what is cut, and nothing else', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 70 }), (whole, most) => {
        const clipped = clipText(whole, most);
        expect(clipped === whole).toBe(
          charactersOf(whole).length <= most || whole === `${clipped.slice(0, -1)}…`,
        );
        expect(clipped === whole || clipped.endsWith('…')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('cuts what is cut already no further', () => {
    fc.assert(
      fc.property(text, length, (whole, most) => {
        const once = clipText(whole, most);
        return clipText(once, most) === once;
      }),
    );
  });
});

describe('clipTexts', () => {
  test('cuts every text of a value and keeps its shape and whatever is no text', () => {
    const value = {
      a: 'abcdef',
      b: [1, null, true, undefined, 'abcdef', ['abcdef']],
      c: { d: { 'a long name of a member': 'abcdef', e: 0.5 } },
      f: [],
      g: {},
    };
    expect(clipTexts(value, 3)).toEqual({
      a: 'ab…',
      b: [1, null, true, undefined, 'ab…', ['ab…']],
      c: { d: { 'a long name of a member': 'ab…', e: 0.5 } },
      f: [],
      g: {},
    });
  });

  test('changes nothing where every text is short enough, and leaves what it was given alone', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 5 }), (value, most) => {
        const before = JSON.stringify(value);
        expect(clipTexts(value, 100_000)).toEqual(value);
        expect(clipTexts(value, Infinity)).toBe(value);
        clipTexts(value, most);
        expect(JSON.stringify(value)).toBe(before);
      }),
    );
  });

  test('keeps a member that is called like a prototype', () => {
    const value = JSON.parse('{"__proto__":"abcdef","constructor":"abcdef"}') as unknown;
    expect(JSON.stringify(clipTexts(value, 3))).toBe('{"__proto__":"ab…","constructor":"ab…"}');
  });
});

describe('a list that is cut', () => {
  test.each([
    [0, []],
    [-3, []],
    [1, ['- and 1 more']],
    [2, ['- and 2 more']],
    [12_345, ['- and 12,345 more']],
  ])('says that %d are left out', (count, line) => {
    expect(andMore(count)).toEqual(line);
  });

  test.each([
    [3, ['a', 'b', 'c']],
    [Infinity, ['a', 'b', 'c']],
    [2, ['a', 'b', '- and 1 more']],
    [0, ['- and 3 more']],
  ])('shows the first %d', (most, shown) => {
    expect(firstOf(['a', 'b', 'c'], most)).toEqual(shown);
  });

  test('is empty where there is nothing to show', () => {
    expect(firstOf([], 0)).toEqual([]);
  });
});

describe('LADDER', () => {
  test('begins with everything, and no rung shows more of anything than the one before', () => {
    expect(LADDER[0]).toBe(EVERYTHING);
    LADDER.slice(1).forEach((rung, at) => {
      const above = LADDER[at]!;
      for (const name of Object.keys(rung) as (keyof typeof rung)[])
        expect(rung[name]).toBeLessThanOrEqual(above[name]);
      expect(rung).not.toEqual(above);
    });
  });
});
