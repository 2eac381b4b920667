import type { Obstacle } from './resource.ts';

/** Who writes, as signing in tells. */
export type Writer = {
  readonly userName: string;
  /** Whether the `admins` group is among `groups`; those that hold others may be missing there. */
  readonly isAdmin: boolean;
  readonly groups: readonly string[];
  /** Address of the workspace, without a slash at its end. */
  readonly host: string;
};

/**
 * What a write of an object takes, besides being a workspace admin, who may write everything. `levels`: one of `writes` on
 * the object; `others` are the levels that are known not to be enough. `page`: path of the object's page in the workspace.
 */
export type AccessNeed =
  | { readonly need: 'admin' }
  | {
      readonly need: 'level';
      readonly writes: readonly string[];
      readonly others: readonly string[];
      readonly page: (id: string) => string;
    };

export type Levels = Extract<AccessNeed, { need: 'level' }>;

/** `no` only where that is sure. */
export type Access = 'yes' | 'no' | 'unknown';

/**
 * Reads an answer of the permissions API, for somebody who is no workspace admin. A group that signing in does not show
 * may be one that holds another: whoever it lets write, it proves nothing about us.
 */
export function accessOf(answer: unknown, levels: Levels, writer: Writer): Access {
  const list = isObject(answer) ? answer['access_control_list'] : undefined;
  if (!Array.isArray(list)) return 'unknown';
  const entries = list.map((entry: unknown) => readEntry(entry, levels, writer));
  const verdicts = entries.map(judgeEntry);
  if (verdicts.includes('yes')) return 'yes';
  // Somebody may always write an object: a list that names nobody is not the whole of it.
  const isWhole = entries.some(({ level }) => level === 'writes');
  return isWhole && !verdicts.includes('unknown') ? 'no' : 'unknown';
}

type Member = 'us' | 'others' | 'unknown';
type Read = { readonly member: Member; readonly level: 'writes' | 'less' | 'unknown' };

function readEntry(entry: unknown, levels: Levels, writer: Writer): Read {
  if (!isObject(entry)) return { member: 'unknown', level: 'unknown' };
  return { member: memberOf(entry, writer), level: levelOf(entry['all_permissions'], levels) };
}

function judgeEntry({ member, level }: Read): Access {
  if (member === 'others' || level === 'less') return 'no';
  return member === 'us' && level === 'writes' ? 'yes' : 'unknown';
}

function memberOf(entry: Readonly<Record<string, unknown>>, { userName, groups }: Writer): Member {
  const name = entry['user_name'] ?? entry['service_principal_name'];
  if (typeof name === 'string') return holderOf(name, userName);
  const group = entry['group_name'];
  if (typeof group !== 'string') return 'unknown';
  if (groups.includes(group)) return 'us';
  // Whoever is asked about here is known to be no admin.
  return group === 'admins' ? 'others' : 'unknown';
}

/** People go by an e-mail address, service principals by their application id; of another name, a list may have another form. */
const KNOWN_NAME = /@|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function holderOf(name: string, userName: string): Member {
  if (name.toLowerCase() === userName.toLowerCase()) return 'us';
  return KNOWN_NAME.test(userName) ? 'others' : 'unknown';
}

function levelOf(permissions: unknown, { writes, others }: Levels): Read['level'] {
  if (!Array.isArray(permissions) || permissions.length === 0) return 'unknown';
  const levels = permissions.map((one: unknown) => (isObject(one) ? String(one['permission_level']) : ''));
  if (levels.some((level) => writes.includes(level))) return 'writes';
  return levels.every((level) => others.includes(level)) ? 'less' : 'unknown';
}

/** An object that this identity surely may not write; `id` is null where it is to be made. */
export type Barred = { readonly kind: string; readonly display: string; readonly id: string | null };

/** Why nothing is sent: Databricks would refuse it. */
export function notPermitted(barred: Barred, need: AccessNeed, { userName, host }: Writer): Obstacle {
  const { kind, display, id } = barred;
  const what = `${kind} "${display}"${id === null ? '' : ` (${id})`}`;
  if (need.need === 'admin') {
    const message = `${userName} may not write the ${what}: that takes a workspace admin`;
    const hint = `apply as a workspace admin, or add ${userName} to the group admins of ${host}`;
    return { reason: 'no-permission', message, hint };
  }
  const message = `${userName} may not write the ${what}: that takes ${need.writes.join(' or ')} on it`;
  const where = id === null ? host : `${host}${need.page(id)}`;
  const [grant = ''] = need.writes;
  const hint = `give ${grant} on it to ${userName}, under Permissions of ${where}; or apply as somebody who has it`;
  return { reason: 'no-permission', message, hint };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
