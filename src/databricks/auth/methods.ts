import { AuthError } from '../../core/errors.ts';
import { tidy } from '../mask.ts';
import type { Attribute, Attributes } from './attributes.ts';
import { azureCli } from './azure-cli.ts';
import { azureClientSecret } from './azure-client-secret.ts';
import { azureMsi } from './azure-msi.ts';
import { databricksCli } from './databricks-cli.ts';
import { githubOidc } from './github-oidc.ts';
import type { AuthType, Method, Place, SignIn } from './method.ts';
import { oauthM2m } from './oauth-m2m.ts';
import { pat } from './pat.ts';

export type Chosen = SignIn & { readonly authType: AuthType };

/** In the order of the Databricks SDKs; one more is one file and one entry. */
const METHODS: readonly Method[] = [
  pat,
  oauthM2m,
  databricksCli,
  githubOidc,
  azureMsi,
  azureClientSecret,
  azureCli,
];

/** One method, and why it was chosen or passed over. */
export type Considered = { readonly name: AuthType; readonly isChosen: boolean; readonly why: string };

/** Every method in its order, for `doctor` and for the error when none can be used. */
export function considered(
  attributes: Attributes,
  place: Place,
  choice: AuthType | undefined,
): readonly Considered[] {
  const { authType } = attributes;
  return METHODS.map((method) => {
    const { name } = method;
    const signIn = method.prepare(attributes, place);
    const given = 'missing' in signIn ? signIn.missing : `${signIn.from} is set`;
    const isChosen = name === choice;
    if (authType !== undefined)
      return {
        name,
        isChosen,
        why: isChosen ? `${authType.from} asks for it` : `${authType.from} asks for another`,
      };
    return {
      name,
      isChosen,
      why: isChosen || 'missing' in signIn ? given : `${given}, and ${String(choice)} comes first`,
    };
  });
}

/** The pinned method, else the first that has all that it needs; an error where a pinned one has not. */
export function chooseMethod(attributes: Attributes, place: Place): Chosen | AuthError | undefined {
  if (attributes.authType !== undefined) return pinned(attributes.authType, attributes, place);
  return METHODS.filter(({ isAmbient }) => isAmbient !== true).flatMap(
    (method) => chosen(method, attributes, place) ?? [],
  )[0];
}

function chosen({ name, prepare }: Method, attributes: Attributes, place: Place): Chosen | undefined {
  const signIn = prepare(attributes, place);
  return 'missing' in signIn ? undefined : { authType: name, ...signIn };
}

function pinned(
  { value, from }: Attribute<string>,
  attributes: Attributes,
  place: Place,
): Chosen | AuthError {
  const method = METHODS.find(({ name }) => name === value);
  if (method === undefined) {
    return new AuthError(`${from} asks for ${tidy(value, 60)}, which lakebell does not support`, {
      hint: `it supports ${METHODS.map(({ name }) => name).join(', ')}`,
    });
  }
  const signIn = method.prepare(attributes, place);
  if (!('missing' in signIn)) return { authType: method.name, ...signIn };
  return new AuthError(`${from} asks for ${value}, but ${signIn.missing}`, {
    code: 'no-credentials',
    hint: signIn.hint,
  });
}
