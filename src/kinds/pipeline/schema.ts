import type { JsonSchema } from '../kind.ts';
import { ALERT_KINDS, ALERTS } from './shape.ts';

const emailList: JsonSchema = {
  type: 'array',
  items: {
    type: 'string',
    minLength: 1,
    description:
      'An e-mail address: a pipeline notifies by e-mail only. For anything else run it as a task of a job, and notify on the job',
  },
  description: 'E-mail addresses; a pipeline notifies nobody else',
  examples: [['oncall@example.com']],
};

const block: JsonSchema = {
  type: 'object',
  title: 'Who is told of what',
  additionalProperties: false,
  required: ['email_recipients', 'alerts'],
  properties: {
    email_recipients: emailList,
    alerts: {
      type: 'array',
      minItems: 1,
      description: 'Kinds of alert',
      items: {
        type: 'string',
        enum: ALERT_KINDS,
        enumDescriptions: Object.values(ALERTS),
        description: 'A kind of alert',
      },
      examples: [['on-update-failure', 'on-update-fatal-failure', 'on-flow-failure']],
    },
  },
};

/** One entry of `pipelines`. */
export const pipelineSchema: JsonSchema = {
  type: 'object',
  title: 'Pipeline',
  description:
    'Notifications of one pipeline, which somebody else may own. Only the kinds of alert named here are touched.',
  examples: [{ notify: { 'on-update-failure': ['oncall@example.com'] } }],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      title: 'Name of the pipeline',
      description: 'Exact and case-sensitive. Defaults to the key where there is neither name nor id.',
      examples: ['ingest-pipeline'],
    },
    id: {
      type: 'string',
      minLength: 1,
      title: 'Id of the pipeline',
      description: 'Instead of a name, or where several pipelines carry the same name.',
      examples: ['12345678-90ab-cdef-1234-567890abcdef'],
    },
    mode: {
      type: 'string',
      enum: ['exact', 'ensure'],
      default: 'exact',
      title: 'How strictly',
      description: 'Whether the named kinds of alert have exactly these recipients, or at least these.',
      enumDescriptions: [
        'What is named is exactly so; other recipients of a named kind of alert are removed',
        'What is named is there; other recipients stay',
      ],
    },
    strict: {
      type: 'boolean',
      default: false,
      title: 'Empty what is not named',
      description: 'Also empties every known kind of alert that is not named here.',
    },
    notify: {
      type: 'object',
      title: 'Who is told, the short way',
      description: 'Kind of alert -> e-mail addresses. Kinds that are not named here are left alone.',
      examples: [{ 'on-update-failure': ['oncall@example.com'] }],
      additionalProperties: false,
      properties: Object.fromEntries(
        Object.entries(ALERTS).map(([alert, text]) => [
          alert,
          {
            ...emailList,
            description: `${text}. ${String(emailList['description'])}. An empty list tells nobody`,
          },
        ]),
      ),
    },
    notifications: {
      type: 'array',
      title: 'Who is told, as in the API',
      description:
        'Blocks of addresses and kinds of alert, as in a bundle. Kinds that are not named here are left alone; an empty list empties all known ones.',
      items: block,
      examples: [[{ email_recipients: ['oncall@example.com'], alerts: ['on-update-failure'] }]],
    },
  },
};
