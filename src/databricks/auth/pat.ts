import type { Method } from './method.ts';

/** A personal access token, which somebody else renews. */
export const pat: Method = {
  name: 'pat',
  prepare: ({ token }) =>
    token === undefined
      ? { missing: 'there is no token', hint: 'set DATABRICKS_TOKEN to a personal access token' }
      : { from: token.from, isOfProfile: token.isOfProfile, open: () => ({ token: () => token.value }) },
};
