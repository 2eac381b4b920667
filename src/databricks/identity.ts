import { UnavailableError } from '../core/errors.ts';
import type { ApiClient, Json } from '../kinds/client.ts';
import { isObject } from './json.ts';

export type Identity = {
  /** An e-mail address, or a service principal's application id. */
  readonly userName: string;
  /** Whether the `admins` group is among the groups that SCIM shows; nested groups may not be. */
  readonly isAdmin: boolean;
  readonly workspaceId: string;
};

/** Who we are and where. @throws UnavailableError where the answer is not one of a workspace. */
export async function readIdentity(client: ApiClient): Promise<Identity> {
  const { status, headers, body } = await client.send({ method: 'GET', path: ME, delivery: 'repeat' });
  const userName = isObject(body) ? body['userName'] : undefined;
  const workspaceId = headers['x-databricks-org-id'];
  if (typeof userName !== 'string' || userName === '' || !/^\d+$/.test(workspaceId ?? ''))
    throw notAWorkspace(status);
  return { userName, isAdmin: isObject(body) && hasAdmins(body['groups']), workspaceId: String(workspaceId) };
}

const ME = '/api/2.0/preview/scim/v2/Me';

function hasAdmins(groups: Json | undefined): boolean {
  return (
    Array.isArray(groups) && groups.some((group: Json) => isObject(group) && group['display'] === 'admins')
  );
}

function notAWorkspace(status: number): UnavailableError {
  return new UnavailableError(`GET ${ME} did not say who this is, or in which workspace`, {
    method: 'GET',
    path: ME,
    status,
    hint: 'check that the host is a workspace, not the account console or a proxy',
  });
}
