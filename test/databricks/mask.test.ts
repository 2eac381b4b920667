import { describe, expect, test } from '@jest/globals';
import { maskAll, secretTexts, tidy } from '../../src/databricks/mask.ts';

describe('maskAll', () => {
  test.each([
    ['a s3cr3t b s3cr3t', ['s3cr3t'], 'a (secret) b (secret)'],
    ['x=a%2Fb%3Dc', ['a/b=c'], 'x=(secret)'],
    ['{"x":"a\\"bcd"}', ['a"bcd'], '{"x":"(secret)"}'],
    ['longer-secret', ['long', 'longer-secret'], '(secret)'],
    ['ab abc', ['ab', ''], 'ab abc'],
    ['$& abcd', ['abcd'], '$& (secret)'],
    ['half \ud800xyz', ['\ud800xyz'], 'half (secret)'],
  ])('takes out of %j %j', (text, secrets, expected) => {
    expect(maskAll(text, secrets)).toBe(expected);
  });
});

describe('secretTexts', () => {
  test('finds secret fields at any depth and leaves names alone', () => {
    const body = {
      display_name: 'team',
      config: {
        slack: { url: 'https://hooks.test/services/T0/B0/xyz', channel_id: 'C1' },
        list: [{ password: 'p4ss' }],
      },
    };
    expect(secretTexts(body)).toEqual([
      'https://hooks.test/services/T0/B0/xyz',
      '/services/T0/B0/xyz',
      'p4ss',
    ]);
  });

  test.each([
    'url',
    'integration_key',
    'password',
    'oauth_token',
    'oauth_client_secret',
    'auth_secret',
    'access_token',
    'authorization',
    'secret',
  ])('knows %s', (field) => {
    expect(secretTexts({ a: { [field]: 'value' } })).toEqual(['value']);
  });

  test.each([[undefined], [null], ['text'], [1]])('finds nothing in %j', (body) => {
    expect(secretTexts(body)).toEqual([]);
  });
});

describe('tidy', () => {
  test('makes one clean line', () => {
    expect(tidy(' a\r\n\tb\u0000\u001b[0m\u200bc\u2028d\ud800 ')).toBe('a b [0m c d');
  });

  test('cuts at the limit', () => {
    expect(tidy('abcdef', 6)).toBe('abcdef');
    expect(tidy('abcdefg', 6)).toBe('abcde…');
  });
});
