import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { isObject, parseJson, printJson, wordOf } from '../../src/databricks/json.ts';

describe('parseJson', () => {
  test.each([
    '9007199254740993',
    '-9007199254740993',
    '9223372036854775807',
    '1.0',
    '1e3',
    '1E400',
    '-0',
    '-0.0',
    '0.1000',
    '123456789012345678901234567890',
    '0.1234567890123456789',
  ])('keeps %s exactly, wherever it stands', (digits) => {
    for (const text of [
      digits,
      `[${digits}]`,
      `[1,${digits}]`,
      `{"a":${digits}}`,
      ` { "a" : [ 1 , ${digits} ] } `,
    ]) {
      expect(printJson(parseJson(text))).toBe(text.replaceAll(' ', ''));
    }
    expect(parseJson(digits)).toBeInstanceOf(LosslessNumber);
  });

  test.each([
    '0',
    '1',
    '-1',
    '0.5',
    '-2.25',
    '1234567890123456',
    '9007199254740991',
    '1e+21',
    '446688421234567',
  ])('reads %s as a plain number', (digits) => {
    expect(parseJson(`{"a":${digits}}`)).toEqual({ a: Number(digits) });
  });

  test('reads plain numbers beside an exact one as plain', () => {
    expect(parseJson('{"id":9007199254740993,"n":7,"f":0.5}')).toMatchObject({ n: 7, f: 0.5 });
  });

  test('does not mistake text for numbers', () => {
    const text = '{"a":"x:9007199254740993,1.0","b":"\\",-0"}';
    expect(parseJson(text)).toEqual({ a: 'x:9007199254740993,1.0', b: '",-0' });
  });

  test.each(['', '{', '{"a":}', '[1,]', '01', 'nope', '{"a":9007199254740993', '<html>'])(
    'refuses %j',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  test('agrees with JSON.parse on all that a double holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(printJson(parseJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('brings every int64 there and back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (id) => {
        const text = `{"jobs":[{"job_id":${id}}]}`;
        expect(printJson(parseJson(text))).toBe(text);
      }),
    );
  });
});

describe('printJson', () => {
  test('drops undefined members and keeps null', () => {
    expect(printJson(JSON.parse('{"a":null,"b":[]}'))).toBe('{"a":null,"b":[]}');
  });
});

describe('isObject', () => {
  test.each([
    ['{}', true],
    ['[]', false],
    ['null', false],
    ['9007199254740993', false],
    ['"x"', false],
  ])('judges %s as %s', (text, expected) => {
    expect(isObject(parseJson(text))).toBe(expected);
  });
});

describe('wordOf', () => {
  test.each([
    ['"x"', 'x'],
    ['403', '403'],
    ['9007199254740993', '9007199254740993'],
    ['""', undefined],
    ['null', undefined],
    ['{}', undefined],
    ['true', undefined],
  ])('reads %s as %s', (text, expected) => {
    expect(wordOf(parseJson(text))).toBe(expected);
  });
});
