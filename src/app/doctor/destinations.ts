import type { Finding } from '../../core/doctor.ts';
import { probe } from './finding.ts';
import type { Ward } from './visit.ts';

const ABOUT = { group: 'permissions', code: 'destinations', title: 'Notification destinations' } as const;

/** Everybody may list them; only admins make, change and delete them. */
export function destinationFindings(ward: Ward): Promise<readonly Finding[]> {
  return probe(ABOUT, async () => {
    const query = { page_size: 1 };
    const path = '/api/2.0/notification-destinations';
    await ward.client.send({ method: 'GET', path, query, delivery: 'repeat' });
    return [judged(ward)];
  });
}

function judged({ person, loaded }: Ward): Finding {
  const { userName, isAdmin } = person;
  if (isAdmin === true) return { ...ABOUT, status: 'ok', detail: 'can be listed, made, changed and deleted' };
  const declared = loaded?.resources.filter(({ kind, isExisting }) => kind === 'destination' && !isExisting);
  if (declared?.length === 0)
    return { ...ABOUT, status: 'ok', detail: 'can be listed; the configuration makes none' };
  const asked = declared === undefined ? '' : `, and the configuration declares ${declared.length}`;
  const remedy = `apply as a workspace admin, or add ${userName} to the group \`admins\`; for an identity that only plans, this is as it should be`;
  if (isAdmin === undefined) {
    const detail = `can be listed; whether they can be changed is not known, as only admins may${asked}`;
    return { ...ABOUT, status: 'unknown', detail, remedy };
  }
  const detail = `can be listed and not changed: only admins may${asked}`;
  return { ...ABOUT, status: declared === undefined ? 'warning' : 'problem', detail, remedy };
}
