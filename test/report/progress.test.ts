import { describe, expect, test } from '@jest/globals';
import { applyingLine, readingLine } from '../../src/report/progress.ts';

describe('readingLine', () => {
  test('groups thousands, and counts one as one', () => {
    expect(readingLine(1200)).toBe('reading the workspace, 1,200 requests …');
    expect(readingLine(1)).toBe('reading the workspace, 1 request …');
  });
});

describe('applyingLine', () => {
  test.each([
    [{ done: 40, total: 200, elapsedMs: 28_000 }, 'applying 40 of 200, about 2 min left'],
    [{ done: 190, total: 200, elapsedMs: 190_000 }, 'applying 190 of 200, about 10 s left'],
    [{ done: 10, total: 1000, elapsedMs: 60_000 }, 'applying 10 of 1,000, about 1 h 39 min left'],
    [{ done: 2, total: 200, elapsedMs: 9_000 }, 'applying 2 of 200'],
    [{ done: 200, total: 200, elapsedMs: 9_000 }, 'applying 200 of 200'],
    [{ done: 5, total: 9, elapsedMs: 0 }, 'applying 5 of 9'],
  ])('tells %j as "%s"', (progress, line) => {
    expect(applyingLine(progress)).toBe(line);
  });
});
