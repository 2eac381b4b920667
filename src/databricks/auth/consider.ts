import { type Attributes, isAnySet, withProfile } from './attributes.ts';
import { createAudience } from './audience.ts';
import { type Claims, createIdTokens } from './id-token.ts';
import { chooseMethod, type Considered, considered } from './methods.ts';
import { agree, refuseUntrusted } from './named-host.ts';
import { type CredentialSources, findProfile, givenBy, namedHosts, profileHost } from './resolve.ts';
import { type Connection, createSender, ONE_TRY } from './sender.ts';

/** What there is to sign in with, whether or not it is enough. */
export type Consideration = {
  readonly attributes: Attributes;
  /** Undefined where no host is named, or none to be asked. */
  readonly origin: string | undefined;
  readonly considered: readonly Considered[];
};

/** Looks at the same places as `resolveCredentials`, for `doctor`; nothing is thrown. */
export async function consider(sources: CredentialSources): Promise<Consideration> {
  const given = givenBy(sources);
  const wishes = { hasCredentials: isAnySet(given), host: undefined };
  const choice = await findProfile(sources, wishes).catch(() => undefined);
  const all = withProfile(given, choice?.profile, sources.env);
  const attributes = withoutPin(all);
  const named = orElse(() => [...namedHosts(sources), ...profileHost(choice)], []);
  const origin = orElse(() => {
    refuseUntrusted(named, true, sources.allowedHosts);
    return agree(named)?.host.origin;
  }, undefined);
  const place = { origin: origin ?? '', isAzure: false };
  const chosen = orElse(() => chooseMethod(attributes, place), undefined);
  const choiceOf = chosen !== undefined && 'authType' in chosen ? chosen.authType : undefined;
  return { attributes: all, origin, considered: considered(attributes, place, choiceOf) };
}

/** What each method lacks, whichever was asked for. */
function withoutPin(attributes: Attributes): Attributes {
  return { ...attributes, authType: undefined };
}

function orElse<Value>(run: () => Value, otherwise: Value): Value {
  try {
    return run();
  } catch {
    return otherwise;
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
  { idTokens, audience }: Pick<Attributes, 'idTokens' | 'audience'>,
  connection: Connection,
): Promise<RunIdentity | undefined> {
  if (idTokens === undefined) return undefined;
  const audienceOf = createAudience(audience?.value, origin, createSender(origin, connection));
  const { claims } = await createIdTokens(idTokens, connection)(await audienceOf(), ONE_TRY);
  return { ...claims, audienceFrom: audience?.from };
}
