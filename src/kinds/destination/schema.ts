import type { JsonSchema } from '../kind.ts';
import { DESTINATION_TYPES, type FieldShape, type TypeShape } from './shape.ts';

/** One entry of `destinations`. */
export const destinationSchema: JsonSchema = {
  type: 'object',
  title: 'Notification destination',
  description:
    'A place that Databricks can notify. Jobs refer to it by its key. Give exactly one type, or `existing: true`.',
  examples: [{ slack: { url: '${secrets.SLACK_WEBHOOK_URL}' } }],
  additionalProperties: false,
  properties: {
    display_name: {
      type: 'string',
      minLength: 1,
      title: 'Name in the workspace',
      description:
        'What the Databricks page shows; defaults to the key. Changing it renames the destination in place.',
      examples: ['Data Team Slack'],
    },
    id: {
      type: 'string',
      minLength: 1,
      title: 'Id in the workspace',
      description: 'Only needed where several destinations carry the same name, to say which one is meant.',
      examples: ['c6d35a2b-0d0a-4d1c-9a2e-3f1b6a2f7f10'],
    },
    existing: {
      type: 'boolean',
      default: false,
      title: 'Owned by somebody else',
      description: 'Look it up so that jobs can refer to it, and never write it.',
    },
    adopt: {
      type: 'string',
      enum: ['write', 'keep'],
      default: 'write',
      title: 'What to do with a destination that is already there',
      description:
        '`write`: its secrets cannot be read, so they are written once when it is adopted. `keep`: leave them as they are.',
      enumDescriptions: [
        'Write the whole configuration once, on the approved apply',
        'Leave secrets as they are, unverified',
      ],
    },
    ...Object.fromEntries(Object.entries(DESTINATION_TYPES).map(([key, shape]) => [key, typeSchema(shape)])),
  },
};

function typeSchema(shape: TypeShape): JsonSchema {
  return {
    type: 'object',
    title: shape.title,
    description: shape.description,
    examples: [exampleOf(shape)],
    additionalProperties: false,
    minProperties: 1,
    properties: Object.fromEntries(
      Object.entries(shape.fields).map(([name, field]) => [name, fieldSchema(field)]),
    ),
  };
}

/** The first way to set it up. */
function exampleOf({ modes: [mode = []], fields }: TypeShape): JsonSchema {
  return Object.fromEntries(mode.map((field) => [field, fields[field]?.example]));
}

function fieldSchema(field: FieldShape): JsonSchema {
  const text = {
    type: 'string',
    minLength: 1,
    ...(field.secrecy === 'readable' || field.isList ? {} : { 'x-secret': field.secrecy }),
  };
  return {
    ...(field.isList ? { type: 'array', minItems: 1, items: text } : text),
    description: field.description,
    ...(field.example === undefined ? {} : { examples: [field.example] }),
  };
}
