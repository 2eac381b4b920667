import { AuthError, SettingsError } from '../../core/errors.ts';
import { type HostIds, readHostIds } from '../host-ids.ts';
import { type Host, isAccountHost, isTrustedHost, parseHost } from '../host.ts';

/**
 * A host and who says so. `file` is the configuration file, which anybody can change who can open a pull request;
 * `profile` is a profile of the user's own that the configuration file chose.
 */
export type NamedHost = {
  readonly host: Host;
  readonly ids: HostIds;
  readonly from: string;
  readonly vouched: 'user' | 'profile' | 'file';
};

/** Nothing for a blank text. @throws SettingsError for one that is no host. */
export function nameHost(
  text: string | undefined,
  from: string,
  vouched: NamedHost['vouched'],
): readonly NamedHost[] {
  if (text === undefined || text.trim() === '') return [];
  return [{ host: parseHost(text, from), ids: readHostIds(text), from, vouched }];
}

/** The one host that all name. @throws SettingsError naming the two places that differ. */
export function agree(hosts: readonly NamedHost[]): NamedHost | undefined {
  const [first, ...others] = hosts;
  const other = others.find(({ host }) => host.origin !== first?.host.origin);
  if (first === undefined || other === undefined) return first;
  throw new SettingsError(
    `${first.from} names ${first.host.origin} and ${other.from} names ${other.host.origin}`,
    { hint: 'name one workspace: unset one of them, or choose the target that belongs to the other' },
  );
}

/**
 * @param isProfileToken a profile's own host is fit for the profile's own token, whoever chose the profile
 * @throws AuthError where only the configuration file names the host, and it is not one to be trusted unseen
 */
export function refuseUntrusted(
  hosts: readonly NamedHost[],
  isProfileToken: boolean,
  allowed: readonly string[],
): void {
  const isVouchedFor = hosts.some(
    ({ vouched }) => vouched === 'user' || (vouched === 'profile' && isProfileToken),
  );
  const untrusted = hosts.find(({ host }) => !isVouchedFor && !isTrustedHost(host, allowed));
  if (untrusted === undefined) return;
  throw new AuthError(
    `only the configuration file names ${untrusted.host.origin}, which is not a Databricks domain`,
    {
      hint: 'set DATABRICKS_HOST or --host to it, or list it in LAKEBELL_ALLOWED_HOSTS',
    },
  );
}

/** @throws SettingsError for an address that is no workspace's */
export function refuseAccount({ host, from }: NamedHost): void {
  if (!isAccountHost(host)) return;
  throw new SettingsError(`${from} names ${host.origin}, which is the console of an account`, {
    hint: 'notifications belong to a workspace: name its own address, https://<workspace host>',
  });
}
