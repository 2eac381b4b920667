import type { Finding } from '../../core/doctor.ts';
import { PermissionError } from '../../core/errors.ts';
import { readIdentity } from '../../databricks/identity.ts';
import { type ApiClient, type ApiResponse, asObject } from '../../kinds/client.ts';
import type { Person } from './visit.ts';

/** Who is signed in, in one request; another one where no group shows an admin. @throws as `readIdentity` does */
export async function readPerson(client: ApiClient): Promise<Person> {
  const { identity, answer } = await readWatched(client);
  return {
    ...identity,
    isAdmin: identity.isAdmin ? true : await mayReadSwitches(client),
    isActive: asObject(answer?.body)['active'] !== false,
  };
}

async function readWatched(client: ApiClient) {
  let answer: ApiResponse | undefined;
  const send: ApiClient['send'] = async (request) => (answer = await client.send(request));
  const identity = await readIdentity({ ...client, send });
  return { identity, answer };
}

/** Admins alone may read these, those of nested groups included, whom SCIM need not show. Undefined where nothing is told. */
async function mayReadSwitches(client: ApiClient): Promise<boolean | undefined> {
  const query = { keys: 'enableIpAccessLists' };
  try {
    await client.send({ method: 'GET', path: '/api/2.0/workspace-conf', query, delivery: 'repeat' });
    return true;
  } catch (error) {
    return error instanceof PermissionError ? false : undefined;
  }
}

/** What a service principal is called: its application id. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isPrincipal(userName: string): boolean {
  return UUID.test(userName);
}

export function identityFindings(person: Person): readonly Finding[] {
  const { userName, workspaceId, isActive } = person;
  const about = { group: 'sign-in', code: 'identity', title: 'Identity' } as const;
  const what = isPrincipal(userName) ? 'the service principal' : 'the user';
  const detail = `${what} ${userName}, in workspace ${workspaceId}`;
  if (isActive) return [{ ...about, status: 'ok', detail }, adminFinding(person)];
  const remedy = 'activate it in the settings of the workspace, under Identity and access';
  return [
    { ...about, code: 'inactive', status: 'problem', detail: `${detail}, is deactivated`, remedy },
    adminFinding(person),
  ];
}

function adminFinding({ isAdmin, groups }: Person): Finding {
  const about = { group: 'permissions', code: 'admin', title: 'Workspace admin' } as const;
  if (isAdmin === true) {
    const how = groups.includes('admins') ? '' : ', through a group that holds another';
    return { ...about, status: 'ok', detail: `yes${how}` };
  }
  if (isAdmin === false) return { ...about, status: 'ok', detail: 'no' };
  return {
    ...about,
    status: 'unknown',
    detail:
      'not by the groups that are shown, but groups that hold others need not be, and asking otherwise failed',
    remedy: 'look into the group `admins` in the settings of the workspace, under Identity and access',
  };
}
