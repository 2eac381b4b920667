import { WORKSPACE_HEADER } from '../workspace-header.ts';
import { type Attributes, givenAttributes, withProfile } from './attributes.ts';
import { chooseProfile, type ProfileChoice, type ProfileWishes } from './choose-profile.ts';
import { refuseConflict, taggedIn } from './conflict.ts';
import type { Machine } from './machine.ts';
import type { AuthType, Place, SignedIn } from './method.ts';
import {
  type Choice,
  type Chosen,
  chooseMethod,
  type Considered,
  type Door,
  usableMethods,
} from './methods.ts';
import { agree, nameHost, type NamedHost, refuseAccount, refuseUntrusted } from './named-host.ts';
import { withHostIds } from './named-workspace.ts';
import { noCredentials, noHost } from './no-credentials.ts';
import { placeOf } from './place.ts';
import type { Connection } from './sender.ts';
import { settle } from './settle.ts';

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

/** What somebody set sends nothing before it is asked; what happens to be on the machine has given its first token. */
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
 * @throws AuthError without usable credentials, or with two kinds of them; SettingsError where two places name different
 *   hosts or workspaces
 */
export async function resolveCredentials(sources: CredentialSources): Promise<Credentials> {
  const { attributes, hosts } = await gather(sources);
  const host = agree(hosts);
  const place = placeOf(host?.host, attributes);
  const usable = usableMethods(attributes, place);
  refuseConflict(attributes, usable);
  if (host === undefined) throw noHost(attributes.authType === undefined && usable.length === 0);
  refuseAccount(host);
  const { chosen, considered } = await choose({ attributes, hosts, place }, sources);
  return {
    ...withWorkspace(chosen.signedIn, attributes),
    host: place.origin,
    authType: chosen.authType,
    source: { host: host.from, token: chosen.from },
    considered,
  };
}

/** What was set, whether or not it is enough, and the hosts that were named. */
export type Gathered = { readonly attributes: Attributes; readonly hosts: readonly NamedHost[] };

/** @throws SettingsError, AuthError for what contradicts itself */
export async function gather(sources: CredentialSources): Promise<Gathered> {
  const given = givenBy(sources);
  const named = namedHosts(sources);
  const choice = await findProfile(sources, knownOf(settle(given), named));
  const hosts = [...named, ...profileHost(choice)];
  const { workspaceId } = withProfile(NOTHING, choice?.profile, {});
  const { workspaceId: own } = settle({ ...NOTHING, workspaceId });
  const merged = settle(withProfile(given, choice?.profile, sources.env));
  return { attributes: withHostIds(merged, hosts, own), hosts };
}

const NOTHING = givenAttributes({}, {});

type Known = Pick<ProfileWishes, 'hasCredentials' | 'host' | 'workspaceId'>;

function knownOf(given: Attributes, named: readonly NamedHost[]): Known {
  const host = agree(named)?.host;
  // An identity token that lies in its usual variable counts once it is known for which host.
  const isIdToken = host !== undefined && given.idToken !== undefined;
  const hasCredentials = taggedIn(given).length > 0 || isIdToken;
  return { hasCredentials, host, workspaceId: withHostIds(given, named, undefined).workspaceId?.value };
}

async function choose(
  { attributes, hosts, place }: Gathered & { readonly place: Place },
  sources: CredentialSources,
): Promise<Choice & { readonly chosen: Chosen }> {
  const { allowedHosts, env, machine } = sources;
  const door: Door = (authType, { isOfProfile, open }) => {
    refuseUntrusted(hosts, isOfProfile, allowedHosts);
    const connection = { ...sources.connection, userAgent: sources.userAgent(authType) };
    return open(place.origin, connection, machine);
  };
  // Also where nothing is chosen: that a host is not to be trusted says more than what is missing for it.
  const refuseStrangers = (): void => refuseUntrusted(hosts, true, allowedHosts);
  const choice = await chooseMethod(attributes, place, door).catch((error: unknown) => {
    refuseStrangers();
    throw error;
  });
  const { chosen, considered } = choice;
  if (chosen !== undefined) return { chosen, considered };
  refuseStrangers();
  throw noCredentials(place, attributes, considered, env);
}

/** On each request, and without asking the host: on one that serves several workspaces it is what routes. */
function withWorkspace(signedIn: SignedIn, { workspaceId }: Attributes): SignedIn {
  if (workspaceId === undefined) return signedIn;
  const { token, headers } = signedIn;
  const routing = { [WORKSPACE_HEADER]: workspaceId.value };
  return { token, headers: async () => ({ ...(await headers?.()), ...routing }) };
}

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

function namedHosts({ hostOption, targetHost, env }: CredentialSources): readonly NamedHost[] {
  return [
    ...nameHost(hostOption, '--host', 'user'),
    ...nameHost(env['DATABRICKS_HOST'], 'DATABRICKS_HOST', 'user'),
    ...nameHost(targetHost, "the target's host", 'file'),
  ];
}

async function findProfile(
  { profileOption, targetProfile, env, readProfileFile }: CredentialSources,
  known: Known,
): Promise<ProfileChoice | undefined> {
  const environment = env['DATABRICKS_CONFIG_PROFILE'];
  const wishes = { option: profileOption, target: targetProfile, environment, ...known };
  const path = env['DATABRICKS_CONFIG_FILE']?.trim() || undefined;
  return chooseProfile(wishes, { path, read: readProfileFile });
}

function profileHost(choice: ProfileChoice | undefined): readonly NamedHost[] {
  if (choice === undefined) return [];
  const { profile, isByUser } = choice;
  return nameHost(profile.values['host'], `the profile ${profile.name}`, isByUser ? 'user' : 'profile');
}
