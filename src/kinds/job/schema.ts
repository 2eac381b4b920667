import type { JsonSchema } from '../kind.ts';
import { EVENTS, HEALTH_METRICS, JOB_FLAGS, MAX_DESTINATIONS_PER_EVENT, TASK_FLAGS } from './shape.ts';

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

/** The blocks of one level: a job's, or a task's, which has a flag more. */
export function blockSchemas(flags: Readonly<Record<string, string>>): Readonly<Record<string, JsonSchema>> {
  return {
    notify: {
      ...blockSchema('Who is told, the short way', eventProperties(notifyList)),
      description:
        'Event -> destination keys and e-mail addresses. Names an event on both sides, e-mail and webhook.',
      examples: [{ on_failure: ['pagerduty', 'oncall@example.com'] }],
    },
    email_notifications: {
      ...blockSchema('Who is told by e-mail', { ...eventProperties(emailList), ...misplacedFlags() }),
      description: 'As in the API. Events that are not named here are left alone.',
    },
    webhook_notifications: {
      ...blockSchema('Which destinations are told', eventProperties(webhookList)),
      description: 'As in the API. Events that are not named here are left alone.',
    },
    notification_settings: {
      ...blockSchema('Muting', flagProperties(flags, '')),
      description: 'Flag by flag; a flag that is not named is left alone.',
    },
    health: healthSchema(),
  };
}

function blockSchema(title: string, properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', title, additionalProperties: false, properties };
}

function misplacedFlags(): Record<string, JsonSchema> {
  const remark = 'Belongs under `notification_settings`; accepted here and moved there with a warning';
  return flagProperties(JOB_FLAGS, remark);
}

function healthSchema(): JsonSchema {
  const rules = { type: 'array', description: 'At most one rule for each metric', items: healthRule() };
  return {
    ...blockSchema('Health rules', { rules }),
    description: 'Metric by metric; a metric that is not named is left alone. `rules: []` empties it.',
    examples: [{ rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 3600 }] }],
    required: ['rules'],
  };
}

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
    ...blockSchemas(JOB_FLAGS),
    tasks: {
      type: 'object',
      title: 'Tasks',
      description:
        'Notifications of single tasks, by task key. Tasks that are not named here are left alone.',
      propertyNames: {
        pattern: '^[A-Za-z0-9_-]+$',
        description: 'Task keys hold letters, digits, "-" and "_"',
      },
      additionalProperties: taskSchema(),
    },
  },
};

/** One entry of `tasks`. */
export function taskSchema(): JsonSchema {
  return {
    type: 'object',
    title: 'Task',
    description: 'Notifications of one task. A changed task is sent whole, as it was read just before.',
    additionalProperties: false,
    properties: {
      ...blockSchemas(TASK_FLAGS),
      strict: {
        type: 'boolean',
        default: false,
        description: 'Also empties every known event of this task that is not named here.',
      },
      rewrite_task: {
        type: 'boolean',
        default: false,
        title: 'Send it although something is lost',
        description:
          "Needed for a task with a new cluster that is bound to a policy: whether the policy's defaults apply is never told by the API, and is lost when the task is sent.",
      },
      for_each: {
        type: 'object',
        title: 'The task inside',
        description: 'Notifications of the task that a for-each task runs.',
        additionalProperties: false,
        properties: {
          ...blockSchemas(TASK_FLAGS),
          strict: {
            type: 'boolean',
            default: false,
            description: 'Also empties every known event of it that is not named here.',
          },
        },
      },
    },
  };
}

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

function flagProperties(flags: Readonly<Record<string, string>>, remark: string): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(flags).map(([flag, text]) => [
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
