import type { JsonSchema } from '../kind.ts';
import { blockSchemas, taskSchema } from './schema.ts';
import { JOB_FLAGS } from './shape.ts';

/** One or several globs, any of which may match. */
function globs(description: string, example: string): JsonSchema {
  const glob = {
    type: 'string',
    minLength: 1,
    description: 'A glob: `*` any characters, `?` one; case-sensitive',
  };
  return {
    description: `${description}; one glob or a list of which one must match`,
    anyOf: [glob, { type: 'array', minItems: 1, items: glob }],
    examples: [example],
  };
}

const criteria: Readonly<Record<string, JsonSchema>> = {
  name: globs('Name of the job', 'etl-*'),
  tags: {
    type: 'object',
    minProperties: 1,
    description: 'Tags of the job, all of which it must have; `*` as a value is any value',
    additionalProperties: globs('Value of the tag', 'prod'),
    examples: [{ env: 'prod', team: ['core', 'ml-*'] }],
  },
  creator: globs('Who created the job', '*@example.com'),
  run_as: globs('Who the job runs as. Costs a read for each job that meets everything else', 'sp-etl'),
  bundle: {
    description: 'Whether a bundle owns the job, or the name of that bundle: one glob or a list of them',
    anyOf: [
      { type: 'boolean' },
      { type: 'string', minLength: 1, description: 'A glob over names of bundles' },
      {
        type: 'array',
        minItems: 1,
        items: { type: 'string', minLength: 1, description: 'A glob over names of bundles' },
      },
    ],
    examples: [false],
  },
  has_schedule: {
    type: 'boolean',
    description:
      'Whether the job runs by itself: on a schedule, on a trigger, or continuously; paused ones too',
  },
};

function selectSchema(): JsonSchema {
  return {
    type: 'object',
    title: 'Which jobs',
    description: 'A job must meet every criterion. At least one is needed; `name: "*"` is every job.',
    additionalProperties: false,
    properties: {
      ...criteria,
      exclude: {
        type: 'object',
        title: 'Except',
        description: 'A job that meets all of these is left out.',
        minProperties: 1,
        additionalProperties: false,
        properties: criteria,
      },
    },
    examples: [{ tags: { env: 'prod' }, exclude: { name: '*-scratch' } }],
  };
}

function tasksSchema(): JsonSchema {
  return {
    type: 'object',
    title: 'Tasks',
    description:
      'Notifications of tasks, by task key or a glob over task keys. Jobs without such a task are left alone.',
    propertyNames: {
      pattern: '^[A-Za-z0-9_*?-]+$',
      description: 'Task keys hold letters, digits, "-" and "_"; "*" and "?" stand for any of them',
    },
    additionalProperties: taskSchema(),
  };
}

/** One entry of `rules`. */
export const ruleSchema: JsonSchema = {
  type: 'object',
  title: 'Rule',
  description:
    'Notifications of every job that is selected, whoever owns it. Only what is named here is touched.',
  additionalProperties: false,
  required: ['select'],
  properties: {
    select: selectSchema(),
    mode: {
      type: 'string',
      enum: ['ensure', 'exact', 'forbid'],
      default: 'ensure',
      title: 'How strictly',
      description: 'Whether what is named is at least so, exactly so, or must not be.',
      enumDescriptions: [
        'What is named is there; other recipients stay. A flag or metric is set only where it has none',
        'What is named is exactly so; other recipients of a named event are removed',
        'Recipients that a pattern matches are removed: one with "@" matches e-mail addresses, any other destinations',
      ],
    },
    strict: {
      type: 'boolean',
      default: false,
      title: 'Empty what is not named',
      description: 'With `mode: exact`: also empties every known event that is not named here.',
    },
    ...blockSchemas(JOB_FLAGS),
    tasks: tasksSchema(),
  },
};
