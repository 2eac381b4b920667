import type { Progress } from './pace.ts';
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
 * only while nothing else of the same bucket gets through: as long as there is progress, its turn will come too. Where there
 * has been none for long, one more request is not waited for as long again.
 */
export class Patience {
  readonly #progress: () => Progress;
  #failures: Tally = { attempt: 0, spentMs: 0 };
  #refusals = { attempt: 0, spentMs: 0, sinceMs: 0, passes: -1 };

  /** @param progress of its bucket. */
  constructor(progress: () => Progress) {
    this.#progress = progress;
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
    const { passes, refusedSinceMs } = this.#progress();
    const isSame = this.#refusals.passes === passes;
    const before = isSame ? this.#refusals : { attempt: 0, spentMs: 0, sinceMs: sentAtMs, passes };
    // The sum of the waits counts where an injected clock stands still.
    const sinceMs = Math.min(before.sinceMs, refusedSinceMs ?? before.sinceMs);
    const spentMs = Math.max(endedAtMs - sinceMs, before.spentMs);
    this.#refusals = { ...before, attempt: before.attempt + 1, spentMs };
    return this.#refusals;
  }
}
