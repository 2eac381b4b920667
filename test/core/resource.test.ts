import { describe, expect, test } from '@jest/globals';
import { type FieldRule, gapAt, meet, ruleFor, sentTogether } from '../../src/core/resource.ts';
import { ensure, exact } from '../support/builders.ts';

describe('ruleFor', () => {
  const rules: readonly FieldRule[] = [
    { path: 'slack.*', sentWith: 'config' },
    { path: 'name', adminOnly: 'why' },
  ];

  test('takes a path or a prefix', () => {
    expect(ruleFor(rules, 'slack.url')).toBe(rules[0]);
    expect(ruleFor(rules, 'name')).toBe(rules[1]);
    expect(ruleFor(rules, 'names')).toBeUndefined();
    expect(ruleFor(rules, 'slack')).toBeUndefined();
  });

  test('tells what goes along with a change', () => {
    const paths = ['name', 'slack.url', 'slack.token'];
    expect(sentTogether(paths, ['slack.url'], rules)).toEqual(['slack.url', 'slack.token']);
    expect(sentTogether(paths, ['name'], rules)).toEqual(['name']);
    expect(sentTogether(paths, [], rules)).toEqual([]);
  });
});

describe('gapAt', () => {
  test.each([
    ['slack', 'slack.url', true],
    ['slack.url', 'slack.url', true],
    ['slack', 'slackish.url', false],
    ['slack.url', 'slack', false],
    ['*', 'anything', true],
  ])('%s covers %s: %s', (prefix, path, isCovered) => {
    expect(gapAt([{ prefix, why: '' }], path) !== undefined).toBe(isCovered);
  });
});

describe('meet', () => {
  test('gives an exact wish its way, each member once', () => {
    expect(meet(exact(['a', 'a', 'b']), ['z'])).toEqual(['a', 'b']);
    expect(meet(exact(null), 5)).toBeNull();
  });

  test('unites an ensured list with what is live', () => {
    expect(meet(ensure(['a', 'z']), ['z', 'y'])).toEqual(['z', 'y', 'a']);
    expect(meet(ensure(['a']), undefined)).toEqual(['a']);
  });

  test.each(['exact', 'ensure'] as const)('leaves out what an %s wish is without', (mode) => {
    const wish = { mode, value: ['a', 'b'], without: ['b', 'z', 'nowhere'] };
    expect(meet(wish, ['y', 'z'])).toEqual(mode === 'exact' ? ['a'] : ['y', 'a']);
    expect(meet({ ...wish, value: 5 }, undefined)).toBe(5);
  });

  test.each([
    [undefined, 5],
    [null, 5],
    [0, 0],
    [9, 9],
  ])('ensures a scalar where %j is live', (live, expected) => {
    expect(meet(ensure(5), live)).toBe(expected);
  });
});
