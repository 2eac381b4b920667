import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { inert, inertJson, inertName, printable } from '../../src/report/inert.ts';
import { NAMES } from './support/plans.ts';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\\', 'u{', '}', 'A', '\u200B', '#', '[', ' ') }),
);

describe('inert', () => {
  test('leaves names in every alphabet as they are', () => {
    for (const name of NAMES.slice(0, 10)) expect(inert(name)).toBe(name);
  });

  test.each([
    ['\u001B[31m', String.raw`\u{1B}[31m`],
    ['a\nb', String.raw`a\u{A}b`],
    ['\u009B2J', String.raw`\u{9B}2J`],
    ['a\u202Eb', String.raw`a\u{202E}b`],
    ['a\u2066b', String.raw`a\u{2066}b`],
    ['a\u200Bb', String.raw`a\u{200B}b`],
    ['\uFEFFa', String.raw`\u{FEFF}a`],
    ['\u{E0041}', String.raw`\u{E0041}`],
    ['\u3164', String.raw`\u{3164}`],
    ['\uD800', String.raw`\u{D800}`],
    ['\u2028', String.raw`\u{2028}`],
    ['##[group]x', String.raw`\u{23}#[group]x`],
    ['##vso[x]', String.raw`\u{23}#vso[x]`],
    ['⚠\uFE0F', '⚠\uFE0F'],
    ['a\uFE0F', String.raw`a\u{FE0F}`],
  ])('shows %j as %s', (foreign, printed) => {
    expect(inert(foreign)).toBe(printed);
  });

  test('lets no unseen character through', () => {
    fc.assert(fc.property(text, (foreign) => !UNSEEN.test(inert(foreign))));
  });

  test('keeps different texts different', () => {
    fc.assert(fc.property(text, text, (a, b) => (inertName(a) === inertName(b)) === (a === b)));
  });

  test('shows a text that only looks escaped for what it is', () => {
    expect(inert(String.raw`a\u{200B}`)).not.toBe(inert('a\u200B'));
  });
});

describe('inertName', () => {
  test('shows spaces that could pass for columns', () => {
    expect(inertName(' a  b ')).toBe(String.raw`\u{20}a\u{20} b\u{20}`);
  });
});

describe('printable', () => {
  test('takes the runner command out of a line that begins with one', () => {
    expect(printable(['  ::add-mask::x', 'select a::int'])).toBe(`  \\u{3A}:add-mask::x\nselect a::int\n`);
  });
});

describe('inertJson', () => {
  test('keeps the value and hides what is unseen', () => {
    fc.assert(
      fc.property(fc.jsonValue(), text, (value, foreign) => {
        const json = inertJson(JSON.stringify([value, foreign], null, 2));
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([value, foreign])));
        expect(UNSEEN.test(json.replaceAll('\n', ''))).toBe(false);
      }),
    );
  });
});
