import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { VERBS } from '../../src/core/change.ts';
import type { ChangeDocument, FieldDocument, OwnerDocument, PlanDocument } from '../../src/core/document.ts';
import { type Detail, LADDER } from '../../src/report/detail.ts';
import { CHECK_LIMIT, COMMENT_LIMIT, SUMMARY_LIMIT, fit, fitting } from '../../src/report/fit.ts';
import { message, say } from '../../src/report/phrase.ts';
import {
  type Content,
  type Review,
  type ReviewOptions,
  renderBareReview,
  renderReview,
} from '../../src/report/review.ts';
import { aChange, aDiagnostic, aField, aPlan, anOutcome } from './support/builders.ts';
import { anyText } from '../support/any-text.ts';

/** What GitHub takes of a comment, whichever of the two it counts. */
const ACCEPTED = 65_536;

/** A heading is longer than a list of one, and `…` takes three bytes. */
const SLACK = 300;

const size = (text: string): number => Math.max(text.length, Buffer.byteLength(text));

const OPTIONS: ReviewOptions = {
  link: (file, line) => `https://github.com/acme/data/blob/${'0123abcd'.repeat(5)}/${file}#L${line}`,
  elsewhere: say`the summary of the run has more, and the file of its output ${'report-file'} has all of it`,
};

const render =
  (review: Review) =>
  (detail: Detail): string =>
    renderReview(review, { ...OPTIONS, detail });
const bare = (review: Review) => (): string => renderBareReview(review, OPTIONS);

function reviewOf(contents: readonly Content[], name: (at: number) => string = (at) => `t${at}`): Review {
  const reference = { label: '0123abcd', url: 'https://github.com/acme/data/commit/0123abcd' };
  return {
    config: name(0),
    sections: contents.map((content, at) => ({
      target: name(at),
      content,
      outlook: say`exactly ${at} operations are applied`,
    })),
    provenance: { commit: reference, run: { ...reference, label: 'run 7' }, at: 0 },
    warnings: [],
  };
}

const TRICKS = [
  '`',
  '```\n',
  '<details>',
  '</details>\n',
  '\n</details>\n',
  '\n```\n',
  '<summary>',
  '-->',
  '\uDD14',
  '🔔',
  '\u{E0041}',
  'データ',
  '@a ',
  'a',
  'b ',
];

/** Mostly short; some up to 5,000 characters of any kind. */
const name = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom(...TRICKS), maxLength: 20 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyText({ minLength: 1, maxLength: 10 }), fc.integer({ min: 10, max: 500 }))
      .map(([text, times]) => text.repeat(times)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...TRICKS), fc.integer({ min: 100, max: 5_000 }))
      .map(([text, times]) => text.repeat(times).slice(0, 5_000)),
  },
);

const value = fc.oneof(name, fc.constant(null), fc.boolean(), fc.integer(), fc.array(name, { maxLength: 4 }));
const field: fc.Arbitrary<FieldDocument> = fc.record({
  path: name,
  before: value,
  after: value,
  verdict: fc.constantFrom('changed', 'unknown', 'opaque', 'assumed', 'ignored'),
  drifted: fc.boolean(),
  reason: fc.option(name),
});
const snippet = fc
  .array(name, { maxLength: 3 })
  .map((lines) => ['resources:', '  jobs:', ...lines, ''].join('\n'));
const owner: fc.Arbitrary<OwnerDocument> = fc.record({
  repository: fc.option(name),
  url: fc.option(name.map((path) => `https://git.company.test/${path}`)),
  branch: fc.option(name),
  commit: fc.option(name),
  file: fc.option(name),
  key: fc.option(name),
  why: fc.option(name),
  snippet: fc.option(snippet),
});
const change: fc.Arbitrary<ChangeDocument> = fc
  .record({
    address: name,
    display: name,
    verb: fc.constantFrom(...VERBS),
    source: fc.option(fc.record({ file: name, line: fc.nat() })),
    fields: fc.array(field, { maxLength: 3 }),
    requires: fc.array(name, { maxLength: 2 }),
    notes: fc.array(name, { maxLength: 2 }),
    blocked: fc.option(
      fc.record(
        { reason: name, message: name, hint: fc.option(name), owner },
        { requiredKeys: ['reason', 'message', 'hint'] },
      ),
    ),
  })
  .map((parts) => aChange(parts));
