import { AuthError } from '../../core/errors.ts';
import { readHostIds } from '../host-ids.ts';
import { type Host, parseHost } from '../host.ts';
import { tidy } from '../mask.ts';
import { parseProfiles, type Profile, type ProfileFile, SETTINGS } from './profile.ts';

/** Names in the order of their precedence; blank ones count as absent. */
export type ProfileWishes = {
  readonly option: string | undefined;
  /** From the configuration file. */
  readonly target: string | undefined;
  readonly environment: string | undefined;
  /** Whether credentials, or a part of them, were found elsewhere. */
  readonly hasCredentials: boolean;
  /** The host, where one was named elsewhere. */
  readonly host: Host | undefined;
  /** The same of the workspace's id: on one host it tells profiles apart. */
  readonly workspaceId: string | undefined;
};

export type ProfileSource = {
  /** DATABRICKS_CONFIG_FILE; undefined means `~/.databrickscfg`. */
  readonly path: string | undefined;
  /** The text of the file, or undefined where there is none. */
  readonly read: (path: string | undefined) => Promise<string | undefined> | string | undefined;
};

/** `isByUser` is false where the configuration file chose. */
export type ProfileChoice = { readonly profile: Profile; readonly isByUser: boolean };

type Wish = { readonly name: string; readonly isByUser: boolean };

/**
 * Reads the file only if a profile is named or nothing to sign in with was found elsewhere. Without a name: the profile of the host, as the
 * Databricks CLI does, or the default one where no host is known.
 * @throws AuthError for a name or a named file that is not there, unless only the configuration file gives the name and something
 *   is known (it names the profile for laptops, and CI has its credentials in the environment)
 */
export async function chooseProfile(
  wishes: ProfileWishes,
  { path, read }: ProfileSource,
): Promise<ProfileChoice | undefined> {
  const { hasCredentials } = wishes;
  const wish = chooseName(wishes);
  if (wish === undefined && hasCredentials) return undefined;
  const isNeeded = wish?.isByUser !== false || !hasCredentials;
  const text = await readFile(path, read);
  if (text === undefined && path !== undefined && isNeeded) throw noFile(path);
  if (wish === undefined) return chooseUnnamed(parseProfiles(text ?? ''), wishes);
  return chooseNamed(wish, text, isNeeded);
}

async function readFile(path: string | undefined, read: ProfileSource['read']): Promise<string | undefined> {
  try {
    return await read(path);
  } catch (error) {
    throw new AuthError(
      `the Databricks configuration file ${tidy(path ?? '~/.databrickscfg', 200)} cannot be read`,
      {
        hint: 'look at the path and who may read it',
        cause: error,
      },
    );
  }
}

function chooseName({ option, target, environment }: ProfileWishes): Wish | undefined {
  const named = [
    { name: option?.trim() ?? '', isByUser: true },
    { name: target?.trim() ?? '', isByUser: false },
    { name: environment?.trim() ?? '', isByUser: true },
  ];
  return named.find(({ name }) => name !== '');
}

function chooseNamed(
  { name, isByUser }: Wish,
  text: string | undefined,
  isNeeded: boolean,
): ProfileChoice | undefined {
  const file = parseProfiles(text ?? '');
  const profile = profileOf(name, file);
  if (profile !== undefined) return { profile, isByUser };
  if (isNeeded) throw noProfile(name, file, text !== undefined);
  return undefined;
}

function profileOf(name: string, { profiles }: ProfileFile): Profile | undefined {
  if (name !== SETTINGS) return profiles.find((candidate) => candidate.name === name);
  throw new AuthError(`${SETTINGS} is a reserved section name, and no profile`, {
    hint: 'name the profile itself, or leave it out for the default one',
  });
}

function chooseUnnamed(file: ProfileFile, { host, workspaceId }: ProfileWishes): ProfileChoice | undefined {
  const profile = host === undefined ? defaultOf(file) : ofHost(file, host, workspaceId);
  return profile && { profile, isByUser: true };
}

/** A default that the settings name must be there, `[DEFAULT]` need not. */
function defaultOf(file: ProfileFile): Profile | undefined {
  const profile = profileOf(file.defaultName, file);
  if (profile === undefined && file.isDefaultNamed) throw noProfile(file.defaultName, file, true);
  return profile;
}

/** One with a secret, or part of it, before one that only says how to sign in. */
function ofHost({ profiles }: ProfileFile, host: Host, workspaceId: string | undefined): Profile | undefined {
  const fit = profiles.filter(({ values }) => isFor(values, host));
  const withSecret = fit.filter(({ values }) => isAnyOf(['token', 'client_id', 'azure_client_id'], values));
  const withMethod = fit.filter(({ values }) => isAnyOf(['auth_type', 'azure_use_msi'], values));
  return onlyOf(withSecret.length > 0 ? withSecret : withMethod, workspaceId);
}

function onlyOf(fit: readonly Profile[], workspaceId: string | undefined): Profile | undefined {
  const [first, ...others] = fit;
  if (first === undefined || others.length === 0) return first;
  const [same, ...more] = fit.filter(
    ({ values }) => workspaceId !== undefined && idOf(values) === workspaceId,
  );
  if (same !== undefined && more.length === 0) return same;
  const names = fit.map(({ name }) => name).join(', ');
  throw new AuthError(`several profiles name this host: ${names}`, { hint: 'choose one with --profile' });
}

function idOf(values: Profile['values']): string | undefined {
  return values['workspace_id']?.trim() || readHostIds(values['host'] ?? '').workspaceId;
}

function isAnyOf(keys: readonly string[], values: Profile['values']): boolean {
  return keys.some((key) => Boolean(values[key]?.trim()));
}

/** A broken host in a profile that nobody asked for is no reason to stop. */
function isFor(values: Profile['values'], host: Host): boolean {
  if (!values['host']?.trim()) return false;
  try {
    return parseHost(values['host'], 'the profile').origin === host.origin;
  } catch {
    return false;
  }
}

function noFile(path: string): AuthError {
  return new AuthError(`there is no file ${tidy(path, 200)}, which DATABRICKS_CONFIG_FILE names`, {
    hint: 'correct the path, or unset it to use ~/.databrickscfg',
  });
}

function noProfile(name: string, file: ProfileFile, isThere: boolean): AuthError {
  const names = file.profiles.map((profile) => profile.name).join(', ');
  const nothing = isThere ? 'the file has no profiles' : 'there is no such file';
  return new AuthError(`there is no profile ${tidy(name, 100)} in the Databricks configuration file`, {
    hint: names === '' ? `${nothing}; set DATABRICKS_TOKEN instead` : `it has ${names}`,
  });
}
