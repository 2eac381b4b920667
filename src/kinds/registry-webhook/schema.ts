import type { JsonSchema } from '../kind.ts';
import { EVENTS, STATUSES } from './shape.ts';

const httpUrlSpec: JsonSchema = {
  type: 'object',
  title: 'HTTPS endpoint',
  description: 'Databricks posts the event there as JSON.',
  examples: [{ url: 'https://example.com/webhook', authorization: 'Bearer ${secrets.HOOK_TOKEN}' }],
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: {
      type: 'string',
      minLength: 1,
      'x-secret': 'url',
      description:
        "HTTPS address; a secret where it comes from `${secrets}`, carries credentials or a signature, or is a chat service's",
      examples: ['https://example.com/webhook'],
    },
    authorization: {
      type: 'string',
      minLength: 1,
      'x-secret': 'always',
      description: 'The Authorization header, `TYPE CREDENTIALS`; a secret',
      examples: ['Bearer ${secrets.HOOK_TOKEN}'],
    },
    authorization_header: {
      type: 'string',
      minLength: 1,
      'x-secret': 'always',
      description: 'Another spelling of `authorization`; a secret',
      examples: ['Bearer ${secrets.HOOK_TOKEN}'],
    },
    secret: {
      type: 'string',
      minLength: 1,
      'x-secret': 'always',
      description: 'Key that the body is signed with (HMAC-SHA256, header X-Databricks-Signature); a secret',
      examples: ['${secrets.HOOK_HMAC}'],
    },
    enable_ssl_verification: {
      type: 'boolean',
      default: true,
      description: "Whether the endpoint's certificate is checked",
    },
  },
};

const jobSpec: JsonSchema = {
  type: 'object',
  title: 'Job',
  description: 'Databricks runs the job, with the event in its parameter `event_message`.',
  examples: [{ job: 'retrain-churn', access_token: '${secrets.RETRAIN_PAT}' }],
  additionalProperties: false,
  required: ['access_token'],
  properties: {
    job: {
      type: 'string',
      minLength: 1,
      description: 'Name of the job, exact and case-sensitive; for a job of this workspace',
      examples: ['retrain-churn'],
    },
    job_id: {
      type: ['string', 'integer'],
      description: 'Id of the job, instead of its name. Best in quotes',
      examples: ['123456789012345'],
    },
    access_token: {
      type: 'string',
      minLength: 1,
      'x-secret': 'always',
      description: 'Personal access token that the job is run with; a secret',
      examples: ['${secrets.RETRAIN_PAT}'],
    },
    workspace_url: {
      type: 'string',
      minLength: 1,
      description: 'Address of the workspace of the job, where it is another one; then with `job_id`',
      examples: ['https://other-workspace.cloud.databricks.com'],
    },
  },
};

/** One entry of `registry_webhooks`. */
export const registryWebhookSchema: JsonSchema = {
  type: 'object',
  title: 'Webhook of the model registry',
  description:
    'Tells an HTTPS endpoint or a job of events in the workspace model registry (not of models in Unity Catalog). Give exactly one of `http_url_spec` and `job_spec`.',
  examples: [{ events: ['MODEL_VERSION_CREATED'], http_url_spec: { url: 'https://example.com/webhook' } }],
  additionalProperties: false,
  required: ['events'],
  properties: {
    events: {
      type: 'array',
      minItems: 1,
      title: 'Events',
      description: 'What it fires on; their order means nothing',
      items: {
        type: 'string',
        enum: Object.keys(EVENTS),
        enumDescriptions: Object.values(EVENTS),
        description: 'An event of the model registry',
      },
      examples: [['MODEL_VERSION_CREATED', 'REGISTERED_MODEL_CREATED']],
    },
    model_name: {
      type: 'string',
      minLength: 1,
      title: 'Model',
      description:
        'Only events of this model; without it those of the whole registry. It cannot be changed in place.',
      examples: ['churn'],
    },
    description: {
      type: 'string',
      title: 'Description',
      description: 'What people read about it in the workspace',
      examples: ['Notify when new models are registered'],
    },
    status: {
      type: 'string',
      enum: Object.keys(STATUSES),
      enumDescriptions: Object.values(STATUSES),
      default: 'ACTIVE',
      title: 'Status',
      description: 'Whether it fires',
    },
    id: {
      type: 'string',
      minLength: 1,
      title: 'Id in the workspace',
      description:
        'Only needed where several webhooks have the same model and target, to say which one is meant.',
      examples: ['1234567890abcdef1234567890abcdef'],
    },
    adopt: {
      type: 'string',
      enum: ['write', 'keep'],
      default: 'write',
      title: 'What to do with a webhook that is already there',
      description:
        '`write`: its secrets cannot be read, so they are written once when it is adopted. `keep`: leave them as they are.',
      enumDescriptions: [
        'Write the whole target once, on the approved apply',
        'Leave secrets as they are, unverified',
      ],
    },
    http_url_spec: httpUrlSpec,
    job_spec: jobSpec,
  },
};
