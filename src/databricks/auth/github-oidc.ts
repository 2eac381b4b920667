import { AuthError } from '../../core/errors.ts';
import type { IdTokenService } from './attributes.ts';
import { createAudience } from './audience.ts';
import { toField } from './bearer.ts';
import { createIdTokens, type IdToken } from './id-token.ts';
import { keepFresh } from './keep-fresh.ts';
import type { Method, TokenSource } from './method.ts';
import { NO_CLIENT_ID } from './oauth-m2m.ts';
import { type Connection, createSender } from './sender.ts';
import { type Grant, requestToken } from './token-endpoint.ts';

/** A job on GitHub that signs in with who it is; nothing is stored. */
export const githubOidc: Method = {
  name: 'github-oidc',
  prepare: ({ clientId, idTokens, audience }) => {
    if (idTokens === undefined) return NO_ID_TOKENS;
    if (clientId === undefined) return NO_CLIENT_ID;
    const federation = { clientId: clientId.value, idTokens, audience: audience?.value };
    return {
      from: 'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      isOfProfile: false,
      open: (origin, connection) => ({ token: exchangeIdTokens(federation, origin, connection) }),
    };
  },
};

export const NO_ID_TOKENS = {
  missing: 'GitHub lets this job have no identity token',
  hint: 'add `permissions: id-token: write` to the job; pull requests from forks and Dependabot get no such token',
} as const;

type Federation = {
  readonly clientId: string;
  readonly idTokens: IdTokenService;
  readonly audience: string | undefined;
};

/** The token lives no longer than the identity token that it was exchanged for, so each renewal gets a new one. */
function exchangeIdTokens(federation: Federation, origin: string, connection: Connection): TokenSource {
  const { clientId, idTokens, audience } = federation;
  const { clock } = connection;
  const send = createSender(origin, connection);
  const requestIdToken = createIdTokens(idTokens, connection);
  const audienceOf = createAudience(audience, origin, send);
  return keepFresh(async (policy) => {
    const idToken = await requestIdToken(await audienceOf(), policy);
    return requestToken(grantOf(clientId, idToken, origin), { origin, send, clock }, policy);
  }, clock);
}

function grantOf(clientId: string, { token, claims }: IdToken, origin: string): Grant {
  const { text, mask } = toField(token);
  const { subject, audience, issuer } = claims;
  return {
    type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    clientId,
    parameters: { subject_token_type: 'urn:ietf:params:oauth:token-type:jwt', subject_token: text },
    mask,
    explain: (said) =>
      new AuthError(
        `${origin} refuses the identity of this job (subject ${subject}, audience ${audience}, issuer ${issuer}): ${said}`,
        {
          hint: `the service principal ${clientId} needs a federation policy for exactly these three; DATABRICKS_TOKEN_AUDIENCE sets another audience`,
        },
      ),
  };
}
