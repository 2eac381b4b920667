/** The twelve events of the workspace model registry (public preview), each with what it tells of. */
export const EVENTS: Readonly<Record<string, string>> = {
  MODEL_VERSION_CREATED: 'A version of a model is registered',
  MODEL_VERSION_TRANSITIONED_STAGE: 'A version moves to another stage, whichever',
  MODEL_VERSION_TRANSITIONED_TO_STAGING: 'A version moves to Staging',
  MODEL_VERSION_TRANSITIONED_TO_PRODUCTION: 'A version moves to Production',
  MODEL_VERSION_TRANSITIONED_TO_ARCHIVED: 'A version is archived',
  TRANSITION_REQUEST_CREATED: 'Somebody asks to move a version to another stage, whichever',
  TRANSITION_REQUEST_TO_STAGING_CREATED: 'Somebody asks to move a version to Staging',
  TRANSITION_REQUEST_TO_PRODUCTION_CREATED: 'Somebody asks to move a version to Production',
  TRANSITION_REQUEST_TO_ARCHIVED_CREATED: 'Somebody asks to archive a version',
  COMMENT_CREATED: 'Somebody comments on a version',
  MODEL_VERSION_TAG_SET: 'A tag of a version is set',
  REGISTERED_MODEL_CREATED: 'A model is registered; for webhooks of the whole registry only',
};

/** The one event that no single model can have, as the model is only being made. */
export const REGISTRY_WIDE_EVENT = 'REGISTERED_MODEL_CREATED';

export const STATUSES: Readonly<Record<string, string>> = {
  ACTIVE: 'Fires on its events',
  DISABLED: 'Never fires',
  TEST_MODE: 'Fires for tests only',
};

export type Target = 'http' | 'job';

/** The block that sets up a target, by the API's name for it. */
export const BLOCKS: Readonly<Record<Target, string>> = { http: 'http_url_spec', job: 'job_spec' };

/** Write-only fields. */
export const UNTOLD: readonly string[] = [
  `${BLOCKS.http}.authorization`,
  `${BLOCKS.http}.secret`,
  `${BLOCKS.job}.access_token`,
];

/** Every field of both targets. */
export const FIELDS: readonly string[] = [
  `${BLOCKS.http}.url`,
  `${BLOCKS.http}.enable_ssl_verification`,
  `${BLOCKS.job}.job_id`,
  `${BLOCKS.job}.workspace_url`,
  ...UNTOLD,
];

/**
 * What a webhook is called here, as it has no name of its own. Only what cannot change in place goes in, so that it is the
 * same before and after every update, and never a URL, which may be a secret.
 */
export function nameOf({ model_name: model = '', target = '' }: Readonly<Record<string, string>>): string {
  const what = target === 'job' ? 'job trigger' : 'HTTP webhook';
  return `${what} of ${model === '' ? 'the whole registry' : model}`;
}
