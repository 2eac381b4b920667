import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { terminalPaint } from '../../src/report/paint.ts';
import { renderPlanMarkdown } from '../../src/report/markdown.ts';
import { renderPlanText } from '../../src/report/text.ts';
import { aChange, aDiagnostic, aField, aPlan, DIGEST } from './support/builders.ts';
import { PLANS } from './support/plans.ts';

const foreign = fc.string({ unit: 'binary' });
const colour = new RegExp(String.raw`\u001B\[[0-9;]*m`, 'gu');

const hostile = fc.tuple(foreign, foreign, foreign, foreign).map(([display, value, note, message]) =>
  aPlan({
    changes: [
      aChange({ display, fields: [aField({ path: display, before: [], after: [value] })], notes: [note] }),
      aChange({ verb: 'blocked', display: value, blocked: { reason: value, message, hint: note } }),
      aChange({ verb: 'noop', address: `job/${value}`, notes: [message], source: { file: note, line: 1 } }),
    ],
    notes: [note],
    diagnostics: [aDiagnostic({ message, file: value, hint: note })],
    workspace: { target: display, host: value, workspace_id: '1', identity: note },
    refusals: [{ guard: value, message, allow: value }],
    unreadable: [{ what: value, why: message, identity: note }],
    complete: value.length % 2 === 0,
  }),
);

describe('renderPlanText', () => {
  test('lets no control character of anybody else through', () => {
    fc.assert(
      fc.property(hostile, (plan) => {
        const text = renderPlanText(plan).replaceAll('\n', '');
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });

  test('lets nobody else break or begin a line', () => {
    fc.assert(
      fc.property(hostile, (plan) => {
        for (const line of renderPlanText(plan).split('\n')) expect(line).not.toMatch(/^\s*::|##\[/u);
      }),
    );
  });

  test.each(Object.entries(PLANS))('paints %s without changing a character', (_name, plan) => {
    const painted = renderPlanText(plan, { paint: terminalPaint() });
    expect(painted.replace(colour, '')).toBe(renderPlanText(plan));
    expect(painted).not.toBe(renderPlanText(plan));
  });

  test('shows ids and digests of operations when it is verbose', () => {
    const plan = aPlan({ changes: [aChange({ fields: [aField()] })] });
    expect(renderPlanText(plan, { verbose: true })).toContain(`id 9007199254740993`);
    expect(renderPlanText(plan, { verbose: true })).toContain(`op sha256:${'ab'.repeat(32)}`);
    expect(renderPlanText(plan)).not.toContain('op sha256');
  });

  test('says again at the end of a long plan what it is about', () => {
    const lines = renderPlanText(PLANS['many-changes']!, { verbose: true }).split('\n');
    expect(lines.filter((line) => line === lines[0])).toHaveLength(2);
  });

  test('names twenty of many that are alike, and all of them with --verbose', () => {
    const plan = aPlan({
      changes: Array.from({ length: 31 }, (_none, at) => aChange({ display: `etl-${at}` })),
    });
    const named = (text: string): number => text.split('\n').filter((line) => line.includes('etl-')).length;
    expect(named(renderPlanText(plan))).toBe(20);
    expect(renderPlanText(plan)).toContain('and 11 more (--verbose lists them)');
    expect(named(renderPlanText(plan, { verbose: true }))).toBe(31);
  });

  test('gives no command where nothing could be applied', () => {
    expect(renderPlanText(PLANS['nothing-to-do']!)).not.toContain('--approve');
    expect(renderPlanText(aPlan({ changes: [aChange()], diagnostics: [aDiagnostic()] }))).not.toContain(
      '--approve',
    );
  });

  test('says once what three or more changes have in common, and shows two apart', () => {
    const alike = (count: number): string =>
      renderPlanText(
        aPlan({
          changes: Array.from({ length: count }, (_, at) =>
            aChange({ display: `j${at}`, fields: [aField()] }),
          ),
        }),
      );
    expect(alike(3).match(/\+ pagerduty/gu)).toHaveLength(1);
    expect(alike(3)).toContain('in each of these 3:');
    expect(alike(2).match(/\+ pagerduty/gu)).toHaveLength(2);
  });

  test('keeps the digest on a line of its own', () => {
    const plan = aPlan({ changes: [aChange({ fields: [aField()] })] });
    expect(renderPlanText(plan, { width: 40 })).toContain(`\n    ${DIGEST}\n`);
  });
});

describe('renderPlanMarkdown', () => {
  test('has only folds, fences, headings and alerts of its own', () => {
    fc.assert(
      fc.property(hostile, (plan) => {
        const markdown = renderPlanMarkdown(plan);
        const count = (mark: RegExp): number => (markdown.match(mark) ?? []).length;
        expect(markdown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(count(/^#+ /gmu)).toBe(1);
        expect(count(/^<details/gmu)).toBe(count(/^<\/details>$/gmu));
        expect(count(/^`{3,}/gmu) % 2).toBe(0);
      }),
    );
  });
});
