import { uuidOf } from './arbitrary.ts';
import type { Identity } from './identity.ts';
import type { Workspace } from './workspace.ts';

/** A new token of the identity, which ends after so many seconds. */
export function issueToken(workspace: Workspace, identity: Identity, seconds: number): string {
  const { accessTokens, id, now } = workspace;
  const token = `access-${uuidOf(`${id}/access token/${accessTokens.size + 1}`)}`;
  accessTokens.set(token, { identity, expiresMs: now() + seconds * 1000 });
  return token;
}

type AzureToken = { readonly seconds: number; readonly isManagement: boolean };

/** The same from Azure: a workspace takes none that has 30 seconds left or fewer. */
export function issueAzureToken(
  workspace: Workspace,
  identity: Identity,
  { seconds, isManagement }: AzureToken,
): string {
  const { accessTokens, id, now } = workspace;
  const token = `azure-${uuidOf(`${id}/access token/${accessTokens.size + 1}`)}`;
  accessTokens.set(token, { identity, expiresMs: now() + (seconds - 30) * 1000, isManagement });
  return token;
}

/** Who may act with a token: one of the seed, or one that was issued and has not ended. */
export function holderOf(workspace: Workspace, token: string | undefined): Identity | undefined {
  if (token === undefined || hasEnded(workspace, token)) return undefined;
  const issued = workspace.accessTokens.get(token);
  // A token for Azure's management says nothing to a workspace by itself.
  if (issued?.isManagement === true) return undefined;
  return issued?.identity ?? workspace.identities.find((identity) => identity.token === token);
}

/** Whether it is a token that was issued and is over. */
export function hasEnded({ accessTokens, now }: Workspace, token: string | undefined): boolean {
  const issued = token === undefined ? undefined : accessTokens.get(token);
  return issued !== undefined && issued.expiresMs <= now();
}
