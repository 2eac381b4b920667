import { IdRef, type Value } from '../../core/value.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';

/** Blocks of a task that hold people who are sent a result, with the way to each list; its members may be destinations. */
const LISTS: readonly (readonly [block: string, ...way: string[]])[] = [
  ['sql_task', 'alert', 'subscriptions'],
  ['sql_task', 'dashboard', 'subscriptions'],
  ['alert_task', 'subscribers'],
  ['dashboard_task', 'subscription', 'subscribers'],
];

/** The destinations among them, by field path within the task: `alert_task.subscribers` -> ids. */
export function subscribedDestinations(task: JsonObject): Record<string, Value> {
  return Object.fromEntries(
    LISTS.flatMap((way) => {
      const ids = asList(listAt(task, way)).map(destinationOf);
      const named = ids.filter((id) => id !== '').map((id) => new IdRef('destination', id));
      return named.length === 0 ? [] : [[way.join('.'), named] as const];
    }),
  );
}

export function isSubscription(block: string): boolean {
  return LISTS.some(([first]) => first === block);
}

/** The block with these destinations in the list, and everything else in it as it came: users, unknown keys, order. */
export function composeSubscriptions(before: JsonObject, field: string, ids: readonly string[]): JsonObject {
  return withList(before, field.split('.'), (list) => {
    const known = new Set(list.map(destinationOf));
    const kept = list.filter((item) => destinationOf(item) === '' || ids.includes(destinationOf(item)));
    return [...kept, ...ids.filter((id) => !known.has(id)).map((id) => ({ destination_id: id }))];
  });
}

function withList(
  block: JsonObject,
  [key = '', ...way]: readonly string[],
  change: (list: readonly Json[]) => readonly Json[],
): JsonObject {
  const inner = block[key];
  return {
    ...block,
    [key]: way.length === 0 ? change(asList(inner)) : withList(asObject(inner), way, change),
  };
}

function listAt(task: JsonObject, way: readonly string[]): Json | undefined {
  return way.reduce<Json | undefined>((inner, key) => asObject(inner)[key], task);
}

function destinationOf(item: Json): string {
  return asText(asObject(item)['destination_id']);
}
