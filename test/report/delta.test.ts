import { describe, expect, test } from '@jest/globals';
import { deltaOf } from '../../src/report/delta.ts';
import { aField } from './support/builders.ts';

describe('deltaOf', () => {
  test('compares lists as sets', () => {
    const field = aField({ before: ['a', 'b', 'c', 'c'], after: ['c', 'd', 'a'] });
    expect(deltaOf(field, 'update').shape).toEqual({
      is: 'block',
      lines: [
        { sign: '-', text: 'b' },
        { sign: '+', text: 'd' },
      ],
      unchanged: 2,
    });
  });

  test('shows a list that was not there as added', () => {
    const field = aField({ before: null, after: ['a'] });
    expect(deltaOf(field, 'create').shape).toEqual({
      is: 'block',
      lines: [{ sign: '+', text: 'a' }],
      unchanged: 0,
    });
  });

  test('tells members apart that look the same', () => {
    const field = aField({ before: ['a', 'b'], after: ['a\u200B', 'b '] });
    expect(deltaOf(field, 'update').shape).toMatchObject({ lines: { length: 4 }, unchanged: 0 });
  });

  test('takes empty text for nothing', () => {
    const field = aField({ before: '', after: 3600 });
    expect(deltaOf(field, 'update').shape).toEqual({ is: 'scalar', before: null, after: '3600' });
  });

  test('compares long texts line by line, with two lines around each change', () => {
    const before = 'one\ntwo\nthree\nfour\nfive\n';
    const shape = deltaOf(aField({ before, after: before.replace('five', '5') }), 'update').shape;
    expect(shape).toEqual({
      is: 'block',
      lines: [
        { sign: ' ', text: 'three' },
        { sign: ' ', text: 'four' },
        { sign: '-', text: 'five' },
        { sign: '+', text: '5' },
      ],
      unchanged: 2,
    });
  });

  test('tells of a line break at the end when nothing else differs', () => {
    expect(deltaOf(aField({ before: 'a\nb', after: 'a\nb\n' }), 'update').shape).toEqual({
      is: 'scalar',
      before: '(ends without a line break)',
      after: '(ends with a line break)',
    });
  });

  test.each([
    ['changed', 'update', [], null],
    ['changed', 'update', ['it cannot change in place'], 'it cannot change in place'],
    ['unknown', 'update', ['waits for its id'], null],
    ['opaque', 'adopt', ['cannot be compared, is written'], 'not on record'],
    ['opaque', 'update', ['cannot be compared, is left as it is: not on record'], 'not on record'],
    ['assumed', 'update', ['assumed: admins only'], 'admins only'],
    ['ignored', 'update', ['differs, and does not count: server default'], 'server default'],
  ] as const)('puts the verdict %s of %s into words', (verdict, verb, remarks, reason) => {
    expect(deltaOf(aField({ verdict, reason }), verb).remarks).toEqual(remarks);
  });

  test.each([
    ['opaque', 'update'],
    ['ignored', 'update'],
  ] as const)('shows no change for what is %s and not written', (verdict, verb) => {
    const field = aField({ before: '(set)', after: '(secret X)', verdict });
    expect(deltaOf(field, verb).shape).toEqual({ is: 'scalar', before: '(secret X)', after: '(secret X)' });
  });

  test('says whether drift is reverted', () => {
    expect(deltaOf(aField({ drifted: true }), 'update').remarks).toEqual([
      'drifted: changed by hand, will be reverted',
    ]);
    expect(deltaOf(aField({ drifted: true, verdict: 'ignored' }), 'noop').remarks[0]).toBe(
      'drifted: changed by hand',
    );
  });
});
