import { AuthError, InternalError, ToolError } from '../../core/errors.ts';
import { tidy } from '../mask.ts';
import type { Attribute, Attributes } from './attributes.ts';
import { azureCli } from './azure-cli.ts';
import { azureClientSecret } from './azure-client-secret.ts';
import { azureMsi } from './azure-msi.ts';
import { databricksCli } from './databricks-cli.ts';
import { envOidc } from './env-oidc.ts';
import { fileOidc } from './file-oidc.ts';
import { githubOidc } from './github-oidc.ts';
import type { AuthType, Method, Place, SignedIn, SignIn } from './method.ts';
import { oauthM2m } from './oauth-m2m.ts';
import { pat } from './pat.ts';

/** In the order of the Go SDK, the Databricks CLI and Terraform; one more is one file and one entry. */
const METHODS: readonly Method[] = [
  pat,
  oauthM2m,
  databricksCli,
  githubOidc,
  envOidc,
  fileOidc,
  azureMsi,
  azureClientSecret,
  azureCli,
];

export type Chosen = SignIn & { readonly authType: AuthType; readonly signedIn: SignedIn };

/** One method, and why it was chosen or passed over. */
export type Considered = {
  readonly name: AuthType;
  readonly isChosen: boolean;
  readonly why: string;
  /** It had what it needs, and gave no token all the same. */
  readonly hasFailed?: boolean;
};

export type Choice = { readonly chosen: Chosen | undefined; readonly considered: readonly Considered[] };

/** Opens a method, or throws where its secret may not go to this host. */
export type Door = (authType: AuthType, signIn: SignIn) => SignedIn;

/**
 * The pinned method, else the first that has all that it needs and, if it is ambient, gives a token.
 * @throws AuthError where a pinned one lacks something or is unknown; what the door throws for a method that somebody set
 */
export async function chooseMethod(attributes: Attributes, place: Place, door: Door): Promise<Choice> {
  if (attributes.authType !== undefined) return pinned(attributes.authType, attributes, place, door);
  let chosen: Chosen | undefined;
  const considered: Considered[] = [];
  for (const method of METHODS) {
    const { name } = method;
    const signIn = method.prepare(attributes, place);
    const tried =
      'missing' in signIn ? { why: signIn.missing } : await tryOut(method, signIn, { chosen, door });
    chosen ??= tried.chosen;
    const { why, hasFailed = false } = tried;
    considered.push({ name, isChosen: tried.chosen !== undefined, why, ...(hasFailed ? { hasFailed } : {}) });
  }
  return { chosen, considered };
}

/** The methods that have all that they need from what somebody set, nothing tried. */
export function usableMethods(attributes: Attributes, place: Place): readonly AuthType[] {
  return METHODS.flatMap(({ name, isAmbient, prepare }) =>
    isAmbient || 'missing' in prepare(attributes, place) ? [] : [name],
  );
}

/** What each method has or lacks; nothing is tried. */
export function lackingIn(attributes: Attributes, place: Place): readonly Considered[] {
  return METHODS.map(({ name, isAmbient, prepare }) => {
    const signIn = prepare(attributes, place);
    const has = isAmbient ? 'not tried' : 'from' in signIn ? `${signIn.from} is set` : '';
    return { name, isChosen: false, why: 'missing' in signIn ? signIn.missing : has };
  });
}

type Tried = { readonly chosen?: Chosen; readonly why: string; readonly hasFailed?: boolean };

type Turn = { readonly chosen: Chosen | undefined; readonly door: Door };

async function tryOut({ name, isAmbient }: Method, signIn: SignIn, { chosen, door }: Turn): Promise<Tried> {
  const { from } = signIn;
  if (chosen !== undefined) {
    const what = isAmbient ? 'not tried' : `${from} is set`;
    return { why: `${what}, and ${chosen.authType} comes first` };
  }
  if (!isAmbient) {
    return { chosen: { ...signIn, authType: name, signedIn: door(name, signIn) }, why: `${from} is set` };
  }
  try {
    const signedIn = door(name, signIn);
    await signedIn.token();
    return { chosen: { ...signIn, authType: name, signedIn }, why: `${from} gives a token` };
  } catch (error) {
    if (!(error instanceof ToolError) || error instanceof InternalError) throw error;
    return { why: error.message, hasFailed: error.code !== 'no-credentials' };
  }
}

function pinned(
  { value, from }: Attribute<string>,
  attributes: Attributes,
  place: Place,
  door: Door,
): Choice {
  const method = METHODS.find(({ name }) => name === value);
  if (method === undefined) throw unknown(value, from);
  const signIn = method.prepare(attributes, place);
  if ('missing' in signIn) {
    throw new AuthError(`${from} asks for ${value}, but ${signIn.missing}`, {
      code: 'no-credentials',
      hint: signIn.hint,
    });
  }
  const considered = METHODS.map(({ name }) => ({
    name,
    isChosen: name === value,
    why: name === value ? `${from} asks for it` : `${from} asks for another`,
  }));
  const chosen = { ...signIn, authType: method.name, signedIn: door(method.name, signIn) };
  return { chosen, considered };
}

/** The official methods that are not ours. */
const FOREIGN: ReadonlySet<string> = new Set([
  'basic',
  'metadata-service',
  'azure-devops-oidc',
  'github-oidc-azure',
  'google-credentials',
  'google-id',
  'external-browser',
  'runtime',
  'runtime-oauth',
  'model-serving',
]);

function unknown(value: string, from: string): AuthError {
  const what = FOREIGN.has(value)
    ? 'a method of Databricks that lakebell does not support'
    : 'which lakebell does not support';
  return new AuthError(`${from} asks for ${tidy(value, 60)}, ${what}`, {
    hint: `it supports ${METHODS.map(({ name }) => name).join(', ')}`,
  });
}
