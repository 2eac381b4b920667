import pLimit from 'p-limit';

/** One bucket per limit that Databricks publishes; `jobs/update` has its own. */
export type Bucket = 'all' | 'jobs/update';

export type Limiter = {
  /** Runs a task as soon as the bucket's rate and the number of open requests allow. */
  run<T>(bucket: Bucket, task: () => Promise<T>): Promise<T>;
  /** After a 429: half the rate, at most once a second, as one burst of refusals is one signal. */
  slowDown(bucket: Bucket): void;
  /** After a success: a little faster again, up to the initial rate. */
  speedUp(bucket: Bucket): void;
};

export type LimiterOptions = {
  /** Requests per second; `jobs/update` gets two thirds of it, as Databricks gives it 10 of 15. */
  readonly perSecond: number;
  /** Requests on their way at one time. */
  readonly concurrency: number;
  /** Milliseconds, of any epoch. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

export function createLimiter(options: LimiterOptions): Limiter {
  const slots = pLimit(options.concurrency);
  const paces: Readonly<Record<Bucket, Pace>> = {
    all: createPace(options.perSecond, options),
    'jobs/update': createPace((options.perSecond * 2) / 3, options),
  };
  return {
    run: (bucket, task) =>
      slots(async () => {
        await paces[bucket].next();
        return task();
      }),
    slowDown: (bucket) => paces[bucket].slowDown(),
    speedUp: (bucket) => paces[bucket].speedUp(),
  };
}

type Pace = { next(): Promise<void>; slowDown(): void; speedUp(): void };

/** This many requests may start at once after a pause. */
const BURST = 5;
const LOWEST_PER_SECOND = 1;
const CUT_EVERY_MS = 1_000;

function createPace(initial: number, { clock, sleep }: LimiterOptions): Pace {
  let perSecond = initial;
  let freeAt = -Infinity;
  let cutAt = -Infinity;
  return {
    async next() {
      const now = clock();
      const interval = 1000 / perSecond;
      const at = Math.max(freeAt, now - (BURST - 1) * interval);
      freeAt = at + interval;
      if (at > now) await sleep(at - now);
    },
    slowDown() {
      const now = clock();
      if (now - cutAt < CUT_EVERY_MS) return;
      cutAt = now;
      perSecond = Math.max(Math.min(LOWEST_PER_SECOND, initial), perSecond / 2);
      freeAt = Math.max(freeAt, now);
    },
    // One success at rate r adds 1/r, so a second of successes adds about one request per second.
    speedUp() {
      perSecond = Math.min(initial, perSecond + 1 / perSecond);
    },
  };
}
