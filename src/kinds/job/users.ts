import { asList, asObject, asText, type ApiClient, type Json } from '../client.ts';
import type { Pointer } from '../kind.ts';
import { observeJob } from './observe.ts';

/**
 * Every place in every job that points at a destination. Rows of a list are believed once one of them shows a
 * webhook block, which proves that lists carry it; otherwise, and where a row is cut off at 100 tasks, each job is read.
 */
export async function findJobUsers(
  client: ApiClient,
  get: (id: string) => Promise<Json | null>,
): Promise<readonly Pointer[]> {
  const rows: Json[] = [];
  for await (const page of client.pages('/api/2.2/jobs/list', { limit: 100, expand_tasks: true })) {
    rows.push(...asList(page['jobs']).map(slim));
  }
  const isProven = rows.some((row) => hasJobLevelUse(row));
  const read = (row: Json): Promise<Json | null> =>
    isProven && !isCut(row) ? Promise.resolve(row) : get(asText(asObject(row)['job_id']));
  const whole = await Promise.all(rows.map(read));
  return whole.flatMap((raw) => (raw === null ? [] : usersOf(raw)));
}

/** Only what a scan needs is kept while thousands of rows go by. */
function slim(raw: Json): Json {
  const { job_id, settings, has_more } = asObject(raw);
  const { name, webhook_notifications, tasks } = asObject(settings);
  const kept = {
    name: name ?? null,
    webhook_notifications: webhook_notifications ?? null,
    tasks: tasks ?? null,
  };
  return { job_id: job_id ?? null, has_more: has_more ?? null, settings: kept };
}

function hasJobLevelUse(row: Json): boolean {
  return observeJob(row).uses.some(({ place }) => place.startsWith('webhook_notifications.'));
}

function isCut(row: Json): boolean {
  return asObject(row)['has_more'] === true;
}

function usersOf(raw: Json): readonly Pointer[] {
  const { id, name, uses } = observeJob(raw);
  return uses.map((use) => ({ ...use, user: `job/${id}`, name, page: `/jobs/${encodeURIComponent(id)}` }));
}
