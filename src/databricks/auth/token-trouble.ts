import { ApiError, AuthError, RateLimitError, type ToolError, UnavailableError } from '../../core/errors.ts';
import { type Attempted, decodeError } from '../decode-error.ts';
import type { Sent } from './sender.ts';

/** How a service other than the workspace is spoken of. */
export type Service = {
  /** What it failed to do, for example `GitHub gives no identity token`. */
  readonly what: string;
  readonly attempted: Omit<Attempted, 'attempts'>;
  /** For the user to mend. */
  readonly hint: string;
  /** For what may pass. */
  readonly later: string;
};

/** The error for a request for a token that was no success, and not explained by what was answered. */
export function decodeTrouble({ exchange, attempts, body }: Sent, service: Service): ToolError {
  const { what, attempted, hint, later } = service;
  const { method, path } = attempted;
  if (body !== undefined) return new AuthError(`${what}: ${method} ${path} answered without one`, { hint });
  const known = decodeError(exchange, { ...attempted, attempts });
  // The proxy's own words say more.
  if (exchange.outcome === 'answer' && exchange.status === 407) return known;
  if (exchange.outcome === 'no-answer' && exchange.reason === 'timeout') return tooSlow(what, known);
  if (!(known instanceof UnavailableError || known instanceof RateLimitError))
    return new AuthError(`${what}: ${known.message}`, { hint });
  const { status } = known;
  // No UnavailableError: one without an answer is taken to mean the workspace.
  return new ApiError(`${what}: ${known.message}`, { method, path, status, hint: later }, known.code);
}

/** It is there and takes too long: what fails is signing in, and not the workspace's API. */
export function tooSlow(what: string, { message }: ToolError): AuthError {
  const hint = 'try again; if it lasts, look at its status page, the network and the proxy';
  return new AuthError(`${what}: ${message}`, { hint });
}
