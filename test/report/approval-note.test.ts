import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type ApprovalNote, readApprovalNote, renderApprovalNote } from '../../src/report/approval-note.ts';
import { DIGEST } from './support/builders.ts';
import { anyText } from '../support/any-text.ts';

const OP = `sha256:${'ab'.repeat(32)}`;
const NOTE: ApprovalNote = {
  config: 'data-platform',
  target: 'prod',
  workspaceId: '1234567890123456',
  digest: DIGEST,
  ops: [
    { address: 'destination/leads', op: OP },
    { address: 'job/7', op: DIGEST },
  ],
};
const TEXT = renderApprovalNote(NOTE);
const BLOCK = TEXT.slice(TEXT.indexOf('```'));

const foreign = fc.oneof(
  anyText({ maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      '`',
      '```',
      '\n',
      '\r',
      '```json\n',
      '</details>',
      '-->',
      '<!--',
      '"',
      '\\',
      '\u2028',
      ' ',
    ),
    maxLength: 12,
  }),
);
const digest = fc.stringMatching(/^sha256:[0-9a-f]{64}$/u);
const note: fc.Arbitrary<ApprovalNote> = fc.record({
  config: foreign,
  target: fc.option(foreign),
  workspaceId: foreign,
  digest,
  ops: fc.option(fc.array(fc.record({ address: foreign, op: digest }), { maxLength: 5 })),
});

const many = (count: number): ApprovalNote => ({
  ...NOTE,
  ops: Array.from({ length: count }, (_none, at) => ({ address: `job/${at}`, op: OP })),
});

/** The block with its JSON written anew, in the form in which we write it. */
function changed(edit: (json: Record<string, unknown>) => unknown): string {
  const json = edit(JSON.parse(BLOCK.replaceAll(/^```(?:json)?$/gmu, '')) as Record<string, unknown>);
  return `\`\`\`json\n${JSON.stringify(json)}\n\`\`\``;
}

describe('an approval note', () => {
  test('reads as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(note, (one) => {
        expect(readApprovalNote(renderApprovalNote(one))).toEqual(one);
      }),
      { numRuns: 300 },
    );
  });

  test('is visible ASCII, and nothing in it closes the block or opens another or any HTML', () => {
    fc.assert(
      fc.property(note, (one) => {
        const text = renderApprovalNote(one);
        expect(text).toMatch(/^[\x20-\x7e\n]*$/u);
        expect(text.match(/`+/gu)).toEqual(['```', '```']);
        expect(text).not.toMatch(/[<>&]/u);
        expect(text.endsWith('\n```')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('is read with the line breaks of the web, and between other words', () => {
    expect(readApprovalNote(TEXT.replaceAll('\n', '\r\n'))).toEqual(NOTE);
    expect(readApprovalNote(`One.\n\n${TEXT}\n\nTwo.\n`)).toEqual(NOTE);
    expect(readApprovalNote(BLOCK)).toEqual(NOTE);
  });

  test('lists one operation a line', () => {
    expect(TEXT.split('\n').filter((line) => line.includes('job/7'))).toEqual([`    ["job/7","${DIGEST}"]`]);
  });

  test('is what it was in the first version', () => {
    const [, , ...block] = renderApprovalNote({ ...NOTE, ops: null }).split('\n');
    expect(block).toEqual([
      '```json',
      `{"lakebell_approval":1,"config":"data-platform","target":"prod","workspace_id":"1234567890123456","digest":"${DIGEST}",`,
      '  "ops": null',
      '}',
      '```',
    ]);
  });
});

describe('a long approval', () => {
  test('is listed up to what a check can hold, and stands as a whole beyond that', () => {
    const counts = [500, 600, 700, 5_000].map((count) => readApprovalNote(renderApprovalNote(many(count)))!);
    expect(counts.map(({ ops }) => ops?.length ?? null)).toEqual([500, 600, null, null]);
    expect(counts.every(({ digest: of }) => of === DIGEST)).toBe(true);
  });

  test('never takes more than 60,000 characters or bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 640, max: 700 }), (count) => {
        const text = renderApprovalNote(many(count));
        expect(Buffer.byteLength(text)).toBe(text.length);
        return text.length <= 60_000;
      }),
    );
  });
});

