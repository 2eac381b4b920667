import { ApiError, AuthError, RateLimitError, type ToolError, UnavailableError } from '../../core/errors.ts';
import { decodeError } from '../decode-error.ts';
import { isLoopback } from '../host.ts';
import { isObject } from '../json.ts';
import type { RetryPolicy } from '../retry.ts';
import type { IdTokenService } from './attributes.ts';
import { toBearer } from './bearer.ts';
import { type IdToken, toIdToken } from './claims.ts';
import { type Connection, createSender, type Sent } from './sender.ts';

/** @throws AuthError for an address that is none */
export function createIdTokens(
  service: IdTokenService,
  connection: Connection,
): (audience: string, policy: RetryPolicy) => Promise<IdToken> {
  const url = readUrl(service.url);
  const send = createSender(url.origin, connection);
  return async (audience, policy) => {
    const bearer = toBearer(service.token);
    const query = `${url.search === '' ? '?' : `${url.search}&`}audience=${encodeURIComponent(audience)}`;
    const headers = { authorization: bearer.header };
    const request = { method: 'GET', path: url.pathname, target: url.pathname + query, headers } as const;
    const sent = await send(request, policy);
    const token = isObject(sent.body) ? sent.body['value'] : undefined;
    if (typeof token !== 'string' || token === '') throw decodeFailure(sent, url, bearer.mask);
    return toIdToken(token);
  };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new AuthError('ACTIONS_ID_TOKEN_REQUEST_URL is not an https address', {
    hint: 'leave it as the runner sets it',
  });
}

const WHAT = 'GitHub gives no identity token';

function decodeFailure(
  { exchange, attempts, body }: Sent,
  url: URL,
  mask: (text: string) => string,
): ToolError {
  const attempted = { method: 'GET', path: url.pathname, origin: url.origin, attempts, mask } as const;
  if (body !== undefined) {
    return new AuthError(`${WHAT}: GET ${url.pathname} answered without one`, { hint: HINT });
  }
  const known = decodeError(exchange, attempted);
  // The proxy's own words say more.
  if (exchange.outcome === 'answer' && exchange.status === 407) return known;
  if (!(known instanceof UnavailableError || known instanceof RateLimitError))
    return new AuthError(`${WHAT}: ${known.message}`, { hint: HINT });
  const { method, path, status } = known;
  // No UnavailableError: one without an answer is taken to mean the workspace.
  return new ApiError(`${WHAT}: ${known.message}`, { method, path, status, hint: LATER }, known.code);
}

const HINT = 'check `permissions: id-token: write`; the request works only while the job runs';
const LATER = "try again; if it lasts, look at the runner's network, the proxy and GitHub's status page";
