import { Secret } from '../../core/secret.ts';

/** A personal access token and where it was found. */
export type Token = { readonly token: Secret; readonly from: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** Argument before environment; undefined where neither holds one (GitHub expands a missing secret to nothing). */
export function findPat(argument: string | undefined, env: Environment): Token | undefined {
  return (
    pat(argument, 'the token input', []) ??
    pat(env['DATABRICKS_TOKEN'], 'DATABRICKS_TOKEN', ['DATABRICKS_TOKEN'])
  );
}

/** @param from the place, for messages; @param variables the environment variables that the text comes from. */
export function pat(text: string | undefined, from: string, variables: readonly string[]): Token | undefined {
  const token = Secret.of(`(secret ${from})`, variables, text?.trim());
  return token.isAvailable ? { token, from } : undefined;
}
