import { AuthError } from '../../core/errors.ts';
import type { Attributes, ForeignTag } from './attributes.ts';

/** The kinds of credentials between which the Databricks SDKs do not choose by themselves. */
type Tag = 'pat' | 'oauth' | 'azure' | 'env-oidc' | 'file-oidc' | ForeignTag;

type Tagged = { readonly tag: Tag; readonly from: string };

/** What is set for a kind of sign-in; a host, an id, an audience or the pinned method alone are not. */
export function taggedIn(attributes: Attributes): readonly Tagged[] {
  const own = TAGS.flatMap(([tag, key]) => {
    const attribute = attributes[key];
    return attribute === undefined ? [] : [{ tag, from: attribute.from }];
  });
  return [...own, ...attributes.foreign.map(({ value, from }) => ({ tag: value, from }))];
}

/**
 * Without a word which one counts, two kinds of credentials are a mistake, as in the Databricks SDKs: each could be
 * somebody else's.
 * @param usable the methods that have all that they need
 * @throws AuthError naming both, where they were found, and what decides
 */
export function refuseConflict(attributes: Attributes, usable: readonly string[]): void {
  const tagged = taggedIn(attributes);
  const tags = [...new Set(tagged.map(({ tag }) => tag))].sort();
  if (tags.length < 2 || attributes.authType !== undefined) return;
  const where = tags.map((tag) => `${tag}: ${fromOf(tag, tagged)}`).join('; ');
  const decide = usable.length === 0 ? '' : `set DATABRICKS_AUTH_TYPE to ${usable.join(' or ')}, or `;
  throw new AuthError(`more than one authorization method configured: ${tags.join(' and ')} (${where})`, {
    hint: `${decide}unset what is not meant`,
  });
}

function fromOf(tag: Tag, tagged: readonly Tagged[]): string {
  return tagged.flatMap((one) => (one.tag === tag ? [one.from] : [])).join(', ');
}

const TAGS = [
  ['pat', 'token'],
  ['oauth', 'clientId'],
  ['oauth', 'clientSecret'],
  ['azure', 'azureClientId'],
  ['azure', 'azureClientSecret'],
  ['azure', 'azureTenantId'],
  ['azure', 'azureUseMsi'],
  ['azure', 'azureResourceId'],
  ['env-oidc', 'idTokenVariable'],
  ['file-oidc', 'idTokenFile'],
] as const satisfies readonly (readonly [Tag, keyof Attributes])[];
