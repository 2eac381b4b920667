import { AuthError } from '../../core/errors.ts';
import { tidy } from '../mask.ts';
import type { Attribute, Attributes } from './attributes.ts';
import { githubOidc } from './github-oidc.ts';
import type { AuthType, Method, SignIn } from './method.ts';
import { oauthM2m } from './oauth-m2m.ts';
import { pat } from './pat.ts';

export type Chosen = SignIn & { readonly authType: AuthType };

/** In the order of the Databricks SDKs; one more is one file and one entry. */
const METHODS: readonly Method[] = [pat, oauthM2m, githubOidc];

/** The pinned method, else the first that has all that it needs; an error where a pinned one has not. */
export function chooseMethod(attributes: Attributes): Chosen | AuthError | undefined {
  if (attributes.authType !== undefined) return pinned(attributes.authType, attributes);
  return METHODS.flatMap((method) => chosen(method, attributes) ?? [])[0];
}

function chosen({ name, prepare }: Method, attributes: Attributes): Chosen | undefined {
  const signIn = prepare(attributes);
  return 'missing' in signIn ? undefined : { authType: name, ...signIn };
}

function pinned({ value, from }: Attribute<string>, attributes: Attributes): Chosen | AuthError {
  const method = METHODS.find(({ name }) => name === value);
  if (method === undefined) {
    return new AuthError(`${from} asks for ${tidy(value, 60)}, which lakebell does not support`, {
      hint: `it supports ${METHODS.map(({ name }) => name).join(', ')}`,
    });
  }
  const signIn = method.prepare(attributes);
  if (!('missing' in signIn)) return { authType: method.name, ...signIn };
  return new AuthError(`${from} asks for ${value}, but ${signIn.missing}`, {
    code: 'no-credentials',
    hint: signIn.hint,
  });
}
