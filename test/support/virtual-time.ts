/** A clock on which several may sleep at one time: it goes on, to the next who wakes, once nothing else happens. */
export type VirtualTime = {
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Lets time go by until the work is done. */
  readonly run: <T>(work: Promise<T>) => Promise<T>;
};

type Sleeper = { readonly atMs: number; readonly wake: () => void };

/** @param quietTurns turns of the event loop after which nothing else happens: more than one where requests go over loopback. */
export function virtualTime(startMs = 0, quietTurns = 1): VirtualTime {
  let nowMs = startMs;
  let sleepers: readonly Sleeper[] = [];
  const wakeNext = (): void => {
    const [next, ...others] = [...sleepers].sort((a, b) => a.atMs - b.atMs);
    if (next === undefined) return;
    nowMs = next.atMs;
    sleepers = others;
    next.wake();
  };
  return {
    clock: () => nowMs,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers = [...sleepers, { atMs: nowMs + Math.max(0, ms), wake }];
      }),
    run: async (work) => {
      const state = { isDone: false };
      const done = work.finally(() => (state.isDone = true));
      done.catch(() => undefined);
      while (!state.isDone) {
        await turnsOfLoop(quietTurns);
        if (!state.isDone) wakeNext();
      }
      return done;
    },
  };
}

async function turnsOfLoop(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
