import { UnavailableError } from '../core/errors.ts';
import type { ApiClient, Json } from '../kinds/client.ts';
import { isObject } from './json.ts';

export type Identity = {
  /** An e-mail address, or a service principal's application id. */
  readonly userName: string;
  /** Whether the `admins` group is among the groups that SCIM shows; nested groups may not be. */
  readonly isAdmin: boolean;
  /** Names of the groups that SCIM shows. */
  readonly groups: readonly string[];
  readonly workspaceId: string;
};

/** Who we are and where. @throws UnavailableError where the answer is not one of a workspace. */
export async function readIdentity(client: ApiClient): Promise<Identity> {
  const { status, headers, body } = await client.send({ method: 'GET', path: ME, delivery: 'repeat' });
  const userName = isObject(body) ? body['userName'] : undefined;
  const workspaceId = headers['x-databricks-org-id'];
  if (typeof userName !== 'string' || userName === '' || !/^\d+$/.test(workspaceId ?? ''))
    throw notAWorkspace(status);
  const groups = isObject(body) ? namesOf(body['groups']) : [];
  return { userName, isAdmin: groups.includes('admins'), groups, workspaceId: String(workspaceId) };
}

const ME = '/api/2.0/preview/scim/v2/Me';

function namesOf(groups: Json | undefined): readonly string[] {
  if (!Array.isArray(groups)) return [];
  const names = groups.map((group: Json) => (isObject(group) ? group['display'] : undefined));
  return names.filter((name) => typeof name === 'string');
}

function notAWorkspace(status: number): UnavailableError {
  return new UnavailableError(`GET ${ME} did not say who this is, or in which workspace`, {
    method: 'GET',
    path: ME,
    status,
    hint: 'check that the host is a workspace, not the account console or a proxy',
  });
}
