import { describe, expect, test } from '@jest/globals';
import type { OutcomeDocument, PlanDocument } from '../../src/core/document.ts';
import { outcomesVerdictOf, remarkOf } from '../../src/report/outcomes.ts';
import { renderOutcomesText } from '../../src/report/outcomes-text.ts';
import { renderOutcomesMarkdown } from '../../src/report/outcomes-markdown.ts';
import { DIGEST, aPlan, anOutcome } from './support/builders.ts';
import { APPLIES } from './support/plans.ts';

const PROD = 'prod (https://prod.cloud.databricks.test)';
const ended = (...states: OutcomeDocument['state'][]): PlanDocument =>
  aPlan({ outcomes: states.map((state) => anOutcome({ state })) });

describe('outcomesVerdictOf', () => {
  test.each([
    [ended('done', 'already', 'held-back'), `Applied to ${PROD}: 1 done, 1 already so, 1 held back`],
    [ended('failed', 'done', 'skipped'), `Applied to ${PROD} in part: 1 done, 1 failed, 1 skipped`],
    [ended('failed', 'failed'), `Nothing was written to ${PROD}: 2 failed`],
    [ended('changed-meanwhile'), `Nothing was written to ${PROD}: 1 changed meanwhile`],
    [ended('blocked', 'done'), `Applied to ${PROD} in part: 1 done, 1 blocked`],
    [ended('blocked', 'held-back'), `Nothing was written to ${PROD}: 1 blocked, 1 held back`],
    [ended('held-back'), `Nothing was written to ${PROD}: 1 held back`],
    [ended(), `Nothing to do for ${PROD}: the workspace is what the file says`],
    [aPlan(), `Nothing to do for ${PROD}: the workspace is what the file says`],
    [APPLIES['refused']!, `Refused by silenced: nothing was written to ${PROD}`],
  ])('tells %#', (plan, verdict) => {
    expect(outcomesVerdictOf(plan)).toBe(verdict);
  });
});

describe('remarkOf', () => {
  test('says of a failure whether anything was written', () => {
    expect(remarkOf(anOutcome({ state: 'failed', wrote: true, message: '503' }))).toBe(
      '503; a write of it reached the workspace',
    );
    expect(remarkOf(anOutcome({ state: 'failed', message: null }))).toBe('nothing of it was written');
    expect(remarkOf(anOutcome())).toBeNull();
  });
});

describe('renderOutcomesText', () => {
  test('cuts a long list of what is done, unless it is verbose', () => {
    const plan = aPlan({ outcomes: Array.from({ length: 25 }, (_, at) => anOutcome({ display: `j${at}` })) });
    expect(renderOutcomesText(plan)).toContain('and 5 more (--verbose lists them)');
    expect(renderOutcomesText(plan, { verbose: true })).toContain('j24');
  });

  test('gives the digest that would approve what was held back', () => {
    const plan = ended('held-back');
    expect(renderOutcomesText(plan, { approve: DIGEST })).toContain(`\n    ${DIGEST}\n`);
    expect(renderOutcomesMarkdown(plan, { approve: DIGEST })).toContain(`\n  ${DIGEST}\n`);
    expect(renderOutcomesText(plan)).not.toContain('--approve');
    expect(renderOutcomesMarkdown(plan)).not.toContain('--approve');
  });
});
