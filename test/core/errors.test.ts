import { describe, expect, test } from '@jest/globals';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../../src/core/diagnostic.ts';
import { isEmailAddress } from '../../src/core/email.ts';
import { entryText, isEntry } from '../../src/core/entry.ts';
import {
  ApiError,
  AuthError,
  ConfigError,
  InternalError,
  NotFoundError,
  PermissionError,
  RefusedError,
  SettingsError,
  type ToolError,
} from '../../src/core/errors.ts';
import { Ref } from '../../src/core/value.ts';
import { aSecret } from '../support/builders.ts';

const failure = { method: 'GET', path: '/api', status: 404, hint: 'look' };

describe('errors', () => {
  test.each<[ToolError, string, number, string]>([
    [new SettingsError('x'), 'settings', 1, 'user'],
    [new AuthError('x'), 'auth', 3, 'user'],
    [new ApiError('x', failure), 'api', 4, 'remote'],
    [new NotFoundError('x', failure), 'not-found', 4, 'remote'],
    [new PermissionError('x', failure), 'permission', 3, 'remote'],
    [new RefusedError('x'), 'refused', 5, 'user'],
    [new InternalError('x'), 'internal', 1, 'us'],
  ])('%s has code %s, exit code %i and source %s', (error, code, exitCode, source) => {
    expect(error).toMatchObject({ code, exitCode, source, message: 'x' });
    expect(error.name).toBe(error.constructor.name);
  });

  test('keep their cause and hint, and have none where none is given', () => {
    const cause = new Error('deep');
    expect(new SettingsError('x', { cause, hint: 'h', code: 'c' })).toMatchObject({
      cause,
      hint: 'h',
      code: 'c',
    });
    expect('cause' in new SettingsError('x')).toBe(false);
    expect(new NotFoundError('x', failure).hint).toBe('look');
  });

  test('count the errors of a configuration', () => {
    const diagnostics: Diagnostic[] = [
      { code: 'a', severity: 'error', message: '' },
      { code: 'b', severity: 'warning', message: '' },
    ];
    expect(new ConfigError(diagnostics).message).toBe('the configuration has 1 error');
    expect(new ConfigError([...diagnostics, ...diagnostics]).message).toBe('the configuration has 2 errors');
    expect(hasErrors(diagnostics.slice(1))).toBe(false);
    expect(hasErrors(diagnostics)).toBe(true);
  });
});

describe('sortDiagnostics', () => {
  test('goes by file, line, column, code and message, and leaves its argument alone', () => {
    const at = (file: string, line: number, column: number) => ({ file, line, column });
    const sorted: Diagnostic[] = [
      { code: 'z', severity: 'note', message: '' },
      { code: 'z', severity: 'note', message: '', at: at('a', 1, 1) },
      { code: 'z', severity: 'note', message: '', at: at('a', 1, 2) },
      { code: 'z', severity: 'note', message: '', at: at('a', 2, 1) },
      { code: 'a', severity: 'note', message: '', at: at('b', 1, 1) },
      { code: 'b', severity: 'note', message: 'a', at: at('b', 1, 1) },
      { code: 'b', severity: 'note', message: 'b', at: at('b', 1, 1) },
    ];
    const given = sorted.toReversed();
    expect(sortDiagnostics(given)).toEqual(sorted);
    expect(given).toEqual(sorted.toReversed());
  });
});

describe('isEmailAddress', () => {
  test.each(['a@company.test', 'first.last+tag@sub.company.com', 'pagerduty@company.pagerduty.com'])(
    '%s is',
    (text) => {
      expect(isEmailAddress(text)).toBe(true);
    },
  );

  test.each(['', 'a', 'a@', '@b.com', 'a@b', 'a b@company.com', 'a@company.com,b@company.com'])(
    '%j is not',
    (text) => {
      expect(isEmailAddress(text)).toBe(false);
    },
  );
});

describe('entries', () => {
  test('tell a scalar’s text and nothing of a secret', () => {
    expect([entryText('a'), entryText(5), entryText(true)]).toEqual(['a', '5', 'true']);
    expect([undefined, null, aSecret('A'), new Ref('a/b'), ['a'], { a: 1 }].map(entryText).join('')).toBe('');
  });

  test('are plain objects', () => {
    expect(isEntry({})).toBe(true);
    expect([null, undefined, [], 'a', aSecret('A'), new Ref('a/b')].some(isEntry)).toBe(false);
  });
});
