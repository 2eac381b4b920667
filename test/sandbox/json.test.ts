import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  copyJson,
  exactNumber,
  integerText,
  isObject,
  type Json,
  parseJson,
  printJson,
} from '../../src/sandbox/json.ts';

describe('json', () => {
  test('every int64 survives parse and print, alone and among other values', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.jsonValue(), (id, other) => {
        const value: Json = JSON.parse(JSON.stringify(other));
        const text = `{"id":${id},"other":${JSON.stringify(value)}}`;
        const parsed = parseJson(text);
        expect(isObject(parsed) ? integerText(parsed['id']) : '').toBe(String(id));
        expect(printJson(parsed)).toContain(`"id":${id}`);
        expect(printJson(exactNumber(String(id)))).toBe(String(id));
        expect(printJson(copyJson(parsed))).toBe(printJson(parsed));
      }),
    );
  });

  test('takes an id as number or text and nothing else', () => {
    expect(['007', 7, '-7', exactNumber('7')].map(integerText)).toEqual(['7', '7', '-7', '7']);
    expect([1.5, '1.0', '', ' 1', 'x', null, true, {}, undefined, 1e21].map(integerText)).toEqual(
      Array.from({ length: 10 }, () => undefined),
    );
  });
});
