import { AuthError } from '../../core/errors.ts';
import { type Host, parseHost } from '../host.ts';
import { parseProfiles, type Profile, type ProfileFile } from './profile.ts';

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
};

/** `isByUser` is false where the configuration file chose. */
export type ProfileChoice = { readonly profile: Profile; readonly isByUser: boolean };

/**
 * Reads the file only if a profile is named or nothing to sign in with was found elsewhere. Without a name: the profile of the host, as the
 * Databricks CLI does, or the default one where no host is known.
 * @throws AuthError for a name that is not there, unless only the configuration file gives it and something is known
 *   (it names the profile for laptops, and CI has its credentials in the environment).
 */
export async function chooseProfile(
  wishes: ProfileWishes,
  readText: () => Promise<string | undefined> | string | undefined,
): Promise<ProfileChoice | undefined> {
  const wish = chooseName(wishes);
  if (wish === undefined && wishes.hasCredentials) return undefined;
  const file = parseProfiles((await readText()) ?? '');
  if (wish === undefined) return chooseUnnamed(file, wishes.host);
  const { name, isByUser } = wish;
  const profile = file.profiles.find((candidate) => candidate.name === name);
  if (profile !== undefined) return { profile, isByUser };
  if (!isByUser && wishes.hasCredentials) return undefined;
  throw noProfile(name, file);
}

function chooseName({ option, target, environment }: ProfileWishes) {
  const named = [
    { name: option?.trim() ?? '', isByUser: true },
    { name: target?.trim() ?? '', isByUser: false },
    { name: environment?.trim() ?? '', isByUser: true },
  ];
  return named.find(({ name }) => name !== '');
}

function chooseUnnamed(file: ProfileFile, host: Host | undefined): ProfileChoice | undefined {
  const [profile, ...others] = file.profiles.filter(({ name, values }) =>
    host === undefined ? name === file.defaultName : isFor(values, host),
  );
  if (profile === undefined) return undefined;
  if (others.length === 0) return { profile, isByUser: true };
  const names = [profile, ...others].map(({ name }) => name).join(', ');
  throw new AuthError(`several profiles name this host: ${names}`, { hint: 'choose one with --profile' });
}

/** A broken host in a profile that nobody asked for is no reason to stop. */
function isFor(values: Profile['values'], host: Host): boolean {
  if (!values['host']?.trim() || !(values['token']?.trim() || values['client_id']?.trim())) return false;
  try {
    return parseHost(values['host'], 'the profile').origin === host.origin;
  } catch {
    return false;
  }
}

function noProfile(name: string, file: ProfileFile): AuthError {
  const names = file.profiles.map((profile) => profile.name).join(', ');
  return new AuthError(`there is no profile ${name} in the Databricks configuration file`, {
    hint: names === '' ? 'the file has no profiles; set DATABRICKS_TOKEN instead' : `it has ${names}`,
  });
}
