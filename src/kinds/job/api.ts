import { InternalError, NotFoundError } from '../../core/errors.ts';
import { asList, asObject, exactNumber, type ApiClient, type Json, type JsonObject } from '../client.ts';
import type { KindApi, Write } from '../kind.ts';
import { composeSettings } from './compose.ts';
import { findJobs } from './find.ts';
import { listWhole } from './list.ts';
import { type Pointing, surveyJobs } from './survey.ts';
import { findJobUsers } from './users.ts';

/** `jobs/get` pages these four arrays by 100 elements; on later pages the others come back empty. */
const PAGED_ARRAYS = ['tasks', 'job_clusters', 'environments', 'parameters'];

export function connectJobs(client: ApiClient): KindApi {
  const get = (id: string): Promise<Json | null> => getJob(client, id);
  // A plan lists all jobs at most once, so who points at destinations is kept from the pass that was made for it.
  let pointing: Pointing | undefined;
  let begun: AsyncIterable<JsonObject> | undefined;
  return {
    begin: () => {
      begun = listWhole(client, { isBegun: true });
    },
    find: async (wanted, hints) => {
      pointing = undefined;
      if (hints.survey === undefined) return findJobs(client, { wanted, hints, get });
      const pages = begun ?? listWhole(client);
      begun = undefined;
      const found = await surveyJobs(pages, { ...hints, wanted, survey: hints.survey, get });
      pointing = found.pointing;
      return found.listing;
    },
    get,
    create: () => Promise.reject(new InternalError('lakebell never creates jobs')),
    update: (write) => updateJob(client, write),
    remove: () => Promise.reject(new InternalError('lakebell never deletes jobs')),
    permissions: (id) => getPermissions(client, id),
    users: () => findJobUsers(client, get, pointing),
  };
}

async function getJob(client: ApiClient, id: string): Promise<Json | null> {
  try {
    return await readPages(client, id);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

async function getPermissions(client: ApiClient, id: string): Promise<Json> {
  const path = `/api/2.0/permissions/jobs/${encodeURIComponent(id)}`;
  return (await client.send({ method: 'GET', path, delivery: 'repeat' })).body;
}

async function readPages(client: ApiClient, id: string): Promise<Json> {
  let whole: JsonObject | undefined;
  for await (const page of client.pages('/api/2.2/jobs/get', { job_id: id })) {
    whole =
      whole === undefined ? page : { ...whole, settings: joinArrays(settingsOf(whole), settingsOf(page)) };
  }
  const { next_page_token: _token, ...job } = whole ?? {};
  return job;
}

function joinArrays(first: JsonObject, later: JsonObject): JsonObject {
  const joined = PAGED_ARRAYS.filter((key) => asList(later[key]).length > 0).map((key) => [
    key,
    [...asList(first[key]), ...asList(later[key])],
  ]);
  return { ...first, ...(Object.fromEntries(joined) as JsonObject) };
}

async function updateJob(client: ApiClient, write: Write): Promise<void> {
  const settings = composeSettings(settingsOf(asObject(write.fresh)), write.spec, write.changed);
  const body: JsonObject = {
    job_id: exactNumber(write.id),
    ...(Object.keys(settings.new_settings).length > 0 ? { new_settings: settings.new_settings } : {}),
    ...(settings.fields_to_remove.length > 0 ? { fields_to_remove: settings.fields_to_remove } : {}),
  };
  await client.send({ method: 'POST', path: '/api/2.2/jobs/update', body, delivery: 'repeat' });
}

function settingsOf(job: JsonObject): JsonObject {
  return asObject(job['settings']);
}
