import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { ApiError, SettingsError } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';

const TEXT = 'xoxb-never-to-be-seen';
const LABEL = '(secret SLACK)';
const secret = Secret.of(LABEL, ['SLACK'], TEXT);

describe('Secret', () => {
  test.each<[string, () => string]>([
    ['a template', () => `is ${secret as unknown as string}`],
    ['String', () => String(secret)],
    ['concatenation', () => 'is ' + secret],
    ['String.raw', () => String.raw`${secret}`],
    ['JSON', () => JSON.stringify({ deep: [{ secret }] })],
    ['inspect', () => inspect(secret)],
    [
      'inspect of what holds it',
      () => inspect({ a: [new Map([['k', secret]])] }, { depth: 9, showHidden: true }),
    ],
    [
      'inspect without custom printing',
      () => inspect(secret, { customInspect: false, showHidden: true, depth: 9 }),
    ],
    ['a join', () => [secret, secret].join()],
    ['its entries', () => JSON.stringify(Object.entries(secret))],
    ['a copy', () => inspect(Object.assign({}, secret)) + LABEL],
    ['a clone', () => inspect(structuredClone({ secret })) + LABEL],
    ['an error', () => inspect(new Error(`failed with ${secret as unknown as string}`, { cause: secret }))],
    ['the cause of an error', () => inspect(new SettingsError('wrong', { cause: { secret } }))],
    [
      'an error of the API',
      () =>
        inspect(
          new ApiError(`said ${secret as unknown as string}`, { method: 'GET', path: '/', status: 400 }),
        ),
    ],
    ['reading it where it is unavailable', () => LABEL + inspect(Secret.of(LABEL, [], ' '))],
  ])('shows its label and never its value in %s', (_name, print) => {
    expect(print()).toContain(LABEL);
    expect(print()).not.toContain(TEXT);
  });

  test('is no number', () => {
    expect(Number(secret)).toBeNaN();
  });

  test.each([undefined, '', ' ', '\n\t'])('is unavailable where its variable is %j', (text) => {
    const missing = Secret.of(LABEL, ['SLACK'], text);
    expect(missing.isAvailable).toBe(false);
    expect(() => missing.reveal()).toThrow(`${LABEL} is not available`);
  });

  test('is revealed as it was given, blanks included', () => {
    expect(secret.reveal()).toBe(TEXT);
    expect(Secret.of(LABEL, [], ' a ').reveal()).toBe(' a ');
  });
});
