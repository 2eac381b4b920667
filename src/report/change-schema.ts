import { VERBS } from '../core/change.ts';
import type { DiagnosticDocument, FieldDocument, OutcomeState } from '../core/document.ts';
import { type Schema, closed, listOf, matching, nullable, oneOf, typed } from './schema-words.ts';

const VERDICTS: Readonly<Record<FieldDocument['verdict'], true>> = {
  changed: true,
  unknown: true,
  opaque: true,
  assumed: true,
  ignored: true,
};

const ORIGINS: Readonly<Record<NonNullable<FieldDocument['origin']>, true>> = {
  file: true,
  workspace: true,
  both: true,
};

const STATES: Readonly<Record<OutcomeState, true>> = {
  done: true,
  already: true,
  'held-back': true,
  refused: true,
  'changed-meanwhile': true,
  blocked: true,
  skipped: true,
  failed: true,
};

const SEVERITIES: Readonly<Record<DiagnosticDocument['severity'], true>> = {
  error: true,
  warning: true,
  note: true,
};

/** One object of a plan. */
export function changeSchema(): Schema {
  return closed(
    {
      address: addressSchema(),
      key: typed('string', 'Its key in the configuration'),
      display: typed('string', 'The name that people know it by'),
      verb: verbSchema(),
      id: typed(['string', 'null'], "Databricks' identifier; null where the object does not exist"),
      source: nullable(sourceSchema()),
      fields: listOf(fieldSchema(), 'What differs'),
      requires: listOf(typed('string', 'An address'), 'Objects that the same run must make first'),
      op: nullable(
        matching(
          '^sha256:[0-9a-f]{64}$',
          'Identifies this operation in approvals; null where nothing is to be approved',
        ),
      ),
      notes: listOf(typed('string', 'One note'), 'Worth knowing about this object'),
      blocked: nullable(blockedSchema()),
    },
    'What happens to one object',
    { effects: listOf(typed('string', 'One effect'), 'What the write may do to the object besides') },
  );
}

/** One finding about the configuration. */
export function diagnosticSchema(): Schema {
  const place = (description: string): Schema => ({ ...typed(['integer', 'null'], description), minimum: 1 });
  return closed(
    {
      code: typed('string', 'Stable name of the finding'),
      severity: oneOf(Object.keys(SEVERITIES), 'Only an error stops a run'),
      message: typed('string', 'What is wrong'),
      file: typed(['string', 'null'], 'The file as the user named it'),
      line: place('Counted from 1'),
      column: place('Counted from 1'),
      hint: typed(['string', 'null'], 'What is allowed, or what to do'),
    },
    'A finding about the configuration',
  );
}

/** What became of one change. */
export function outcomeSchema(): Schema {
  return closed(
    {
      address: addressSchema(),
      display: typed('string', 'The name that people know it by'),
      verb: verbSchema(),
      state: oneOf(
        Object.keys(STATES),
        'done: written and seen to hold. already: was so before. held-back: not approved, or needs what does not run. refused: something else was approved. changed-meanwhile: no longer what was planned on. blocked: approved, and this identity may not write it or what it needs. skipped: needs what failed, or the run was interrupted. failed: see the message',
      ),
      wrote: typed('boolean', 'True where a write of this change reached the workspace'),
      message: typed(['string', 'null'], 'What happened'),
      hint: typed(['string', 'null'], 'What to do next'),
    },
    'What became of one change',
    {
      reason: typed('string', 'Of what is blocked: one word, for example `no-permission`'),
      outputs: outputsSchema(),
    },
  );
}

/** Names and values are the kind's. */
export function outputsSchema(): Schema {
  return {
    description: 'What the kind tells of the object, nothing secret',
    type: 'object',
    additionalProperties: typed('string', 'One value'),
  };
}

export function addressSchema(): Schema {
  return matching('^[a-z_]+/', '`kind/key`; jobs and pipelines carry their id');
}

function verbSchema(): Schema {
  return oneOf(VERBS, 'What happens to the object; blocked and noop write nothing');
}

function sourceSchema(): Schema {
  return closed(
    {
      file: typed('string', 'The file as the user named it'),
      line: { ...typed('integer', 'Counted from 1'), minimum: 1 },
    },
    'Where the configuration declares it; null where it no longer does',
  );
}

function fieldSchema(): Schema {
  return closed(
    {
      path: typed('string', 'Dotted path in the configuration, for example `email_notifications.on_failure`'),
      before: valueSchema('The live value; `(set)` where it can only be seen that there is one'),
      after: valueSchema('The value once applied; a secret is its reference, `(secret NAME)`'),
      verdict: oneOf(
        Object.keys(VERDICTS),
        'changed: differs. unknown: needs an id that is not yet made. opaque: cannot be read back. assumed: compared with what was last applied. ignored: differs, and does not count',
      ),
      drifted: typed('boolean', 'True where somebody changed it by hand since the last apply'),
      reason: typed(['string', 'null'], 'Why the verdict is what it is'),
    },
    'One field that differs',
    {
      origin: oneOf(
        Object.keys(ORIGINS),
        'Who moved away from what was last applied; left out where that is not on record',
      ),
      applied: valueSchema('What was last applied, where live is something else'),
    },
  );
}

function valueSchema(description: string): Schema {
  const scalar = { type: ['null', 'boolean', 'number', 'string'] };
  return { description, anyOf: [scalar, { type: 'array', items: scalar }] };
}

function blockedSchema(): Schema {
  return closed(
    {
      reason: typed(
        'string',
        'One word, for example `missing`, `ambiguous`, `more-than-three`, `dangling`, `bundle`',
      ),
      message: typed('string', 'What is in the way'),
      hint: typed(['string', 'null'], 'What would clear it'),
    },
    'Why nothing is written; null where the change is not blocked',
    { owner: ownerSchema() },
  );
}

/** Every text but the snippet is what somebody else's file says. */
function ownerSchema(): Schema {
  const told = (description: string): Schema => typed(['string', 'null'], description);
  return closed(
    {
      repository: told('Host and path, for example `github.com/acme/etl`'),
      url: told("Page of the file at that commit where that is known, else the repository's"),
      branch: told('Branch that was deployed'),
      commit: told('Commit that was deployed'),
      file: told("YAML file that holds it, from the repository's root"),
      key: told('Its key there, under `resources`'),
      why: told('Why nothing of this is known; null where something is'),
      snippet: told('YAML to paste there; null where the kind has none'),
    },
    'Which bundle deploys it, as far as its metadata tell; null for each that is not known',
  );
}
