import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { canonical, IdRef, isEmpty, isSame, type Item, keyOf, Ref } from '../../src/core/value.ts';
import { aSecret } from '../support/builders.ts';

describe('isEmpty', () => {
  test.each([undefined, null, false, '', []])('%j is', (value) => {
    expect(isEmpty(value as never)).toBe(true);
  });

  test.each([true, 0, ' ', [''], 'false'])('%j is not', (value) => {
    expect(isEmpty(value as never)).toBe(false);
  });

  test('neither a secret nor a reference is', () => {
    expect(
      [aSecret('A'), new Ref('destination/a'), new IdRef('destination', '')].some((item) => isEmpty(item)),
    ).toBe(false);
  });
});

describe('keyOf', () => {
  test('tells items apart that print alike', () => {
    const items: Item[] = [
      'a',
      new Ref('destination/a'),
      new IdRef('destination', 'a'),
      new IdRef('job', 'a'),
      aSecret('a'),
      1,
      '1',
      true,
      'true',
      null,
      'null',
    ];
    expect(new Set(items.map(keyOf)).size).toBe(items.length);
  });

  test('never tells a value', () => {
    expect(keyOf(aSecret('A', 'hidden'))).toBe(keyOf(aSecret('A', 'other')));
  });
});

describe('isSame', () => {
  const texts = fc.array(fc.string({ maxLength: 2 }), { maxLength: 5 });

  test('compares lists as sets', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const [left, right] = [new Set(a), new Set(b)];
        expect(isSame(a, b)).toBe(left.size === right.size && [...left].every((text) => right.has(text)));
      }),
    );
  });

  test('tells a list from the text that it prints as', () => {
    expect(isSame(['a'], 'a')).toBe(false);
    expect(isSame(['a'], String(canonical(['a'])))).toBe(false);
    expect(isSame(['a,b'], ['a', 'b'])).toBe(false);
  });

  test('prints references as keys and ids', () => {
    expect(JSON.stringify([new Ref('destination/team-slack'), new IdRef('destination', 'u')])).toBe(
      '["team-slack","u"]',
    );
  });
});
