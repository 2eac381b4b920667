import type { JsonSchema } from '../kinds/kind.ts';
import { ADDRESS_LISTS, movedSchema, removedSchema } from './address-schema.ts';
import { editable, partial } from './editor-schema.ts';
import { settingsSchema } from './settings-schema.ts';

/** What the configuration needs to know of a kind. */
export type Section = { readonly section: string; readonly schema: JsonSchema };

const ID = 'urn:lakebell:schema:notifications:1';
const NAME = '^[A-Za-z0-9_][A-Za-z0-9_.-]*$';
const VARIABLE = '^[A-Za-z_][A-Za-z0-9_-]*$';
const environment = 'Name of an environment variable: letters, digits and "_"';
const ENVIRONMENT = '^[A-Za-z_][A-Za-z0-9_]*$';

/**
 * The schema (draft 2020-12) of a whole configuration after variables, secrets and references have been put in and
 * the target has been laid over it; sections inside `targets` are not looked into.
 *
 * Keywords of our own: `x-secret` says where `${secrets.X}` may stand. `always`: nowhere else may the value come
 * from; `url`: a literal is a secret if it looks like one; `allowed`: either. Without it a secret is an error.
 * `enumDescriptions` is what editors show beside the values of an `enum`.
 */
export function composeSchema(kinds: readonly Section[]): JsonSchema {
  const overrides = {
    settings: anyMapping,
    ...Object.fromEntries(ADDRESS_LISTS.map((key) => [key, anyList])),
    ...Object.fromEntries(kinds.map(({ section }) => [section, anyMapping])),
  };
  return document([...LISTS, ...kinds.map(sectionSchema)], settingsSchema, overrides);
}

/** The schema for editors: as `composeSchema`, for the text as written, with `${...}` wherever it may stand. */
export function composeEditorSchema(kinds: readonly Section[]): JsonSchema {
  const sections = [...LISTS, ...kinds.map(sectionSchema)];
  const overrides = {
    settings: partial(settingsSchema),
    ...Object.fromEntries(sections.map(([section, schema]) => [section, partial(schema)])),
  };
  const written = sections.map(([section, schema]): NamedSchema => [section, editable(schema)]);
  return document(written, editable(settingsSchema), overrides);
}

type NamedSchema = readonly [section: string, schema: JsonSchema];

const LISTS: readonly NamedSchema[] = [
  ['removed', removedSchema],
  ['moved', movedSchema],
];

const anyMapping: JsonSchema = {
  type: ['object', 'null'],
  description: 'Laid over the section of the same name',
};

const anyList: JsonSchema = { type: ['array', 'null'], description: 'In place of the list of the same name' };

function document(
  sections: readonly NamedSchema[],
  settings: JsonSchema,
  overrides: Record<string, JsonSchema>,
): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: ID,
    title: 'lakebell configuration',
    description: 'Databricks notifications as code',
    type: 'object',
    additionalProperties: false,
    required: ['version'],
    properties: {
      version: { const: 1, title: 'Version of this format', description: 'Always 1', examples: [1] },
      name: {
        type: 'string',
        pattern: NAME,
        maxLength: 100,
        default: 'notifications',
        title: 'Name of this configuration',
        description:
          'Tells several configurations apart. At most 100 letters, digits, "-", "_" and ".", and no "-" or "." in front',
        examples: ['data-platform'],
      },
      include: {
        type: ['array', 'null'],
        items: { type: 'string', minLength: 1 },
        title: 'Further files',
        description: 'Globs, relative to this file. Included files hold sections and variables only.',
        examples: [['teams/*.yml']],
      },
      variables: variablesSchema(),
      targets: targetsSchema(overrides),
      settings,
      ...Object.fromEntries(sections),
    },
  };
}

function sectionSchema({ section, schema }: Section): NamedSchema {
  return [
    section,
    {
      type: ['object', 'null'],
      title: section,
      description: `${section.replaceAll('_', ' ')}, by a key of your choice`,
      // A destination with an "@" in its key could not be told from an e-mail address in `notify`.
      propertyNames: section === 'destinations' ? DESTINATION_KEY : KEY,
      additionalProperties: schema,
    },
  ];
}

const KEY: JsonSchema = {
  pattern: '^\\S(?:[^\\x00-\\x1f\\x7f]*\\S)?$',
  maxLength: 200,
  description: 'At most 200 characters, no spaces at the ends, no control characters',
};

const DESTINATION_KEY: JsonSchema = {
  pattern: '^[^\\s@](?:[^\\x00-\\x1f\\x7f@]*[^\\s@])?$',
  maxLength: 200,
  description: 'At most 200 characters, no "@", no spaces at the ends, no control characters',
};

function variablesSchema(): JsonSchema {
  const scalar = { type: ['string', 'number', 'boolean', 'null'] };
  return {
    type: ['object', 'null'],
    title: 'Variables',
    description: 'Used as ${var.NAME}. Targets may give other values.',
    propertyNames: {
      pattern: VARIABLE,
      description: 'Letters, digits, "_" and "-", with a letter or "_" in front',
    },
    additionalProperties: {
      description: 'Text, a number, true or false, or a list of these',
      anyOf: [scalar, { type: 'array', items: scalar }],
    },
    examples: [{ oncall: 'oncall@example.com' }],
  };
}

function targetsSchema(overrides: Record<string, JsonSchema>): JsonSchema {
  return {
    type: ['object', 'null'],
    title: 'Targets',
    description: 'Workspaces, by a name of your choice. What stands here is laid over the rest of the file.',
    propertyNames: {
      pattern: NAME,
      maxLength: 100,
      description: 'At most 100 letters, digits, "-", "_" and ".", and no "-" or "." in front',
    },
    additionalProperties: {
      type: ['object', 'null'],
      title: 'Target',
      description: 'One workspace. Mappings merge key by key, lists and scalars replace, `null` removes.',
      additionalProperties: false,
      properties: {
        host: {
          type: 'string',
          minLength: 1,
          description: 'Address of the workspace',
          examples: ['https://my-workspace.cloud.databricks.com'],
        },
        profile: {
          type: 'string',
          minLength: 1,
          description: 'Profile in ~/.databrickscfg',
          examples: ['PROD'],
        },
        default: { type: 'boolean', default: false, description: 'Used where --target is not given' },
        variables: variablesSchema(),
        secrets: secretNamesSchema(),
        ...overrides,
      },
    },
  };
}

function secretNamesSchema(): JsonSchema {
  return {
    type: ['object', 'null'],
    description: 'Other environment variables for secrets: the name in this file -> the variable to read',
    propertyNames: { pattern: ENVIRONMENT, description: environment },
    additionalProperties: { type: 'string', pattern: ENVIRONMENT, description: environment },
    examples: [{ SLACK_WEBHOOK_URL: 'SLACK_WEBHOOK_URL_PROD' }],
  };
}
