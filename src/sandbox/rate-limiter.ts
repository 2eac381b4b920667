import { Refusal } from './answer.ts';
import type { RateClass, RateLimits } from './behaviour.ts';

const WINDOW_MS = 1000;

/** Counts requests in a sliding second. */
export class RateLimiter {
  readonly #times = new Map<RateClass, readonly number[]>();

  /** @throws Refusal (429) when the class has had its requests of this second. */
  admit(rate: RateClass, limits: RateLimits, nowMs: number): void {
    const limit = allowanceOf(rate, limits, nowMs);
    const recent = (this.#times.get(rate) ?? []).filter((timeMs) => timeMs > nowMs - WINDOW_MS);
    this.#times.set(rate, recent.length < limit ? [...recent, nowMs] : recent);
    if (recent.length < limit) return;
    const headers: Record<string, string> = limits.retryAfter === false ? {} : { 'retry-after': '1' };
    const code = limits.errorCode ?? 'REQUEST_LIMIT_EXCEEDED';
    throw new Refusal(429, code, 'Too many requests: the rate limit is exceeded.', headers);
  }
}

/** Requests per second that other clients leave of a limit; Infinity where there is none. */
export function allowanceOf(rate: RateClass, limits: RateLimits, nowMs: number): number {
  const limit = limits[rate];
  if (limit === undefined) return Infinity;
  const { othersShare = 0, othersPeriodMs = 0 } = limits;
  const areThere = othersPeriodMs === 0 || nowMs % othersPeriodMs < othersPeriodMs / 2;
  return areThere ? Math.floor(limit * (1 - othersShare)) : limit;
}
