import { VERBS } from '../core/change.ts';
import { changeSchema, diagnosticSchema, outcomeSchema } from './change-schema.ts';
import { type Schema, closed, count, listOf, matching, oneOf, typed } from './schema-words.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const version = matching(
  String.raw`^1\.\d+$`,
  'Version of this format; the first figure changes when an old reader would be misled',
);

/** What `plan`, `apply` and `drift` print as JSON: one plan, or with `--all-targets` one for each target. */
export function planSchema(): Schema {
  return {
    $schema: DIALECT,
    $id: 'urn:lakebell:plan:1',
    title: 'lakebell plan',
    description:
      'What lakebell would do to a workspace, or did; with --all-targets one such plan for each target',
    oneOf: [{ $ref: '#/$defs/plan' }, { $ref: '#/$defs/plans' }],
    $defs: { plan: onePlan(), plans: manyPlans() },
  };
}

/** What `validate` prints as JSON. */
export function validateSchema(): Schema {
  const body = closed(
    {
      format_version: version,
      tool: toolSchema(),
      files: listOf(
        typed('string', 'A file as the user named it'),
        'Every file of the configuration that was read',
      ),
      valid: typed('boolean', 'True where no diagnostic is an error'),
      diagnostics: listOf(diagnosticSchema(), 'What was found, in the order of the files'),
    },
    'What lakebell found in a configuration without looking at a workspace',
  );
  return { $schema: DIALECT, $id: 'urn:lakebell:report:1', title: 'lakebell validation report', ...body };
}

function onePlan(): Schema {
  return closed(
    {
      format_version: version,
      tool: toolSchema(),
      config: configSchema(),
      workspace: workspaceSchema(),
      summary: summarySchema(),
      changes: listOf(changeSchema(), 'Sorted by address; an unchanged object is here only if it has notes'),
      diagnostics: listOf(diagnosticSchema(), 'Findings about the configuration'),
      refusals: listOf(refusalSchema(), 'Guards that refuse the plan, and those that were lifted'),
      unreadable: listOf(
        unreadableSchema(),
        'What this identity may not read, so that nothing is concluded from it',
      ),
      complete: typed('boolean', 'False where too little could be read to conclude'),
      digest: matching(
        '^sha256:[0-9a-f]{64}$',
        'Identifies what the plan would do; approving it approves exactly that',
      ),
      requests: requestsSchema(),
      notes: listOf(typed('string', 'One note'), 'Worth knowing about the run as a whole'),
    },
    'One plan for one workspace',
    sometimes(),
  );
}

/** What is left out where there is nothing of it to say. */
function sometimes(): Readonly<Record<string, Schema>> {
  return {
    drift: closed(
      {
        edited: count('Objects that somebody edited by hand'),
        deleted: count('Objects that somebody deleted by hand'),
        uncovered: count('Objects that rules select which were applied, and that are not as these say'),
      },
      'Of `drift`: what the changes are about',
    ),
    rules: listOf(ruleSchema(), 'What each rule of the file came to'),
    explanations: listOf(explanationSchema(), 'Of `--explain`: where everything in an object comes from'),
    rolls_back: count('Of `rollback`: serial of the apply that it undoes'),
    repairs: listOf(
      typed('string', 'One word of --repair'),
      'What the plan puts right besides, as --repair asked for',
    ),
    outcomes: listOf(outcomeSchema(), 'After an apply: what became of every change'),
    loosened: listOf(loosenedSchema(), 'Guard settings that let more through than those of the last apply'),
  };
}

function explanationSchema(): Schema {
  const stated = statedSchema();
  const overridden = closed({ loser: stated, winner: stated }, 'A statement that does not hold there');
  const field = closed(
    {
      path: typed('string', 'Dotted path'),
      members: listOf(memberSchema(stated), 'What will be there, and what will not be any more'),
      overridden: listOf(overridden, 'What is said in vain'),
    },
    'One field',
  );
  return closed(
    {
      address: typed('string', 'Address of the object'),
      display: typed('string', 'Name of the object'),
      fields: listOf(field, 'Every field that something is said about'),
    },
    'One object',
  );
}

