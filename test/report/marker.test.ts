import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type Marker,
  OUTDATED,
  type Slot,
  fillSlot,
  isEarlier,
  readMarker,
  readSlot,
  renderMarker,
  slotMarkdown,
} from '../../src/report/marker.ts';
import { message, say } from '../../src/report/phrase.ts';
import { type Content, type Review, type Section, renderReview } from '../../src/report/review.ts';
import { statusMarkdown } from '../../src/report/status.ts';
import { LADDER } from '../../src/report/detail.ts';
import { aChange, aDiagnostic, aField, aPlan, anOutcome } from './support/builders.ts';
import { anyText } from '../support/any-text.ts';

const MARKER: Marker = {
  config: 'data-platform',
  targets: ['dev', 'prod'],
  head: '0123abcd'.repeat(5),
  run: '9007199254740993',
  attempt: 2,
  number: '12',
  at: Date.UTC(2026, 0, 1),
};

const foreign = fc.oneof(
  anyText({ maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('-', '--', '>', '-->', '<!--', '\n', '\r\n', '\u2028', ' ', '}', '"'),
    maxLength: 10,
  }),
);
const digits = fc.stringMatching(/^\d{1,20}$/u);
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const marker: fc.Arbitrary<Marker> = fc.record({
  config: foreign,
  targets: fc.array(foreign, { maxLength: 5 }),
  head: foreign,
  run: digits,
  attempt: count,
  number: digits,
  at: fc.nat({ max: 8.64e15 }),
});

const withMember = (member: string, value: unknown): string =>
  `<!-- lakebell:1 ${JSON.stringify({ ...MARKER, [member]: value })} -->`;

describe('a marker', () => {
  test('reads as it was written, with anything behind it', () => {
    fc.assert(
      fc.property(marker, fc.constantFrom('', '\n', '\r\n\r\n', '\nx'), (one, rest) => {
        expect(readMarker(renderMarker(one) + rest)).toEqual(one);
      }),
      { numRuns: 300 },
    );
  });

  test('is one line of ASCII that nothing in it can end', () => {
    fc.assert(
      fc.property(marker, (one) => {
        const inner = renderMarker(one).slice('<!-- '.length, -' -->'.length);
        expect(inner).toMatch(/^[\x20-\x7e]*$/u);
        expect(inner).not.toMatch(/--|[<>&]/u);
      }),
      { numRuns: 300 },
    );
  });

  test('is what it was in the first version', () => {
    expect(renderMarker({ ...MARKER, config: 'a-b', targets: [''], head: 'c' })).toBe(
      String.raw`<!-- lakebell:1 {"config":"a\u002db","targets":[""],"head":"c","run":"9007199254740993","attempt":2,"number":"12","at":1767225600000} -->`,
    );
  });

  test('counts on the first line only, and nowhere in it but alone', () => {
    const line = renderMarker(MARKER);
    for (const body of [`\n${line}`, ` ${line}`, `${line} `, `x${line}`, `\uFEFF${line}`, `> ${line}`])
      expect(readMarker(body)).toBeNull();
  });

  test.each([
    '',
    OUTDATED,
    '<!-- lakebell:1 -->',
    '<!-- lakebell:1 {} -->',
    '<!-- lakebell:1 [] -->',
    '<!-- lakebell:1 {"config":} -->',
    '<!-- lakebell:status null -->',
    renderMarker(MARKER).replace('lakebell:1', 'lakebell:2'),
    renderMarker(MARKER).replace('lakebell:1', 'lakebell:01'),
    renderMarker(MARKER).replace('lakebell:1', 'lakebell:'),
    renderMarker(MARKER).replace('lakebell', 'Lakebell'),
    renderMarker(MARKER).replace(' -->', '-->'),
  ])('is not %j', (body) => {
    expect(readMarker(body)).toBeNull();
  });

  test('is checked member by member', () => {
    expect(readMarker(withMember('more', 1))).toEqual(MARKER);
    for (const member of Object.keys(MARKER)) expect(readMarker(withMember(member, undefined))).toBeNull();
  });

  test.each([
    ['config', 1],
    ['targets', 'prod'],
    ['targets', [null]],
    ['head', null],
    ['run', 7],
    ['run', '0x7'],
    ['run', '-7'],
    ['run', ''],
    ['run', '9'.repeat(21)],
    ['number', '1 or 2'],
    ['attempt', '1'],
    ['attempt', 1.5],
    ['attempt', -1],
    ['at', '2026-01-01'],
    ['at', 1e300],
    ['at', 8.64e15 + 1],
    ['at', -1],
  ])('has no %s of %j', (member, value) => {
    expect(readMarker(withMember(member, value))).toBeNull();
  });

  test('has a time that can be written as a date', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.maxSafeInteger()), (at) => {
        const read = readMarker(withMember('at', at));
        return read === null || new Date(read.at).toISOString() !== '';
      }),
    );
  });

  test('is never read from words of somebody else', () => {
    fc.assert(fc.property(foreign, (text) => readMarker(text) === null));
  });
});

