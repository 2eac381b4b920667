import { describe, expect, test } from '@jest/globals';
import { renderPlanMarkdown } from '../../src/report/markdown.ts';
import { renderOutcomesMarkdown } from '../../src/report/outcomes-markdown.ts';
import { renderOutcomesText } from '../../src/report/outcomes-text.ts';
import { renderPlanText } from '../../src/report/text.ts';
import { columns } from '../../src/report/wrap.ts';
import { DIGEST } from './support/builders.ts';
import { expectGolden } from './support/golden.ts';
import { APPLIES, PLANS } from './support/plans.ts';

const link = (file: string, line: number): string =>
  `https://git.company.test/data/blob/0123abcd/${encodeURI(file)}#L${line}`;

describe('what a reviewer reads', () => {
  test.each(Object.entries(PLANS))('shows the plan %s in a terminal', (name, plan) => {
    expectGolden(`${name}.txt`, renderPlanText(plan));
  });

  test.each(Object.entries(PLANS))('shows the plan %s as Markdown', (name, plan) => {
    expectGolden(`${name}.md`, renderPlanMarkdown(plan, { link }));
  });

  test.each(Object.entries(APPLIES))('shows the outcome %s in a terminal', (name, plan) => {
    expectGolden(`apply-${name}.txt`, renderOutcomesText(plan, { approve: DIGEST }));
  });

  test.each(Object.entries(APPLIES))('shows the outcome %s as Markdown', (name, plan) => {
    expectGolden(`apply-${name}.md`, renderOutcomesMarkdown(plan, { approve: DIGEST }));
  });

  test.each(['every-verb', 'refusal', 'drift', 'blocked', 'many-changes'])(
    'fits the plan %s into 80 columns',
    (name) => {
      const lines = renderPlanText(PLANS[name]!).split('\n');
      expect(lines.filter((line) => columns(line) > 80)).toEqual([]);
    },
  );
});
