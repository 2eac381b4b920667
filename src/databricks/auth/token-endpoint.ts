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
import { decodeRefusal, type Refused, WRONG_HOST_HINT } from './token-refusal.ts';

/** What is asked for, and on the strength of what. */
export type Grant = Refused & {
  /** The `grant_type`. */
  readonly type: string;
  /** Undefined where the far side finds out by itself who it is. */
  readonly clientId: string | undefined;
  /** The Authorization header; without one the client only names itself. */
  readonly authorization?: string;
  readonly parameters: Readonly<Record<string, string>>;
};

export type TokenEndpoint = {
  readonly origin: string;
  readonly path: string;
  readonly send: Send;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

/** @throws AuthError where the workspace refuses; UnavailableError, RateLimitError where it does not answer. */
export async function requestToken(
  grant: Grant,
  endpoint: TokenEndpoint,
  policy: RetryPolicy,
): Promise<Issued> {
  const { origin, path, clock } = endpoint;
  const server = { issuer: origin, token_endpoint: origin + path };
  const client = { client_id: grant.clientId ?? 'unnamed' };
  const options = {
    [customFetch]: fetchOver(endpoint, policy, (sent) => decodeRefusal(sent, { origin, path }, grant)),
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
  const answer = await processGenericTokenEndpointResponse(server, client, response).catch(() => {
    // Its own error holds the whole answer, and so perhaps a token.
    throw new AuthError(`POST ${path} answered without a token`, { hint: WRONG_HOST_HINT });
  });
  return toIssued(answer, issuedAtMs);
}

function authenticationOf({ authorization, clientId }: Grant): ClientAuth {
  if (authorization !== undefined)
    return (_server, _client, _body, headers) => headers.set('authorization', authorization);
  return clientId === undefined ? () => undefined : None();
}

/** Only a success reaches oauth4webapi: what else came is ours to explain. */
function fetchOver(
  { path, send }: TokenEndpoint,
  policy: RetryPolicy,
  decode: (sent: Sent) => Error,
): (url: string, options: CustomFetchOptions<'POST', URLSearchParams>) => Promise<Response> {
  return async (_url, { headers, body }) => {
    const request = { method: 'POST', path, target: path, headers, text: String(body) } as const;
    const sent = await send(request, policy);
    if (sent.body === undefined || sent.exchange.outcome === 'no-answer') throw decode(sent);
    return new Response(sent.exchange.text);
  };
}

function toIssued(answer: TokenEndpointResponse, issuedAtMs: number): Issued {
  const { access_token: text, expires_in: seconds = Infinity } = answer;
  return {
    token: Secret.of('(secret access token)', [], text),
    issuedAtMs,
    expiresAtMs: issuedAtMs + seconds * 1_000,
  };
}