describe('isEarlier', () => {
  test.each([
    [['9', 1], ['10', 1], true],
    [['10', 1], ['9', 1], false],
    [['9007199254740992', 1], ['9007199254740993', 1], true],
    [['9007199254740993', 1], ['9007199254740992', 1], false],
    [['99999999999999999998', 9], ['99999999999999999999', 1], true],
    [['7', 1], ['7', 2], true],
    [['7', 2], ['7', 1], false],
    [['7', 1], ['7', 1], false],
    [['07', 1], ['7', 1], false],
  ] as const)(
    'compares run and attempt %j with %j: %s',
    ([run, attempt], [otherRun, otherAttempt], expected) => {
      const other = { ...MARKER, run: otherRun, attempt: otherAttempt };
      expect(isEarlier({ ...MARKER, run, attempt }, other)).toBe(expected);
    },
  );

  test('holds of one of two different markers, and never of both', () => {
    fc.assert(
      fc.property(marker, marker, (one, other) => {
        const isSame = BigInt(one.run) === BigInt(other.run) && one.attempt === other.attempt;
        expect([isEarlier(one, other), isEarlier(other, one)].filter(Boolean)).toHaveLength(isSame ? 0 : 1);
      }),
    );
  });
});

const slotName = fc.constantFrom('status', 'outlook', 'checked');
const slot: fc.Arbitrary<Slot> = fc.record({ name: slotName, target: fc.option(foreign) });
/** Lines as renderers make them: one each, and never empty at either end. */
const lines = fc.array(fc.stringMatching(/^- [\x20-\x7e]{0,20}[\x21-\x7e]$/u), { maxLength: 4 });

describe('a slot', () => {
  test('reads as it was filled, and leaves the rest as it is', () => {
    fc.assert(
      fc.property(slot, lines, lines, (one, first, then) => {
        const body = ['before', ...slotMarkdown(one, first), 'after'].join('\n');
        expect(readSlot(body, one)).toBe(first.join('\n'));
        const filled = fillSlot(body, one, then);
        expect(filled).toBe(['before', ...slotMarkdown(one, then), 'after'].join('\n'));
      }),
      { numRuns: 300 },
    );
  });

  test('is told from the others of its comment', () => {
    fc.assert(
      fc.property(fc.uniqueArray(slot, { minLength: 2, maxLength: 5, selector: JSON.stringify }), (slots) => {
        const body = slots.flatMap((one, at) => slotMarkdown(one, [`- ${at}`])).join('\n');
        slots.forEach((one, at) => expect(readSlot(body, one)).toBe(`- ${at}`));
        const filled = fillSlot(body, slots[1]!, ['- new'])!;
        slots.forEach((one, at) => expect(readSlot(filled, one)).toBe(at === 1 ? '- new' : `- ${at}`));
      }),
    );
  });

  test('takes two whole lines and nothing that could end a comment early', () => {
    fc.assert(
      fc.property(slot, (one) => {
        const [start = '', end, ...others] = slotMarkdown(one, []);
        expect(start.slice('<!-- '.length, -' -->'.length)).not.toMatch(/--|[<>\r\n]|[^\x20-\x7e]/u);
        expect([end, others]).toEqual(['<!-- lakebell:end -->', []]);
      }),
    );
  });

  test('is found in a body with the line breaks of the web', () => {
    const one = { name: 'status', target: 'prod' } as const;
    const body = ['a', ...slotMarkdown(one, ['- b']), 'c'].join('\r\n');
    expect(readSlot(body, one)).toBe('- b');
    expect(fillSlot(body, one, ['- d'])).toBe(['a', ...slotMarkdown(one, ['- d']), 'c'].join('\n'));
  });

  test.each([
    ['is not there', 'text'],
    ['has no end', '<!-- lakebell:status "prod" -->\ntext'],
    ['ends before it begins', '<!-- lakebell:end -->\n<!-- lakebell:status "prod" -->'],
    ['is of another target', '<!-- lakebell:status "dev" -->\n<!-- lakebell:end -->'],
    ['is of no target', '<!-- lakebell:status null -->\n<!-- lakebell:end -->'],
    ['is quoted', '> <!-- lakebell:status "prod" -->\n> <!-- lakebell:end -->'],
    ['is indented', ' <!-- lakebell:status "prod" -->\n <!-- lakebell:end -->'],
  ])('is left alone where it %s', (_what, body) => {
    const one = { name: 'status', target: 'prod' } as const;
    expect(readSlot(body, one)).toBeNull();
    expect(fillSlot(body, one, ['x'])).toBeNull();
  });
});

const HOSTILE = ['<!-- lakebell:status null -->', '<!-- lakebell:end -->', OUTDATED, renderMarker(MARKER)];
const BROKEN = HOSTILE.map((text) => `x\n${text}\n\n${text}\r\n${text}\u2028${text}`);
const EVIL = [...HOSTILE, ...BROKEN, HOSTILE.join('\n'), `\`\`\`\n${HOSTILE.join('\n')}\n\`\`\``];

