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
  readonly accountId: Attribute<string> | undefined;
  readonly workspaceId: Attribute<string> | undefined;
  /** The name of the variable that holds an identity token; DATABRICKS_OIDC_TOKEN where it is not set. */
  readonly idTokenVariable: Attribute<string> | undefined;
  /** What that variable holds. */
  readonly idToken: Attribute<Secret> | undefined;
  readonly idTokenFile: Attribute<string> | undefined;
  readonly azureClientId: Attribute<string> | undefined;
  readonly azureClientSecret: Attribute<Secret> | undefined;
  readonly azureTenantId: Attribute<string> | undefined;
  /** As it was written. */
  readonly azureUseMsi: Attribute<string> | undefined;
  readonly azureEnvironment: Attribute<string> | undefined;
  readonly azureResourceId: Attribute<string> | undefined;
  /** `AWS`, `Azure` or `GCP`, where somebody says so. */
  readonly cloud: Attribute<string> | undefined;
  readonly cliPath: Attribute<string> | undefined;
  /** Where Entra ID and the machine's metadata service are, where not at their usual places. Never from a file. */
  readonly azureLogin: Attribute<string> | undefined;
  readonly azureImds: Attribute<string> | undefined;
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
  const own = collect(find);
  return { ...own, idToken: idTokenIn(env, own), idTokens: idTokensOf(env), ...azureHostsOf(env) };
}

/** What is not given is taken from the profile, one by one. */
export function withProfile(given: Attributes, profile: Profile | undefined, env: Environment): Attributes {
  if (profile === undefined) return given;
  const { name, values } = profile;
  const own = collect(({ key }) => textOf(values[key], `${key} of the profile ${name}`), true);
  const set = Object.entries(given).filter(([, attribute]) => attribute !== undefined);
  const all = { ...given, ...own, ...Object.fromEntries(set) };
  return { ...all, idToken: idTokenIn(env, all) };
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

const ACCOUNT_ID: Name = { variable: 'DATABRICKS_ACCOUNT_ID', key: 'account_id' };
const WORKSPACE_ID: Name = { variable: 'DATABRICKS_WORKSPACE_ID', key: 'workspace_id' };
const ID_TOKEN_VARIABLE: Name = { variable: 'DATABRICKS_OIDC_TOKEN_ENV', key: 'oidc_token_env' };
const ID_TOKEN_FILE: Name = {
  variable: 'DATABRICKS_OIDC_TOKEN_FILEPATH',
  key: 'databricks_id_token_filepath',
};
const AZURE_CLIENT_ID: Name = { variable: 'ARM_CLIENT_ID', key: 'azure_client_id' };
const AZURE_CLIENT_SECRET: Name = { variable: 'ARM_CLIENT_SECRET', key: 'azure_client_secret' };
const AZURE_TENANT_ID: Name = { variable: 'ARM_TENANT_ID', key: 'azure_tenant_id' };
const AZURE_USE_MSI: Name = { variable: 'ARM_USE_MSI', key: 'azure_use_msi' };
const AZURE_ENVIRONMENT: Name = { variable: 'ARM_ENVIRONMENT', key: 'azure_environment' };
const AZURE_RESOURCE_ID: Name = {
  variable: 'DATABRICKS_AZURE_RESOURCE_ID',
  key: 'azure_workspace_resource_id',
};
const CLOUD: Name = { variable: 'DATABRICKS_CLOUD', key: 'cloud' };
const CLI_PATH: Name = { variable: 'DATABRICKS_CLI_PATH', key: 'databricks_cli_path' };

type Text = { readonly text: string; readonly from: string; readonly variables: readonly string[] };

function textOf(text: string | undefined, from: string, variable?: string): Text | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === ''
    ? undefined
    : { text: trimmed, from, variables: variable === undefined ? [] : [variable] };
}

type AzureHosts = Pick<Attributes, 'azureLogin' | 'azureImds'>;
type Collected = Omit<Attributes, 'idTokens' | 'idToken' | keyof AzureHosts>;

function collect(find: (name: Name) => Text | undefined, isOfProfile = false): Collected {
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
    accountId: plain(ACCOUNT_ID),
    workspaceId: plain(WORKSPACE_ID),
    idTokenVariable: plain(ID_TOKEN_VARIABLE),
    idTokenFile: plain(ID_TOKEN_FILE),
    azureClientId: plain(AZURE_CLIENT_ID),
    azureClientSecret: secret(AZURE_CLIENT_SECRET),
    azureTenantId: plain(AZURE_TENANT_ID),
    azureUseMsi: plain(AZURE_USE_MSI),
    azureEnvironment: plain(AZURE_ENVIRONMENT),
    azureResourceId: plain(AZURE_RESOURCE_ID),
    cloud: plain(CLOUD),
    cliPath: plain(CLI_PATH),
  };
}

function idTokenIn(env: Environment, { idTokenVariable }: Collected): Attributes['idToken'] {
  const variable = idTokenVariable?.value ?? 'DATABRICKS_OIDC_TOKEN';
  const found = textOf(env[variable], variable, variable);
  return found && { value: secretOf(found), from: variable, isOfProfile: false };
}

/** By the names that Microsoft's own clients read. */
function azureHostsOf(env: Environment): AzureHosts {
  const find = (variable: string): Attribute<string> | undefined => {
    const found = textOf(env[variable], variable);
    return found && { value: found.text, from: variable, isOfProfile: false };
  };
  return {
    azureLogin: find('AZURE_AUTHORITY_HOST'),
    azureImds: find('AZURE_POD_IDENTITY_AUTHORITY_HOST'),
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
