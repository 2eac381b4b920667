import type { JsonSchema } from '../kind.ts';
import { EVENTS, HEALTH_METRICS, JOB_FLAGS, MAX_DESTINATIONS_PER_EVENT } from './shape.ts';

const emailList: JsonSchema = {
  type: 'array',
  items: { type: 'string', minLength: 1 },
  description: 'E-mail addresses',
  examples: [['oncall@example.com']],
};

const webhookList: JsonSchema = {
  type: 'array',
  maxItems: MAX_DESTINATIONS_PER_EVENT,
  description: `Destinations, at most ${MAX_DESTINATIONS_PER_EVENT}: {id: "\${destinations.KEY.id}"} as in a bundle, or just the key`,
  items: {
    description: 'a destination by its key, or {id: …} as in a bundle',
    anyOf: [
      { type: 'string', minLength: 1, description: 'Key of a destination in this file' },
      {
        type: 'object',
        additionalProperties: false,
        required: ['id'],
        properties: { id: { type: 'string', minLength: 1, description: 'Id of a destination' } },
      },
    ],
  },
};

const notifyList: JsonSchema = {
  type: 'array',
  items: { type: 'string', minLength: 1 },
  description: 'Destination keys and e-mail addresses, in any order',
  examples: [['pagerduty', 'oncall@example.com']],
};

/** The blocks of one level, the same for a job and (later) for a task. */
export const blockSchemas: Readonly<Record<string, JsonSchema>> = {
  notify: {
    type: 'object',
    title: 'Who is told, the short way',
    description:
      'Event -> destination keys and e-mail addresses. Names an event on both sides, e-mail and webhook.',
    additionalProperties: false,
    properties: eventProperties(notifyList),
    examples: [{ on_failure: ['pagerduty', 'oncall@example.com'] }],
  },
  email_notifications: {
    type: 'object',
    title: 'Who is told by e-mail',
    description: 'As in the API. Events that are not named here are left alone.',
    additionalProperties: false,
    properties: {
      ...eventProperties(emailList),
      ...flagProperties(
        'Belongs under `notification_settings`; accepted here and moved there with a warning',
      ),
    },
  },
  webhook_notifications: {
    type: 'object',
    title: 'Which destinations are told',
    description: 'As in the API. Events that are not named here are left alone.',
    additionalProperties: false,
    properties: eventProperties(webhookList),
  },
  notification_settings: {
    type: 'object',
    title: 'Muting',
    description: 'Flag by flag; a flag that is not named is left alone.',
    additionalProperties: false,
    properties: flagProperties(''),
  },
  health: {
    type: 'object',
    title: 'Health rules',
    description: 'Metric by metric; a metric that is not named is left alone. `rules: []` empties it.',
    examples: [{ rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 3600 }] }],
    additionalProperties: false,
    required: ['rules'],
    properties: {
      rules: { type: 'array', description: 'At most one rule for each metric', items: healthRule() },
    },
  },
};

/** One entry of `jobs`. */
export const jobSchema: JsonSchema = {
  type: 'object',
  title: 'Job',
  description:
    'Notifications of one job, which somebody else may own. Only the fields named here are touched.',
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      title: 'Name of the job',
      description: 'Exact and case-sensitive. Defaults to the key where there is neither name nor id.',
      examples: ['etl-pipeline'],
    },
    id: {
      type: ['string', 'integer'],
      title: 'Id of the job',
      description: 'Instead of a name, or where several jobs carry the same name. Best in quotes.',
      examples: ['123456789012345'],
    },
    mode: {
      type: 'string',
      enum: ['exact', 'ensure'],
      default: 'exact',
      title: 'How strictly',
      description: 'Whether the named events, flags and metrics are exactly so, or at least so.',
      enumDescriptions: [
        'What is named is exactly so; other recipients of a named event are removed',
        'What is named is there; other recipients stay. A flag or metric is set only where it has none',
      ],
    },
    strict: {
      type: 'boolean',
      default: false,
      title: 'Empty what is not named',
      description: 'Also empties every known event that is not named here.',
    },
    ...blockSchemas,
  },
};

function eventProperties(list: JsonSchema): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(EVENTS).map(([event, shape]) => [
      event,
      {
        ...list,
        description: `${shape.description}. ${String(list['description'])}. An empty list tells nobody`,
      },
    ]),
  );
}

function flagProperties(remark: string): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(JOB_FLAGS).map(([flag, text]) => [
      flag,
      { type: 'boolean', description: remark === '' ? text : `${text}. ${remark}` },
    ]),
  );
}

function healthRule(): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['metric', 'op', 'value'],
    properties: {
      metric: {
        type: 'string',
        enum: Object.keys(HEALTH_METRICS),
        enumDescriptions: Object.values(HEALTH_METRICS),
        description: 'What is measured',
      },
      op: { type: 'string', enum: ['GREATER_THAN'], description: 'The only comparison that there is' },
      value: {
        type: 'integer',
        minimum: 0,
        description: 'The threshold, in the unit of the metric',
        examples: [3600],
      },
    },
  };
}