function statedSchema(): Schema {
  return closed(
    {
      by: typed('string', 'Who says it, for example `rules.prod`'),
      file: typed('string', 'File'),
      line: typed('integer', 'Line'),
    },
    'A statement and its line',
  );
}

function memberSchema(stated: Schema): Schema {
  return closed(
    {
      value: {
        type: ['null', 'boolean', 'number', 'string'],
        description: 'A recipient, a flag or a threshold',
      },
      fate: oneOf(
        ['stays', 'stated', 'goes'],
        'There already and stated by nothing; stated by those; taken away because of those',
      ),
      by: listOf(stated, 'The statements'),
    },
    'One member of the field',
  );
}

function ruleSchema(): Schema {
  return closed(
    {
      key: typed('string', 'Its key in the file'),
      mode: oneOf(['ensure', 'exact', 'forbid'], 'How strictly it holds'),
      source: closed({ file: typed('string', 'File'), line: typed('integer', 'Line') }, 'Where it stands'),
      matched: count('Objects that it selects'),
      pending: count('Those of them that would be written'),
      blocked: {
        type: 'object',
        description: 'Reason to the number of those that are left alone because of it',
        additionalProperties: { type: 'integer', minimum: 1 },
      },
    },
    'One rule',
  );
}

function manyPlans(): Schema {
  return closed(
    { format_version: version, plans: listOf({ $ref: '#/$defs/plan' }, 'One plan for each target') },
    'The plans of all targets',
  );
}

function toolSchema(): Schema {
  return closed(
    { name: typed('string', 'Always `lakebell`'), version: typed('string', 'Its version') },
    'What made this document',
  );
}

function configSchema(): Schema {
  return closed(
    {
      name: typed('string', 'Name of the configuration'),
      files: listOf(
        typed('string', 'A file as the user named it'),
        'The configuration file, then what it includes',
      ),
      sha256: typed('string', 'Hash of the files'),
    },
    'The configuration that was read',
  );
}

function workspaceSchema(): Schema {
  return closed(
    {
      target: typed(['string', 'null'], 'Target in the configuration; null where it has none'),
      host: typed('string', 'Address of the workspace'),
      workspace_id: typed('string', 'Identifier of the workspace'),
      identity: typed('string', 'User or service principal that read it'),
    },
    'The workspace that was read',
  );
}

function summarySchema(): Schema {
  const verbs = VERBS.map((verb) => [verb, count(`Objects whose verb is ${verb}`)] as const);
  const others = {
    drifted: count('Objects that somebody changed by hand since the last apply'),
    foreign: count('Objects that the configuration does not name'),
  };
  return closed({ ...Object.fromEntries(verbs), ...others }, 'Objects, counted by what happens to them');
}

function refusalSchema(): Schema {
  return closed(
    {
      guard: typed('string', 'The guard'),
      message: typed('string', 'What it objects to, with its figure'),
      allow: typed('string', 'Name to give to --allow'),
    },
    'A guard that refuses the plan',
    {
      users: listOf(userSchema(), 'Of in_use: every place that still points at what would go'),
      allowed: typed('string', 'Why it was let through, where it was lifted'),
    },
  );
}

function userSchema(): Schema {
  return closed(
    {
      user: typed('string', 'The object that points, for example job/7'),
      name: typed('string', 'Its name'),
      place: typed('string', 'Where in it'),
      uses: typed('string', 'Address of what it points at'),
      link: typed('string', 'Its page in the workspace'),
    },
    'A place that points at an object that would go',
  );
}

function loosenedSchema(): Schema {
  return closed(
    {
      setting: typed('string', 'The setting'),
      before: typed('string', 'As it was at the last apply'),
      after: typed('string', 'As the file says now'),
    },
    'A guard setting that was loosened',
  );
}

function unreadableSchema(): Schema {
  return closed(
    {
      what: typed('string', 'What could not be read'),
      why: typed('string', 'The reason'),
      identity: typed('string', 'Who tried'),
    },
    'Something that could not be read',
  );
}

function requestsSchema(): Schema {
  return closed(
    {
      count: count('Requests that were sent'),
      retried: count('Requests among them that were sent again'),
      seconds: { description: 'How long the run took', type: 'number', minimum: 0 },
    },
    'What the run cost',
  );
}
