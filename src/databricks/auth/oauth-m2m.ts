import { AuthError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { Attribute } from './attributes.ts';
import { toBasic } from './bearer.ts';
import { keepFresh } from './keep-fresh.ts';
import type { Method } from './method.ts';
import { createSender } from './sender.ts';
import { type Grant, requestToken } from './token-endpoint.ts';
import { createTokenServer } from './token-server.ts';

/** A service principal that signs in with a client secret. */
export const oauthM2m: Method = {
  name: 'oauth-m2m',
  prepare: (attributes) => {
    const { clientId, clientSecret } = attributes;
    if (clientId === undefined) return NO_CLIENT_ID;
    if (clientSecret === undefined) return NO_CLIENT_SECRET;
    return {
      from: clientSecret.from,
      isOfProfile: clientSecret.isOfProfile,
      open: (origin, connection) => {
        const { clock } = connection;
        const send = createSender(origin, connection);
        const serverOf = createTokenServer(attributes, origin, send);
        const token = keepFresh(async (policy) => {
          const endpoint = { origin, path: await serverOf().path(), send, clock };
          return requestToken(grantOf(clientId, clientSecret, origin), endpoint, policy);
        }, clock);
        return { token };
      },
    };
  },
};

export const NO_CLIENT_ID = {
  missing: 'there is no client id',
  hint: 'set DATABRICKS_CLIENT_ID to the application id of the service principal',
} as const;

const NO_CLIENT_SECRET = {
  missing: 'there is no client secret',
  hint: 'set DATABRICKS_CLIENT_SECRET to an OAuth secret of the service principal',
} as const;

function grantOf(clientId: Attribute<string>, clientSecret: Attribute<Secret>, origin: string): Grant {
  const { header, mask } = toBasic(clientId.value, clientSecret.value);
  return {
    type: 'client_credentials',
    clientId: clientId.value,
    authorization: header,
    parameters: {},
    mask,
    // Not their values: people mix the two up.
    explain: (said) =>
      new AuthError(`${origin} refuses the client id and secret (${from(clientId, clientSecret)}): ${said}`, {
        hint: 'check both, whether the secret has expired, and that the service principal belongs to this workspace',
      }),
  };
}

function from(...attributes: readonly { readonly from: string }[]): string {
  return attributes.map((attribute) => attribute.from).join(', ');
}
