import { invalid } from './answer.ts';
import { storedSettings } from './job-settings.ts';
import { isJsonList, isObject, type Json, type JsonObject, listAt, omit, textAt } from './json.ts';

/** The lists that jobs/update merges by key; every other top-level key is replaced whole. */
const MERGED: ReadonlyMap<string, string> = new Map([
  ['tasks', 'task_key'],
  ['job_clusters', 'job_cluster_key'],
]);

/**
 * jobs/update: takes `fieldsToRemove` out, then sets the top-level keys of `newSettings`.
 * @throws Refusal (400) for a nested field that is no keyed element.
 */
export function updatedSettings(
  settings: JsonObject,
  newSettings: JsonObject,
  fieldsToRemove: readonly Json[],
): JsonObject {
  const kept = fieldsToRemove.reduce<JsonObject>(withoutField, settings);
  const sent = Object.entries(newSettings).filter(([, value]) => value !== null);
  return storedSettings({
    ...kept,
    ...Object.fromEntries(sent.map(([key, value]) => [key, merged(kept, key, value)])),
  });
}

/** jobs/reset: replaces everything, but keeps an omitted `run_as` and turns an omitted `queue` on. */
export function resetSettings(settings: JsonObject, newSettings: JsonObject): JsonObject {
  const runAs = settings['run_as'];
  return createdSettings(runAs === undefined ? newSettings : { run_as: runAs, ...newSettings });
}

/** jobs/create: an omitted `queue` is turned on. */
export function createdSettings(settings: JsonObject): JsonObject {
  return storedSettings({ queue: { enabled: true }, ...settings });
}

function withoutField(settings: JsonObject, field: Json): JsonObject {
  if (typeof field !== 'string') throw invalid('fields_to_remove must be a list of texts.');
  const slash = field.indexOf('/');
  if (slash === -1 && !field.includes('.')) return omit(settings, [field]);
  const list = field.slice(0, Math.max(slash, 0));
  const keyName = MERGED.get(list);
  if (keyName === undefined) throw invalid(`Removing the nested field '${field}' is not supported.`);
  const key = field.slice(slash + 1);
  const rest = listAt(settings, list).filter((element) => !isObject(element) || element[keyName] !== key);
  return { ...settings, [list]: rest };
}

function merged(settings: JsonObject, key: string, value: Json): Json {
  const keyName = MERGED.get(key);
  if (keyName === undefined || !isJsonList(value)) return value;
  const sent = new Map(value.map((element) => [elementKey(element, keyName), element]));
  if (sent.size !== value.length) throw invalid(`${key} holds the same ${keyName} more than once.`);
  const old = listAt(settings, key).map((element) => replaced(element, sent, keyName));
  const oldKeys = new Set(listAt(settings, key).map((element) => elementKey(element, keyName)));
  return [...old, ...value.filter((element) => !oldKeys.has(elementKey(element, keyName)))];
}

function replaced(element: Json, sent: ReadonlyMap<string, Json>, keyName: string): Json {
  return sent.get(elementKey(element, keyName)) ?? element;
}

function elementKey(element: Json, keyName: string): string {
  const key = isObject(element) ? textAt(element, keyName) : undefined;
  if (key === undefined) throw invalid(`Every element must have a ${keyName}.`);
  return key;
}
