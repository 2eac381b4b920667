import { AuthError } from '../../core/errors.ts';
import type { Attributes } from './attributes.ts';
import { taggedIn } from './conflict.ts';
import { NO_ID_TOKENS } from './github-oidc.ts';
import type { Place } from './method.ts';
import type { Considered } from './methods.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Nothing to sign in with; what is there in part, or failed, is said. The action treats this code apart. */
export function noCredentials(
  place: Place,
  attributes: Attributes,
  considered: readonly Considered[],
  env: Environment,
): AuthError {
  const { note, hint } = lacking(attributes, place, env);
  const isAzure = taggedIn(attributes).some(({ tag }) => tag === 'azure');
  const isMeant = ({ name, hasFailed }: Considered): boolean =>
    hasFailed === true || (isAzure && (name === 'azure-msi' || name === 'azure-client-secret'));
  const failed = considered.filter(isMeant).map(({ name, why }) => `${name}: ${why}`);
  const what = `there are no credentials for ${place.origin}${note === '' ? '' : ` (${note})`}`;
  return new AuthError([what, ...failed].join('; '), {
    code: 'no-credentials',
    hint: `${hint}; \`lakebell doctor\` tells what each way to sign in lacks`,
  });
}

/** @param isAnonymous whether credentials are missing too */
export function noHost(isAnonymous: boolean): AuthError {
  return new AuthError('no workspace is named', {
    ...(isAnonymous ? { code: 'no-credentials' } : {}),
    hint: "set DATABRICKS_HOST, --host, a profile, or the target's host in the configuration",
  });
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
  'set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or name a profile with --profile, or sign in with `databricks auth login`';
