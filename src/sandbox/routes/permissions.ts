import { type Answer, ok } from '../answer.ts';
import type { JsonObject } from '../json.ts';
import type { Call, Route } from '../route.ts';
import { holds, type Identity, type Job } from '../workspace.ts';
import { canManage, canView, jobIdFrom, notFound, notPermitted } from './jobs.ts';

/** Who may do what with a job. Whether more than its managers may ask is `permissionsShown`. */
export const PERMISSION_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/api/2.0/permissions/jobs/{id}', answer: jobPermissions },
];

function jobPermissions(call: Call): Answer {
  const id = jobIdFrom(call.params['id']);
  const job = call.world.workspace.jobs.get(id);
  if (!call.identity.isAdmin && (job === undefined || !mayAsk(call, job)))
    throw notPermitted(call, 'Manage', id);
  if (job === undefined) throw notFound(id);
  const own = call.world.workspace.identities.flatMap((identity) => entriesOf(identity, job));
  return ok({
    object_id: `/jobs/${id}`,
    object_type: 'job',
    access_control_list: [...own, ADMINS],
  });
}

function mayAsk(call: Call, job: Job): boolean {
  return call.world.behaviour.permissionsShown === 'viewers' ? canView(call, job) : canManage(call, job);
}

const ADMINS: JsonObject = {
  group_name: 'admins',
  all_permissions: [{ permission_level: 'CAN_MANAGE', inherited: true, inherited_from_object: ['/jobs/'] }],
};

function entriesOf(identity: Identity, job: Job): readonly JsonObject[] {
  const level = levelOf(identity, job);
  if (level === undefined) return [];
  const { name } = identity;
  // A service principal is called by its application id.
  const who: JsonObject = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name)
    ? { service_principal_name: name }
    : { user_name: name };
  return [{ ...who, all_permissions: [{ permission_level: level, inherited: false }] }];
}

function levelOf({ name, managedJobs, viewedJobs }: Identity, job: Job): string | undefined {
  if (job.creator === name) return 'IS_OWNER';
  if (holds(managedJobs, job.id)) return 'CAN_MANAGE';
  return holds(viewedJobs, job.id) ? 'CAN_VIEW' : undefined;
}
