import { Secret } from '../../core/secret.ts';
import type { Profile } from './profile.ts';

/** A value and where it was found. */
export type Attribute<T> = { readonly value: T; readonly from: string; readonly isOfProfile: boolean };

/** What the methods sign in with; what is blank counts as absent, as GitHub expands a missing secret to nothing. */
export type Attributes = {
  readonly token: Attribute<Secret> | undefined;
  readonly clientId: Attribute<string> | undefined;
  readonly clientSecret: Attribute<Secret> | undefined;
  readonly audience: Attribute<string> | undefined;
  readonly authType: Attribute<string> | undefined;
  readonly idTokens: IdTokenService | undefined;
};

/** Where a GitHub runner lets a job ask who it is. */
export type IdTokenService = { readonly url: string; readonly token: Secret };

/** The action's inputs, by their names there. */
export type Inputs = Readonly<
  Partial<Record<'token' | 'client-id' | 'client-secret' | 'auth-type', string | undefined>>
>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Argument before environment. */
export function givenAttributes(inputs: Inputs, env: Environment): Attributes {
  const find = ({ input, variable }: Name): Text | undefined =>
    (input && textOf(inputs[input], `the ${input} input`)) ?? textOf(env[variable], variable, variable);
  return { ...collect(find), idTokens: idTokensOf(env) };
}

/** What is not given is taken from the profile, one by one. */
export function withProfile(given: Attributes, profile: Profile | undefined): Attributes {
  if (profile === undefined) return given;
  const { name, values } = profile;
  const own = collect(({ key }) => textOf(values[key], `${key} of the profile ${name}`), true);
  return {
    token: given.token ?? own.token,
    clientId: given.clientId ?? own.clientId,
    clientSecret: given.clientSecret ?? own.clientSecret,
    audience: given.audience ?? own.audience,
    authType: given.authType ?? own.authType,
    idTokens: given.idTokens,
  };
}

/** Whether anything is there that one signs in with; an audience or a method alone is not. */
export function isAnySet({ token, clientId, clientSecret }: Attributes): boolean {
  return token !== undefined || clientId !== undefined || clientSecret !== undefined;
}

/** What an attribute is called as input, as environment variable and in a profile. */
type Name = { readonly input?: keyof Inputs; readonly variable: string; readonly key: string };

const TOKEN: Name = { input: 'token', variable: 'DATABRICKS_TOKEN', key: 'token' };
const CLIENT_ID: Name = { input: 'client-id', variable: 'DATABRICKS_CLIENT_ID', key: 'client_id' };
const CLIENT_SECRET: Name = {
  input: 'client-secret',
  variable: 'DATABRICKS_CLIENT_SECRET',
  key: 'client_secret',
};
const AUDIENCE: Name = { variable: 'DATABRICKS_TOKEN_AUDIENCE', key: 'audience' };
const AUTH_TYPE: Name = { input: 'auth-type', variable: 'DATABRICKS_AUTH_TYPE', key: 'auth_type' };

type Text = { readonly text: string; readonly from: string; readonly variables: readonly string[] };

function textOf(text: string | undefined, from: string, variable?: string): Text | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === ''
    ? undefined
    : { text: trimmed, from, variables: variable === undefined ? [] : [variable] };
}

function collect(find: (name: Name) => Text | undefined, isOfProfile = false): Omit<Attributes, 'idTokens'> {
  const plain = (name: Name): Attribute<string> | undefined => {
    const found = find(name);
    return found && { value: found.text, from: found.from, isOfProfile };
  };
  const secret = (name: Name): Attribute<Secret> | undefined => {
    const found = find(name);
    return found && { value: secretOf(found), from: found.from, isOfProfile };
  };
  return {
    token: secret(TOKEN),
    clientId: plain(CLIENT_ID),
    clientSecret: secret(CLIENT_SECRET),
    audience: plain(AUDIENCE),
    authType: plain(AUTH_TYPE),
  };
}

function secretOf({ text, from, variables }: Text): Secret {
  return Secret.of(`(secret ${from})`, variables, text);
}

function idTokensOf(env: Environment): IdTokenService | undefined {
  const url = textOf(env[ID_TOKEN_URL], ID_TOKEN_URL, ID_TOKEN_URL);
  const token = textOf(env[ID_TOKEN_TOKEN], ID_TOKEN_TOKEN, ID_TOKEN_TOKEN);
  return url && token && { url: url.text, token: secretOf(token) };
}

const ID_TOKEN_URL = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const ID_TOKEN_TOKEN = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';
