import { invalid } from './answer.ts';
import { levelsOf } from './job-settings.ts';
import {
  integerText,
  isJsonList,
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  textAt,
} from './json.ts';

const MAX_DESTINATIONS = 3;
const MAX_TASKS = 1000;
const MAX_TAGS = 25;
const MAX_NAME_BYTES = 4096;
const MAX_DESCRIPTION = 27_700;
const NOTIFICATION_BLOCKS = [
  'email_notifications',
  'webhook_notifications',
  'notification_settings',
] as const;
const METRICS: readonly string[] = [
  'RUN_DURATION_SECONDS',
  'STREAMING_BACKLOG_BYTES',
  'STREAMING_BACKLOG_RECORDS',
  'STREAMING_BACKLOG_SECONDS',
  'STREAMING_BACKLOG_FILES',
];

/**
 * Checks the whole job as it would be after a write, untouched tasks included.
 * @throws Refusal (400) for the first rule that it breaks.
 */
export function checkSettings(settings: JsonObject, isDestination: (id: string) => boolean): void {
  checkJob(settings);
  checkTasks(settings);
  for (const { where, block } of levelsOf(settings)) {
    checkCondition(where, block);
    checkEmails(where, block);
    checkWebhooks(where, block);
    checkHealth(where, block);
  }
  const unknown = levelsOf(settings).flatMap(({ block }) =>
    webhookIds(block).filter((id) => !isDestination(id)),
  );
  if (unknown[0] !== undefined) throw invalid(`Webhook with id '${unknown[0]}' was not found`);
}

function checkJob(settings: JsonObject): void {
  if (Buffer.byteLength(textAt(settings, 'name') ?? '') > MAX_NAME_BYTES) {
    throw invalid(`Job name must not be longer than ${MAX_NAME_BYTES} bytes.`);
  }
  if ((textAt(settings, 'description') ?? '').length > MAX_DESCRIPTION) {
    throw invalid(`Job description must not be longer than ${MAX_DESCRIPTION} characters.`);
  }
  const tags = Object.values(objectAt(settings, 'tags'));
  if (tags.length > MAX_TAGS) throw invalid(`A job can have at most ${MAX_TAGS} tags.`);
  if (tags.some((tag) => typeof tag !== 'string')) throw invalid('The values of tags must be texts.');
}

function checkTasks(settings: JsonObject): void {
  const tasks = listAt(settings, 'tasks');
  if (tasks.length > MAX_TASKS) throw invalid(`A job can have at most ${MAX_TASKS} tasks.`);
  const keys = tasks.map((task) => (isObject(task) ? textAt(task, 'task_key') : undefined));
  const isKeyed = levelsOf(settings).every(({ where, block }) => where === 'job' || 'task_key' in block);
  if (keys.includes(undefined) || !isKeyed) throw invalid('Every task must have a task_key.');
  const twin = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twin !== undefined) throw invalid(`Task key '${twin}' is used more than once.`);
}

function checkEmails(where: string, block: JsonObject): void {
  for (const [event, list] of events(block, 'email_notifications')) {
    const isValid = isJsonList(list) && list.every((address) => typeof address === 'string');
    if (!isValid) throw invalid(`email_notifications.${event} of ${where} must be a list of texts.`);
  }
}

function checkWebhooks(where: string, block: JsonObject): void {
  for (const [event, list] of events(block, 'webhook_notifications')) {
    const isValid =
      isJsonList(list) && list.every((webhook) => isObject(webhook) && textAt(webhook, 'id') !== undefined);
    if (!isValid)
      throw invalid(`webhook_notifications.${event} of ${where} must be a list of objects with an id.`);
    if (list.length > MAX_DESTINATIONS) {
      throw invalid(`At most ${MAX_DESTINATIONS} destinations can be given for ${event} of ${where}.`);
    }
  }
}

/** A condition is evaluated, not run, so there is nothing to notify of. Reads show it with empty blocks all the same. */
function checkCondition(where: string, block: JsonObject): void {
  if (!isObject(block['condition_task'])) return;
  const stated = NOTIFICATION_BLOCKS.find((key) => Object.values(objectAt(block, key)).some(isStated));
  if (stated === undefined) return;
  throw invalid(`${stated} is not supported for ${where}, which is a condition task.`);
}

function isStated(value: Json): boolean {
  return value !== false && !(isJsonList(value) && value.length === 0);
}

function checkHealth(where: string, block: JsonObject): void {
  for (const rule of listAt(objectAt(block, 'health'), 'rules')) {
    const isValid =
      isObject(rule) &&
      METRICS.includes(textAt(rule, 'metric') ?? '') &&
      rule['op'] === 'GREATER_THAN' &&
      integerText(rule['value']) !== undefined;
    if (!isValid)
      throw invalid(`A health rule of ${where} needs a known metric, op GREATER_THAN and a whole value.`);
  }
}

function events(block: JsonObject, side: string): readonly [string, Json][] {
  const entries = block[side] ?? {};
  if (!isObject(entries)) throw invalid(`${side} must be an object.`);
  return Object.entries(entries).filter(([event]) => event.startsWith('on_'));
}

function webhookIds(block: JsonObject): readonly string[] {
  return events(block, 'webhook_notifications').flatMap(([, list]) =>
    (isJsonList(list) ? list : []).flatMap((webhook) =>
      isObject(webhook) ? [textAt(webhook, 'id') ?? ''] : [],
    ),
  );
}
