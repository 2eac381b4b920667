import { describe, expect, test } from '@jest/globals';
import { didYouMean, suggest } from '../../src/core/suggest.ts';

describe('suggest', () => {
  test.each([
    ['on_failur', 'on_failure'],
    ['onFailure', 'on_failure'],
    ['ON-SUCCESS', 'on_success'],
    ['on_sucess', 'on_success'],
  ])('takes %s for %s', (typed, meant) => {
    expect(suggest(typed, ['on_start', 'on_success', 'on_failure'])).toBe(meant);
  });

  test('suggests nothing that is far off, and nothing out of nothing', () => {
    expect(suggest('completely-different', ['slack', 'teams'])).toBeUndefined();
    expect(suggest('slack', [])).toBeUndefined();
  });
});

describe('didYouMean', () => {
  test('names the nearest', () => {
    expect(didYouMean('team-slak', ['team-slack', 'pagerduty'])).toBe('did you mean "team-slack"?');
  });

  test('lists what is allowed where nothing is near, at most twelve', () => {
    const keys = Array.from({ length: 14 }, (_none, at) => `destination-${at}`);
    expect(didYouMean('q', ['slack', 'teams'])).toBe('allowed: slack, teams');
    expect(didYouMean('q', keys)).toBe(`allowed: ${keys.slice(0, 12).join(', ')}, and 2 more`);
    expect(didYouMean('q', [])).toBe('nothing is declared there yet');
  });
});