const hostileChange = (evil: string, at: number): Parameters<typeof aPlan>[0] => ({
  changes: (['update', 'delete', 'adopt', 'blocked', 'noop', 'replace'] as const).map((verb) =>
    aChange({
      address: evil,
      key: evil,
      display: evil,
      verb,
      source: { file: evil, line: at },
      fields: [
        aField({ path: evil, before: [evil], after: ['x', `${evil}y`], drifted: true, reason: evil }),
        aField({ path: 'a', before: evil, after: `${evil}\n${evil}\n`, verdict: 'assumed', reason: evil }),
        aField({ path: 'b', before: `${evil}\n1\n${evil}`, after: `${evil}\n2\n${evil}` }),
        aField({ path: 'c', before: null, after: evil, verdict: 'opaque', reason: evil }),
      ],
      requires: [evil],
      notes: [evil],
      blocked: verb === 'blocked' ? { reason: evil, message: evil, hint: evil } : null,
    }),
  ),
});

function hostilePlan(evil: string, at: number): ReturnType<typeof aPlan> {
  return aPlan(
    {
      ...hostileChange(evil, at),
      config: { name: evil, files: [evil], sha256: '' },
      workspace: { target: evil, host: evil, workspace_id: evil, identity: evil },
      diagnostics: [aDiagnostic({ severity: 'warning', message: evil, hint: evil, file: evil })],
      refusals: [
        { guard: evil, message: evil, allow: evil },
        { guard: evil, message: evil, allow: evil, allowed: evil },
      ],
      unreadable: [{ what: evil, why: evil, identity: evil }],
      notes: [evil],
      loosened: [{ setting: evil, before: evil, after: evil }],
    },
    { foreign: 3 },
  );
}

function contentsOf(evil: string, at: number): readonly Content[] {
  const document = hostilePlan(evil, at);
  const failure = { message: evil, hint: evil, diagnostics: document.diagnostics };
  const outcomes = (
    ['failed', 'blocked', 'refused', 'changed-meanwhile', 'skipped', 'held-back', 'done'] as const
  ).map((state) => anOutcome({ address: evil, display: evil, state, message: evil, hint: evil }));
  return [
    { is: 'plan', document },
    { is: 'plan', document: { ...document, complete: false } },
    { is: 'outcome', document: { ...document, outcomes } },
    { is: 'drift', document: { ...document, drift: { edited: 2, deleted: 1, uncovered: 1 } } },
    { is: 'stopped', document, failure },
    { is: 'checked', why: evil, diagnostics: document.diagnostics },
    { is: 'failure', failure },
  ];
}

function hostileReview(evil: string, sections: readonly Section[]): Review {
  const reference = { label: evil, url: 'https://github.com/acme/data' };
  return {
    config: evil,
    sections,
    provenance: { commit: reference, run: reference, at: 0 },
    warnings: [[message(evil)], say`${evil} ${message(evil)}`],
  };
}

/** Lines that would be read as ours. */
function slotLines(text: string): readonly string[] {
  return text.split(/\r?\n/u).filter((line) => line.startsWith('<!-- lakebell:'));
}

describe('a page full of names that look like slots', () => {
  const options = { elsewhere: say`elsewhere`, link: () => 'https://github.com/x' };

  test.each(EVIL.map((evil, at) => [at, evil] as const))('has only our own, %d', (_at, evil) => {
    for (const content of contentsOf(evil, 1)) {
      const section = { target: null, content, outlook: say`${evil} ${message(evil)}` };
      for (const detail of LADDER) {
        const text = renderReview(hostileReview(evil, [section]), { ...options, detail });
        expect(slotLines(text)).toEqual([
          '<!-- lakebell:status null -->',
          '<!-- lakebell:end -->',
          '<!-- lakebell:outlook null -->',
          '<!-- lakebell:end -->',
        ]);
      }
    }
  });

  test('is filled where we meant it, and read as it was filled', () => {
    const sections = EVIL.map((evil) => ({
      target: evil,
      content: contentsOf(evil, 1)[0]!,
      outlook: say`${evil}`,
    }));
    const text = renderReview(hostileReview(EVIL[0]!, sections), options);
    expect(slotLines(text)).toHaveLength(4 * EVIL.length);
    for (const target of EVIL) {
      const own = { name: 'status', target } as const;
      expect(readSlot(text, own)).toBe('');
      const status = { is: 'stopped', message: target, hint: target } as const;
      const told = statusMarkdown(status, { run: null, at: 0, isListed: true });
      const filled = fillSlot(text, own, told)!;
      expect(slotLines(filled)).toEqual(slotLines(text));
      expect(readSlot(filled, own)).toBe(told.join('\n'));
      for (const other of EVIL.filter((one) => one !== target))
        expect(readSlot(filled, { name: 'status', target: other })).toBe('');
      expect(fillSlot(filled, own, [])).toBe(text);
    }
  });
});
