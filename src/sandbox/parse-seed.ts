import { SettingsError } from '../core/errors.ts';
import { type Check, flag, integer, isOf, listOf, object, required, shape, string, text } from './check.ts';
import { CONFIG_TYPES } from './destination-config.ts';
import { integerText, isJsonList, isObject, type Json, parseJson } from './json.ts';
import { seedPipeline } from './pipeline.ts';
import { seedWebhook } from './registry-webhook.ts';
import type { Seed } from './seed.ts';

/** @throws SettingsError that names every fault of the document by its JSON path. */
export function parseSeed(text: string): Seed {
  let seed: Json;
  try {
    seed = parseJson(text);
  } catch (error) {
    throw new SettingsError('the sandbox seed is not JSON', {
      code: 'sandbox-seed',
      cause: error,
      hint: String(error),
    });
  }
  return checkedSeed(seed);
}

/** @throws SettingsError that names every fault of the document by its JSON path. */
export function checkedSeed(seed: unknown): Seed {
  if (isOf(seed, SEED, 'seed')) return seed;
  throw new SettingsError(`the sandbox seed is not valid: ${SEED(seed, 'seed').join('; ')}`, {
    code: 'sandbox-seed',
    hint: 'a seed is {workspace_id, account_id, has_metastore, azure, federation, identities, groups, destinations, jobs, pipelines, registry_webhooks, alerts, dashboards, files}; each may be left out',
  });
}

/** Absolute, without `.` and `..`. */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[^/]+)+$/;

const jobs: Check = (value, at) => (value === 'all' ? [] : listOf(integer)(value, at));
/** Models by name, pipelines by id. */
const texts: Check = (value, at) => (value === 'all' ? [] : listOf(text)(value, at));
const path: Check = (value, at) =>
  typeof value === 'string' && PATH.test(value) ? [] : [`${at} must be an absolute workspace path`];

const config: Check = (value, at) => {
  const types = isObject(value) ? Object.keys(value) : [];
  const isKnown = types.length === 1 && types.every((type) => CONFIG_TYPES.has(type));
  if (!isObject(value) || !isKnown)
    return [`${at} must hold exactly one of ${[...CONFIG_TYPES.keys()].join(', ')}`];
  return Object.entries(value).flatMap(([type, fields]) => object(fields, `${at}.${type}`));
};

const FEDERATION = shape({ issuer: required(text), subject: required(text), audience: text });

/** Of the whole account. */
const ACCOUNT_FEDERATION = shape({ issuer: required(text), audience: text });
const AZURE = shape({ tenant_id: required(text), resource_id: text });
const AZURE_IDENTITY = shape({
  client_id: required(text),
  client_secret: text,
  managed: flag,
  in_workspace: flag,
});

const IDENTITY = shape({
  token: required(text),
  user_name: required(text),
  admin: flag,
  admin_by_nested_group: flag,
  can_read_system_tables: flag,
  inactive: flag,
  can_manage_jobs: jobs,
  can_view_jobs: jobs,
  can_manage_pipelines: texts,
  can_view_pipelines: texts,
  can_manage_models: texts,
  client_id: text,
  client_secret: text,
  federation: listOf(FEDERATION),
  azure: AZURE_IDENTITY,
});

const GROUP = shape({
  name: required(text),
  members: required(listOf(text)),
  is_nested: flag,
  can_manage_jobs: jobs,
  can_manage_pipelines: texts,
});

const DESTINATION = shape({
  id: text,
  display_name: required(text),
  config: required(config),
});

const JOB = shape({
  job_id: required(integer),
  creator_user_name: text,
  run_as_user_name: text,
  settings: required(object),
});

const SCHEDULE = shape({
  schedule_id: required(text),
  subscriptions: listOf(object),
});

const DASHBOARD = shape({
  dashboard_id: required(text),
  display_name: text,
  schedules: listOf(SCHEDULE),
});

const FILE = shape({ path: required(path), content: required(string) });

const SECTIONS = shape({
  workspace_id: integer,
  account_id: text,
  federation: listOf(ACCOUNT_FEDERATION),
  azure: AZURE,
  has_metastore: flag,
  identities: listOf(IDENTITY),
  groups: listOf(GROUP),
  destinations: listOf(DESTINATION),
  jobs: listOf(JOB),
  pipelines: listOf(seedPipeline),
  registry_webhooks: listOf(seedWebhook),
  alerts: listOf(object),
  dashboards: listOf(DASHBOARD),
  files: listOf(FILE),
});

const SEED: Check<Seed> = (value, at) => [
  ...SECTIONS(value, at),
  ...twins(value, 'jobs', 'job_id'),
  ...twins(value, 'pipelines', 'pipeline_id'),
  ...twins(value, 'destinations', 'id'),
  ...twins(value, 'registry_webhooks', 'id'),
];

function twins(seed: unknown, section: string, key: string): readonly string[] {
  const members = isObject(seed) ? seed[section] : [];
  const ids = (isJsonList(members) ? members : []).flatMap((member) => {
    const id = isObject(member) ? member[key] : undefined;
    return id === undefined ? [] : [integerText(id) ?? JSON.stringify(id)];
  });
  const seen = new Set<string>();
  return ids
    .filter((id) => seen.size === seen.add(id).size)
    .map((id) => `seed.${section} holds ${key} ${id} twice`);
}
