import { InternalError, NotFoundError } from '../../core/errors.ts';
import { asObject, asText, exactNumber, type ApiClient, type Json, type JsonObject } from '../client.ts';
import type { KindApi, Write } from '../kind.ts';
import { composeNotifications } from './compose.ts';
import { findPipelines } from './find.ts';

const PATH = '/api/2.0/pipelines';
/** What an update takes and a `get` shows beside the spec, where it was set. */
const BESIDE_SPEC = ['parameters', 'run_as'];

export function connectPipelines(client: ApiClient): KindApi {
  return {
    find: (wanted) => findPipelines(client, wanted, (id) => getPipeline(client, id)),
    get: (id) => getPipeline(client, id),
    create: () => Promise.reject(new InternalError('lakebell never creates pipelines')),
    update: (write) => updatePipeline(client, write),
    remove: () => Promise.reject(new InternalError('lakebell never deletes pipelines')),
    permissions: (id) => getPermissions(client, id),
  };
}

async function getPipeline(client: ApiClient, id: string): Promise<Json | null> {
  try {
    const path = `${PATH}/${encodeURIComponent(id)}`;
    const { body } = await client.send({ method: 'GET', path, delivery: 'repeat' });
    return body;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

async function getPermissions(client: ApiClient, id: string): Promise<Json> {
  const path = `/api/2.0/permissions/pipelines/${encodeURIComponent(id)}`;
  return (await client.send({ method: 'GET', path, delivery: 'repeat' })).body;
}

/** A whole replacement: what is not sent is gone. It is refused where somebody has changed the pipeline since it was read. */
async function updatePipeline(client: ApiClient, write: Write): Promise<void> {
  const path = `${PATH}/${encodeURIComponent(write.id)}`;
  await client.send({ method: 'PUT', path, body: bodyOf(write), delivery: 'repeat' });
}

function bodyOf({ fresh, spec, changed }: Write): JsonObject {
  const read = asObject(fresh);
  const settings = asObject(read['spec']);
  const { notifications: before, ...others } = settings;
  const notifications = composeNotifications(before, spec, changed);
  const beside = Object.entries(read).filter(([key, value]) => BESIDE_SPEC.includes(key) && value !== null);
  return {
    // Left out, they are gone; an empty list is not known to be taken.
    ...(notifications.length === 0 ? others : { ...settings, notifications }),
    ...Object.fromEntries(beside),
    ...lastModified(asText(read['last_modified'])),
  };
}

function lastModified(digits: string): JsonObject {
  return /^\d+$/.test(digits) ? { expected_last_modified: exactNumber(digits) } : {};
}
