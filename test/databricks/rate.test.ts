import { describe, expect, test } from '@jest/globals';
import { type Bucket, createLimiter, type Limiter } from '../../src/databricks/rate.ts';
import { fakeTime } from './support/a-client.ts';

function aLimiter(perSecond: number, concurrency = 1) {
  const time = fakeTime(0);
  return { limiter: createLimiter({ perSecond, concurrency, ...time }), time };
}

async function runMany(limiter: Limiter, count: number, bucket: Bucket = 'all'): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => limiter.run(bucket, () => Promise.resolve())));
}

describe('createLimiter', () => {
  test('lets a short burst through and then keeps the rate', async () => {
    const { limiter, time } = aLimiter(10);
    await runMany(limiter, 5);
    expect(time.sleeps).toEqual([]);
    await runMany(limiter, 10);
    expect(time.clock()).toBeCloseTo(1_000, 5);
  });

  test('saves up no more than a burst', async () => {
    const { limiter, time } = aLimiter(10);
    await time.sleep(60_000);
    await runMany(limiter, 15);
    expect(time.clock()).toBeCloseTo(61_000, 5);
  });

  test('gives jobs/update two thirds of the rate, apart from all others', async () => {
    const { limiter, time } = aLimiter(15);
    await runMany(limiter, 5);
    await runMany(limiter, 15, 'jobs/update');
    expect(time.clock()).toBeCloseTo(1_000, 5);
  });

  test('halves the rate after a refusal, once for a burst of them', async () => {
    const { limiter, time } = aLimiter(16);
    await runMany(limiter, 5);
    limiter.slowDown('all');
    limiter.slowDown('all');
    const before = time.clock();
    await runMany(limiter, 9);
    // The first waits out the old interval, eight more come at 8 per second.
    expect(time.clock() - before).toBeCloseTo(1_000 / 16 + 1_000, 5);
  });

  test('allows no burst right after a refusal', async () => {
    const { limiter, time } = aLimiter(16);
    await runMany(limiter, 1);
    await time.sleep(60_000);
    limiter.slowDown('all');
    await runMany(limiter, 9);
    expect(time.clock()).toBeCloseTo(61_000, 5);
  });

  test('does not fall below one request per second', async () => {
    const { limiter, time } = aLimiter(4);
    for (let cut = 0; cut < 10; cut += 1) {
      limiter.slowDown('all');
      await time.sleep(1_000);
    }
    await runMany(limiter, 5);
    const before = time.clock();
    await runMany(limiter, 3);
    expect(time.clock() - before).toBeCloseTo(3_000, 5);
  });

  test('recovers by about one request per second each second, up to where it began', async () => {
    const { limiter, time } = aLimiter(16);
    limiter.slowDown('all');
    for (let success = 0; success < 8; success += 1) limiter.speedUp('all');
    await runMany(limiter, 5);
    const before = time.clock();
    await runMany(limiter, 9);
    expect(9_000 / (time.clock() - before)).toBeGreaterThan(8.5);
    expect(9_000 / (time.clock() - before)).toBeLessThan(9.5);
    for (let success = 0; success < 1_000; success += 1) limiter.speedUp('all');
    await runMany(limiter, 5);
    const later = time.clock();
    await runMany(limiter, 16);
    expect(time.clock() - later).toBeCloseTo(1_000, 5);
  });

  test('keeps no more requests open than allowed', async () => {
    const { limiter } = aLimiter(Infinity, 3);
    let open = 0;
    let most = 0;
    const task = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => limiter.run('all', task)));
    expect(most).toBe(3);
  });

  test('frees the place of a task that fails', async () => {
    const { limiter } = aLimiter(Infinity);
    await expect(limiter.run('all', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(limiter.run('all', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
