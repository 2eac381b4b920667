import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Edit, edit } from '../../src/config/edit.ts';
import { parse } from '../../src/config/parse.ts';
import { literal, type Written } from '../../src/config/spell.ts';
import { positionAt, toEntryValue, valueAt } from '../../src/config/tree.ts';

type Path = readonly (string | number)[];
type Step<Of = Edit> = Of extends Edit ? Omit<Of, 'at'> & { readonly path: Path } : never;

function treeOf(text: string) {
  const { tree, diagnostics } = parse('x.yml', text);
  if (tree === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return tree;
}

function make(text: string, ...steps: readonly Step[]) {
  const tree = treeOf(text);
  const edits = steps.map(({ path, ...rest }) => ({ ...rest, at: positionAt(tree, path) }));
  const { text: after, refused } = edit(text, edits);
  return { after, refused: refused.map(({ why }) => why) };
}

const members = (
  path: Path,
  remove: readonly number[],
  append: readonly Written[] = [],
  emptied: 'keep' | 'drop' = 'keep',
): Step => ({ do: 'members', path, remove, append, emptied });
const drop = (...path: Path): Step => ({ do: 'drop', path });
const replace = (value: boolean | number | string, ...path: Path): Step => ({ do: 'replace', value, path });
const set = (key: string, value: Written, ...path: Path): Step => ({ do: 'set', key, value, path });

const LIST = ['list'];

describe('items of a list', () => {
  test.each([
    // In brackets.
    ['list: [a, b, c]\n', [1], [], 'list: [a, c]\n'],
    ['list: [a, b, c] # who\n', [0, 2], ['d'], 'list: [b, d] # who\n'],
    ['list: [ a, b ]\n', [0, 1], ['c'], 'list: [ c ]\n'],
    ['list: [a]\n', [0], [], 'list: []\n'],
    ['list: []\n', [], ['a', 'b'], 'list: [a, b]\n'],
    ['list: [a, b,]\n', [1], ['c'], 'list: [a, c,]\n'],
    ['list: ["a", \'b\']\n', [0], ['c'], "list: ['b', c]\n"],
    ['list: [\n  a, # one\n  b,\n  c # three\n]\n', [1], [], 'list: [\n  a, # one\n  c # three\n]\n'],
    [
      'list: [\n  a, # one\n  b # two\n]\n',
      [],
      ['c', 'd'],
      'list: [\n  a, # one\n  b, # two\n  c,\n  d\n]\n',
    ],
    ['list: [\n  a,\n  b,\n]\n', [1], ['c'], 'list: [\n  a,\n  c,\n]\n'],
    ['list: [ # who\n  a, # one\n]\n', [0], ['b'], 'list: [ # who\n  b,\n]\n'],
    ['list: [a, # one\n  b]\n', [1], [], 'list: [a, # one\n  ]\n'],
    ['list: [a, {id: x}]\n', [], [{ id: 'y' }], 'list: [a, {id: x}, { id: y }]\n'],
    // With dashes.
    ['list:\n  - a # one\n  - b\n', [0], [], 'list:\n  - b\n'],
    ['list:\n  - a\n  # about b\n  - b # two\n', [1], ['c'], 'list:\n  - a\n  # about b\n  - c\n'],
    ['list:\n- a\n-   b\nend: 1\n', [], ['c'], 'list:\n- a\n-   b\n-   c\nend: 1\n'],
    ['list: # who\n  - a\nend: 1\n', [0], [], 'list: [] # who\nend: 1\n'],
    [
      'list:\n  - a\n  # what comes behind stays there\nend: 1\n',
      [],
      ['b'],
      'list:\n  - a\n  - b\n  # what comes behind stays there\nend: 1\n',
    ],
    ['list:\n  - id: x\n  - id: y\n', [0], [{ id: 'z' }], 'list:\n  - id: y\n  - id: z\n'],
    [
      'list:\n  - { id: x }\n',
      [],
      [{ id: '${destinations.z.id}' }],
      'list:\n  - { id: x }\n  - { id: "${destinations.z.id}" }\n',
    ],
    ['list:\n  - a', [], ['b'], 'list:\n  - a\n  - b'],
    ['list:\n  - a\n  - b', [1], [], 'list:\n  - a'],
    ['list:\n  - a\n  - b', [1], ['c'], 'list:\n  - a\n  - c'],
    ['list:\n  - |\n    a\n    b\n  - c\n', [0], [], 'list:\n  - c\n'],
    ['list:\r\n  - a # eins\r\n  - b\r\n', [0], ['c'], 'list:\r\n  - b\r\n  - c\r\n'],
    ['list: [\r\n  ä,\r\n  b\r\n]\r\n', [0], ['ü'], 'list: [\r\n  b,\r\n  ü\r\n]\r\n'],
    ['\uFEFFlist: [a]\n', [], ['b'], '\uFEFFlist: [a, b]\n'],
  ] as const)('of %j without %j and with %j', (text, remove, append, after) => {
    expect(make(text, members(LIST, remove, append))).toEqual({ after, refused: [] });
  });

  test('come and go for two reasons at once', () => {
    const steps = [members(LIST, [0], ['c']), members(LIST, [1], ['d'])];
    expect(make('list: [a, b]\n', ...steps).after).toBe('list: [c, d]\n');
  });

  test.each([
    ['yes', 'yes'],
    ['null', '"null"'],
    ['007', '"007"'],
    ['a, b', '"a, b"'],
    ['#one', '"#one"'],
    ['a: b', '"a: b"'],
    ['@all', '"@all"'],
    ['two\nlines', '"two\\nlines"'],
    ['Grüße 🎉', 'Grüße 🎉'],
    [literal('a ${b} $${c}'), '"a $${b} $$${c}"'],
  ])('are plain where that is safe: %j', (value, spelled) => {
    expect(make('list: [x]\n', members(LIST, [], [value])).after).toBe(`list: [x, ${spelled}]\n`);
  });
});

describe('keys', () => {
  test.each([
    ['a: 1 # one\nb: 2\n', [replace(3, 'a')], 'a: 3 # one\nb: 2\n'],
    ['a: "x"\nb: \'y\'\n', [replace('z', 'a'), replace('w', 'b')], 'a: "z"\nb: \'w\'\n'],
    ['a: { b: true, c: 1 }\n', [replace(false, 'a', 'b')], 'a: { b: false, c: 1 }\n'],
    ['a: { b: true, c: 1 }\n', [drop('a', 'b')], 'a: { c: 1 }\n'],
    ['a: { b: true, c: 1 }\n', [drop('a', 'c'), set('d', 'x', 'a')], 'a: { b: true, d: x }\n'],
    [
      'a:\n  # about b\n  b: 1\n  c:\n    - 1\n    - 2\n',
      [drop('a', 'b')],
      'a:\n  # about b\n  c:\n    - 1\n    - 2\n',
    ],
    [
      'a:\n  b: 1\n  c:\n    - 1\n    - 2\nd: 1\n',
      [drop('a', 'c'), set('e', [1], 'a')],
      'a:\n  b: 1\n  e: [1]\nd: 1\n',
    ],
    ['a: {}\n', [set('b', { c: null }, 'a')], 'a: { b: { c: null } }\n'],
    ['s:\n  x:\n    y: 1\n', [drop('s', 'x')], 's: {}\n'],
  ] as const)('of %j', (text, steps, after) => {
    expect(make(text, ...steps)).toEqual({ after, refused: [] });
  });

  test('that are left empty go with what was in them, up to the entry', () => {
    const text = 'jobs:\n  etl:\n    mode: exact\n    health:\n      rules:\n        - { value: 1 }\n';
    expect(make(text, members(['jobs', 'etl', 'health', 'rules'], [0], [], 'drop')).after).toBe(
      'jobs:\n  etl:\n    mode: exact\n',
    );
    const only = 'jobs:\n  etl: # ours\n    settings:\n      a: true\n      b: true\nend: 1\n';
    expect(make(only, drop('jobs', 'etl', 'settings', 'a'), drop('jobs', 'etl', 'settings', 'b')).after).toBe(
      'jobs:\n  etl: {} # ours\nend: 1\n',
    );
  });
});

describe('what is not edited in place', () => {
  test.each([
    ['an alias', 'other: &x [a]\nlist: *x\n', members(LIST, [], ['b']), /alias/],
    ['what an alias means', 'list: &x [a]\nother: *x\n', members(LIST, [], ['b']), /anchor/],
    [
      'what is merged in',
      'base: &x { list: [a] }\nhere: { <<: *x }\n',
      members(['here', 'list'], [0]),
      /anchor/,
    ],
    ['an item that an alias means', 'list: [&x a]\nother: *x\n', drop('list'), /anchor/],
    ['a list that is a reference', 'list: ${var.x}\n', members(LIST, [], ['b']), /written out/],
    ['a text with a reference', 'a: x ${var.x}\n', replace('b', 'a'), /reference/],
    ['a text of several lines', 'a: |\n  x\n', replace('b', 'a'), /one line/],
    ['an item between comments in brackets', 'list: [ # who\n  a, b]\n', members(LIST, [0, 1]), /comments/],
    ['a list in a list', 'list:\n  - a: 1\n    b: 2\n', drop('list', 0, 'a'), /shares its line/],
  ] as const)('is %s', (_name, text, step, why) => {
    const { after, refused } = make(text, step);
    expect([after, refused.length]).toEqual([text, 1]);
    expect(refused[0]).toMatch(why);
  });

  test('does not keep other edits from being made', () => {
    const text = 'one: &x [a]\ntwo: *x\nlist: [a]\n';
    const { after, refused } = make(text, members(['one'], [0]), members(LIST, [0]));
    expect([after, refused.length]).toEqual(['one: &x [a]\ntwo: *x\nlist: []\n', 1]);
  });

  test('is an anchor that nothing means not', () => {
    expect(make('list: &x [a]\n', members(LIST, [], ['b'])).after).toBe('list: &x [a, b]\n');
  });
});

const TEXTS = [
  'a@b.test',
  'leads',
  'x y',
  'Größe',
  '12',
  'null',
  '- z',
  "it's",
  'q"q',
  '# c',
  '*x',
  'a: b',
  '🎉',
];
const aText = fc.constantFrom(...TEXTS);
const STYLES = ['flow', 'lines', 'block', 'flush'] as const;

/** A list in one of several hands, with comments where they may stand. */
function written(items: readonly string[], style: (typeof STYLES)[number], eol: string): readonly string[] {
  const quoted = items.map((item) => JSON.stringify(item));
  if (items.length === 0 || style === 'flow') return [`  list: [${quoted.join(', ')}] # kept`];
  if (style === 'lines')
    return ['  list: [', ...quoted.map((item) => `    ${item}, # of ${eol.length}`), '  ]'];
  const margin = style === 'block' ? '    ' : '  ';
  return ['  list:', ...quoted.map((item) => `${margin}- ${item} # one of them`)];
}

describe('any edit of a list', () => {
  test('gives what was asked for and leaves every other line as it was', () => {
    const arbitrary = fc.record({
      items: fc.array(aText, { maxLength: 5 }),
      gone: fc.array(fc.nat(4), { maxLength: 5 }),
      added: fc.array(aText, { maxLength: 3 }),
      style: fc.constantFrom(...STYLES),
      eol: fc.constantFrom('\n', '\r\n'),
      isEnded: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitrary, ({ items, gone, added, style, eol, isEnded }) => {
        const remove = [...new Set(gone)].filter((index) => index < items.length);
        const above = ['# Ä comment', 'first: "1"   # ✓', 'here: # and now'];
        const below = ['  # between', '  last: [ x,y ]', 'end: &a {k: v}', 'again: *a'];
        const lines = [...above, ...written(items, style, eol), ...below];
        const text = lines.join(eol) + (isEnded ? eol : '');
        const { after, refused } = make(text, members(['here', 'list'], remove, added));
        expect(refused).toEqual([]);
        const found = valueAt(treeOf(after), ['here', 'list']);
        expect(found && toEntryValue(found)).toEqual([
          ...items.filter((_, index) => !remove.includes(index)),
          ...added,
        ]);
        const out = after.split(eol);
        expect(out.slice(0, above.length)).toEqual(above);
        expect(out.slice(-below.length - (isEnded ? 1 : 0))).toEqual([...below, ...(isEnded ? [''] : [])]);
      }),
      { numRuns: 500 },
    );
  });
});
