import { scattered } from './arbitrary.ts';
import { isJsonList, isObject, type Json, type JsonObject, listAt, objectAt, omit, textAt } from './json.ts';

/** jobs/get and jobs/list page and cut these at 100 elements. */
export const PAGED_LISTS = ['tasks', 'job_clusters', 'environments', 'parameters'] as const;

const JOB_DEFAULTS: JsonObject = {
  name: 'Untitled',
  email_notifications: {},
  webhook_notifications: {},
  timeout_seconds: 0,
  max_concurrent_runs: 1,
};

const TASK_DEFAULTS: JsonObject = { run_if: 'ALL_SUCCESS', email_notifications: {}, timeout_seconds: 0 };

/** The form in which the server keeps settings: defaults filled in, empty lists dropped, unknown keys kept. */
export function storedSettings(settings: JsonObject): JsonObject {
  const filled = { ...JOB_DEFAULTS, ...withoutEmpties(omit(settings, ['format', 'access_control_list'])) };
  return withTasks(sortWebhooks(filled), storedTask);
}

/**
 * What a read answers: webhook lists in arbitrary order, input-only fields gone.
 * @param isWhole false for the later pages of jobs/get, which hold nothing but lists.
 */
export function shownSettings(settings: JsonObject, salt: string, isWhole = true): JsonObject {
  const shown = { ...omit(settings, ['run_as']), ...(isWhole ? { format: 'MULTI_TASK' } : {}) };
  const tasks = withTasks(scatterWebhooks(shown, salt), (task) => shownTask(task, salt));
  const clusters = listAt(settings, 'job_clusters');
  return clusters.length === 0 ? tasks : { ...tasks, job_clusters: clusters.map(withoutInputOnly) };
}

/** One place that can hold notifications: the job, a task, or the task inside a for-each task. */
type Level = { readonly where: string; readonly block: JsonObject };

export function levelsOf(settings: JsonObject): readonly Level[] {
  const tasks = listAt(settings, 'tasks').filter(isObject);
  return [{ where: 'job', block: settings }, ...tasks.flatMap((task) => taskLevels(task))];
}

function taskLevels(task: JsonObject): readonly Level[] {
  const level = { where: `task '${textAt(task, 'task_key') ?? ''}'`, block: task };
  const nested = objectAt(task, 'for_each_task')['task'];
  return isObject(nested) ? [level, ...taskLevels(nested)] : [level];
}

function storedTask(task: JsonObject): JsonObject {
  const filled = sortWebhooks({ ...TASK_DEFAULTS, ...task });
  const depends = task['depends_on'];
  const sorted = isJsonList(depends) ? { ...filled, depends_on: [...depends].sort(byTaskKey) } : filled;
  return withNested(sorted, storedTask);
}

function shownTask(task: JsonObject, salt: string): JsonObject {
  const shown = withoutInputOnly(scatterWebhooks(task, salt));
  return isObject(shown) ? withNested(shown, (nested) => scatterWebhooks(nested, salt)) : task;
}

function withTasks(settings: JsonObject, change: (task: JsonObject) => JsonObject): JsonObject {
  const tasks = settings['tasks'];
  if (!isJsonList(tasks)) return settings;
  return { ...settings, tasks: tasks.map((task) => (isObject(task) ? change(task) : task)) };
}

function withNested(task: JsonObject, change: (task: JsonObject) => JsonObject): JsonObject {
  const loop = objectAt(task, 'for_each_task');
  const nested = loop['task'];
  return isObject(nested) ? { ...task, for_each_task: { ...loop, task: change(nested) } } : task;
}

function sortWebhooks(level: JsonObject): JsonObject {
  return mapWebhookLists(level, (list) => [...list].sort((a, b) => (webhookId(a) < webhookId(b) ? -1 : 1)));
}

function scatterWebhooks(level: JsonObject, salt: string): JsonObject {
  const lists = Object.values(objectAt(level, 'webhook_notifications'));
  if (!lists.some((list) => isJsonList(list) && list.length > 1)) return level;
  return mapWebhookLists(level, (list) => scattered(list, salt));
}

function mapWebhookLists(level: JsonObject, change: (list: readonly Json[]) => readonly Json[]): JsonObject {
  const block = level['webhook_notifications'];
  if (!isObject(block)) return level;
  const events = Object.entries(block).map(([event, list]) => [
    event,
    isJsonList(list) ? change(list) : list,
  ]);
  return { ...level, webhook_notifications: Object.fromEntries(events) };
}

function webhookId(webhook: Json): string {
  return isObject(webhook) ? (textAt(webhook, 'id') ?? '') : '';
}

function byTaskKey(a: Json, b: Json): number {
  const key = (value: Json): string => (isObject(value) ? (textAt(value, 'task_key') ?? '') : '');
  return key(a) < key(b) ? -1 : 1;
}

/** An unset field of a protocol buffer: null, or a list without elements. */
function withoutEmpties(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([, member]) => !isUnset(member));
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutEmptiesInside(member)]));
}

function withoutEmptiesInside(value: Json): Json {
  if (isJsonList(value)) return value.map(withoutEmptiesInside);
  return isObject(value) ? withoutEmpties(value) : value;
}

function isUnset(value: Json): boolean {
  return value === null || (isJsonList(value) && value.length === 0);
}

/** Settings are never changed in place, and are read again and again. */
const SHOWN = new WeakMap<JsonObject, Json>();

/** `apply_policy_default_values` is accepted in every cluster specification and never returned. */
function withoutInputOnly(value: Json): Json {
  if (isJsonList(value)) return value.map(withoutInputOnly);
  if (!isObject(value)) return value;
  const shown = SHOWN.get(value) ?? withoutInputOnlyIn(value);
  SHOWN.set(value, shown);
  return shown;
}

function withoutInputOnlyIn(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([key]) => key !== 'apply_policy_default_values');
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutInputOnly(member)]));
}
