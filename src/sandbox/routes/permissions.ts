import { type Answer, denied, invalid, missing, ok } from '../answer.ts';
import type { Granted, Group } from '../group.ts';
import { integerText, type JsonObject } from '../json.ts';
import type { Call, Route } from '../route.ts';
import { holds, type Identity } from '../identity.ts';

const PATH = '/api/2.0/permissions';

/** Who may do what with a job or a pipeline. Whether more than its managers may ask is `permissionsShown`. */
export const PERMISSION_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${PATH}/jobs/{id}`, answer: jobPermissions },
  { method: 'GET', path: `${PATH}/pipelines/{id}`, answer: pipelinePermissions },
];

type Grants = { readonly manages: Granted; readonly views: Granted };

/** Something with permissions of its own; `may` are the grants on things of its type. */
type Subject = {
  readonly id: string;
  readonly creator: string;
  readonly type: 'job' | 'pipeline';
  readonly may: (holder: Identity | Group) => Grants;
};

function jobPermissions(call: Call): Answer {
  const id = integerText(call.params['id']);
  if (id === undefined) throw invalid('The job id must be a whole number.');
  const job = call.world.workspace.jobs.get(id);
  const subject: Subject = { id, creator: job?.creator ?? '', type: 'job', may: jobGrants };
  // Permission comes before existence.
  if (!call.identity.isAdmin && (job === undefined || !mayAsk(call, subject)))
    throw notPermitted(call, subject);
  if (job === undefined) throw invalid(`Job ${id} does not exist.`);
  return permissions(call, subject);
}

function pipelinePermissions(call: Call): Answer {
  const id = call.params['id'] ?? '';
  const pipeline = call.world.workspace.pipelines.get(id);
  if (pipeline === undefined) throw missing(`The specified pipeline ${id} was not found.`);
  const subject: Subject = { id, creator: pipeline.creator, type: 'pipeline', may: pipelineGrants };
  if (!call.identity.isAdmin && !mayAsk(call, subject)) throw notPermitted(call, subject);
  return permissions(call, subject);
}

function jobGrants(holder: Identity | Group): Grants {
  return { manages: holder.managedJobs, views: 'viewedJobs' in holder ? holder.viewedJobs : new Set() };
}

function pipelineGrants(holder: Identity | Group): Grants {
  const views = 'viewedPipelines' in holder ? holder.viewedPipelines : new Set<string>();
  return { manages: holder.managedPipelines, views };
}

function mayAsk({ identity, world }: Call, { id, creator, may }: Subject): boolean {
  const holders = [identity, ...identity.groups];
  const isManager = creator === identity.name || holders.some((one) => holds(may(one).manages, id));
  return isManager || (world.behaviour.permissionsShown === 'viewers' && holds(may(identity).views, id));
}

function permissions(call: Call, subject: Subject): Answer {
  const { identities, groups } = call.world.workspace;
  const others = identities.filter(({ name }) => name !== subject.creator);
  return ok({
    object_id: `/${subject.type}s/${subject.id}`,
    object_type: subject.type,
    access_control_list: [
      entry(memberNamed(subject.creator), 'IS_OWNER'),
      ...others.flatMap((identity) => entriesOf(memberNamed(identity.name), subject, identity)),
      ...groups.flatMap((group) => entriesOf({ group_name: group.name }, subject, group)),
      inherited({ group_name: 'admins' }, subject),
    ],
  });
}

function entriesOf(member: JsonObject, { id, may }: Subject, holder: Identity | Group): JsonObject[] {
  const { manages, views } = may(holder);
  if (holds(manages, id)) return [entry(member, 'CAN_MANAGE')];
  return holds(views, id) ? [entry(member, 'CAN_VIEW')] : [];
}

/** A service principal goes by its application id. */
function memberNamed(name: string): JsonObject {
  const isPrincipal = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name);
  return isPrincipal ? { service_principal_name: name } : { user_name: name };
}

function entry(member: JsonObject, level: string): JsonObject {
  return { ...member, all_permissions: [{ permission_level: level, inherited: false }] };
}

function inherited(member: JsonObject, { type }: Subject): JsonObject {
  const from = { inherited: true, inherited_from_object: [`/${type}s/`] };
  return { ...member, all_permissions: [{ permission_level: 'CAN_MANAGE', ...from }] };
}

function notPermitted({ identity }: Call, { type, id }: Subject): ReturnType<typeof denied> {
  return denied(`User ${identity.name} does not have Manage permissions on ${type} ${id}.`);
}
