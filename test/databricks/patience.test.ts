import { describe, expect, test } from '@jest/globals';
import type { Progress } from '../../src/databricks/pace.ts';
import { Patience } from '../../src/databricks/patience.ts';

function aPatience(progress: Partial<Progress> = {}) {
  const bucket = { passes: 0, refusedSinceMs: null, ...progress };
  return { bucket, patience: new Patience(() => bucket) };
}

function refusedAt(sentAtMs: number) {
  return { isRefused: true, sentAtMs, endedAtMs: sentAtMs + 100 };
}

describe('Patience', () => {
  test('adds up failures and the waits between them, not the time in line', () => {
    const { patience } = aPatience();
    const failed = { isRefused: false, sentAtMs: 0, endedAtMs: 300 };
    expect(patience.count(failed)).toEqual({ attempt: 1, spentMs: 300 });
    patience.wait(failed, 1_000);
    expect(patience.count({ ...failed, sentAtMs: 900_000, endedAtMs: 900_200 })).toEqual({
      attempt: 2,
      spentMs: 1_500,
    });
  });

  test('adds up refusals while nothing else gets through, the pauses included', () => {
    const { patience } = aPatience();
    expect(patience.count(refusedAt(0))).toMatchObject({ attempt: 1, spentMs: 100 });
    expect(patience.count(refusedAt(60_000))).toMatchObject({ attempt: 2, spentMs: 60_100 });
  });

  test('begins anew with each sign of progress', () => {
    const { patience, bucket } = aPatience();
    for (let minute = 0; minute < 60; minute += 1) {
      bucket.passes += 1;
      expect(patience.count(refusedAt(minute * 60_000))).toMatchObject({ attempt: 1, spentMs: 100 });
    }
  });

  test('waits no second time for what was in vain for others', () => {
    const { patience } = aPatience({ refusedSinceMs: 1_000 });
    expect(patience.count(refusedAt(301_000))).toMatchObject({ attempt: 1, spentMs: 300_100 });
  });

  test('goes by its own waits where the clock stands still', () => {
    const { patience } = aPatience();
    const failed = { isRefused: true, sentAtMs: 0, endedAtMs: 0 };
    patience.count(failed);
    patience.wait(failed, 60_000);
    expect(patience.count(failed)).toMatchObject({ attempt: 2, spentMs: 60_000 });
  });

  test('keeps refusals and failures apart', () => {
    const { patience } = aPatience();
    patience.count(refusedAt(0));
    patience.count(refusedAt(1_000));
    const failed = { isRefused: false, sentAtMs: 2_000, endedAtMs: 2_100 };
    expect(patience.count(failed)).toEqual({ attempt: 1, spentMs: 100 });
  });
});
