import { AuthError } from '../../core/errors.ts';
import type { Attributes } from './attributes.ts';
import { NO_ID_TOKENS } from './github-oidc.ts';
import type { Place } from './method.ts';
import type { Considered } from './methods.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Nothing to sign in with: what is there in part, and what each method lacks. The action treats this code apart.
 */
export function noCredentials(
  place: Place,
  attributes: Attributes,
  considered: readonly Considered[],
  env: Environment,
): AuthError {
  const { note, hint } = lacking(attributes, place, env);
  const what = `there are no credentials for ${place.origin}${note === '' ? '' : ` (${note})`}`;
  return new AuthError(`${what}: ${reasonsOf(considered)}`, { code: 'no-credentials', hint });
}

/** @param isAnonymous whether credentials are missing too */
export function noHost(isAnonymous: boolean): AuthError {
  return new AuthError('no workspace is named', {
    ...(isAnonymous ? { code: 'no-credentials' } : {}),
    hint: "set DATABRICKS_HOST, --host, a profile, or the target's host in the configuration",
  });
}

/** `pat: there is no token; oauth-m2m and github-oidc: there is no client id`. */
function reasonsOf(considered: readonly Considered[]): string {
  const names = new Map<string, readonly string[]>();
  for (const { name, why } of considered) names.set(why, [...(names.get(why) ?? []), name]);
  return [...names].map(([why, of]) => `${of.join(' and ')}: ${why}`).join('; ');
}

type Lack = { readonly note: string; readonly hint: string };

function lacking(attributes: Attributes, { origin, isAzure }: Place, env: Environment): Lack {
  const { clientId, clientSecret, idTokens, azureClientId, foreign } = attributes;
  if (clientId !== undefined)
    return { note: `${clientId.from} is set, but that alone is not enough`, hint: secondHalf(env) };
  if (clientSecret !== undefined || idTokens !== undefined)
    return { note: 'there is no client id', hint: FIRST_HALF };
  if (azureClientId !== undefined && !isAzure)
    return { note: `${azureClientId.from} is set, but ${origin} is no workspace of Azure`, hint: ANY };
  const [other] = foreign;
  const note = other && `${other.from} is set, but lakebell does not support the method ${other.value}`;
  return { note: note ?? '', hint: ANY };
}

function secondHalf(env: Environment): string {
  return env['GITHUB_ACTIONS'] === 'true' ? NO_ID_TOKENS.hint : 'set DATABRICKS_CLIENT_SECRET too';
}

const FIRST_HALF =
  'set DATABRICKS_CLIENT_ID to the application id of a service principal, or DATABRICKS_TOKEN to a token';
const ANY =
  'set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or name a profile with --profile';
