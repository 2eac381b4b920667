import { isOwnCredential } from '../config/credentials.ts';
import { namesInLabel } from '../core/history.ts';
import { Secret } from '../core/secret.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Secrets of former statements, from what is kept of them: a label and the variables that it was made of. */
export type FormerSecrets = {
  readonly secretOf: (label: string, variables: readonly string[]) => Secret;
  /** Every one that was made so far, and the parts of composed ones: none of them may be shown. */
  readonly made: () => readonly Secret[];
};

/** What the file still names is taken from there; everything else is read from the environment again. */
export function formerSecrets(known: readonly Secret[], env: Env): FormerSecrets {
  const inFile = new Map(known.map((secret) => [`${secret.label} ${secret.variables.join()}`, secret]));
  const made = new Map<string, Secret>();
  const secretOf = (label: string, variables: readonly string[]): Secret => {
    const name = `${label} ${variables.join()}`;
    const secret =
      inFile.get(name) ?? made.get(name) ?? Secret.of(label, variables, textOf(label, variables, env));
    if (!inFile.has(name)) made.set(name, secret);
    return secret;
  };
  return {
    secretOf,
    made: () => [...made.values()].flatMap((secret) => [secret, ...partsOf(secret, env)]),
  };
}

/** A label is its text with names in place of values. The record may be forged: no credential of ours is ever read for it. */
function textOf(label: string, variables: readonly string[], env: Env): string | undefined {
  const names = [...new Set(namesInLabel(label))];
  if (names.length !== variables.length || variables.some(isOwnCredential)) return undefined;
  const values = new Map(names.map((name, at) => [name, valueOf(variables[at], env)]));
  if ([...values.values()].includes(undefined)) return undefined;
  return label.replace(/\(secret ([^()\s]+)\)/g, (_text, name: string) => values.get(name) ?? '');
}

function partsOf({ variables }: Secret, env: Env): readonly Secret[] {
  const allowed = variables.filter((variable) => !isOwnCredential(variable));
  return allowed.map((variable) => Secret.of(`(secret ${variable})`, [variable], valueOf(variable, env)));
}

function valueOf(variable: string | undefined, env: Env): string | undefined {
  const value = variable !== undefined && Object.hasOwn(env, variable) ? env[variable] : undefined;
  return value === undefined || value.trim() === '' ? undefined : value;
}
