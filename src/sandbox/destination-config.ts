import { invalid } from './answer.ts';
import { isJsonList, isObject, type Json, type JsonObject } from './json.ts';

/** A stored configuration: its one type and what was set, secrets included. */
export type DestinationConfig = { readonly type: string; readonly fields: JsonObject };

type ConfigType = {
  /** The enum value of `destination_type`; WEBHOOK is named unlike its config key. */
  readonly name: string;
  readonly fields: readonly string[];
  readonly urls: readonly string[];
  /** One of these sets must be complete. */
  readonly required: readonly (readonly string[])[];
};

const OAUTH = ['oauth_token_url', 'oauth_client_id', 'oauth_client_secret', 'oauth_scopes', 'oauth_audience'];
const TEAMS_APP = ['app_id', 'tenant_id', 'auth_secret', 'channel_url'];

/** By the key of `config`. */
export const CONFIG_TYPES: ReadonlyMap<string, ConfigType> = new Map([
  [
    'slack',
    {
      name: 'SLACK',
      fields: ['url', 'oauth_token', 'channel_id'],
      urls: ['url'],
      required: [['url'], ['oauth_token', 'channel_id']],
    },
  ],
  [
    'microsoft_teams',
    {
      name: 'MICROSOFT_TEAMS',
      fields: ['url', ...TEAMS_APP],
      urls: ['url', 'channel_url'],
      required: [['url'], TEAMS_APP],
    },
  ],
  [
    'pagerduty',
    { name: 'PAGERDUTY', fields: ['integration_key'], urls: [], required: [['integration_key']] },
  ],
  [
    'generic_webhook',
    {
      name: 'WEBHOOK',
      fields: ['url', 'username', 'password', ...OAUTH],
      urls: ['url', 'oauth_token_url'],
      required: [['url']],
    },
  ],
  ['email', { name: 'EMAIL', fields: ['addresses'], urls: [], required: [['addresses']] }],
]);

export function typeName(config: DestinationConfig): string {
  return CONFIG_TYPES.get(config.type)?.name ?? '';
}

/** Keeps what the type knows and what is not empty; the server ignores the rest. */
export function storedConfig(config: Json | undefined): DestinationConfig {
  const entries = isObject(config) ? Object.entries(config).filter(([, fields]) => fields !== null) : [];
  const [type, fields] = entries[0] ?? ['', null];
  const known = CONFIG_TYPES.get(type);
  if (entries.length !== 1 || known === undefined || !isObject(fields)) {
    throw invalid(`Exactly one of ${[...CONFIG_TYPES.keys()].join(', ')} must be set in config.`);
  }
  const set = Object.entries(fields).filter(([key, value]) => known.fields.includes(key) && isSet(value));
  return { type, fields: Object.fromEntries(set) };
}

/** @throws Refusal (400) for a missing field, a value of the wrong type or a URL that is not https. */
export function checkConfig(config: DestinationConfig): DestinationConfig {
  const known = CONFIG_TYPES.get(config.type);
  if (known === undefined) return config;
  for (const [key, value] of Object.entries(config.fields)) checkField(key, value);
  for (const key of known.urls) checkUrl(key, config.fields[key]);
  const isComplete = known.required.some((keys) => keys.every((key) => config.fields[key] !== undefined));
  if (isComplete) return config;
  const wanted = known.required.map((keys) => keys.join(', ')).join(' or ');
  throw invalid(`config.${config.type} requires ${wanted}.`);
}

/** What an admin reads: addresses, and of everything else only that it is set. */
export function shownConfig(config: DestinationConfig): JsonObject {
  if (config.type === 'email') return { email: config.fields };
  const flags = Object.keys(config.fields).map((key): [string, Json] => [`${key}_set`, true]);
  return { [config.type]: Object.fromEntries(flags) };
}

/** The create answer lacks the addresses that a later GET has. */
export function createdConfig(config: DestinationConfig): JsonObject {
  return config.type === 'email' ? { email: {} } : shownConfig(config);
}

function checkField(key: string, value: Json): void {
  const isList = key === 'addresses' || key === 'oauth_scopes';
  const isValid = isList ? isJsonList(value) && value.every(isText) : isText(value);
  if (!isValid) throw invalid(`${key} must be ${isList ? 'a list of texts' : 'a text'}.`);
}

function checkUrl(key: string, value: Json | undefined): void {
  if (typeof value !== 'string') return;
  if (!URL.canParse(value) || new URL(value).protocol !== 'https:') {
    throw invalid(`${key} must be a valid HTTPS URL.`);
  }
}

function isText(value: Json): boolean {
  return typeof value === 'string' && value !== '';
}

function isSet(value: Json): boolean {
  return value !== null && value !== '' && !(isJsonList(value) && value.length === 0);
}
