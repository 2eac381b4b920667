import { describe, expect, test } from '@jest/globals';
import { githubRun, isEarlierAttempt, parseHolder } from '../../src/record/holder.ts';
import { aGitHubRun } from './support/builders.ts';

describe('githubRun', () => {
  test('is the link to the attempt', () => {
    const run = {
      serverUrl: 'https://github.test',
      repository: 'a/b',
      runId: '9007199254740993',
      attempt: 2,
    };
    expect(githubRun(run)).toBe('https://github.test/a/b/actions/runs/9007199254740993/attempts/2');
  });
});

describe('isEarlierAttempt', () => {
  test.each([
    [aGitHubRun(1), aGitHubRun(2), true],
    [aGitHubRun(9), aGitHubRun(10), true],
    [aGitHubRun(2), aGitHubRun(2), false],
    [aGitHubRun(2), aGitHubRun(1), false],
    [aGitHubRun(1, '42'), aGitHubRun(2, '421'), false],
    ['laptop', 'laptop', false],
    ['laptop', aGitHubRun(2), false],
    [aGitHubRun(1), 'laptop', false],
    [aGitHubRun(1).replace('acme', 'evil'), aGitHubRun(2), false],
  ])('judges %s before %s as %s', (run, mine, expected) => {
    expect(isEarlierAttempt(run, mine)).toBe(expected);
  });
});

describe('parseHolder', () => {
  test.each(
    [
      ['', '[]', 'null', '{}', '{"id":"../x","owner":"a","run":"b","at":"2026-11-21T12:00:00Z"}'],
      [
        '{"id":"x","owner":"","run":"b","at":"2026-11-21T12:00:00Z"}',
        '{"id":"x","owner":"a","run":"b","at":"soon"}',
      ],
    ].flat(),
  )('gives %j an id by which it can be unlocked', (text) => {
    expect(parseHolder(text)).toMatchObject({ id: expect.stringMatching(/^unreadable-/), at: null });
  });

  test('gives different texts different ids', () => {
    expect(parseHolder('a').id).not.toBe(parseHolder('b').id);
  });
});
