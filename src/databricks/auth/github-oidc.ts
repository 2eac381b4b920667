import { exchangeIdTokens, type IdTokenSource } from './federation.ts';
import { createIdTokens } from './github-id-token.ts';
import type { Method } from './method.ts';
import { NO_CLIENT_ID } from './oauth-m2m.ts';

const NAME = 'github-oidc';

/**
 * A job on GitHub that signs in with who it is; nothing is stored. Many jobs may ask for an identity token, so unless it
 * is pinned a client id says that it is meant; a policy of the whole account needs none.
 */
export const githubOidc: Method = {
  name: NAME,
  prepare: (attributes) => {
    const { clientId, idTokens, authType } = attributes;
    if (idTokens === undefined) return NO_ID_TOKENS;
    if (clientId === undefined && authType?.value !== NAME) return NO_CLIENT_ID;
    return {
      from: 'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      isOfProfile: false,
      open: (origin, connection) => {
        const request = createIdTokens(idTokens, connection);
        const source: IdTokenSource = {
          whose: 'of this job',
          read: async (audience, policy) => request(await audience(), policy),
          renew:
            'GitHub gives a new one for each sign-in: compare the clocks of this runner and of the workspace',
        };
        return { token: exchangeIdTokens(source, attributes, origin, connection) };
      },
    };
  },
};

export const NO_ID_TOKENS = {
  missing: 'GitHub lets this job have no identity token',
  hint: 'add `permissions: id-token: write` to the job; pull requests from forks and Dependabot get no such token',
} as const;
