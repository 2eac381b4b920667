type Mark = { readonly atMs: number; readonly done: number };

/** Older than this says nothing about what comes. */
const WINDOW_MS = 20_000;
/** Fewer than these tell no rate. */
const ENOUGH = 3;

/** How fast something goes lately. */
export class RecentRate {
  #marks: readonly Mark[];

  /** @param startMs milliseconds of the same clock as those of the marks. */
  constructor(startMs: number) {
    this.#marks = [{ atMs: startMs, done: 0 }];
  }

  mark(done: number, atMs: number): void {
    const marks = [...this.#marks, { atMs, done }];
    // One from before the window stays, so that a slow pace is known as well.
    const first = marks.findLastIndex((one) => one.atMs <= atMs - WINDOW_MS);
    this.#marks = marks.slice(Math.max(0, first));
  }

  /** Per second; null as long as it cannot be told. */
  perSecond(): number | null {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
    if (last.done < ENOUGH || last.done <= first.done) return null;
    return ((last.done - first.done) * 1000) / (last.atMs - first.atMs);
  }
}
