import type { ApiRequest } from '../kinds/client.ts';
import { isHtml, readErrorBody } from './error-body.ts';
import type { Answer, Exchange } from './wire.ts';

export type RetryPolicy = {
  /** Tries for everything but 429 and 503, which go on until the deadline; refusals (429) are counted by themselves. */
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  /** A longer Retry-After is cut to this. */
  readonly maxRetryAfterMs: number;
  /**
   * For the tries and the waits between them, and for refusals from the moment on since when no request to the same API
   * has got through. No wait that would end later is begun.
   */
  readonly deadlineMs: number;
};

export const DEFAULT_POLICY: RetryPolicy = {
  attempts: 5,
  firstWaitMs: 1_000,
  maxWaitMs: 10_000,
  maxRetryAfterMs: 60_000,
  deadlineMs: 300_000,
};

/** `attempt` counts from 1; `spentMs` is what they took, without the time in line; `random` is in [0, 1). */
export type Turn = {
  readonly attempt: number;
  readonly spentMs: number;
  readonly nowMs: number;
  readonly random: number;
};

/** `lost`: a create may have been done, and only a look can tell. */
export type Step = { readonly verb: 'wait'; readonly ms: number } | { readonly verb: 'stop' | 'lost' };

/** What to do after an exchange that was no success. Pure. */
export function nextStep(
  delivery: ApiRequest['delivery'],
  exchange: Exchange,
  turn: Turn,
  policy: RetryPolicy = DEFAULT_POLICY,
): Step {
  const verdict = judge(exchange);
  if (verdict === 'final') return { verb: 'stop' };
  if (delivery === 'create' && verdict === 'perhaps-done') return { verb: 'lost' };
  if (exchange.outcome === 'no-answer' && exchange.reason === 'too-large') return { verb: 'stop' };
  if (turn.attempt >= (isOverload(exchange) ? MOST_TRIES : policy.attempts)) return { verb: 'stop' };
  const ms = waitMs(exchange, turn, policy);
  return turn.spentMs + ms > policy.deadlineMs ? { verb: 'stop' } : { verb: 'wait', ms };
}

/** Bounds 429 and 503 where Retry-After is 0 or time stands still; at one a second, the deadline comes first. */
const MOST_TRIES = 400;

type Verdict = 'not-done' | 'perhaps-done' | 'final';

function judge(exchange: Exchange): Verdict {
  if (exchange.outcome === 'answer') return judgeAnswer(exchange);
  if (exchange.reason === 'untrusted') return 'final';
  return exchange.reason === 'refused' ? 'not-done' : 'perhaps-done';
}

function judgeAnswer(answer: Answer): Verdict {
  // A success that cannot be read: garbled on the way, or the login page of a wrong host.
  if (answer.status < 300) return isHtml(answer) ? 'final' : 'perhaps-done';
  if (answer.status === 429) return 'not-done';
  if (answer.status === 503) return isTurnedAway(answer) ? 'not-done' : 'perhaps-done';
  return PERHAPS_DONE.has(answer.status) ? 'perhaps-done' : 'final';
}

const PERHAPS_DONE: ReadonlySet<number> = new Set([408, 499, 500, 502, 504]);

/**
 * Databricks' own "come back later". A bare 503 of a gateway may also mean that the connection to the server behind
 * it broke after the request had been passed on.
 */
function isTurnedAway(answer: Answer): boolean {
  return (
    answer.headers['retry-after'] !== undefined ||
    readErrorBody(answer).errorCode === 'TEMPORARILY_UNAVAILABLE'
  );
}

function isOverload(exchange: Exchange): boolean {
  return exchange.outcome === 'answer' && (exchange.status === 429 || exchange.status === 503);
}

function waitMs(exchange: Exchange, turn: Turn, policy: RetryPolicy): number {
  const backoff = Math.min(policy.firstWaitMs * 2 ** (turn.attempt - 1), policy.maxWaitMs);
  const jittered = backoff / 2 + (backoff / 2) * turn.random;
  const asked = exchange.outcome === 'answer' ? retryAfterMs(exchange, turn.nowMs) : undefined;
  if (asked === undefined) return jittered;
  // Jitter on top, never below: all waiting requests were told the same moment.
  return Math.min(asked, policy.maxRetryAfterMs) + RETRY_AFTER_JITTER_MS * turn.random;
}

const RETRY_AFTER_JITTER_MS = 500;

/** Seconds or an HTTP date, else the body's RetryInfo. */
function retryAfterMs(answer: Answer, nowMs: number): number | undefined {
  const header = answer.headers['retry-after']?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  if (!Number.isNaN(date)) return Math.max(0, date - nowMs);
  return isOverload(answer) ? readErrorBody(answer).retryDelayMs : undefined;
}