/** A few that differ, and each of them many times over: up to 300. */
const changes = fc
  .tuple(fc.array(change, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }))
  .map(([some, times]) =>
    Array.from({ length: Math.min(times, affordable(some)) }).flatMap((_none, at) =>
      some.map((one) => ({ ...one, address: `${one.address}/${at}` })),
    ),
  );

/** How often something may be repeated before a test of it takes long and tells nothing new. */
function affordable(once: unknown): number {
  return Math.max(1, Math.floor(300_000 / JSON.stringify(once).length));
}

/** As the schema allows it. */
const target = fc.stringMatching(/^\w[\w.-]{0,99}$/u);
const guard = fc.constantFrom('max_deletes', 'in_use', 'protect');
const diagnostic = fc
  .record({
    severity: fc.constantFrom('error', 'warning', 'note'),
    message: name,
    hint: fc.option(name),
    file: fc.option(name),
    line: fc.option(fc.nat()),
  })
  .map((parts) => aDiagnostic(parts));
const plan: fc.Arbitrary<PlanDocument> = fc
  .record({
    changes,
    refusals: fc.array(fc.record({ guard, message: name, allow: guard }), { maxLength: 3 }),
    diagnostics: fc.array(diagnostic, { maxLength: 8 }),
    notes: fc.array(name, { maxLength: 8 }),
    unreadable: fc.array(fc.record({ what: name, why: name, identity: name }), { maxLength: 4 }),
    loosened: fc.array(fc.record({ setting: name, before: name, after: name }), { maxLength: 3 }),
    workspace: fc.record({ target: fc.option(target), host: name, workspace_id: name, identity: name }),
    complete: fc.boolean(),
  })
  .map((parts) => aPlan(parts, { foreign: 3 }));
const failure = fc.record({
  message: name,
  hint: fc.option(name),
  diagnostics: fc.array(diagnostic, { maxLength: 5 }),
});
const content: fc.Arbitrary<Content> = fc.oneof(
  { weight: 6, arbitrary: plan.map((document) => ({ is: 'plan', document }) as const) },
  { weight: 1, arbitrary: plan.map((document) => ({ is: 'drift', document }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(plan, failure)
      .map(([document, why]) => ({ is: 'stopped', document, failure: why }) as const),
  },
  { weight: 1, arbitrary: failure.map((why) => ({ is: 'failure', failure: why }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(name, fc.array(diagnostic, { maxLength: 5 }))
      .map(([why, diagnostics]) => ({ is: 'checked', why, diagnostics }) as const),
  },
  {
    weight: 1,
    arbitrary: plan.map((document) => {
      const outcomes = document.changes.map(({ display, address, verb }, at) => {
        const state = (['done', 'failed', 'held-back', 'skipped'] as const)[at % 4]!;
        return anOutcome({ display, address, verb, state, message: display });
      });
      return { is: 'outcome', document: { ...document, outcomes } } as const;
    }),
  },
);
const review: fc.Arbitrary<Review> = fc
  .record({
    contents: fc.array(content, { minLength: 1, maxLength: 3 }),
    targets: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 60 })),
    names: fc.array(target, { minLength: 1, maxLength: 3 }),
    warnings: fc.array(name, { maxLength: 2 }),
  })
  .map(({ contents, targets, names, warnings }) => ({
    ...reviewOf(
      Array.from(
        {
          length: targets === 1 ? contents.length : Math.min(targets, contents.length * affordable(contents)),
        },
        (_none, at) => contents[at % contents.length]!,
      ),
      (at) => names[at % names.length]!,
    ),
    warnings: warnings.map((text) => say`${text}: ${message(text)}`),
  }));

/** What stays open at the end of a page, and what is closed without having been opened. */
function unbalanced(text: string): readonly string[] {
  const faults: string[] = [];
  const open: string[] = [];
  for (const line of text.split('\n')) {
    const [run] = /^`{3,}/u.exec(line) ?? [];
    const [fence = ''] = open.filter((one) => one.startsWith('`'));
    if (fence !== '') {
      if (run !== undefined && run.length >= fence.length && line === run) open.pop();
    } else if (run !== undefined && !line.slice(run.length).includes('`')) open.push(run);
    else if (/^<details\b/u.test(line)) open.push('details');
    else if (line === '</details>') {
      if (open.pop() !== 'details') faults.push(line);
    }
    // Anything else of that kind stands in code.
    else if (/<\/?details/u.test(withoutCode(line))) faults.push(line);
  }
  return [...faults, ...open];
}

function withoutCode(line: string): string {
  return line.replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/gu, '');
}

