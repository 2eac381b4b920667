import { Secret } from '../../core/secret.ts';
import * as names from './names.ts';
import type { InputName, Name } from './names.ts';
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
  /** `true` once it is settled, and undefined for no; before, as it was written. */
  readonly azureUseMsi: Attribute<string> | undefined;
  readonly azureEnvironment: Attribute<string> | undefined;
  readonly azureResourceId: Attribute<string> | undefined;
  /** `AWS`, `Azure` or `GCP`, where somebody says so. */
  readonly cloud: Attribute<string> | undefined;
  readonly cliPath: Attribute<string> | undefined;
  /** What belongs to methods that lakebell does not have. */
  readonly foreign: readonly Foreign[];
  /** Where Entra ID and the machine's metadata service are, where not at their usual places. Never from a file. */
  readonly azureLogin: Attribute<string> | undefined;
  readonly azureImds: Attribute<string> | undefined;
};

export type Foreign = Pick<Attribute<ForeignTag>, 'value' | 'from'>;
export type ForeignTag = keyof typeof names.FOREIGN;

/** Where a GitHub runner lets a job ask who it is. */
export type IdTokenService = { readonly url: string; readonly token: Secret };

export type Inputs = Readonly<Partial<Record<InputName, string | undefined>>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Argument before environment. */
export function givenAttributes(inputs: Inputs, env: Environment): Attributes {
  const find = ({ input, variables }: Name): Text | undefined =>
    (input && textOf(inputs[input], `the ${input} input`)) ??
    firstOf(variables, (variable) => textOf(env[variable], variable, variable));
  const own = collect(find);
  return { ...own, idToken: idTokenIn(env, own), idTokens: idTokensOf(env), ...azureHostsOf(env) };
}

/** What is not given is taken from the profile, one by one. */
export function withProfile(given: Attributes, profile: Profile | undefined, env: Environment): Attributes {
  if (profile === undefined) return given;
  const { name, values } = profile;
  const find = ({ keys }: Name): Text | undefined =>
    firstOf(keys, (key) => textOf(values[key], `${key} of the profile ${name}`));
  const own = collect(find, true);
  const set = Object.entries(given).filter(([, attribute]) => attribute !== undefined);
  const foreign = [...given.foreign, ...own.foreign];
  const all = { ...given, ...own, ...Object.fromEntries(set), foreign };
  return { ...all, idToken: idTokenIn(env, all) };
}

type Text = { readonly text: string; readonly from: string; readonly variables: readonly string[] };

function textOf(text: string | undefined, from: string, variable?: string): Text | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === ''
    ? undefined
    : { text: trimmed, from, variables: variable === undefined ? [] : [variable] };
}

function firstOf<Key>(keys: readonly Key[], find: (key: Key) => Text | undefined): Text | undefined {
  return keys.map(find).find((text) => text !== undefined);
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
    token: secret(names.TOKEN),
    clientId: plain(names.CLIENT_ID),
    clientSecret: secret(names.CLIENT_SECRET),
    audience: plain(names.AUDIENCE),
    authType: plain(names.AUTH_TYPE),
    accountId: plain(names.ACCOUNT_ID),
    workspaceId: plain(names.WORKSPACE_ID),
    idTokenVariable: plain(names.ID_TOKEN_VARIABLE),
    idTokenFile: plain(names.ID_TOKEN_FILE),
    azureClientId: plain(names.AZURE_CLIENT_ID),
    azureClientSecret: secret(names.AZURE_CLIENT_SECRET),
    azureTenantId: plain(names.AZURE_TENANT_ID),
    azureUseMsi: plain(names.AZURE_USE_MSI),
    azureEnvironment: plain(names.AZURE_ENVIRONMENT),
    azureResourceId: plain(names.AZURE_RESOURCE_ID),
    cloud: plain(names.CLOUD),
    cliPath: plain(names.CLI_PATH),
    foreign: FOREIGN_TAGS.flatMap((tag) => {
      const found = find(names.FOREIGN[tag]);
      return found === undefined ? [] : [{ value: tag, from: found.from }];
    }),
  };
}

const FOREIGN_TAGS = ['basic', 'google', 'metadata-service'] as const satisfies readonly ForeignTag[];

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
