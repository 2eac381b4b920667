import type { ApiRequest } from '../kinds/client.ts';

/** One request as it goes out; `target` is the path with its query. */
export type WireRequest = {
  readonly method: ApiRequest['method'];
  readonly path: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
  /** Of the answer's body. */
  readonly maxBytes?: number;
};

/** A complete answer, whatever its status; header names are lower-case. */
export type Answer = {
  readonly outcome: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/**
 * No complete answer came. `refused`: no connection was ever open, so nothing was sent; `untrusted`: the certificate
 * was not accepted, so nothing was sent; `broken` and `timeout`: the request may have arrived; `too-large`: it has, and its
 * answer was not read to the end.
 */
export type NoAnswer = {
  readonly outcome: 'no-answer';
  readonly reason: 'refused' | 'untrusted' | 'broken' | 'timeout' | 'too-large';
  /** The system's name of the fault, for example `ECONNRESET`. */
  readonly fault: string;
};

export type Exchange = Answer | NoAnswer;

/** Sends once to one fixed origin; never throws for what the network or the far side does. */
export type Transport = (request: WireRequest) => Promise<Exchange>;

/** A try that failed and will be repeated. */
export type Retry = {
  readonly method: string;
  readonly path: string;
  /** 0 when no answer came. */
  readonly status: number;
  /** Which try failed, from 1. */
  readonly attempt: number;
  readonly waitMs: number;
};
