import { AuthError } from '../../core/errors.ts';
import type { Attributes } from './attributes.ts';
import { NO_ID_TOKENS } from './github-oidc.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Nothing to sign in with; what is there in part is said. The action treats this code apart. */
export function noCredentials(origin: string, attributes: Attributes, env: Environment): AuthError {
  const { note, hint } = lacking(attributes, env);
  const message = `there are no credentials for ${origin}${note === '' ? '' : ` (${note})`}`;
  return new AuthError(message, { code: 'no-credentials', hint });
}

/** @param isAnonymous whether credentials are missing too */
export function noHost(isAnonymous: boolean): AuthError {
  return new AuthError('no workspace is named', {
    ...(isAnonymous ? { code: 'no-credentials' } : {}),
    hint: "set DATABRICKS_HOST, --host, a profile, or the target's host in the configuration",
  });
}

type Lack = { readonly note: string; readonly hint: string };

function lacking({ clientId, clientSecret, idTokens }: Attributes, env: Environment): Lack {
  if (clientId !== undefined)
    return { note: `${clientId.from} is set, but that alone is not enough`, hint: secondHalf(env) };
  if (clientSecret !== undefined || idTokens !== undefined)
    return { note: 'there is no client id', hint: FIRST_HALF };
  const isOfAzure = (env['ARM_CLIENT_ID'] ?? '').trim() !== '';
  return { note: isOfAzure ? 'ARM_CLIENT_ID is set, but not supported' : '', hint: ANY };
}

function secondHalf(env: Environment): string {
  return env['GITHUB_ACTIONS'] === 'true' ? NO_ID_TOKENS.hint : 'set DATABRICKS_CLIENT_SECRET too';
}

const FIRST_HALF =
  'set DATABRICKS_CLIENT_ID to the application id of a service principal, or DATABRICKS_TOKEN to a token';
const ANY =
  'set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or name a profile with --profile';
