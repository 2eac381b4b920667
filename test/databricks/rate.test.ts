import { describe, expect, test } from '@jest/globals';
import type { Bucket } from '../../src/databricks/buckets.ts';
import { createLimiter, type Limiter, type LimiterOptions } from '../../src/databricks/rate.ts';
import { fakeTime } from './support/a-client.ts';
import { virtualTime } from '../support/virtual-time.ts';

function aLimiter(options: Partial<LimiterOptions> = {}) {
  const time = fakeTime(0);
  const limiter = createLimiter({
    perSecond: Infinity,
    isPublished: false,
    concurrency: 1,
    ...time,
    ...options,
  });
  return { limiter, time };
}

async function runMany(limiter: Limiter, count: number, bucket: Bucket = 'other'): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => limiter.run(bucket, () => Promise.resolve())));
}

describe('createLimiter', () => {
  test('lets a short burst through and then keeps the rate', async () => {
    const { limiter, time } = aLimiter({ perSecond: 10 });
    await runMany(limiter, 5);
    expect(time.sleeps).toEqual([]);
    await runMany(limiter, 10);
    expect(time.clock()).toBeCloseTo(1_000, 5);
  });

  test('saves up no more than a burst', async () => {
    const { limiter, time } = aLimiter({ perSecond: 10 });
    await time.sleep(60_000);
    await runMany(limiter, 15);
    expect(time.clock()).toBeCloseTo(61_000, 5);
  });

  test.each<[Bucket, number, number]>([
    ['jobs/update', 9.6, 1.3],
    ['jobs/get', 19.2, 1.7],
    ['workspace/delete', 1.92, 1],
    ['other', 15, 5],
  ])('keeps %s at %d a second, apart from all others', async (bucket, perSecond, burst) => {
    const { limiter, time } = aLimiter({ isPublished: true });
    await runMany(limiter, 5, bucket === 'other' ? 'jobs/list' : 'other');
    const before = time.clock();
    await runMany(limiter, 30, bucket);
    expect(time.clock() - before).toBeCloseTo(((30 - burst) * 1_000) / perSecond, 5);
  });

  test('keeps all buckets together at the rate of all', async () => {
    const { limiter, time } = aLimiter({ perSecond: 10, isPublished: true });
    await Promise.all([runMany(limiter, 15, 'jobs/get'), runMany(limiter, 10, 'jobs/list')]);
    // Both wait on the same clock here, each for itself.
    expect(time.clock()).toBeGreaterThanOrEqual(2_000);
  });

  test('keeps to the pause of a bucket with what had been waiting for longer', async () => {
    const time = virtualTime();
    const { limiter } = aLimiter({ ...time, perSecond: 10, concurrency: 16 });
    const startedAt: number[] = [];
    const runs = Array.from({ length: 8 }, () =>
      limiter.run('jobs/get', async () => void startedAt.push(time.clock())),
    );
    const refusal = time.sleep(150).then(() => limiter.refuse('jobs/get', { sentAtMs: 0, waitMs: 5_000 }));
    await time.run(Promise.all([...runs, refusal]));
    expect(startedAt.filter((atMs) => atMs < 5_150)).toEqual([0, 0, 0, 0, 0, 100]);
    expect(startedAt).toHaveLength(8);
  });

  test('lets other buckets go on during a pause, even with one place for all', async () => {
    const time = virtualTime();
    const { limiter } = aLimiter(time);
    limiter.refuse('jobs/update', { sentAtMs: 0, waitMs: 60_000 });
    const order: string[] = [];
    const runs = (['jobs/update', 'jobs/update', 'jobs/get', 'other'] as const).map((bucket) =>
      limiter.run(bucket, async () => void order.push(bucket)),
    );
    await time.run(Promise.all(runs));
    expect(order).toEqual(['jobs/get', 'other', 'jobs/update', 'jobs/update']);
  });

  test('tells whether requests get through, by bucket', () => {
    const { limiter } = aLimiter();
    limiter.pass('jobs/get');
    limiter.pass('jobs/get');
    limiter.refuse('jobs/get', { sentAtMs: 7, waitMs: 0 });
    limiter.refuse('jobs/get', { sentAtMs: 8, waitMs: 0 });
    expect(limiter.progress('jobs/get')).toEqual({ passes: 2, refusedSinceMs: 7 });
    expect(limiter.progress('other')).toEqual({ passes: 0, refusedSinceMs: null });
    limiter.pass('jobs/get');
    expect(limiter.progress('jobs/get')).toEqual({ passes: 3, refusedSinceMs: null });
  });

  test('keeps no more requests open than allowed', async () => {
    const { limiter } = aLimiter({ concurrency: 3 });
    let open = 0;
    let most = 0;
    const task = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => limiter.run('other', task)));
    expect(most).toBe(3);
  });

  test('frees the place of a task that fails', async () => {
    const { limiter } = aLimiter();
    await expect(limiter.run('other', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(limiter.run('other', () => Promise.resolve(1))).resolves.toBe(1);
  });

  test('passes on what stops the wait itself', async () => {
    const sleep = () => Promise.reject(new Error('no time'));
    const { limiter } = aLimiter({ perSecond: 1, sleep });
    await runMany(limiter, 5);
    await expect(limiter.run('other', () => Promise.resolve())).rejects.toThrow('no time');
  });
});
