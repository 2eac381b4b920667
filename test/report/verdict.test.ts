import { describe, expect, test } from '@jest/globals';
import { countsLine, standingLine, verdictOf } from '../../src/report/verdict.ts';
import { aChange, aDiagnostic, aPlan } from './support/builders.ts';

const PROD = 'prod (https://prod.cloud.databricks.test)';
const refusal = { guard: 'max_deletes', message: 'too many', allow: 'max_deletes' };

describe('verdictOf', () => {
  test('counts what would be written, then what is blocked', () => {
    const changes = [aChange(), aChange({ verb: 'create' }), aChange({ verb: 'blocked' }), aChange()];
    expect(verdictOf(aPlan({ changes }))).toBe(`Plan for ${PROD}: 1 to create, 2 to update, 1 blocked`);
  });

  test('says that there is nothing to do', () => {
    expect(verdictOf(aPlan({}, { noop: 40 }))).toBe(
      `Nothing to do for ${PROD}: the workspace is what the file says`,
    );
  });

  test('says that only blocked changes are left', () => {
    expect(verdictOf(aPlan({ changes: [aChange({ verb: 'blocked' })] }))).toBe(
      `Nothing to apply for ${PROD}: 1 blocked`,
    );
  });

  test('names the guards that refuse', () => {
    const plan = aPlan({
      changes: [aChange({ verb: 'delete' })],
      refusals: [refusal, { ...refusal, guard: 'in_use' }],
    });
    expect(verdictOf(plan)).toBe(`Plan for ${PROD} is refused by max_deletes, in_use: 1 to delete`);
  });

  test('does not count a refusal that was lifted', () => {
    const plan = aPlan({ changes: [aChange()], refusals: [{ ...refusal, allowed: '--allow' }] });
    expect(verdictOf(plan)).toBe(`Plan for ${PROD}: 1 to update`);
  });

  test('draws no conclusion from too little', () => {
    expect(verdictOf(aPlan({ complete: false }))).toBe(`No conclusion for ${PROD}: too little could be read`);
    expect(verdictOf(aPlan({ complete: false, changes: [aChange()] }))).toBe(
      `Plan for ${PROD}, incomplete: 1 to update`,
    );
  });

  test('puts errors of the configuration first', () => {
    expect(verdictOf(aPlan({ diagnostics: [aDiagnostic()] }))).toBe(`Plan for ${PROD} has 1 error`);
  });

  test('names a workspace without a target by its host, and makes its name inert', () => {
    const workspace = { target: null, host: 'https://a\u202Eb.test', workspace_id: '1', identity: 'me' };
    expect(verdictOf(aPlan({ workspace, changes: [aChange()] }))).toBe(
      String.raw`Plan for https://a\u{202E}b.test: 1 to update`,
    );
  });
});

describe('countsLine', () => {
  test('leaves out zeroes', () => {
    const { summary } = aPlan(
      { changes: [aChange(), aChange({ verb: 'detach' })] },
      { noop: 1200, foreign: 7 },
    );
    expect(countsLine(summary)).toBe('1 to update, 1 to detach, 1,200 unchanged, 7 not in the file');
    expect(standingLine(summary)).toBe('1,200 unchanged, 7 not in the file');
  });

  test('has words for nothing at all', () => {
    expect(countsLine(aPlan().summary)).toBe('nothing is managed here');
  });
});
