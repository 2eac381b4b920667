import { describe, expect, test } from '@jest/globals';
import { expiredMutes } from '../../src/config/mutes.ts';
import { configOf, shown } from './support.ts';

const FILE = `version: 1
settings:
  mutes:
    - { address: job/etl, until: 2026-03-31, why: INC-42 }
    - address: destination/*
      until: 2026-04-01
      why: see INC-43
`;

async function expiredAt(now: number): Promise<readonly string[]> {
  const { settings, positionOf } = await configOf(FILE);
  return shown(expiredMutes(settings.mutes, { positionOf, now }));
}

describe('a mute', () => {
  test('lasts to the end of its day, in UTC', async () => {
    expect(await expiredAt(Date.UTC(2026, 2, 31, 23, 59, 59, 999))).toEqual([]);
    expect(await expiredAt(Date.UTC(2026, 3, 1))).toHaveLength(1);
  });

  test('that is over is a warning at its date', async () => {
    expect(await expiredAt(Date.UTC(2026, 3, 2))).toEqual([
      '4:27 mute-expired: the mute of job/etl ended on 2026-03-31, so its drift is told again; take it out, or give it a later day',
      '6:7 mute-expired: the mute of destination/* ended on 2026-04-01, so its drift is told again; take it out, or give it a later day',
    ]);
  });
});
