import type { Attributes } from './attributes.ts';
import type { Claims } from './claims.ts';
import { createIdTokens } from './github-id-token.ts';
import type { Place } from './method.ts';
import { type Considered, lackingIn } from './methods.ts';
import { agree, type NamedHost, refuseUntrusted } from './named-host.ts';
import { placeOf } from './place.ts';
import { type CredentialSources, gather, givenBy } from './resolve.ts';
import { type Connection, createSender, ONE_TRY } from './sender.ts';
import { createTokenServer } from './token-server.ts';

/** What there is to sign in with, whether or not it is enough. */
export type Consideration = {
  readonly attributes: Attributes;
  /** Undefined where no host is named, or none to be asked. */
  readonly origin: string | undefined;
  /** What each method has or lacks, whichever was asked for; nothing is tried. */
  readonly considered: readonly Considered[];
};

/** Looks at the same places as `resolveCredentials`, for `doctor`; nothing is thrown, and nothing sent. */
export async function consider(sources: CredentialSources): Promise<Consideration> {
  const { attributes, hosts } = await gather(sources).catch(() => ({
    attributes: givenBy(sources),
    hosts: [],
  }));
  const place = trustedPlace(attributes, hosts, sources);
  const origin = place.origin === '' ? undefined : place.origin;
  return { attributes, origin, considered: lackingIn(attributes, place) };
}

/** Nowhere, where the host is not one that may be told anything. */
function trustedPlace(
  attributes: Attributes,
  hosts: readonly NamedHost[],
  { allowedHosts }: CredentialSources,
): Place {
  try {
    refuseUntrusted(hosts, true, allowedHosts);
    return placeOf(agree(hosts)?.host, attributes);
  } catch {
    return placeOf(undefined, attributes);
  }
}

/** Who a job is to the workspace, as its identity token says. */
export type RunIdentity = Claims & {
  /** Where the audience was set; undefined where it is the host's default. */
  readonly audienceFrom: string | undefined;
};

/**
 * Undefined where GitHub gives this job no identity token. The token itself stays in here.
 * @throws AuthError, ApiError where the service refuses or does not answer
 */
export async function readRunIdentity(
  origin: string,
  attributes: Attributes,
  connection: Connection,
): Promise<RunIdentity | undefined> {
  const { idTokens, audience } = attributes;
  if (idTokens === undefined) return undefined;
  const server = createTokenServer(attributes, origin, createSender(origin, connection))();
  const { claims } = await createIdTokens(idTokens, connection)(await server.audience(), ONE_TRY);
  return { ...claims, audienceFrom: audience?.from };
}
