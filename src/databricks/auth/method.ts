import type { Secret } from '../../core/secret.ts';
import type { Attributes } from './attributes.ts';
import type { Connection } from './sender.ts';

/** The official names of the methods, as DATABRICKS_AUTH_TYPE takes them. */
export type AuthType = 'pat' | 'oauth-m2m' | 'github-oidc';

/**
 * The token for the next request, obtained or renewed where that is due. One that the workspace has `refused` is
 * replaced if the method can; else the same comes again.
 */
export type TokenSource = (refused?: Secret) => Promise<Secret> | Secret;

/** A method with all that it needs. */
export type SignIn = {
  /** Where its secret was found, for messages. */
  readonly from: string;
  /** Whether that secret is a profile's own, and so fit for the profile's own host. */
  readonly isOfProfile: boolean;
  /** Nothing is sent before somebody asks for a token. @throws AuthError, SettingsError for values that cannot work */
  readonly open: (origin: string, connection: Connection) => TokenSource;
};

/** Why a method cannot be used, and what to do. */
export type Missing = { readonly missing: string; readonly hint: string };

/** A way to sign in. */
export type Method = {
  readonly name: AuthType;
  readonly prepare: (attributes: Attributes) => SignIn | Missing;
};
