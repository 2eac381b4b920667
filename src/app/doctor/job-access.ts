import { ApiError } from '../../core/errors.ts';
import { type ApiClient, asList, asObject, asText, type JsonObject } from '../../kinds/client.ts';
import type { Person } from './visit.ts';

export type Access = 'manage' | 'less' | 'untold';

const WRITERS = ['CAN_MANAGE', 'IS_OWNER'];

/**
 * Whether somebody who is no admin may change a job. Who may ask is documented nowhere, so a refusal tells nothing.
 * @throws what is neither an answer nor a refusal
 */
export async function readAccess(client: ApiClient, id: string, person: Person): Promise<Access> {
  const path = `/api/2.0/permissions/jobs/${encodeURIComponent(id)}`;
  try {
    const { body } = await client.send({ method: 'GET', path, delivery: 'repeat' });
    return accessIn(asList(asObject(body)['access_control_list']).map(asObject), person);
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500) return 'untold';
    throw error;
  }
}

/** A group that is not shown as ours may be one that holds one of ours. */
function accessIn(entries: readonly JsonObject[], person: Person): Access {
  const writers = entries.filter(mayWrite);
  if (writers.some((entry) => isAbout(entry, person))) return 'manage';
  const isOpen = writers.length === 0 || writers.some((entry) => isForeignGroup(entry));
  return isOpen ? 'untold' : 'less';
}

function mayWrite(entry: JsonObject): boolean {
  const levels = asList(entry['all_permissions']).map((one) => asText(asObject(one)['permission_level']));
  return levels.some((level) => WRITERS.includes(level));
}

function isAbout(entry: JsonObject, { userName, groups }: Person): boolean {
  const name = asText(entry['user_name']) || asText(entry['service_principal_name']);
  return name.toLowerCase() === userName.toLowerCase() || groups.includes(asText(entry['group_name']) || ' ');
}

/** That we are no admin is known by then. */
function isForeignGroup(entry: JsonObject): boolean {
  const group = asText(entry['group_name']);
  return group !== '' && group !== 'admins';
}
