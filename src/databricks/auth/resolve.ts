import { AuthError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import { chooseProfile, type ProfileChoice, type ProfileWishes } from './choose-profile.ts';
import { agree, nameHost, type NamedHost, refuseUntrusted } from './named-host.ts';
import { findPat, pat, type Token } from './pat.ts';

export type CredentialSources = {
  /** `--host`, or the action's `host` input. */
  readonly hostOption?: string | undefined;
  /** The action's `token` input. */
  readonly tokenOption?: string | undefined;
  /** `--profile`. */
  readonly profileOption?: string | undefined;
  /** What the configuration file says for the target; a pull request can change it. */
  readonly targetHost?: string | undefined;
  readonly targetProfile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * The text of the profile file, or undefined where there is none.
   * @param path the value of DATABRICKS_CONFIG_FILE; undefined means `~/.databrickscfg`
   */
  readonly readProfileFile: (path: string | undefined) => Promise<string | undefined> | string | undefined;
  /** LAKEBELL_ALLOWED_HOSTS. */
  readonly allowedHosts: readonly string[];
};

export type Credentials = {
  readonly host: string;
  readonly token: Secret;
  readonly authType: 'pat';
  /** Where each was found, for `doctor` and messages. */
  readonly source: { readonly host: string; readonly token: string };
};

/**
 * Argument before environment before profile file (docs.databricks.com, "unified authentication").
 * @throws AuthError without usable credentials; SettingsError where two places name different hosts.
 */
export async function resolveCredentials(sources: CredentialSources): Promise<Credentials> {
  const { env, allowedHosts } = sources;
  refuseOtherMethods(env['DATABRICKS_AUTH_TYPE'], 'DATABRICKS_AUTH_TYPE');
  const given = findPat(sources.tokenOption, env);
  const named = namedHosts(sources);
  const choice = await findProfile(sources, { hasToken: given !== undefined, host: agree(named)?.host });
  const hosts = [...named, ...profileHost(choice)];
  const host = agree(hosts);
  if (host === undefined) throw noHost();
  refuseUntrusted(hosts, given === undefined, allowedHosts);
  const token = given ?? profileToken(choice);
  if (token === undefined) throw noToken(host, env);
  return {
    host: host.host.origin,
    token: token.token,
    authType: 'pat',
    source: { host: host.from, token: token.from },
  };
}

function namedHosts({ hostOption, targetHost, env }: CredentialSources): readonly NamedHost[] {
  return [
    ...nameHost(hostOption, '--host', 'user'),
    ...nameHost(env['DATABRICKS_HOST'], 'DATABRICKS_HOST', 'user'),
    ...nameHost(targetHost, "the target's host", 'file'),
  ];
}

async function findProfile(
  { profileOption, targetProfile, env, readProfileFile }: CredentialSources,
  known: Pick<ProfileWishes, 'hasToken' | 'host'>,
): Promise<ProfileChoice | undefined> {
  const environment = env['DATABRICKS_CONFIG_PROFILE'];
  const wishes = { option: profileOption, target: targetProfile, environment, ...known };
  return chooseProfile(wishes, () => readProfileFile(env['DATABRICKS_CONFIG_FILE'] || undefined));
}

function profileHost(choice: ProfileChoice | undefined): readonly NamedHost[] {
  if (choice === undefined) return [];
  const { profile, isByUser } = choice;
  return nameHost(profile.values['host'], `the profile ${profile.name}`, isByUser ? 'user' : 'profile');
}

function profileToken(choice: ProfileChoice | undefined): Token | undefined {
  if (choice === undefined) return undefined;
  const { name, values } = choice.profile;
  refuseOtherMethods(values['auth_type'], `the profile ${name}`);
  return pat(values['token'], `token of the profile ${name}`, []);
}

function refuseOtherMethods(authType: string | undefined, from: string): void {
  const method = authType?.trim() ?? '';
  if (method === '' || method === 'pat') return;
  throw new AuthError(`${from} asks for ${method}, which lakebell does not support`, {
    hint: 'use a personal access token (auth type pat)',
  });
}

function noHost(): AuthError {
  return new AuthError('no workspace is named', {
    hint: "set DATABRICKS_HOST, --host, a profile, or the target's host in the configuration",
  });
}

function noToken(named: NamedHost, env: CredentialSources['env']): AuthError {
  const others = OTHER_METHODS.filter((name) => env[name]?.trim());
  const note = others.length === 0 ? '' : ` (${others.join(', ')} is set, but only tokens are supported)`;
  return new AuthError(`there are no credentials for ${named.host.origin}${note}`, {
    hint: 'set DATABRICKS_TOKEN to a personal access token, or name a profile that has one with --profile',
  });
}

const OTHER_METHODS = ['DATABRICKS_CLIENT_ID', 'ARM_CLIENT_ID', 'ACTIONS_ID_TOKEN_REQUEST_URL'] as const;
