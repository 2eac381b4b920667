import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Criterion, type Features, type Selector, isWithin, select } from '../../src/core/select.ts';

const is = (feature: string, ...anyOf: readonly (string | boolean)[]): Criterion => ({ feature, anyOf });
const all = (...criteria: readonly Criterion[]): Selector => ({ all: criteria, exclude: [] });
const but = (selector: Selector, ...exclude: readonly Criterion[]): Selector => ({ ...selector, exclude });

describe('select', () => {
  test.each<[string, Selector, Features, readonly string[], string]>([
    ['a glob', all(is('name', 'etl-*')), { name: 'etl-1' }, [], 'yes'],
    ['another case', all(is('name', 'ETL-*')), { name: 'etl-1' }, [], 'no'],
    ['any of a list', all(is('tags.env', 'dev', 'prod')), { 'tags.env': 'prod' }, [], 'yes'],
    ['all of several', all(is('name', '*'), is('tags.env', 'prod')), { name: 'a' }, [], 'no'],
    ['an absent feature, whatever is wanted', all(is('tags.env', '*')), {}, [], 'no'],
    ['an empty text', all(is('tags.env', '*')), { 'tags.env': '' }, [], 'yes'],
    ['true, of a text', all(is('bundle', true)), { bundle: 'etl' }, [], 'yes'],
    ['true, of a text that is not known', all(is('bundle', true)), { bundle: '' }, [], 'yes'],
    ['true, of false', all(is('bundle', true)), { bundle: false }, [], 'no'],
    ['false, of false', all(is('bundle', false)), { bundle: false }, [], 'yes'],
    ['false, of a text', all(is('bundle', false)), { bundle: 'etl' }, [], 'no'],
    ['a glob, of false', all(is('bundle', '*')), { bundle: false }, [], 'no'],
    ['an exclusion that is met', but(all(is('name', '*')), is('name', 'a*')), { name: 'ab' }, [], 'no'],
    [
      'an exclusion that is met in part',
      but(all(is('name', '*')), is('name', 'a*'), is('bundle', true)),
      { name: 'ab', bundle: false },
      [],
      'yes',
    ],
    ['what is untold', all(is('run_as', 'sp')), {}, ['run_as'], 'unknown'],
    ['what is untold and shown', all(is('tags.env', 'prod')), { 'tags.env': 'prod' }, ['tags'], 'unknown'],
    ['another feature of the same beginning', all(is('tagsy', 'a')), { tagsy: 'a' }, ['tags'], 'yes'],
    [
      'what is untold of what is not met anyway',
      all(is('name', 'b'), is('run_as', 'sp')),
      { name: 'a' },
      ['run_as'],
      'no',
    ],
    [
      'what is untold in an exclusion',
      but(all(is('name', '*')), is('run_as', 'sp')),
      { name: 'a' },
      ['run_as'],
      'unknown',
    ],
    [
      'what is untold in an exclusion that is not met anyway',
      but(all(is('name', '*')), is('run_as', 'sp'), is('name', 'b')),
      { name: 'a' },
      ['run_as'],
      'yes',
    ],
    [
      'an exclusion that is met of what is untold',
      but(all(is('run_as', 'sp')), is('name', 'a')),
      { name: 'a' },
      ['run_as'],
      'no',
    ],
  ])('%s', (_what, ...[selector, features, untold, verdict]) => {
    expect(select(selector, features, untold)).toBe(verdict);
  });
});

const criterion: fc.Arbitrary<Criterion> = fc.oneof(
  fc.record({
    feature: fc.constantFrom('name', 'tags.env', 'run_as'),
    anyOf: fc.shuffledSubarray(['a', 'ab', 'a*', '*', '?'], { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ feature: fc.constant('bundle'), anyOf: fc.constantFrom([true], [false], ['a*'], ['ab']) }),
);
const selector: fc.Arbitrary<Selector> = fc.record({
  all: fc.array(criterion, { minLength: 1, maxLength: 2 }),
  exclude: fc.array(criterion, { maxLength: 2 }),
});
const text = fc.constantFrom('a', 'ab', 'b');
const features: fc.Arbitrary<Features> = fc
  .record(
    { name: text, 'tags.env': text, run_as: text, bundle: fc.oneof(text, fc.constant(false)) },
    { requiredKeys: ['name'] },
  )
  .map((one): Features => ({ ...one }));

test('what is certain stays so whatever the features turn out to be that were untold', () => {
  fc.assert(
    fc.property(selector, features, features, (one, seen, real) => {
      const told: Features = { ...real, ...('name' in seen ? { name: seen['name'] ?? '' } : {}) };
      const verdict = select(one, told, ['tags', 'run_as', 'bundle']);
      fc.pre(verdict !== 'unknown');
      for (const untold of [seen, real]) {
        expect(select(one, { ...untold, name: told['name'] ?? '' })).toBe(verdict);
      }
    }),
    { numRuns: 1000 },
  );
});

describe('isWithin', () => {
  test('never holds of a selector that selects something that the other does not', () => {
    fc.assert(
      fc.property(
        selector,
        selector,
        fc.array(features, { minLength: 20, maxLength: 20 }),
        (inner, outer, objects) => {
          fc.pre(isWithin(inner, outer));
          for (const one of objects) {
            if (select(inner, one) === 'yes') expect(select(outer, one)).toBe('yes');
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  const PROD = all(is('tags.env', 'prod'));
  test.each<[string, Selector, Selector, boolean]>([
    ['itself', PROD, PROD, true],
    ['one with a further criterion', all(is('name', 'a'), is('tags.env', 'prod')), PROD, true],
    ['one with fewer criteria', PROD, all(is('name', 'a'), is('tags.env', 'prod')), false],
    ['one of fewer values', PROD, all(is('tags.env', 'dev', 'prod')), true],
    ['one of more values', all(is('tags.env', 'dev', 'prod')), PROD, false],
    ['one with an exclusion', but(PROD, is('name', 'a')), PROD, true],
    ['one without the exclusion of the other', PROD, but(PROD, is('name', 'a')), false],
    ['one that excludes more', but(PROD, is('name', 'a', 'b')), but(PROD, is('name', 'a')), true],
    ['one that excludes less', but(PROD, is('name', 'a')), but(PROD, is('name', 'a', 'b')), false],
    [
      'one that excludes only what meets more',
      but(PROD, is('name', 'a'), is('bundle', true)),
      but(PROD, is('name', 'a')),
      false,
    ],
    [
      'one that excludes what meets less',
      but(PROD, is('name', 'a')),
      but(PROD, is('name', 'a'), is('bundle', true)),
      true,
    ],
  ])('of %s', (_what, inner, outer, verdict) => {
    expect(isWithin(inner, outer)).toBe(verdict);
  });
});
