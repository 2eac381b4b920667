import { denied } from './answer.ts';
import type { Identity } from './identity.ts';
import type { Workspace } from './workspace.ts';

/** The application that stands for Databricks in every tenant. */
export const WORKSPACE_RESOURCE = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';

/** With the slash, as clients send it. */
export function isManagementResource(resource: string): boolean {
  return /^https:\/\/management\.core\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)\/$/.test(resource);
}

/**
 * Who is not in the workspace may come in all the same as somebody whom Azure lets manage it: with a token for
 * Azure's management that is its own, and the name of the workspace's resource.
 * @throws Refusal (403)
 */
export function requireMember(
  workspace: Workspace,
  identity: Identity,
  headers: Readonly<Record<string, string>>,
): void {
  if (identity.azure?.in_workspace !== false) return;
  const resourceId = headers['x-databricks-azure-workspace-resource-id'];
  const isThere = resourceId !== undefined && resourceId === workspace.azure?.resource_id;
  if (isThere && managerOf(workspace, headers['x-databricks-azure-sp-management-token']) === identity) return;
  throw denied(`User not authorized: ${identity.name} is not in this workspace.`);
}

function managerOf({ accessTokens, now }: Workspace, token: string | undefined): Identity | undefined {
  const held = accessTokens.get(token ?? '');
  return held?.isManagement === true && held.expiresMs > now() ? held.identity : undefined;
}
