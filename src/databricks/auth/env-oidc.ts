import { toField } from './bearer.ts';
import { exchangeIdTokens, type IdTokenSource } from './federation.ts';
import type { Method } from './method.ts';
import { readStored } from './stored-id-token.ts';

/** An identity token that something else put into a variable. */
export const envOidc: Method = {
  name: 'env-oidc',
  prepare: (attributes) => {
    const { idToken, idTokenVariable } = attributes;
    if (idToken === undefined) {
      const variable = idTokenVariable?.value ?? 'DATABRICKS_OIDC_TOKEN';
      return { missing: `${variable} holds no identity token`, hint: `set ${variable} to one` };
    }
    const { from, value } = idToken;
    const source: IdTokenSource = {
      whose: `in ${from}`,
      read: () => Promise.resolve(readStored(toField(value).text, from)),
      renew: `put a new identity token into ${from}; if it is new, compare the clocks`,
    };
    return {
      from,
      isOfProfile: false,
      open: (origin, connection) => ({ token: exchangeIdTokens(source, attributes, origin, connection) }),
    };
  },
};
