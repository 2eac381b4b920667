import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Pace } from '../../src/databricks/pace.ts';

const SECOND = 1_000;

function aPace(perSecond = 10, burst = 1): Pace {
  return new Pace({ perSecond, burst });
}

/** So many pass, evenly, in the second before. */
function passBefore(pace: Pace, nowMs: number, count: number): void {
  for (let at = 0; at < count; at += 1) pace.pass(nowMs - SECOND + ((at + 1) * SECOND) / count);
}

describe('Pace', () => {
  test('goes on a little below what was seen to pass', () => {
    const pace = aPace();
    passBefore(pace, 5_000, 7);
    pace.refuse({ sentAtMs: 5_000, waitMs: 500 }, 5_000);
    expect(pace.perSecond(5_000)).toBeCloseTo(6.65, 5);
  });

  test('falls to half where little was seen, as little was sent', () => {
    const pace = aPace();
    pace.refuse({ sentAtMs: 0, waitMs: 0 }, 0);
    expect(pace.perSecond(0)).toBeCloseTo(4.75, 5);
  });

  test('takes a burst of refusals for one', () => {
    const pace = aPace();
    pace.refuse({ sentAtMs: 900, waitMs: 1_000 }, 1_000);
    const cut = pace.perSecond(1_000);
    pace.pass(1_005);
    for (const atMs of [1_010, 1_020, 1_500]) pace.refuse({ sentAtMs: 990, waitMs: 1_000 }, atMs);
    expect(pace.perSecond(1_500)).toBe(cut);
    expect(pace.startAt(1_500)).toBe(2_500);
    pace.refuse({ sentAtMs: 2_500, waitMs: 1_000 }, 2_600);
    expect(pace.perSecond(2_600)).toBeLessThan(cut);
  });

  test('allows no burst right after a pause', () => {
    const pace = aPace(10, 5);
    pace.refuse({ sentAtMs: 0, waitMs: 1_000 }, 0);
    expect(pace.startAt(0)).toBe(1_000);
    pace.take(1_000);
    expect(pace.startAt(1_000)).toBeCloseTo(1_000 + SECOND / 4.75, 5);
  });

  test('stays level for a while, and then climbs to where it began', () => {
    const pace = aPace();
    passBefore(pace, 1_000, 5);
    pace.refuse({ sentAtMs: 1_000, waitMs: 0 }, 1_000);
    const rates = [0, 20, 21, 22, 25, 60].map((seconds) => pace.perSecond(1_000 + seconds * SECOND));
    expect(rates[1]).toBe(rates[0]);
    expect(rates[2]).toBeCloseTo(4.75 * 1.2, 5);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(rates[5]).toBe(10);
  });

  test('never stops for good, and a lowest rate raises nobody', () => {
    const pace = aPace();
    for (let second = 0; second < 50; second += 2) {
      pace.refuse({ sentAtMs: second * SECOND, waitMs: 1 }, second * SECOND);
      pace.pass(second * SECOND);
    }
    expect(pace.perSecond(50 * SECOND)).toBeCloseTo(0.2, 5);
    const slow = aPace(0.1);
    slow.refuse({ sentAtMs: 0, waitMs: 0 }, 0);
    expect(slow.perSecond(0)).toBe(0.1);
  });

  test('gets no slower by refusals alone, when nothing passes at any speed', () => {
    const pace = aPace();
    pace.refuse({ sentAtMs: 0, waitMs: 10 }, 0);
    const cut = pace.perSecond(0);
    for (const atMs of [100, 200, 300]) pace.refuse({ sentAtMs: atMs, waitMs: 10 }, atMs);
    expect(pace.perSecond(400)).toBe(cut);
    pace.pass(500);
    pace.refuse({ sentAtMs: 2_000, waitMs: 10 }, 2_000);
    expect(pace.perSecond(2_000)).toBeLessThan(cut);
  });

  test('does not add up refusals between which nobody asked', () => {
    const pace = aPace();
    pace.refuse({ sentAtMs: 0, waitMs: 10 }, 0);
    pace.refuse({ sentAtMs: 60_000, waitMs: 10 }, 60_010);
    expect(pace.progress.refusedSinceMs).toBe(0);
    pace.refuse({ sentAtMs: 600_000, waitMs: 10 }, 600_010);
    expect(pace.progress.refusedSinceMs).toBe(600_000);
  });

  test('finds a limit where it knew of none', () => {
    const pace = aPace(Infinity);
    expect(pace.perSecond(0)).toBe(Infinity);
    passBefore(pace, 1_000, 60);
    pace.refuse({ sentAtMs: 1_000, waitMs: 0 }, 1_000);
    expect(pace.perSecond(1_000)).toBeCloseTo(57, 5);
  });

  test('never goes faster than it began, and never before a pause is over', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 40_000 }),
      what: fc.constantFrom('take', 'pass', 'refuse'),
      waitMs: fc.integer({ min: 0, max: 60_000 }),
    });
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 200, noNaN: true }), fc.array(step), (perSecond, steps) => {
        const pace = aPace(perSecond);
        let nowMs = 0;
        let heldUntilMs = 0;
        for (const { afterMs, what, waitMs } of steps) {
          nowMs += afterMs;
          if (what === 'refuse') {
            pace.refuse({ sentAtMs: nowMs, waitMs }, nowMs);
            heldUntilMs = Math.max(heldUntilMs, nowMs + waitMs);
          } else pace[what](nowMs);
          expect(pace.perSecond(nowMs)).toBeLessThanOrEqual(perSecond);
          expect(pace.perSecond(nowMs)).toBeGreaterThan(0);
          expect(pace.startAt(nowMs)).toBeGreaterThanOrEqual(heldUntilMs);
        }
      }),
    );
  });
});
