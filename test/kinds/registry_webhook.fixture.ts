import type { KindFixture } from './fixture.ts';

const MODEL = 'churn';
const FOREIGN = '99999999000040008000000000000009';

const http = {
  url: 'https://hook.company.test/events',
  authorization: '${secrets.HOOK_TOKEN}',
  secret: '${secrets.HOOK_HMAC}',
  enable_ssl_verification: true,
};
const webhook = { model_name: MODEL, events: ['MODEL_VERSION_CREATED'] };

export const fixture: KindFixture = {
  examples: {
    minimal: { ...webhook, http_url_spec: { url: http.url } },
    described: {
      ...webhook,
      events: ['COMMENT_CREATED', 'MODEL_VERSION_CREATED', 'MODEL_VERSION_TAG_SET'],
      description: 'Tell the platform team',
      http_url_spec: { url: http.url },
    },
    'for tests': { ...webhook, status: 'TEST_MODE', http_url_spec: { url: http.url } },
    full: {
      ...webhook,
      description: 'Signed and authorised',
      status: 'ACTIVE',
      adopt: 'write',
      http_url_spec: http,
    },
    'another header': {
      ...webhook,
      description: 'Signed and authorised',
      http_url_spec: {
        url: http.url,
        authorization_header: '${secrets.OTHER_TOKEN}',
        secret: '${secrets.HOOK_HMAC}',
      },
    },
    'a secret url': { ...webhook, http_url_spec: { ...http, url: '${secrets.HOOK_URL}' } },
    'another secret url': { ...webhook, http_url_spec: { url: '${secrets.OTHER_HOOK_URL}' } },
    unverified: { ...webhook, http_url_spec: { ...http, enable_ssl_verification: false } },
    job: {
      ...webhook,
      events: ['MODEL_VERSION_TRANSITIONED_STAGE'],
      job_spec: { job_id: '123456789012345', access_token: '${secrets.RETRAIN_PAT}' },
    },
    'job elsewhere': {
      ...webhook,
      status: 'DISABLED',
      job_spec: {
        job_id: '9007199254740993',
        access_token: '${secrets.OTHER_PAT}',
        workspace_url: 'https://other.company.test',
      },
    },
  },
  updates: [
    ['minimal', 'described'],
    ['described', 'minimal'],
    ['minimal', 'for tests'],
    ['minimal', 'full'],
    ['full', 'minimal'],
    ['full', 'another header'],
    ['minimal', 'a secret url'],
    ['a secret url', 'another secret url'],
    ['a secret url', 'minimal'],
    ['full', 'unverified'],
    ['unverified', 'minimal'],
    ['job', 'job elsewhere'],
    ['job elsewhere', 'job'],
  ],
  around: {},
  seed: {
    registry_webhooks: [
      {
        id: FOREIGN,
        events: ['COMMENT_CREATED'],
        http_url_spec: { url: 'https://foreign.company.test', secret: 'theirs' },
      },
    ],
  },
  writes: /^(POST|PATCH|DELETE) \/api\/2\.0\/mlflow\/registry-webhooks/,
  reads: '/api/2.0/mlflow/registry-webhooks*',
  live: ({ registry_webhooks }) => registry_webhooks.find(({ model_name }) => model_name === MODEL),
  unmanaged: ({ registry_webhooks }) => JSON.stringify(registry_webhooks.filter(({ id }) => id === FOREIGN)),
};
