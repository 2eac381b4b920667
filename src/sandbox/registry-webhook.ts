import { invalid } from './answer.ts';
import { scattered } from './arbitrary.ts';
import { type Check, flag, integer, isOf, listOf, oneOf, required, shape, string, text } from './check.ts';
import { integerText, isObject, type JsonObject, objectAt, omit, textAt } from './json.ts';
import type { SeedRegistryWebhook } from './seed.ts';

/** What was set, in the API's words, secrets included. */
export type WebhookFields = JsonObject & { readonly events: readonly string[] };

/** A webhook of the Workspace Model Registry. */
export type RegistryWebhook = {
  readonly id: string;
  readonly key: string;
  readonly fields: WebhookFields;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** The first listing that shows it. */
  readonly visibleFrom: number;
  /** The events that tests have sent, oldest first. */
  readonly fired: readonly string[];
};

/** One of the twelve events that a webhook can wait for. */
export const webhookEvent: Check<string> = oneOf(
  'MODEL_VERSION_CREATED',
  'MODEL_VERSION_TRANSITIONED_STAGE',
  'MODEL_VERSION_TRANSITIONED_TO_STAGING',
  'MODEL_VERSION_TRANSITIONED_TO_PRODUCTION',
  'MODEL_VERSION_TRANSITIONED_TO_ARCHIVED',
  'TRANSITION_REQUEST_CREATED',
  'TRANSITION_REQUEST_TO_STAGING_CREATED',
  'TRANSITION_REQUEST_TO_PRODUCTION_CREATED',
  'TRANSITION_REQUEST_TO_ARCHIVED_CREATED',
  'COMMENT_CREATED',
  'MODEL_VERSION_TAG_SET',
  'REGISTERED_MODEL_CREATED',
);

const HTTP_MEMBERS = {
  url: required(text),
  authorization: string,
  secret: string,
  enable_ssl_verification: flag,
};
const JOB_MEMBERS = { job_id: required(integer), access_token: required(text), workspace_url: text };
const MEMBERS = {
  model_name: text,
  events: required(listOf(webhookEvent)),
  description: string,
  status: oneOf('ACTIVE', 'DISABLED', 'TEST_MODE'),
  http_url_spec: shape(HTTP_MEMBERS),
  job_spec: shape(JOB_MEMBERS),
};

/** The names of their members by the specifications' own. */
const SPECS: ReadonlyMap<string, readonly string[]> = new Map([
  ['http_url_spec', Object.keys(HTTP_MEMBERS)],
  ['job_spec', Object.keys(JOB_MEMBERS)],
]);
const SECRETS = ['authorization', 'secret', 'access_token'];

const FIELDS: Check<WebhookFields> = shape(MEMBERS);
const CHANGES: Check<Changes> = shape({ ...MEMBERS, events: listOf(webhookEvent) });
type Changes = JsonObject & { readonly events?: readonly string[] };

/** A webhook as a seed has it: as it is sent, but not checked for what does not go together. */
export const seedWebhook: Check<SeedRegistryWebhook> = (value, at) => [
  ...shape({ ...MEMBERS, id: text, fired: listOf(webhookEvent) })(value, at),
  ...specProblems(value, at),
];

/** The form in which the server keeps a webhook: defaults filled in, an empty text for none, an event once. */
export function storedWebhook(fields: WebhookFields): WebhookFields {
  const { http_url_spec: http, job_spec: job } = fields;
  return {
    status: 'ACTIVE',
    ...withoutBlanks(fields, ['description']),
    events: [...new Set(fields.events)],
    ...(isObject(http)
      ? { http_url_spec: { enable_ssl_verification: true, ...withoutBlanks(http, SECRETS) } }
      : {}),
    ...(isObject(job) ? { job_spec: { ...job, job_id: integerText(job['job_id']) ?? '' } } : {}),
  };
}

/**
 * The webhook that a body asks for; the server ignores what it does not know.
 * @throws Refusal (400)
 */
