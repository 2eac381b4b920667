import { AuthError } from '../../core/errors.ts';
import type { RetryPolicy } from '../retry.ts';
import type { Attributes } from './attributes.ts';
import { toField } from './bearer.ts';
import type { Claims, IdToken } from './claims.ts';
import { keepFresh } from './keep-fresh.ts';
import type { TokenSource } from './method.ts';
import { type Connection, createSender } from './sender.ts';
import { type Grant, requestToken } from './token-endpoint.ts';
import { createTokenServer } from './token-server.ts';

/** Where identity tokens come from; a new one for each exchange. */
export type IdTokenSource = {
  /** As in "refuses the identity of this job". */
  readonly whose: string;
  /** @param audience for whom it is to be, where that can be chosen */
  readonly read: (audience: () => Promise<string>, policy: RetryPolicy) => Promise<IdToken>;
  /** What to do about one that is too old or too young. */
  readonly renew: string;
};

/** The token lives no longer than the identity token that it was exchanged for, so each renewal gets a new one. */
export function exchangeIdTokens(
  source: IdTokenSource,
  attributes: Attributes,
  origin: string,
  connection: Connection,
): TokenSource {
  const { clock } = connection;
  const send = createSender(origin, connection);
  const serverOf = createTokenServer(attributes, origin, send);
  const federation = { ...source, origin, clock, clientId: attributes.clientId?.value };
  return keepFresh(async (policy) => {
    const server = serverOf();
    const idToken = await source.read(server.audience, policy);
    const endpoint = { origin, path: await server.path(), send, clock };
    return requestToken(grantOf(idToken, federation), endpoint, policy);
  }, clock);
}

type Federation = Pick<IdTokenSource, 'whose' | 'renew'> & {
  readonly origin: string;
  readonly clock: () => number;
  /** Undefined where a policy of the whole account finds out who it is. */
  readonly clientId: string | undefined;
};

function grantOf({ token, claims }: IdToken, federation: Federation): Grant {
  const { text, mask } = toField(token);
  return {
    type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    clientId: federation.clientId,
    parameters: { subject_token_type: 'urn:ietf:params:oauth:token-type:jwt', subject_token: text },
    mask,
    explain: (said) => refusal(said, claims, federation),
  };
}

function refusal(said: string, claims: Claims, federation: Federation): AuthError {
  const { origin, whose, clock, clientId, renew } = federation;
  const { subject, audience, issuer } = claims;
  const who = `(subject ${subject}, audience ${audience}, issuer ${issuer})`;
  const what = `${origin} refuses the identity ${whose} ${who}: ${said}`;
  const times = timesOf(said, claims, clock());
  return times === undefined
    ? new AuthError(what, { hint: policyHint(clientId) })
    : new AuthError(`${what}; ${times}`, { hint: renew });
}

/** @returns undefined where neither what it says nor what was answered is about time */
function timesOf(said: string, { fromMs, untilMs }: Claims, nowMs: number): string | undefined {
  const isOutside = (fromMs ?? nowMs) > nowMs || (untilMs ?? Infinity) <= nowMs;
  if (!isOutside && !/expired|not yet valid|\bclock\b|\bn?bf\b/i.test(said)) return undefined;
  const [from, until, now] = [fromMs, untilMs, nowMs].map((ms) =>
    ms === undefined ? 'unknown' : new Date(ms).toISOString(),
  );
  return `the identity token is valid from ${from} until ${until}, and the clock here says ${now}`;
}

function policyHint(clientId: string | undefined): string {
  const who =
    clientId === undefined
      ? 'the account needs a federation policy for this issuer and audience, or DATABRICKS_CLIENT_ID must name a service principal that has one'
      : `the service principal ${clientId} needs a federation policy for exactly these three`;
  return `${who}; DATABRICKS_TOKEN_AUDIENCE sets another audience`;
}
