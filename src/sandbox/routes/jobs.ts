import { type Answer, denied, invalid, ok, Refusal } from '../answer.ts';
import { checkSettings } from '../job-checks.ts';
import { PAGED_LISTS, shownSettings } from '../job-settings.ts';
import { createdSettings, resetSettings, updatedSettings } from '../job-update.ts';
import {
  exactNumber,
  integerText,
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  omit,
  textAt,
} from '../json.ts';
import { cursorFrom, cutPage, pageSize, pageToken } from '../paging.ts';
import { type Call, jsonBody, type Route } from '../route.ts';
import { holds } from '../identity.ts';
import { type Job, newJob, runAsOf } from '../workspace.ts';

const PATH = '/api/2.2/jobs';
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const LIST_PAGE = 100;

/** Jobs 2.2. Every write checks the whole resulting job, and permission comes before existence. */
export const JOB_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${PATH}/list`, rate: 'list', answer: list },
  { method: 'GET', path: `${PATH}/get`, rate: 'get', answer: get },
  { method: 'POST', path: `${PATH}/create`, answer: create },
  { method: 'POST', path: `${PATH}/update`, rate: 'update', answer: update },
  { method: 'POST', path: `${PATH}/reset`, answer: reset },
  { method: 'POST', path: `${PATH}/delete`, answer: remove },
];

function list(call: Call): Answer {
  const { workspace } = call.world;
  const size = pageSize(call.query, { parameter: 'limit', usual: 20, max: 100 });
  const name = call.query.get('name')?.toLowerCase();
  const jobs = workspace.jobs
    .values()
    .filter((job) => canView(call, job))
    .filter((job) => name === undefined || textAt(job.settings, 'name')?.toLowerCase() === name);
  const cursor = cursorFrom('jobs', call.query.get('page_token'));
  const page = cutPage(jobs, size, { scope: 'jobs', cursor, offset: offsetOf(call), listing: 0 });
  const salt = nextSalt(call);
  return ok({
    ...(page.rows.length === 0 ? {} : { jobs: page.rows.map((job) => listedRow(call, job, salt)) }),
    ...(page.next === undefined ? {} : { next_page_token: page.next }),
    ...(page.previous === undefined ? {} : { prev_page_token: page.previous }),
  });
}

function get(call: Call): Answer {
  const id = jobIdFrom(call.query.get('job_id'));
  const truth = call.world.workspace.jobs.get(id);
  if (!call.identity.isAdmin && (truth === undefined || !canView(call, truth)))
    throw notPermitted(call, 'View', id);
  const job = call.world.workspace.jobs.read(id);
  if (job === undefined) throw notFound(id);
  const scope = `job ${id}`;
  const first = Number(cursorFrom(scope, call.query.get('page_token'))?.after ?? 0);
  const settings = shownSettings(slicesOf(job.settings, first), nextSalt(call), first === 0);
  const hasMore = PAGED_LISTS.some((key) => listAt(job.settings, key).length > first + LIST_PAGE);
  const more = { scope, after: String(first + LIST_PAGE), listing: 0 };
  return ok({
    ...(first === 0 ? { ...rowOf(job), run_as_user_name: job.runAs } : { job_id: exactNumber(id) }),
    settings,
    ...(hasMore ? { next_page_token: pageToken(more) } : {}),
  });
}

function create(call: Call): Answer {
  const { workspace, behaviour } = call.world;
  const settings = checked(call, createdSettings(bodyOf(call)));
  const job = newJob(workspace, settings, { creator: call.identity.name });
  workspace.jobs.set(job.id, job, behaviour.staleReads);
  return ok({ job_id: exactNumber(job.id) });
}

function update(call: Call): Answer {
  const { job, body } = managed(call);
  const fieldsToRemove = listAt(body, 'fields_to_remove');
  return store(call, job, updatedSettings(job.settings, objectAt(body, 'new_settings'), fieldsToRemove));
}

function reset(call: Call): Answer {
  const { job, body } = managed(call);
  if (!isObject(body['new_settings'])) throw invalid('Missing required field: new_settings');
  return store(call, job, resetSettings(job.settings, body['new_settings']));
}

function remove(call: Call): Answer {
  const { job } = managed(call);
  call.world.workspace.jobs.delete(job.id, call.world.behaviour.staleReads);
  return ok();
}

/** The job that a write is about. @throws Refusal (403) before (400) for a job that does not exist. */
function managed(call: Call): { readonly job: Job; readonly body: JsonObject } {
  const body = bodyOf(call);
  const id = jobIdFrom(body['job_id']);
  const job = call.world.workspace.jobs.get(id);
  if (!call.identity.isAdmin && (job === undefined || !canManage(call, job)))
    throw notPermitted(call, 'Manage', id);
  if (job === undefined) throw notFound(id);
  return { job, body };
}

function store(call: Call, job: Job, settings: JsonObject): Answer {
  const { workspace, behaviour } = call.world;
  const runAs = runAsOf(settings) ?? job.runAs;
  workspace.jobs.set(job.id, { ...job, runAs, settings: checked(call, settings) }, behaviour.staleReads);
  return ok();
}

function checked(call: Call, settings: JsonObject): JsonObject {
  checkSettings(settings, (id) => call.world.workspace.destinations.get(id) !== undefined);
  return settings;
}

function bodyOf(call: Call): JsonObject {
  if (call.bytes.length <= MAX_BODY_BYTES) return jsonBody(call);
  throw new Refusal(
    400,
    'MAX_REQUEST_SIZE_EXCEEDED',
    'The maximum allowed size of a request to the Jobs API is 10MB.',
  );
}

function listedRow(call: Call, job: Job, salt: string): JsonObject {
  const isExpanded = call.query.get('expand_tasks') === 'true';
  const hasMore = isExpanded && PAGED_LISTS.some((key) => listAt(job.settings, key).length > LIST_PAGE);
  const settings = omit(job.settings, [
    ...call.world.behaviour.listOmits,
    ...(isExpanded ? [] : PAGED_LISTS),
  ]);
  const shown = shownSettings(slicesOf(settings, 0), salt);
  return { ...rowOf(job), settings: shown, ...(hasMore ? { has_more: true } : {}) };
}

/** The first page holds everything else too; later ones hold remainders of lists alone. */
function slicesOf(settings: JsonObject, first: number): JsonObject {
  const slices = PAGED_LISTS.flatMap((key): [string, Json][] => {
    const slice = listAt(settings, key).slice(first, first + LIST_PAGE);
    return slice.length === 0 ? [] : [[key, slice]];
  });
  return { ...(first === 0 ? omit(settings, PAGED_LISTS) : {}), ...Object.fromEntries(slices) };
}

function rowOf(job: Job): JsonObject {
  return { job_id: exactNumber(job.id), creator_user_name: job.creator, created_time: job.createdMs };
}

/** Webhook lists come back in another order with every read. */
function nextSalt(call: Call): string {
  const { counters } = call.world.workspace;
  counters.reads += 1;
  return String(counters.reads);
}

export function canManage(call: Call, job: Job): boolean {
  const { identity } = call;
  const holders = [identity, ...identity.groups];
  const isHeld = holders.some(({ managedJobs }) => holds(managedJobs, job.id));
  return identity.isAdmin || job.creator === identity.name || isHeld;
}

export function canView(call: Call, job: Job): boolean {
  return canManage(call, job) || holds(call.identity.viewedJobs, job.id);
}

export function jobIdFrom(value: Json | undefined): string {
  const id = integerText(value);
  if (id === undefined) throw invalid('Missing or invalid required field: job_id');
  return id;
}

function offsetOf(call: Call): number {
  const offset = Number(call.query.get('offset') ?? 0);
  if (Number.isInteger(offset) && offset >= 0) return offset;
  throw invalid('offset must be a whole number of at least 0.');
}

export function notPermitted(call: Call, right: string, id: string): Refusal {
  return denied(`User ${call.identity.name} does not have ${right} permissions on job ${id}.`);
}

export function notFound(id: string): Refusal {
  return invalid(`Job ${id} does not exist.`);
}