describe('what is not exactly one note of ours', () => {
  test.each([
    ['nothing', ''],
    ['words', 'Approved by the security team.'],
    ['two blocks', `${TEXT}\n\n${BLOCK}`],
    ['a block beside it that is none of ours', `${TEXT}\n\n\`\`\`json\n{}\n\`\`\``],
    ['a block without an end', BLOCK.slice(0, -4)],
    ['a block without a beginning', BLOCK.slice(4)],
    ['a block with text before it on its line', `x ${BLOCK}`],
    ['a block with text behind it on its line', `${BLOCK} x`],
    ['a block that begins after another kind of line break', `x\u2028${BLOCK}`],
    ['a quoted block', BLOCK.replaceAll(/^/gmu, '> ')],
    ['an indented block', BLOCK.replaceAll(/^/gmu, '    ')],
    ['a block in another language', BLOCK.replace('json', 'yaml')],
    ['a block with a longer fence', `\`${BLOCK}\``],
    ['what is no JSON', BLOCK.replace('{', '')],
    ['two members of one name', BLOCK.replace('"config"', '"config":"other","config"')],
    ['a member that we do not know', BLOCK.replace('"config"', '"by":"me","config"')],
    ['the same content, written by hand', changed((json) => json)],
  ])('is not read: %s', (_what, text) => {
    expect(readApprovalNote(text)).toBeNull();
  });

  test.each([
    ['another version', { lakebell_approval: 2 }],
    ['a version in words', { lakebell_approval: '1' }],
    ['no version', { lakebell_approval: undefined }],
    ['no configuration', { config: undefined }],
    ['a configuration that is no text', { config: 1 }],
    ['no target', { target: undefined }],
    ['a target that is no text', { target: ['prod'] }],
    ['no workspace', { workspace_id: undefined }],
    ['a workspace that is a number', { workspace_id: 1234567890123456 }],
    ['no digest', { digest: undefined }],
    ['a digest of capital letters', { digest: DIGEST.toUpperCase() }],
    ['a digest that is cut off', { digest: DIGEST.slice(0, -1) }],
    ['a digest with something behind it', { digest: `${DIGEST}\n` }],
    ['no list', { ops: undefined }],
    ['a list that is none', { ops: {} }],
    ['an entry that is no pair', { ops: [{ address: 'job/7', op: OP }] }],
    ['an entry of three', { ops: [['job/7', OP, 'x']] }],
    ['an entry of one', { ops: [['job/7']] }],
    ['an entry without an address', { ops: [[null, OP]] }],
    ['an entry with a bad digest', { ops: [['job/7', 'all of it']] }],
    ['one bad entry among good ones', { ops: [['job/7', OP], null] }],
  ])('is not read: %s', (_what, members) => {
    const text = changed((json) => ({ ...json, ...members }));
    // In our own form, so that it is the content that is refused and not the form.
    const ours = text.replace(/,"ops":(.*)\}/u, (_match, ops: string) => `,\n  "ops": ${listed(ops)}\n}`);
    expect(readApprovalNote(ours)).toBeNull();
  });

  test('is told from our own form by its content alone', () => {
    const ours = changed((json) => json).replace(
      /,"ops":(.*)\}/u,
      (_match, ops: string) => `,\n  "ops": ${listed(ops)}\n}`,
    );
    expect(readApprovalNote(ours)).toEqual(NOTE);
  });

  test.each(['null', '1', '"x"', '[]', '[[]]', 'true'])('is not read: the JSON %s', (json) => {
    expect(readApprovalNote(`\`\`\`json\n${json}\n\`\`\``)).toBeNull();
  });

  test('is never read from words of somebody else', () => {
    fc.assert(
      fc.property(fc.array(foreign), (texts) => readApprovalNote(texts.join('\n')) === null),
      { numRuns: 300 },
    );
  });

  test('is told at once, however often it begins', () => {
    expect(readApprovalNote('```json\n'.repeat(8_000))).toBeNull();
  });
});

function listed(ops: string): string {
  return ops.replaceAll(/(?<=^\[|\],)(?=\[)/gu, '\n    ').replace(/\]$/u, '\n  ]');
}
