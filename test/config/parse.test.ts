import { describe, expect, test } from '@jest/globals';
import { parse } from '../../src/config/parse.ts';
import { positionAt, toEntryValue, valueAt, type Tree } from '../../src/config/tree.ts';
import { FILE, shown } from './support.ts';

function read(text: string): unknown {
  const { tree, diagnostics } = parse(FILE, text);
  expect(shown(diagnostics)).toEqual([]);
  return tree === undefined ? undefined : toEntryValue(tree);
}

function place(tree: Tree | undefined, path: readonly (string | number)[]): string {
  const at = tree && positionAt(tree, path);
  return `${at?.line}:${at?.column}`;
}

describe('parse', () => {
  test.each([
    [
      'leaves on, no, yes and NO as text',
      'a: [on, no, yes, NO, off, y]',
      { a: ['on', 'no', 'yes', 'NO', 'off', 'y'] },
    ],
    ['keeps a key named on', 'on: {yes: 1}', { on: { yes: 1 } }],
    [
      'knows the booleans and nulls of YAML 1.2',
      'a: [true, False, null, ~, ]\nb:',
      { a: [true, false, null, null], b: null },
    ],
    [
      'is not moved by a YAML 1.1 directive',
      '%YAML 1.1\n---\na: [on, 010, 12:30]',
      { a: ['on', 10, '12:30'] },
    ],
    [
      'keeps every digit of a large integer',
      'a: 9007199254740993\nb: -9007199254740993\nc: 9007199254740991',
      { a: '9007199254740993', b: '-9007199254740993', c: 9007199254740991 },
    ],
    ['keeps a large hexadecimal integer exact', 'a: 0x20000000000001', { a: '9007199254740993' }],
    ['reads numbers with a point', 'a: 1.50', { a: 1.5 }],
    ['takes digits in quotes for text', 'a: "0123"', { a: '0123' }],
    ['makes text of keys that are no text', '123: a\ntrue: b\nnull: c', { 123: 'a', true: 'b', null: 'c' }],
    ['ignores a byte order mark', '\uFEFFa: 1', { a: 1 }],
    [
      'ignores carriage returns',
      'a: 1\r\nb:\r\n  - x\r\nc: |\r\n  y\r\n  z\r\n',
      { a: 1, b: ['x'], c: 'y\nz\n' },
    ],
    ['accepts the end of the document', '---\na: 1\n...\n', { a: 1 }],
    ['writes aliases out', 'a: &x [1, 2]\nb: *x', { a: [1, 2], b: [1, 2] }],
    ['takes the latest anchor of a name', 'a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
    [
      'merges mappings, with its own keys first',
      'a: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}',
      { a: { x: 1, y: 1 }, b: { y: 2, x: 1 } },
    ],
    [
      'merges several mappings, the earlier one first',
      'a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}',
      { a: { x: 1 }, b: { x: 2, y: 2 }, c: { x: 1, y: 2 } },
    ],
    ['takes "<<" in quotes for an ordinary key', 'a: {"<<": 1}', { a: { '<<': 1 } }],
    ['survives keys that objects inherit', 'constructor: 1\ntoString: 2', { constructor: 1, toString: 2 }],
    ['reads text with a tag as text', 'a: !!str 1', { a: '1' }],
  ])('%s', (_title, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ['an empty file', '', '1:1 empty-file: notifications.yml is empty; begin with `version: 1`'],
    [
      'a file of comments',
      '# nothing\n\n',
      '1:1 empty-file: notifications.yml is empty; begin with `version: 1`',
    ],
    [
      'a list',
      '- a\n',
      '1:1 wrong-type: the file must be a mapping of keys to values; begin with `version: 1`',
    ],
    [
      'a second document',
      'a: 1\n---\nb: 2\n',
      '2:1 yaml-syntax: a second YAML document begins here; remove the "---", or make it a file of its own and `include` it',
    ],
    ['a tab', 'a:\n\tb: 1\n', '2:1 yaml-syntax: a tab is used for indentation; YAML allows spaces only'],
    [
      'a key that stands twice',
      'a: 1\nb: 2\na: 3\n',
      '3:1 duplicate-key: "a" stands twice in one mapping, in line 1 and in line 3; keep one of them',
    ],
    [
      'an unknown alias',
      'a:\n  - *@gmail.com\n',
      '2:5 yaml-alias: no anchor "&@gmail.com" stands before this alias; text that begins with "*" must be in quotes',
    ],
    [
      'an alias within its own anchor',
      'a: &x\n  - *x\n',
      '2:5 yaml-alias: the alias "*x" stands inside its own anchor; write it out',
    ],
    [
      'a reference in braces without quotes',
      'a: { url: ${secrets.X} }',
      '1:12 yaml-syntax: braces stand here without quotes; inside [ ] and { } a reference needs quotes: "${var.name}"',
    ],
    [
      'a reference in brackets without quotes',
      'a: [${var.x}]',
      '1:6 yaml-syntax: braces stand here without quotes; inside [ ] and { } a reference needs quotes: "${var.name}"',
    ],
    [
      'text that begins with @',
      'a: @x',
      '1:4 yaml-syntax: text may not begin with this character; put the text in quotes',
    ],
    [
      'bad indentation',
      'a:\n    b: 1\n  c: 2\n',
      '3:1 yaml-syntax: the indentation does not fit the lines above; keys of one mapping begin in the same column; or a bracket above is not closed',
    ],
    [
      'an open bracket',
      'a: [1, 2\n',
      '2:1 yaml-syntax: the indentation does not fit the lines above; keys of one mapping begin in the same column; or a bracket above is not closed',
    ],
    [
      'an unknown tag',
      'a: !!binary aGk=\n',
      '1:4 yaml-syntax: this tag, number or directive is not one of YAML 1.2 core; remove the tag, or put the text in quotes',
    ],
    [
      'a mapping as a key',
      '? {a: 1}\n: b\n',
      '1:3 yaml-syntax: a key must be text; references in braces need quotes: "${var.name}"',
    ],
    [
      'a merge of something else',
      'a: {<<: 1}',
      '1:5 yaml-merge: "<<" merges mappings, and this is none; write `<<: *anchor`, with the anchor at a mapping',
    ],
    [
      'an infinite number',
      'a: .inf',
      '1:4 wrong-type: this number is not finite; put it in quotes if it is text',
    ],
    [
      'the key that would change what objects inherit',
      '__proto__: {a: 1}\n',
      '1:1 unknown-key: the key "__proto__" is not allowed; choose another name',
    ],
  ])('reports %s', (_title, text, expected) => {
    expect(shown(parse(FILE, text).diagnostics)).toEqual([expected]);
  });

  test('knows where every key and value stands', () => {
    const { tree } = parse(FILE, 'a:\n  b:\n    - x\n    - c: 1\n');
    expect([
      place(tree, ['a']),
      place(tree, ['a', 'b']),
      place(tree, ['a', 'b', 0]),
      place(tree, ['a', 'b', 1, 'c']),
    ]).toEqual(['1:1', '2:3', '3:7', '4:7']);
    expect(tree && valueAt(tree, ['a', 'b', 1, 'c'])?.at).toEqual({ file: FILE, line: 4, column: 10 });
  });

  test('falls back to the nearest ancestor', () => {
    const { tree } = parse(FILE, 'a:\n  b: 1\n');
    expect(place(tree, ['a', 'x', 'y'])).toBe('1:1');
    expect(place(tree, ['a', 'b', 0])).toBe('2:3');
  });

  test('places aliases and merged keys where their text stands', () => {
    const { tree } = parse(FILE, 'a: &a\n  x: [1]\nb:\n  <<: *a\nc: *a\n');
    expect([place(tree, ['b', 'x']), place(tree, ['b', 'x', 0]), place(tree, ['c', 'x'])]).toEqual([
      '2:3',
      '2:7',
      '2:3',
    ]);
  });

  test('quotes nothing of the file in a syntax error, as it may be a secret', () => {
    const { diagnostics } = parse(FILE, 'a: "hunter2" hunter2\n');
    expect(diagnostics).toHaveLength(1);
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });
});

describe('parse, given a bomb', () => {
  const laughs = [
    'l0: &l0 [x, x, x, x, x, x, x, x, x]',
    ...Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`),
  ];
  const merges = [
    'm0: &m0 {a: 1}',
    ...Array.from({ length: 30 }, (_, i) => `m${i + 1}: &m${i + 1} {a: *m${i}, b: *m${i}}`),
  ];

  test.each([
    ['aliases of aliases', laughs.join('\n'), 'yaml-alias'],
    ['mappings of aliases', merges.join('\n'), 'yaml-alias'],
    ['brackets in brackets', `a: ${'['.repeat(200_000)}`, 'too-deep'],
    ['braces in braces', '{'.repeat(200_000), 'too-deep'],
    ['lists in lists', `a:\n${'- '.repeat(200_000)}`, 'too-deep'],
    [
      'mappings in mappings',
      Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'too-deep',
    ],
    [
      'depth made of aliases',
      ['a0: &a0 [1]', ...Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`)].join('\n'),
      'too-deep',
    ],
  ])('refuses %s', (_title, text, code) => {
    expect(parse(FILE, text).diagnostics[0]).toMatchObject({ code, severity: 'error' });
  });

  test('reads fifty thousand keys of one mapping', () => {
    const { tree } = parse(FILE, Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join('\n'));
    expect(tree?.fields.size).toBe(50_000);
  });

  test('accepts what is nested as deeply as is allowed', () => {
    const deep = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
    expect(parse(FILE, `a: ${deep(39)}`).diagnostics).toEqual([]);
    expect(parse(FILE, `a: ${deep(40)}`).diagnostics[0]?.code).toBe('too-deep');
  });
});
