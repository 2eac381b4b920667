import { AuthError } from '../../core/errors.ts';
import { type Attributes, givenAttributes, isAnySet, withProfile } from './attributes.ts';
import { chooseProfile, type ProfileChoice, type ProfileWishes } from './choose-profile.ts';
import type { Machine } from './machine.ts';
import type { AuthType, SignedIn } from './method.ts';
import { chooseMethod, type Considered, considered } from './methods.ts';
import { agree, nameHost, type NamedHost, refuseUntrusted } from './named-host.ts';
import { noCredentials, noHost } from './no-credentials.ts';
import type { Connection } from './sender.ts';

export type CredentialSources = {
  /** `--host`, or the action's `host` input. */
  readonly hostOption?: string | undefined;
  /** The action's `token`, `client-id`, `client-secret` and `auth-type` inputs. */
  readonly tokenOption?: string | undefined;
  readonly clientIdOption?: string | undefined;
  readonly clientSecretOption?: string | undefined;
  readonly authTypeOption?: string | undefined;
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
  /** For the requests that obtain tokens. */
  readonly connection: Omit<Connection, 'userAgent'>;
  readonly machine: Machine;
  readonly userAgent: (authType: AuthType) => string;
};

/** What is in it sends nothing before it is asked. */
export type Credentials = SignedIn & {
  readonly host: string;
  readonly authType: AuthType;
  /** Where each was found, for `doctor` and messages. */
  readonly source: { readonly host: string; readonly token: string };
  /** Every method, and why it was chosen or passed over. */
  readonly considered: readonly Considered[];
};

/**
 * Argument before environment before profile file (docs.databricks.com, "unified authentication").
 * @throws AuthError without usable credentials; SettingsError where two places name different hosts.
 */
export async function resolveCredentials(sources: CredentialSources): Promise<Credentials> {
  const given = givenBy(sources);
  const named = namedHosts(sources);
  const choice = await findProfile(sources, { hasCredentials: isAnySet(given), host: agree(named)?.host });
  const attributes = withProfile(given, choice?.profile, sources.env);
  const hosts = [...named, ...profileHost(choice)];
  const host = agree(hosts);
  if (host === undefined) throw noHost(chooseMethod(attributes, NOWHERE) === undefined);
  const { origin } = host.host;
  const place = { origin, isAzure: false };
  const chosen = chooseMethod(attributes, place);
  if (chosen === undefined || chosen instanceof AuthError) {
    refuseUntrusted(hosts, true, sources.allowedHosts);
    throw chosen ?? noCredentials(origin, attributes, sources.env);
  }
  const { authType, from, isOfProfile, open } = chosen;
  refuseUntrusted(hosts, isOfProfile, sources.allowedHosts);
  const connection = { ...sources.connection, userAgent: sources.userAgent(authType) };
  const signedIn = open(origin, connection, sources.machine);
  return {
    ...signedIn,
    host: origin,
    authType,
    source: { host: host.from, token: from },
    considered: considered(attributes, place, authType),
  };
}

const NOWHERE = { origin: '', isAzure: false };

export function givenBy(sources: CredentialSources): Attributes {
  const { tokenOption, clientIdOption, clientSecretOption, authTypeOption, env } = sources;
  const inputs = {
    token: tokenOption,
    'client-id': clientIdOption,
    'client-secret': clientSecretOption,
    'auth-type': authTypeOption,
  };
  return givenAttributes(inputs, env);
}

export function namedHosts({ hostOption, targetHost, env }: CredentialSources): readonly NamedHost[] {
  return [
    ...nameHost(hostOption, '--host', 'user'),
    ...nameHost(env['DATABRICKS_HOST'], 'DATABRICKS_HOST', 'user'),
    ...nameHost(targetHost, "the target's host", 'file'),
  ];
}

export async function findProfile(
  { profileOption, targetProfile, env, readProfileFile }: CredentialSources,
  known: Pick<ProfileWishes, 'hasCredentials' | 'host'>,
): Promise<ProfileChoice | undefined> {
  const environment = env['DATABRICKS_CONFIG_PROFILE'];
  const wishes = { option: profileOption, target: targetProfile, environment, ...known };
  return chooseProfile(wishes, () => readProfileFile(env['DATABRICKS_CONFIG_FILE'] || undefined));
}

export function profileHost(choice: ProfileChoice | undefined): readonly NamedHost[] {
  if (choice === undefined) return [];
  const { profile, isByUser } = choice;
  return nameHost(profile.values['host'], `the profile ${profile.name}`, isByUser ? 'user' : 'profile');
}
