import type { JsonSchema } from '../kinds/kind.ts';

/** Top-level keys that are about addresses, and no sections. */
export const ADDRESS_LISTS = ['removed', 'moved'] as const;

/** The schema of `removed`. */
export const removedSchema: JsonSchema = {
  type: ['array', 'null'],
  title: 'Let go of',
  description:
    'Addresses of what the file no longer declares: each stays in the workspace as it is, and lakebell forgets it.',
  uniqueItems: true,
  items: address('kind/key, or for a job or a pipeline kind/id', [
    'destination/old-slack',
    'job/nightly',
    'job/581234',
  ]),
  examples: [['destination/old-slack']],
};

/** The schema of `moved`. */
export const movedSchema: JsonSchema = {
  type: ['array', 'null'],
  title: 'Renamed',
  description: 'Entries that got another key: what is remembered of them goes along, and nothing is written.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['from', 'to'],
    properties: {
      from: address('Address with the old key, which the file no longer declares', ['destination/slack']),
      to: address('Address with the new key, which the file declares', ['destination/team-slack']),
    },
  },
  examples: [[{ from: 'destination/slack', to: 'destination/team-slack' }]],
};

function address(description: string, examples: readonly string[]): JsonSchema {
  return { type: 'string', pattern: '^[a-z_]+/\\S(?:[^\\x00-\\x1f\\x7f]*\\S)?$', description, examples };
}
