import type { Pacing } from './buckets.ts';

export type RefusedRequest = {
  /** When it was sent. */
  readonly sentAtMs: number;
  /** For how long nothing more may be sent: what Retry-After asked for, else a first guess. */
  readonly waitMs: number;
};

/** What was seen to pass is cut by this, as other clients take more at one time than at another. */
const CAUTION = 0.05;
/** After a cut the pace stays as it is for so long: each look for more may cost a pause that the server asks for. */
const LEVEL_MS = 20_000;
/** Then it grows by this factor each second. */
const GROWTH_PER_SECOND = 1.2;
const LOWEST_PER_SECOND = 0.2;
/** Where there was no limit, the first cut starts here. */
const FASTEST_PER_SECOND = 100;
/** Longer than any pause: refusals farther apart than this are two matters. */
const FORGOTTEN_MS = 120_000;
const SECOND_MS = 1_000;

/** Whether requests get through. */
export type Progress = {
  /** How many were not refused so far. */
  readonly passes: number;
  /** Since when all are refused; null where the last one was not. */
  readonly refusedSinceMs: number | null;
};

/**
 * When the next request of a bucket may start. After a refusal all of them pause, go on a little below what passed in
 * the second before, stay there for a while, and then grow up to the initial rate, never above it. All times are
 * milliseconds of one clock, which the caller reads.
 */
export class Pace {
  readonly #pacing: Pacing;
  #level: number;
  #levelAt = -Infinity;
  #freeAt = -Infinity;
  #heldUntil = -Infinity;
  readonly #passedAt: number[] = [];
  #passes = 0;
  #passesAtCut = -1;
  #refusedSinceMs: number | null = null;
  #refusedAt = -Infinity;

  constructor(pacing: Pacing) {
    this.#pacing = pacing;
    this.#level = pacing.perSecond;
  }

  get progress(): Progress {
    return { passes: this.#passes, refusedSinceMs: this.#refusedSinceMs };
  }

  perSecond(nowMs: number): number {
    const climbedMs = Math.max(0, nowMs - this.#levelAt - LEVEL_MS);
    return Math.min(this.#pacing.perSecond, this.#level * GROWTH_PER_SECOND ** (climbedMs / SECOND_MS));
  }

  /** The earliest start of the next request; not after `nowMs` where it may start now. */
  startAt(nowMs: number): number {
    // What passes is known for a second as a whole: no more than half of the caution is made up for.
    const isCut = this.perSecond(nowMs) < this.#pacing.perSecond;
    const savedMs = isCut ? (CAUTION * SECOND_MS) / 2 : (this.#pacing.burst - 1) * this.#intervalMs(nowMs);
    return Math.max(this.#freeAt, this.#heldUntil, nowMs - savedMs);
  }

  /** A request starts. */
  take(nowMs: number): void {
    this.#freeAt = this.startAt(nowMs) + this.#intervalMs(nowMs);
  }

  pass(nowMs: number): void {
    this.#passes += 1;
    this.#refusedSinceMs = null;
    this.#passedAt.push(nowMs);
    // No more of them are ever counted.
    if (this.#passedAt.length > FASTEST_PER_SECOND) this.#passedAt.shift();
  }

  /** A burst of refusals is one signal: what was sent before the pause says nothing new, but may ask for a longer one. */
  refuse({ sentAtMs, waitMs }: RefusedRequest, nowMs: number): void {
    if (this.#refusedSinceMs === null || nowMs - this.#refusedAt > FORGOTTEN_MS)
      this.#refusedSinceMs = sentAtMs;
    this.#refusedAt = nowMs;
    if (sentAtMs >= this.#heldUntil) this.#cut(nowMs);
    this.#heldUntil = Math.max(this.#heldUntil, nowMs + waitMs);
    // The level is held from the moment on at which it is tried.
    this.#levelAt = this.#heldUntil;
  }

  #cut(nowMs: number): void {
    // Where nothing at all got through since the last cut, speed is not the matter.
    if (this.#passes === this.#passesAtCut) return;
    this.#passesAtCut = this.#passes;
    const before = Math.min(this.perSecond(nowMs), FASTEST_PER_SECOND);
    const passed = this.#passedAt.filter((atMs) => atMs > nowMs - SECOND_MS).length;
    // After a pause of our own little has passed, which is no measure of what would.
    const seen = Math.min(before, Math.max(passed, before / 2));
    this.#level = Math.max(Math.min(LOWEST_PER_SECOND, before), seen * (1 - CAUTION));
  }

  #intervalMs(nowMs: number): number {
    return SECOND_MS / this.perSecond(nowMs);
  }
}
