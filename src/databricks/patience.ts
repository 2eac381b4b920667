import type { Turn } from './retry.ts';

/** One try that did not succeed; `isRefused`: with 429. */
export type FailedTry = {
  readonly isRefused: boolean;
  readonly sentAtMs: number;
  readonly endedAtMs: number;
};

/** Tries of one sort, and how long they have taken. */
type Tally = Pick<Turn, 'attempt' | 'spentMs'>;

/**
 * What one request has taken so far. The time that it stands in line counts for nothing. Failures add up. Refusals add up
 * only while nothing else of the same bucket gets through: as long as there is progress, its turn will come too.
 */
export class Patience {
  readonly #passes: () => number;
  #failures: Tally = { attempt: 0, spentMs: 0 };
  #refusals = { attempt: 0, spentMs: 0, sinceMs: 0, passes: -1 };

  /** @param passes how many requests of its bucket were not refused so far. */
  constructor(passes: () => number) {
    this.#passes = passes;
  }

  /** Counts a try, for the retry table. */
  count(failed: FailedTry): Tally {
    return failed.isRefused ? this.#countRefusal(failed) : this.#countFailure(failed);
  }

  /** Counts the wait that follows such a try. */
  wait({ isRefused }: Pick<FailedTry, 'isRefused'>, ms: number): void {
    if (isRefused) this.#refusals.spentMs += ms;
    else this.#failures = { ...this.#failures, spentMs: this.#failures.spentMs + ms };
  }

  #countFailure({ sentAtMs, endedAtMs }: FailedTry): Tally {
    const { attempt, spentMs } = this.#failures;
    this.#failures = { attempt: attempt + 1, spentMs: spentMs + endedAtMs - sentAtMs };
    return this.#failures;
  }

  #countRefusal({ sentAtMs, endedAtMs }: FailedTry): Tally {
    const passes = this.#passes();
    const isSame = this.#refusals.passes === passes;
    const before = isSame ? this.#refusals : { attempt: 0, spentMs: 0, sinceMs: sentAtMs, passes };
    // The sum of the waits counts where an injected clock stands still.
    const spentMs = Math.max(endedAtMs - before.sinceMs, before.spentMs);
    this.#refusals = { ...before, attempt: before.attempt + 1, spentMs };
    return this.#refusals;
  }
}
