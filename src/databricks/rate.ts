import pLimit from 'p-limit';
import { type Bucket, BURST, pacingOf } from './buckets.ts';
import { Pace, type Progress, type RefusedRequest } from './pace.ts';

export type Limiter = {
  /** Runs a task as soon as its bucket's rate, the rate of all, and the number of open requests allow. */
  run<T>(bucket: Bucket, task: () => Promise<T>): Promise<T>;
  /** After an answer that was no refusal. */
  pass(bucket: Bucket): void;
  /** After a 429: the whole bucket pauses and goes on slower; its other requests would be refused as well. */
  refuse(bucket: Bucket, refused: RefusedRequest): void;
  /** Whether requests of the bucket get through. */
  progress(bucket: Bucket): Progress;
};

export type LimiterOptions = {
  /** Requests per second of all buckets together. */
  readonly perSecond: number;
  /** Whether each bucket keeps below what Databricks publishes for it. */
  readonly isPublished: boolean;
  /** Requests on their way at one time. */
  readonly concurrency: number;
  /** Milliseconds, of any epoch. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

export function createLimiter(options: LimiterOptions): Limiter {
  const { clock } = options;
  const slots = pLimit(options.concurrency);
  const all = new Pace({ perSecond: options.perSecond, burst: BURST });
  const lanes = new Map<Bucket, Lane>();
  const laneOf = (bucket: Bucket): Lane => {
    const lane = lanes.get(bucket) ?? openLane(bucket, options);
    lanes.set(bucket, lane);
    return lane;
  };
  return {
    run: async (bucket, task) => {
      const { gate, pace } = laneOf(bucket);
      const turn = (): Promise<number> => waitForTurn([pace, all], options);
      const take = async (): Promise<void> => {
        const nowMs = await turn();
        for (const one of [pace, all]) one.take(nowMs);
      };
      const started = await gate(async () => {
        // Waited for outside as well: a bucket that pauses keeps no place from the others.
        await turn();
        return startIn(slots, take, task);
      });
      return started.result;
    },
    pass: (bucket) => laneOf(bucket).pace.pass(clock()),
    refuse: (bucket, refused) => laneOf(bucket).pace.refuse(refused, clock()),
    progress: (bucket) => laneOf(bucket).pace.progress,
  };
}

/** Only the first in line of a bucket waits for its time, so that a pause that is asked for later holds all behind it. */
type Lane = { readonly pace: Pace; readonly gate: Slots };

type Slots = ReturnType<typeof pLimit>;

function openLane(bucket: Bucket, { perSecond, isPublished }: LimiterOptions): Lane {
  const pacing = isPublished ? pacingOf(bucket) : { perSecond, burst: BURST };
  return {
    pace: new Pace({ ...pacing, perSecond: Math.min(perSecond, pacing.perSecond) }),
    gate: pLimit(1),
  };
}

/** In an object, as a promise that is given back would be waited for. */
type Started<T> = { readonly result: Promise<T> };

/** Resolves once there is a place and `ready` is done; the task goes on by itself. */
function startIn<T>(slots: Slots, ready: () => Promise<void>, task: () => Promise<T>): Promise<Started<T>> {
  return new Promise((started, failed) => {
    const result: Promise<T> = slots(async () => {
      await ready();
      started({ result });
      return task();
    });
    result.catch(failed);
  });
}

/** Resolves with the time at which all of them allow a start. */
async function waitForTurn(
  paces: readonly Pace[],
  { clock, sleep }: Pick<LimiterOptions, 'clock' | 'sleep'>,
): Promise<number> {
  // What was slept for has come, even if timers are early or the clock stands still.
  let reachedMs = clock();
  for (;;) {
    const nowMs = Math.max(reachedMs, clock());
    const atMs = Math.max(...paces.map((pace) => pace.startAt(nowMs)));
    if (atMs <= nowMs) return nowMs;
    await sleep(atMs - nowMs);
    reachedMs = atMs;
  }
}
