import { AuthError, type ToolError } from '../../core/errors.ts';
import { isLoopback } from '../host.ts';
import { isObject } from '../json.ts';
import type { RetryPolicy } from '../retry.ts';
import type { IdTokenService } from './attributes.ts';
import { toBearer } from './bearer.ts';
import { type IdToken, toIdToken } from './claims.ts';
import { type Connection, createSender, type Sent } from './sender.ts';
import { decodeTrouble } from './token-trouble.ts';

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
    if (typeof token !== 'string' || token === '') throw troubleOf(sent, url, bearer.mask);
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

function troubleOf(sent: Sent, url: URL, mask: (text: string) => string): ToolError {
  const attempted = { method: 'GET', path: url.pathname, origin: url.origin, mask } as const;
  return decodeTrouble(sent, { what: 'GitHub gives no identity token', attempted, hint: HINT, later: LATER });
}

const HINT = 'check `permissions: id-token: write`; the request works only while the job runs';
const LATER = "try again; if it lasts, look at the runner's network, the proxy and GitHub's status page";
