import {
  allowInsecureRequests,
  type ClientAuth,
  customFetch,
  type CustomFetchOptions,
  genericTokenEndpointRequest,
  None,
  processGenericTokenEndpointResponse,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import { AuthError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { isLoopback } from '../host.ts';
import type { RetryPolicy } from '../retry.ts';
import type { Issued } from './keep-fresh.ts';
import type { Send, Sent } from './sender.ts';
import { decodeRefusal, type Refused, TOKEN_PATH, WRONG_HOST_HINT } from './token-refusal.ts';

/** What is asked for, and on the strength of what. */
export type Grant = Refused & {
  /** The `grant_type`. */
  readonly type: string;
  readonly clientId: string;
  /** The Authorization header; without one the client only names itself. */
  readonly authorization?: string;
  readonly parameters: Readonly<Record<string, string>>;
};

export type TokenEndpoint = {
  readonly origin: string;
  readonly send: Send;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

/** @throws AuthError where the workspace refuses; UnavailableError, RateLimitError where it does not answer. */
export async function requestToken(
  grant: Grant,
  { origin, send, clock }: TokenEndpoint,
  policy: RetryPolicy,
): Promise<Issued> {
  const server = { issuer: origin, token_endpoint: tokenUrl(origin) };
  const client = { client_id: grant.clientId };
  const options = {
    [customFetch]: fetchOver(send, policy, (sent) => decodeRefusal(sent, origin, grant)),
    [allowInsecureRequests]: isLoopback(new URL(origin).hostname),
  };
  // Before it is sent, so that the way back does not count as life of the token.
  const issuedAtMs = clock();
  const parameters = { ...grant.parameters, scope: 'all-apis' };
  const response = await genericTokenEndpointRequest(
    server,
    client,
    authenticationOf(grant),
    grant.type,
    parameters,
    options,
  );
  const answer = await processGenericTokenEndpointResponse(server, client, response).catch(noToken);
  return toIssued(answer, issuedAtMs);
}

export function tokenUrl(origin: string): string {
  return origin + TOKEN_PATH;
}

function authenticationOf({ authorization }: Grant): ClientAuth {
  if (authorization === undefined) return None();
  return (_server, _client, _body, headers) => headers.set('authorization', authorization);
}

/** Only a success reaches oauth4webapi: what else came is ours to explain. */
function fetchOver(
  send: Send,
  policy: RetryPolicy,
  decode: (sent: Sent) => Error,
): (url: string, options: CustomFetchOptions<'POST', URLSearchParams>) => Promise<Response> {
  return async (_url, { headers, body }) => {
    const request = {
      method: 'POST',
      path: TOKEN_PATH,
      target: TOKEN_PATH,
      headers,
      text: String(body),
    } as const;
    const sent = await send(request, policy);
    if (sent.body === undefined || sent.exchange.outcome === 'no-answer') throw decode(sent);
    return new Response(sent.exchange.text);
  };
}

/** Its own error holds the whole answer, and so perhaps a token. */
function noToken(): never {
  throw new AuthError(`POST ${TOKEN_PATH} answered without a token`, { hint: WRONG_HOST_HINT });
}

function toIssued(answer: TokenEndpointResponse, issuedAtMs: number): Issued {
  const { access_token: text, expires_in: seconds = Infinity } = answer;
  return {
    token: Secret.of('(secret access token)', [], text),
    issuedAtMs,
    expiresAtMs: issuedAtMs + seconds * 1_000,
  };
}
