import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { codeSpan, fenced, glue, link, prose, summaryCode } from '../../src/report/escape.ts';

const triggers = [
  '`',
  '``',
  '```',
  '@',
  'team',
  '#1',
  '[',
  '](',
  'x',
  ')',
  '!',
  '<',
  '>',
  '&lt;',
  '|',
  '*',
  '_',
  '~',
  '$',
  '\\',
  ':tada:',
];
const more = [
  ' ',
  '\n',
  '\u202E',
  '\u200B',
  '\u001B',
  'https://evil.test',
  'www.evil.test',
  'GH-1',
  'deadbeef',
  '1.',
  '- ',
  '"',
  "'",
  '\r',
];
const foreign = fc.oneof(
  fc.string({ unit: fc.constantFrom(...triggers, ...more), maxLength: 12 }),
  fc.string({ unit: 'binary' }),
);

/** What is left of a line of Markdown once its code spans are taken out, as CommonMark finds them; a span becomes `□`. */
function outsideCode(line: string): string {
  const runs = [...line.matchAll(/`+/gu)];
  let [rest, from] = ['', 0];
  for (let at = 0; at < runs.length; at += 1) {
    const open = runs[at]!;
    if (open.index < from) continue;
    const close = runs.slice(at + 1).find(([run]) => run.length === open[0].length);
    if (close === undefined) continue;
    rest += `${line.slice(from, open.index)}□`;
    from = close.index + close[0].length;
  }
  return rest + line.slice(from);
}

describe('codeSpan', () => {
  test.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['```', '```` ``` ````'],
    ['', '`(empty)`'],
    ['a\nb', String.raw`\`a\u{A}b\``.replaceAll('\\`', '`')],
    ['@team [x](y)', '`@team [x](y)`'],
  ])('writes %j as %s', (text, markdown) => {
    expect(codeSpan(text)).toBe(markdown);
  });

  test('is one span with nothing around it, whatever it holds', () => {
    fc.assert(fc.property(foreign, (text) => outsideCode(codeSpan(text)) === '□'));
  });

  test('stays apart from its neighbours', () => {
    fc.assert(
      fc.property(foreign, foreign, (a, b) => outsideCode(glue([codeSpan(a), codeSpan(b)])) === '□ □'),
    );
  });
});

describe('prose', () => {
  test('leaves plain words alone', () => {
    const sentence =
      'no job is called "billing", so names (case-sensitive) differ: 3 of 4, e.g. Störung in データ';
    expect(prose(sentence)).toBe(sentence);
  });

  test.each([
    ['ask @team', 'ask `@team`'],
    ['see #12.', 'see `#12`.'],
    ['https://evil.test', '`https://evil.test`'],
    ['(www.evil.test)', '(`www.evil.test`)'],
    ['deadbeef1 GH-3', '`deadbeef1` `GH-3`'],
    ['"<img>"', '"`<img>`"'],
    ['on_failure', '`on_failure`'],
    ['say `id: 1` here', 'say `id: 1` here'],
    ['one ` tick', 'one `` ` `` tick'],
    ['`a``b`', '`a` `b`'],
    ['1. x', String.raw`1\. x`],
    ['- x', '`-` x'],
    ['${secrets.X}', '`${secrets.X}`'],
    [':tada:', '`:tada`:'],
    ['a\nb', '`a\\u{A}b`'],
    ['     x', 'x'],
  ])('writes %j as %s', (text, markdown) => {
    expect(prose(text)).toBe(markdown);
  });

  test('has no trigger of Markdown or GitHub outside code', () => {
    fc.assert(
      fc.property(foreign, (text) => {
        const line = outsideCode(prose(text));
        // The one backslash that is ours keeps a number at the start from opening a list.
        const rest = line.replace(/^(\d+)\\(?=[.)])/u, '$1');
        expect(rest).not.toMatch(
          /[`@#[\]<>|*_~$\\{}+=^]|&(?!#96;)|:\/\/|www\.|:\w+:|\bgh-\d|\b[0-9a-f]{7,40}\b|[\p{Cc}\p{Cf}]/iu,
        );
        expect(line).not.toMatch(/^\s*(?:-|\d+[.)])(?:\s|$)/u);
      }),
    );
  });
});

describe('summaryCode', () => {
  test('leaves no character of HTML', () => {
    fc.assert(
      fc.property(foreign, (text) => {
        const inner = summaryCode(text).slice('<code>'.length, -'</code>'.length);
        return !/[<>"']|&(?!#\d+;)|[\r\n]/u.test(inner);
      }),
    );
  });
});

describe('fenced', () => {
  test('is closed by its own fence alone', () => {
    fc.assert(
      fc.property(fc.array(foreign.map((text) => text.replaceAll(/[\r\n]/gu, ''))), (lines) => {
        const [open = '', ...rest] = fenced('diff', lines);
        const fence = open.replace('diff', '');
        expect(rest.at(-1)).toBe(fence);
        expect(rest.slice(0, -1).some((line) => line.includes(fence))).toBe(false);
      }),
    );
  });
});

describe('link', () => {
  test('keeps an address inside its brackets', () => {
    expect(link('a(b', 'https://git.test/a b>c<d')).toBe('[`a(b`](<https://git.test/a%20b%3Ec%3Cd>)');
  });

  test.each(['javascript:alert(1)', '//evil.test', 'data:text/html,x'])('does not link to %s', (url) => {
    expect(link('a', url)).toBe('`a`');
  });

  test('does not become the definition of a reference', () => {
    expect(link('a]: b', 'https://git.test')).toBe('`a]: b`');
  });

  test('takes any address without failing', () => {
    fc.assert(
      fc.property(foreign, (tail) =>
        /^\[`.*`\]\(<[^<>\s]*>\)$/su.test(link('a', `https://git.test/${tail}`)),
      ),
    );
  });
});
