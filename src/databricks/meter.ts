/** What a run cost: tries over the wire, repetitions among them, and the time from the first to the last. */
export type ClientStats = { readonly count: number; readonly retried: number; readonly seconds: number };

export type Meter = {
  begin(attempt: number): void;
  end(): void;
  stats(): ClientStats;
};

/** @param clock milliseconds */
export function createMeter(clock: () => number): Meter {
  let count = 0;
  let retried = 0;
  let startedAt: number | undefined;
  let endedAt = 0;
  return {
    begin(attempt) {
      startedAt ??= clock();
      count += 1;
      if (attempt > 1) retried += 1;
    },
    end() {
      endedAt = clock();
    },
    stats: () => ({
      count,
      retried,
      seconds: startedAt === undefined ? 0 : Math.max(0, endedAt - startedAt) / 1000,
    }),
  };
}
