import { deployed, type Deployment } from '../../core/bundle.ts';
import type { Observed, Use } from '../../core/resource.ts';
import { IdRef, type Value } from '../../core/value.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';
import { featuresOf } from './features.ts';
import { JOB_LEVEL, nestedLevel, taskLevel, type Level } from './level.ts';
import type { TaskNature } from './shape.ts';

/** A job as `jobs/get` or a row of `jobs/list` shows it. */
export function observeJob(raw: Json): Observed {
  const object = asObject(raw);
  const settings = asObject(object['settings']);
  return {
    id: asText(object['job_id']),
    name: asText(settings['name']),
    traits: {},
    spec: {
      ...specOfLevel(settings, JOB_LEVEL),
      ...Object.assign({}, ...asList(settings['tasks']).map((task) => specOfTask(asObject(task)))),
    },
    gaps: [],
    ...deployed('job', deploymentOf(settings)),
    uses: [
      ...usesOfLevel(settings, ''),
      ...asList(settings['tasks']).flatMap((task) => usesOfTask(asObject(task))),
    ],
    features: featuresOf(raw),
  };
}

/** Beside its fields a task has a marker, `tasks.load`, that says what it is like; a field path of an absent task has none. */
function specOfTask(task: JsonObject): Record<string, Value> {
  const level = taskLevel(asText(task['task_key']));
  const nested = asObject(task['for_each_task'])['task'];
  return {
    [markerOf(level)]: natureOf(task),
    ...specOfLevel(task, level),
    ...(nested === undefined ? {} : specOfNested(asObject(nested), nestedLevel(level.task))),
  };
}

function specOfNested(task: JsonObject, level: Level): Record<string, Value> {
  return { [markerOf(level)]: natureOf(task), ...specOfLevel(task, level) };
}

function markerOf({ prefix }: Level): string {
  return prefix.slice(0, -1);
}

/** The outer task of a for-each is sent with the one inside it, so a policy there counts for both. */
function natureOf(task: JsonObject): TaskNature {
  const nested = asObject(asObject(task['for_each_task'])['task']);
  if (task['condition_task'] !== undefined) return 'condition';
  const isBound = [task, nested].some((one) => asText(asObject(one['new_cluster'])['policy_id']) !== '');
  return isBound ? 'policy' : 'plain';
}

function specOfLevel(level: JsonObject, { prefix }: Level): Record<string, Value> {
  const fields = { ...emails(level), ...webhooks(level), ...flags(level), ...health(level) };
  return Object.fromEntries(Object.entries(fields).map(([path, value]) => [prefix + path, value]));
}

function emails(settings: JsonObject): Record<string, Value> {
  return events(settings, 'email_notifications', asText);
}

function webhooks(settings: JsonObject): Record<string, Value> {
  return events(
    settings,
    'webhook_notifications',
    (item) => new IdRef('destination', asText(asObject(item)['id'])),
  );
}

/** The list of events is open: whatever is called `on_…` and holds a list is one. */
function events(
  settings: JsonObject,
  block: string,
  read: (item: Json) => string | IdRef,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(asObject(settings[block]))
      .filter(([event, list]) => event.startsWith('on_') && Array.isArray(list))
      .map(([event, list]) => [`${block}.${event}`, asList(list).map(read)]),
  );
}

function flags(settings: JsonObject): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(asObject(settings['notification_settings'])).map(([flag, value]) => [
      `notification_settings.${flag}`,
      value === true,
    ]),
  );
}

function health(settings: JsonObject): Record<string, Value> {
  return Object.fromEntries(
    asList(asObject(settings['health'])['rules']).map((rule) => {
      const { metric, value } = asObject(rule);
      return [`health.${asText(metric)}`, threshold(value)];
    }),
  );
}

/** An int64: may come as text, is left out where it is 0, and is text here where a double cannot hold it. */
function threshold(value: Json | undefined): number | string {
  const number = Number(asText(value));
  return Number.isSafeInteger(number) ? number : asText(value);
}

function deploymentOf(settings: JsonObject): Deployment {
  const deployment = asObject(settings['deployment']);
  return { kind: asText(deployment['kind']), metadataPath: asText(deployment['metadata_file_path']) };
}

/** Every destination that a task points at; the API refuses any write to a job while one of them does not exist. */
function usesOfTask(task: JsonObject): readonly Use[] {
  const place = `tasks.${asText(task['task_key'])}.`;
  const nested = asObject(asObject(task['for_each_task'])['task']);
  return [
    ...usesOfLevel(task, place),
    ...usesOfLevel(nested, `${place}for_each.`),
    ...[task, nested].flatMap((level) => subscribers(level, place)),
  ];
}

function usesOfLevel(level: JsonObject, place: string): readonly Use[] {
  return Object.entries(asObject(level['webhook_notifications'])).flatMap(([event, list]) =>
    asList(list).map((item) => use(asText(asObject(item)['id']), `${place}webhook_notifications.${event}`)),
  );
}

/** SQL, alert and dashboard tasks have subscribers of their own, which may be destinations. */
function subscribers(task: JsonObject, place: string): readonly Use[] {
  const sql = asObject(task['sql_task']);
  const lists: readonly [string, Json | undefined][] = [
    ['sql_task.alert', asObject(sql['alert'])['subscriptions']],
    ['sql_task.dashboard', asObject(sql['dashboard'])['subscriptions']],
    ['alert_task', asObject(task['alert_task'])['subscribers']],
    ['dashboard_task', asObject(asObject(task['dashboard_task'])['subscription'])['subscribers']],
  ];
  return lists.flatMap(([where, list]) =>
    asList(list)
      .map((item) => asText(asObject(item)['destination_id']))
      .filter((id) => id !== '')
      .map((id) => use(id, `${place}${where}`)),
  );
}

function use(id: string, place: string): Use {
  return { kind: 'destination', id, place };
}