export function createdWebhook(body: JsonObject): WebhookFields {
  return consistent(checked(sent(body), FIELDS));
}

/**
 * What is not sent stays, and a specification that is sent replaces the old one.
 * @param secrets what becomes of those that such a specification leaves out.
 * @throws Refusal (400), also for a specification of the other sort, as there would be two.
 */
export function updatedWebhook(
  old: WebhookFields,
  body: JsonObject,
  secrets: 'cleared' | 'kept',
): WebhookFields {
  const changes = sent(body);
  if ('model_name' in changes) throw invalid('The model_name of a webhook cannot be changed.');
  const specs = [...SPECS.keys()]
    .filter((key) => isObject(changes[key]))
    .map((key) => {
      const kept = secrets === 'kept' ? only(objectAt(old, key), SECRETS) : {};
      return [key, { ...kept, ...objectAt(changes, key) }];
    });
  return consistent({ ...old, ...checked({ ...changes, ...Object.fromEntries(specs) }, CHANGES) });
}

/** What a read answers: no secrets, and events in an order that means nothing. */
export function shownWebhook({ id, fields, createdMs, updatedMs }: RegistryWebhook): JsonObject {
  const specs = [...SPECS.keys()]
    .filter((key) => key in fields)
    .map((key) => [key, omit(objectAt(fields, key), SECRETS)]);
  return {
    ...fields,
    id,
    events: scattered(fields.events, id),
    ...Object.fromEntries(specs),
    creation_timestamp: createdMs,
    last_updated_timestamp: updatedMs,
  };
}

/** Null stands for a member that was not sent. */
function sent(body: JsonObject): JsonObject {
  const known = Object.entries(only(body, Object.keys(MEMBERS)));
  const members = known.map(([key, member]) => [
    key,
    isObject(member) ? only(member, SPECS.get(key) ?? []) : member,
  ]);
  return Object.fromEntries(members);
}

function checked<T>(fields: JsonObject, check: Check<T>): T {
  if (isOf(fields, check, 'webhook')) return fields;
  throw invalid(check(fields, 'webhook').join('; '));
}

function consistent(fields: WebhookFields): WebhookFields {
  const [problem] = specProblems(fields, 'webhook');
  if (problem !== undefined) throw invalid(problem);
  if (fields.events.length === 0) throw invalid('At least one event must be specified.');
  checkModel(fields);
  checkUrl(fields);
  return storedWebhook(fields);
}

function specProblems(value: unknown, at: string): readonly string[] {
  const count = isObject(value) ? [...SPECS.keys()].filter((key) => key in value).length : 1;
  return count === 1 ? [] : [`${at} must hold exactly one of ${[...SPECS.keys()].join(', ')}`];
}

function checkModel(fields: WebhookFields): void {
  const model = textAt(fields, 'model_name');
  if (model === undefined) return;
  if (/^[^.]+\.[^.]+\.[^.]+$/.test(model)) {
    throw invalid(`Webhooks are not supported for models in Unity Catalog: ${model}`);
  }
  if (fields.events.includes('REGISTERED_MODEL_CREATED')) {
    throw invalid('REGISTERED_MODEL_CREATED can only be specified for a registry-wide webhook.');
  }
}

function checkUrl(fields: WebhookFields): void {
  const url = textAt(objectAt(fields, 'http_url_spec'), 'url');
  if (url === undefined || (URL.canParse(url) && new URL(url).protocol === 'https:')) return;
  throw invalid('http_url_spec.url must be a valid HTTPS URL.');
}

function only(value: JsonObject, keys: readonly string[]): JsonObject {
  const members = Object.entries(value).filter(([key, member]) => keys.includes(key) && member !== null);
  return Object.fromEntries(members);
}

function withoutBlanks(value: JsonObject, keys: readonly string[]): JsonObject {
  return omit(
    value,
    keys.filter((key) => value[key] === ''),
  );
}
