import { deployed, type Deployment } from '../../core/bundle.ts';
import type { Observed, Use } from '../../core/resource.ts';
import { IdRef, type Spec, type Value, membersOf } from '../../core/value.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';
import { featuresOf } from './features.ts';
import { JOB_LEVEL, nestedLevel, taskLevel, type Level } from './level.ts';
import type { TaskNature } from './shape.ts';
import { subscribedDestinations } from './subscribers.ts';

/** A job as `jobs/get` or a row of `jobs/list` shows it. */
export function observeJob(raw: Json): Observed {
  const object = asObject(raw);
  const settings = asObject(object['settings']);
  const spec = {
    ...specOfLevel(settings, JOB_LEVEL),
    ...Object.assign({}, ...asList(settings['tasks']).map((task) => specOfTask(asObject(task)))),
  };
  return {
    id: asText(object['job_id']),
    name: asText(settings['name']),
    traits: {},
    spec,
    gaps: [],
    ...deployed('job', deploymentOf(settings)),
    uses: usesIn(spec),
    features: featuresOf(raw),
  };
}

/** Every destination that a job points at; the API refuses any write to it while one of them does not exist. */
function usesIn(spec: Spec): readonly Use[] {
  return Object.entries(spec).flatMap(([place, value]) =>
    membersOf(value).flatMap((item) =>
      item instanceof IdRef && item.id !== '' ? [{ kind: item.kind, id: item.id, place }] : [],
    ),
  );
}

/** Beside its fields a task has a marker, `tasks.load`, that says what it is like; a field path of an absent task has none. */
function specOfTask(task: JsonObject): Record<string, Value> {
  const level = taskLevel(asText(task['task_key']));
  const nested = asObject(task['for_each_task'])['task'];
  return {
    ...specOfOneTask(task, level),
    ...(nested === undefined ? {} : specOfOneTask(asObject(nested), nestedLevel(level.task))),
  };
}

function specOfOneTask(task: JsonObject, level: Level): Record<string, Value> {
  return {
    [markerOf(level)]: natureOf(task),
    ...specOfLevel(task, level),
    ...prefixed(subscribedDestinations(task), level),
  };
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

function specOfLevel(block: JsonObject, level: Level): Record<string, Value> {
  return prefixed({ ...emails(block), ...webhooks(block), ...flags(block), ...health(block) }, level);
}

function prefixed(fields: Record<string, Value>, { prefix }: Level): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).map(([path, value]) => [prefix + path, value]));
}

function emails(settings: JsonObject): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(listsIn(settings, 'email_notifications', asText)).filter(([path]) =>
      path.startsWith('email_notifications.on_'),
    ),
  );
}

/** A destination in a list by any other name would be a pointer all the same. */
function webhooks(settings: JsonObject): Record<string, Value> {
  return listsIn(settings, 'webhook_notifications', webhook);
}

function webhook(item: Json): IdRef {
  return new IdRef('destination', asText(asObject(item)['id']));
}

/** The list of events is open: whatever holds a list is one; among e-mails, where it is called `on_…`. */
function listsIn(
  settings: JsonObject,
  block: string,
  read: (item: Json) => string | IdRef,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(asObject(settings[block]))
      .filter(([, list]) => Array.isArray(list))
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
