import type { JsonType, Schema } from './check.ts';

/** The format that this version writes; a newer one is refused. */
export const FORMAT_VERSION = '1.0';

const SCALAR: readonly JsonType[] = ['null', 'boolean', 'number', 'string'];
const TIME = String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$`;
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

const fingerprint: Schema = {
  ...closed('Tells whether a secret is still the one that was set; null where none was made.', {
    scheme: {
      description: '`scrypt` of the value, or of its HMAC where LAKEBELL_FINGERPRINT_KEY is set.',
      type: 'string',
      enum: ['scrypt', 'hmac-scrypt'],
    },
    salt: { description: '16 random bytes in base64.', type: 'string', pattern: '^[A-Za-z0-9+/]{22}==$' },
    hash: { description: '32 bytes in base64.', type: 'string', pattern: '^[A-Za-z0-9+/]{43}=$' },
  }),
  type: ['object', 'null'],
};

const secret = closed(
  'A secret that was set.',
  {
    label: text('What is shown instead of the value, `(secret NAME)`.'),
    fingerprint,
    applied_at: time('When it was set.'),
    variables: texts('Environment variables that it was made of.'),
  },
  ['variables'],
);

const replacing = closed('The old object of a replace that has not deleted it yet.', {
  id: text("Databricks' identifier of the old object."),
  name: text('Its name.'),
  traits: mapOf('What could not change in place.', text('One trait.')),
});

const object = closed(
  'What is remembered of one object.',
  {
    kind: text('The kind, for example `destination`.'),
    key: text('The key in the file.'),
    id: text("Databricks' identifier."),
    name: text('The name as last applied.'),
    traits: mapOf('What cannot change in place, as last applied.', text('One trait.')),
    statement: text('Hash of the statement that was last applied.'),
    applied: mapOf('Path to value as last applied; references as `destination/key`; never a secret.', {
      description: 'One value, or a list of them.',
      type: [...SCALAR, 'array'],
      items: scalar('One member.'),
    }),
    added: mapOf('Path to the members that our own applies added to a list.', texts('Members.')),
    before: mapOf('Path to what a scalar was before we first set it.', scalar('The value.')),
    secrets: mapOf('Path to the secret that was set there.', secret),
    rules: texts('Rules that covered it.'),
    replacing,
  },
  ['rules', 'replacing'],
);

const intent = closed('A create that was about to be sent.', {
  name: text('The name that the object was to get.'),
  at: time('When.'),
  run: text('The run that was about to send it.'),
});

const approval: Schema = {
  ...closed('The approval of the latest apply, under which an interrupted one may go on.', {
    digest: text('Digest of the plan.'),
    ops: listOf(
      'The approved operations.',
      closed('One of them.', {
        address: text('Address of the object.'),
        op: text('Digest of the operation.'),
      }),
    ),
  }),
  type: ['object', 'null'],
};

const undo: Schema = {
  ...closed('What an inverse needs; null where that was too large to be kept.', {
    kind: text('The kind.'),
    key: text('The key in the file.'),
    id: { description: 'The object that was left; null where none was.', type: ['string', 'null'] },
    name: text('The name that it was left with.'),
    fields: mapOf(
      'Path to what was found and left there; a secret is its label and its variables.',
      closed('One field.', {
        before: { description: 'A value, a pointer or a secret.' },
        after: { description: 'The same.' },
      }),
    ),
    was: { ...object, type: ['object', 'null'] },
    statement: {
      description: 'Hash of the statement that was left on record; null where nothing was.',
      type: ['string', 'null'],
    },
  }),
  type: ['object', 'null'],
};

const historyChange = closed(
  'One change.',
  {
    address: text('Address of the object.'),
    verb: text('What was done.'),
    before: mapOf('Path to value before.', { description: 'Any JSON value.' }),
    after: mapOf('Path to value after.', { description: 'Any JSON value.' }),
    undo,
  },
  ['undo'],
);

const historyEntry = closed(
  'One recorded apply.',
  {
    serial: count('Serial of the record that it saved.'),
    at: time('When.'),
    identity: text('Who applied.'),
    changes: listOf('What it changed.', historyChange),
    open: { description: 'True where the run died before it could say what it wrote.', type: 'boolean' },
    rolls_back: count('Serial of the apply that this one undid.'),
  },
  ['open', 'rolls_back'],
);

/** The record as JSON Schema; `schemas/record.schema.json` is written from it, and every record is checked by it. */
export const RECORD_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'lakebell record',
  ...closed(
    'What lakebell remembers between runs, one document per configuration and target.',
    {
      format_version: { description: 'Version of this format.', type: 'string', const: FORMAT_VERSION },
      tool: closed('The program that saved it last.', {
        name: text('Its name.'),
        version: text('Its version.'),
      }),
      lineage: {
        description: 'A UUID made with the first record; a record of another lineage is refused.',
        type: 'string',
        pattern: UUID,
      },
      serial: count('Counts saves.'),
      config: text('The name of the configuration.'),
      target: { description: 'The target; null without targets.', type: ['string', 'null'] },
      workspace_id: text('The workspace that it speaks of.'),
      updated_at: time('When it was saved last.'),
      identity: text('Who saved it last.'),
      objects: mapOf('Address to what is remembered of the object.', object),
      intents: mapOf('Address to the create that was about to be sent and has no id yet.', intent),
      approval,
      guards: mapOf('Guard settings as last applied.', {
        description: 'A figure, a switch or a list of patterns.',
        type: [...SCALAR, 'array'],
        items: text('One pattern.'),
      }),
      jobs_seen: {
        description: 'How many jobs the latest apply saw; null where it did not look.',
        type: ['integer', 'null'],
        minimum: 0,
      },
      rules: mapOf('Rule to hash of what it said when it was applied.', text('The hash.')),
      history: listOf('Recent applies, newest last.', historyEntry),
    },
    ['rules'],
  ),
};

function closed(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { description, type: 'object', required, properties, additionalProperties: false };
}

function mapOf(description: string, additionalProperties: Schema): Schema {
  return { description, type: 'object', additionalProperties };
}

function listOf(description: string, items: Schema): Schema {
  return { description, type: 'array', items };
}

function texts(description: string): Schema {
  return listOf(description, text('One of them.'));
}

function text(description: string): Schema {
  return { description, type: 'string' };
}

function time(description: string): Schema {
  return { description: `${description} ISO 8601, UTC.`, type: 'string', pattern: TIME };
}

function count(description: string): Schema {
  return { description, type: 'integer', minimum: 0 };
}

function scalar(description: string): Schema {
  return { description, type: SCALAR };
}