describe('the checker of these tests', () => {
  test.each([
    ['', []],
    ['<details><summary>a</summary>\n\n```diff\n+ </details>\n```\n\n</details>', []],
    ['````diff\n```\n````', []],
    ['a `</details>` b `` ` <details> ``', []],
    ['<details>', ['details']],
    ['</details>', ['</details>']],
    ['```\n</details>', ['```']],
    ['````\n```', ['````']],
    ['a </details>', ['a </details>']],
  ])('sees in %j %j', (text, faults) => {
    expect(unbalanced(text)).toEqual(faults);
  });
});

describe('fitting', () => {
  const lengths = LADDER.map((_rung, at) => 800 - 100 * at);
  const ofLength = (detail: Detail): string => 'x'.repeat(lengths[LADDER.indexOf(detail)] ?? 0);

  test('yields from the first that fits down to the bare one, which need not', () => {
    expect([...fitting(450, ofLength, () => 'y'.repeat(999))].map(({ length }) => length)).toEqual([
      400, 300, 200, 100, 999,
    ]);
    expect(fit(450, ofLength, () => '')).toHaveLength(400);
    expect(fit(50, ofLength, () => 'bare')).toBe('bare');
  });

  test('takes a text of exactly the limit, counted in units and in bytes', () => {
    expect(fit(700, ofLength, () => '')).toHaveLength(700);
    expect(fit(699, ofLength, () => '')).toHaveLength(600);
    const wide = (): string => 'ä'.repeat(100);
    expect(fit(200, wide, () => 'bare')).toBe('ä'.repeat(100));
    expect(fit(199, wide, () => 'bare')).toBe('bare');
    expect(
      fit(
        150,
        () => '🔔'.repeat(50),
        () => 'bare',
      ),
    ).toBe('bare');
  });

  test.each([
    [100, [0, 1, 2, 3, 4, 5, 6, 7]],
    // What shows thirty names, or none, is left.
    [101, [6, 7]],
    [100_000, [6, 7]],
  ])('does not lay out more names than fit: %d', (changes, rungs) => {
    const tried: number[] = [];
    const rendered = (detail: Detail): string => {
      tried.push(LADDER.indexOf(detail));
      return '';
    };
    const { length } = [...fitting(1_200, rendered, () => '', changes)];
    expect([tried, length]).toEqual([rungs, rungs.length + 1]);
  });

  test('renders no further than somebody asks', () => {
    let count = 0;
    const [first] = fitting(
      1_000,
      () => `${(count += 1)}`,
      () => '',
    );
    expect([first, count]).toEqual(['1', 1]);
  });
});

const commentOf = (one: Review): string => fit(COMMENT_LIMIT, render(one), bare(one));

