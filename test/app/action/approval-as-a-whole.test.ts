import { describe, expect, test } from '@jest/globals';
import { readApprovalNote } from '../../../src/report/approval-note.ts';
import { type ActionBench, openAction } from '../../support/action.ts';
import { applySquash, land, namesIn, said, shown } from './support/journeys.ts';

/** So long in ASCII that the addresses of few fill a check. */
const KEYS = Array.from({ length: 60 }, (_none, at) => `${'ö'.repeat(190)}${at}`);

describe('more operations than a check can list', () => {
  test('are approved as a whole', async () => {
    const bench = await openMany();
    expect(shown(bench)).toContain('as a whole');
    expect(readApprovalNote(bench.github.checks()[0]?.output.text ?? '')?.ops).toBeNull();
    const { code, outputs } = await bench.mergePull(1);
    expect([code, outputs['pending'], namesIn(bench).length]).toEqual([0, '0', KEYS.length]);
  }, 30_000);

  test('are refused as a whole once one of them is another', async () => {
    const bench = await openMany();
    await bench.write(configOf(KEYS).replace('d7@', 'other@'));
    land(bench, 1);
    const applied = await applySquash(bench, 1);
    expect([applied.code, bench.writes()]).toEqual([5, []]);
    expect(said(applied, 'error')).toContain('the approval is for another plan');
    expect(applied.summary).toContain(`-f approve=${applied.outputs['digest']}`);
  }, 30_000);

  test('go on under that approval where a run stopped half way', async () => {
    const bench = await openMany();
    const create = { method: 'POST', path: '*/notification-destinations' } as const;
    bench.sandbox.fault({ kind: 'status', status: 400, skip: 40, times: 20, ...create });
    expect((await bench.mergePull(1)).code).toBe(6);
    const again = await applySquash(bench, 1, {}, { attempt: 2 });
    expect([again.code, namesIn(bench).length]).toEqual([0, KEYS.length]);
    expect(shown(bench)).toContain('✅ **Applied');
  }, 30_000);
});

async function openMany(): Promise<ActionBench> {
  const bench = await openAction({}, configOf(KEYS));
  expect((await bench.openPull(1, 'first')).code).toBe(0);
  return bench;
}

function configOf(keys: readonly string[]): string {
  const lines = keys.map(
    (key, at) => `  ${key}: { display_name: d${at}, email: { addresses: [d${at}@company.test] } }\n`,
  );
  return `version: 1\ndestinations:\n${lines.join('')}`;
}
