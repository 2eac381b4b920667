import type { Secret } from '../../core/secret.ts';
import type { Attributes } from './attributes.ts';
import type { Machine } from './machine.ts';
import type { Connection } from './sender.ts';

/** The official names of the methods, as DATABRICKS_AUTH_TYPE takes them. */
export type AuthType =
  | 'pat'
  | 'oauth-m2m'
  | 'databricks-cli'
  | 'github-oidc'
  | 'env-oidc'
  | 'file-oidc'
  | 'azure-msi'
  | 'azure-client-secret'
  | 'azure-cli';

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
  readonly open: (origin: string, connection: Connection, machine: Machine) => SignedIn;
};

/** What goes with every request to the workspace. */
export type SignedIn = {
  readonly token: TokenSource;
  /** Further headers, by their names. */
  readonly headers?: HeaderSource;
};

/** Asked before every request, as the token is. @throws AuthError, UnavailableError where one cannot be had */
export type HeaderSource = () => Promise<Readonly<Record<string, string | Secret>>>;

/** Why a method cannot be used, and what to do. */
export type Missing = { readonly missing: string; readonly hint: string };

/** Where one signs in. */
export type Place = {
  readonly origin: string;
  readonly isAzure: boolean;
};

/** A way to sign in. */
export type Method = {
  readonly name: AuthType;
  /**
   * Uses what happens to be on the machine, rather than what somebody set for this run: where it comes to nothing, the next
   * method is tried.
   */
  readonly isAmbient?: boolean;
  readonly prepare: (attributes: Attributes, place: Place) => SignIn | Missing;
};
