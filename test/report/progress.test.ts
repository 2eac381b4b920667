import { describe, expect, test } from '@jest/globals';
import { applyingBar, applyingLine, readingLine } from '../../src/report/progress.ts';

describe('readingLine', () => {
  test('groups thousands, and counts one as one', () => {
    expect(readingLine(1200)).toBe('reading the workspace, 1,200 requests …');
    expect(readingLine(1)).toBe('reading the workspace, 1 request …');
  });
});

describe('applyingLine', () => {
  test.each([
    [{ done: 40, total: 200, perSecond: 1.43 }, 'applying 40 of 200, 1.4/s, about 2 min left'],
    [{ done: 110, total: 200, perSecond: 9.13 }, 'applying 110 of 200, 9.1/s, about 10 s left'],
    [{ done: 10, total: 1000, perSecond: 0.167 }, 'applying 10 of 1,000, 10/min, about 1 h 39 min left'],
    [{ done: 10, total: 11, perSecond: 0.001 }, 'applying 10 of 11, 1/min, about 17 min left'],
    [{ done: 2, total: 200, perSecond: null }, 'applying 2 of 200'],
    [{ done: 200, total: 200, perSecond: 9 }, 'applying 200 of 200'],
  ])('tells %j as "%s"', (progress, line) => {
    expect(applyingLine(progress)).toBe(line);
  });
});

describe('applyingBar', () => {
  const progress = { done: 50, total: 200, perSecond: 9 };

  test('is a quarter full after a quarter', () => {
    expect(applyingBar(progress, { columns: 100, isAscii: false })).toBe(
      '[███████░░░░░░░░░░░░░░░░░░░░░░░] applying 50 of 200, 9.0/s, about 17 s left',
    );
  });

  test('is of plain signs where others may not be there', () => {
    expect(applyingBar(progress, { columns: 60, isAscii: true })).toBe(
      '[###-----------] applying 50 of 200, 9.0/s, about 17 s left',
    );
  });

  test.each([120, 80, 60, 56, 54, 53, 40])(
    'leaves the last of %d columns free, or is left out',
    (columns) => {
      const line = applyingBar(progress, { columns, isAscii: true });
      expect(line.length < columns || line === applyingLine(progress)).toBe(true);
      expect(line.startsWith('[')).toBe(columns >= 54);
    },
  );

  test('is empty at first and full at last', () => {
    const look = { columns: 100, isAscii: true };
    expect(applyingBar({ done: 0, total: 9, perSecond: null }, look)).toContain('[-');
    expect(applyingBar({ done: 9, total: 9, perSecond: null }, look)).toContain('#]');
    expect(applyingBar({ done: 0, total: 0, perSecond: null }, look)).toContain('[-');
  });
});