describe('a page about any plan', () => {
  test('fits where it is posted, closes what it opens, and is shorter the less it shows', () => {
    fc.assert(
      fc.property(review, (one) => {
        const texts = LADDER.map(render(one));
        const rungs = [...texts, bare(one)()];
        for (const text of rungs) expect(unbalanced(text)).toEqual([]);
        // The first has no line that says that it is shortened.
        const sizes = rungs.slice(1).map(size);
        sizes.slice(1).forEach((shorter, at) => expect(shorter).toBeLessThanOrEqual(sizes[at]! + SLACK));
        for (const limit of [COMMENT_LIMIT, CHECK_LIMIT, SUMMARY_LIMIT]) {
          const rendered = (detail: Detail): string => texts[LADDER.indexOf(detail)]!;
          const found = [...fitting(limit, rendered, bare(one))].map(size);
          for (const taken of found.slice(0, -1)) expect(taken).toBeLessThanOrEqual(limit);
          expect(found[0]).toBeLessThanOrEqual(limit);
          expect(found.at(-1)).toBeLessThanOrEqual(ACCEPTED);
        }
      }),
      // These are long to shrink.
      { numRuns: 20, interruptAfterTimeLimit: 20_000 },
    );
  });

  test('fits with one value of a megabyte, and still shows where it begins', () => {
    for (const after of ['x'.repeat(1_000_000), 'データ '.repeat(250_000), 'select 1\n'.repeat(111_111)]) {
      const document = aPlan({ changes: [aChange({ fields: [aField({ before: null, after })] })] });
      const one = reviewOf([{ is: 'plan', document }]);
      const text = commentOf(one);
      expect(size(text)).toBeLessThanOrEqual(COMMENT_LIMIT);
      expect(text).toContain('**Shortened to fit:**');
      expect(text).toContain(after.slice(0, 8).trimEnd());
    }
  });

  test('fits with a text of any length in any other place', () => {
    const long = 'long '.repeat(4_000);
    const document = aPlan({
      changes: [aChange({ display: long, address: long, notes: [long], verb: 'delete' })],
      notes: [long],
      diagnostics: [aDiagnostic({ message: long, hint: long })],
      refusals: [{ guard: 'protect', message: long, allow: 'protect' }],
      unreadable: [{ what: long, why: long, identity: long }],
      workspace: { target: 'prod', host: long, workspace_id: long, identity: long },
    });
    const why = { message: long, hint: long, diagnostics: document.diagnostics };
    const contents: readonly Content[] = [
      { is: 'plan', document },
      { is: 'outcome', document: { ...document, outcomes: [anOutcome({ message: long, state: 'failed' })] } },
      { is: 'stopped', document, failure: why },
      { is: 'failure', failure: why },
      { is: 'checked', why: long, diagnostics: document.diagnostics },
    ];
    for (const one of [...contents.map((only) => reviewOf([only])), reviewOf(contents)])
      expect(size(commentOf(one))).toBeLessThanOrEqual(COMMENT_LIMIT);
  });

  test('fits with names of targets that no schema has seen', () => {
    const document = aPlan({ changes: [aChange()] });
    for (const name of ['x'.repeat(200), '\u{E0041}'.repeat(20)]) {
      const one = reviewOf(
        Array.from({ length: 60 }, () => ({ is: 'plan', document }) as const),
        () => name,
      );
      expect(size(commentOf(one))).toBeLessThanOrEqual(ACCEPTED);
    }
  });

  test('fits with 5,000 changes, and names some of them', () => {
    const many = Array.from({ length: 5_000 }, (_none, at) =>
      aChange({ address: `job/${at}`, display: `etl-${at}`, fields: [aField({ after: [`who-${at}`] })] }),
    );
    const text = commentOf(reviewOf([{ is: 'plan', document: aPlan({ changes: many }) }]));
    expect(size(text)).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text).toContain('`etl-99` · `job/99`');
    expect(text).toMatch(/- and 4,\d{3} more/u);
  });
});
