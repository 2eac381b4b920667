import { Refusal } from './answer.ts';
import type { RateClass, RateLimits } from './behaviour.ts';

const WINDOW_MS = 1000;

/** Counts requests in a sliding second. */
export class RateLimiter {
  readonly #times = new Map<RateClass, readonly number[]>();

  /** @throws Refusal (429) when the class has had its requests of this second. */
  admit(rate: RateClass, limits: RateLimits, nowMs: number): void {
    const limit = limits[rate];
    if (limit === undefined) return;
    const recent = (this.#times.get(rate) ?? []).filter((timeMs) => timeMs > nowMs - WINDOW_MS);
    this.#times.set(rate, recent.length < limit ? [...recent, nowMs] : recent);
    if (recent.length < limit) return;
    const headers: Record<string, string> = limits.retryAfter === false ? {} : { 'retry-after': '1' };
    throw new Refusal(
      429,
      'REQUEST_LIMIT_EXCEEDED',
      'Too many requests: the rate limit is exceeded.',
      headers,
    );
  }
}
