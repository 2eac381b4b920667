import { expect, test } from '@jest/globals';
import { openBench } from '../support/cli.ts';

const FILE = `version: 1
settings: { mutes: [{ address: job/etl, until: 2026-01-01, why: INC-42 }] }
`;

test('a mute is a warning of every command from the day after its last', async () => {
  const bench = await openBench({}, FILE);
  expect((await bench.document('plan')).diagnostics).toEqual([]);
  bench.wait(24 * 60 * 60 * 1000);
  expect((await bench.document('plan')).diagnostics).toMatchObject([
    { code: 'mute-expired', severity: 'warning', line: 2 },
  ]);
  const { code, err } = await bench.lakebell('validate');
  expect([code, err.includes('the mute of job/etl ended on 2026-01-01')]).toEqual([0, true]);
});
