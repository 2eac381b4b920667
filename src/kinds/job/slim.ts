import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';
import { TRIGGERS } from './features.ts';
import { BLOCKS } from './shape.ts';

/** Where tasks of these kinds name destinations. */
const SUBSCRIBING = ['sql_task', 'alert_task', 'dashboard_task'] as const;

/** A job as far as anything here looks at it: thousands of rows are kept while a list is read. */
export function slimJob(raw: Json): JsonObject {
  const job = asObject(raw);
  const settings = asObject(job['settings']);
  const tasks = asList(settings['tasks']);
  return {
    ...pick(job, ['job_id', 'creator_user_name', 'has_more']),
    settings: {
      ...pick(settings, ['name', 'deployment']),
      ...filled(settings, ['tags', ...BLOCKS]),
      ...Object.fromEntries(TRIGGERS.filter((key) => settings[key] !== undefined).map((key) => [key, {}])),
      ...(tasks.length === 0 ? {} : { tasks: tasks.map((task) => slimTask(asObject(task))) }),
    },
  };
}

/** Whether a job may point at a destination, told without looking at what it says: most jobs do not. */
export function pointsAnywhere(raw: Json): boolean {
  const settings = asObject(asObject(raw)['settings']);
  return mayPoint(settings) || asList(settings['tasks']).some((task) => mayPoint(asObject(task)));
}

function mayPoint(level: JsonObject): boolean {
  if (Object.keys(asObject(level['webhook_notifications'])).length > 0) return true;
  return [...SUBSCRIBING, 'for_each_task'].some((key) => level[key] !== undefined);
}

function slimTask(task: JsonObject): JsonObject {
  const loop = asObject(task['for_each_task']);
  const policy = asText(asObject(task['new_cluster'])['policy_id']);
  return {
    ...pick(task, ['task_key', ...SUBSCRIBING]),
    ...filled(task, BLOCKS),
    ...(task['condition_task'] === undefined ? {} : { condition_task: {} }),
    ...(policy === '' ? {} : { new_cluster: { policy_id: policy } }),
    ...(loop['task'] === undefined ? {} : { for_each_task: { task: slimTask(asObject(loop['task'])) } }),
  };
}

function pick(from: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = from[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** Answers are full of empty blocks. */
function filled(from: JsonObject, keys: readonly string[]): JsonObject {
  return pick(
    from,
    keys.filter((key) => Object.keys(asObject(from[key])).length > 0),
  );
}
