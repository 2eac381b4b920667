import { asList, asObject, asText, type ApiClient, type Json } from '../client.ts';
import type { Pointer } from '../kind.ts';
import { listWhole } from './list.ts';
import type { Get } from './look-up.ts';
import { observeJob } from './observe.ts';
import { pointersOf } from './pointers.ts';
import { slimJob } from './slim.ts';
import type { Pointing } from './survey.ts';

/**
 * Every place in every job that points at a destination. Rows of a list are believed once one of them shows a
 * webhook block, which proves that lists carry it; otherwise, and where a row is cut off at 100 tasks, each job is read.
 * @param known what a pass over the same list has found already.
 */
export async function findJobUsers(
  client: ApiClient,
  get: Get,
  known?: Pointing,
): Promise<readonly Pointer[]> {
  if (known?.isBelieved === true) {
    const cut = await Promise.all([...known.cut].map((id) => get(id)));
    return [...known.pointers, ...cut.flatMap(usersOf)];
  }
  const rows: Json[] = [];
  for await (const page of listWhole(client)) {
    rows.push(...asList(page['jobs']).map(slimJob));
  }
  const isProven = rows.some((row) => hasJobLevelUse(row));
  const read = (row: Json): Promise<Json | null> =>
    isProven && !isCut(row) ? Promise.resolve(row) : get(asText(asObject(row)['job_id']));
  const whole = await Promise.all(rows.map(read));
  return whole.flatMap(usersOf);
}

function hasJobLevelUse(row: Json): boolean {
  return observeJob(row).uses.some(({ place }) => place.startsWith('webhook_notifications.'));
}

function isCut(row: Json): boolean {
  return asObject(row)['has_more'] === true;
}

function usersOf(raw: Json | null): readonly Pointer[] {
  return raw === null ? [] : pointersOf(observeJob(raw));
}
