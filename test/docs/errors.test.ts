import { describe, expect, test } from '@jest/globals';
import { EXIT } from '../../src/core/errors.ts';
import { GUARDS } from '../../src/core/guard.ts';
import { textOf } from '../architecture/source.ts';
import { firstCellsBelow } from './markdown.ts';
import { blockedReasonsInSource, codesInSource } from './source-words.ts';

const PAGE = textOf('docs/errors.md');

/** What the tables list and what the sources have, in one order. */
function expectListed(headings: readonly string[], expected: Iterable<string>): void {
  expect([...new Set(firstCellsBelow(PAGE, headings))].sort()).toEqual([...expected].sort());
}

describe('docs/errors.md', () => {
  test('explains every code of a finding or an error, and no other', () => {
    const headings = [
      '### The file',
      '### Keys and values',
      '### References and secrets',
      '### Destinations, jobs and pipelines',
      '### Rules',
      '### Registry webhooks',
      '## Errors that stop a run',
      '## Findings of doctor',
    ];
    expectListed(headings, codesInSource());
  });

  test('explains every exit code, and no other', () => {
    expectListed(['## Exit codes'], Object.values(EXIT).map(String));
  });

  test('explains every reason for which an object is blocked or noted, and no other', () => {
    expect([...firstCellsBelow(PAGE, ['## Blocked', '## Notes'])].sort()).toEqual(
      [...blockedReasonsInSource()].sort(),
    );
  });

  test('explains every guard, and no other', () => {
    expectListed(['## Guards'], GUARDS);
  });

  test('explains every outcome, and no other', () => {
    const union = /type OutcomeState =([^;]+);/.exec(textOf('src/core/document.ts'))?.[1] ?? '';
    expectListed(
      ['## Outcomes of an apply'],
      [...union.matchAll(/'([a-z-]+)'/g)].map(([, state]) => String(state)),
    );
  });
});

describe('the search for codes', () => {
  // What the tests above compare with; were it to miss a way to write a code, they would hold for the wrong reason.
  test.each([
    'yaml-alias', // made by a local function
    'include-outside', // by one that another one calls
    'lost-answer', // by a class
    'internal', // by a class that gives more
    'api', // by a default
    'same-object', // in a literal
  ])('sees %s', (code) => {
    expect(codesInSource()).toContain(code);
  });
});
