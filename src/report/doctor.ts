import {
  type DoctorDocument,
  FINDING_GROUPS,
  FINDING_STATUSES,
  type FindingGroup,
  type FindingStatus,
} from '../core/doctor.ts';
import { inertJson } from './inert.ts';
import { PLAN_FORMAT_VERSION } from './plan-document.ts';
import { type Schema, closed, count, listOf, nullable, oneOf, typed } from './schema-words.ts';
import { plural } from './words.ts';

export const GROUP_HEADINGS: Readonly<Record<FindingGroup, string>> = {
  'sign-in': 'Signing in',
  workspace: 'Workspace',
  permissions: 'Permissions',
  federation: 'Signing in without a secret',
  github: 'GitHub',
  requests: 'Requests',
  installation: 'Installation',
};

const COUNTED: Readonly<Record<FindingStatus, (count: number) => string>> = {
  problem: (number) => plural(number, 'problem'),
  warning: (number) => plural(number, 'warning'),
  unknown: (number) => `${number} not known`,
  ok: (number) => `${number} in order`,
};

/** `1 problem, 2 warnings, 9 in order`. */
export function findingCounts({ summary }: DoctorDocument): string {
  return FINDING_STATUSES.filter((status) => summary[status] > 0)
    .map((status) => COUNTED[status](summary[status]))
    .join(', ');
}

/** What the report is about, as far as that is known. */
export function subjectOf({ workspace: { host, target } }: DoctorDocument): string {
  const which = target === null ? '' : ` (target ${target})`;
  return `${host ?? 'no workspace'}${which}`;
}

/** Where the methods are worth a look: nobody could sign in. */
export function isSignInAtFault({ findings }: DoctorDocument): boolean {
  return findings.some(({ group, status }) => group === 'sign-in' && status === 'problem');
}

/** One JSON document with a trailing newline; several, or `isMany` for `--all-targets`, come as `{format_version, reports}`. */
export function renderDoctorJson(documents: readonly DoctorDocument[], isMany = false): string {
  const isOne = documents.length === 1 && !isMany;
  const all = isOne ? documents[0] : { format_version: PLAN_FORMAT_VERSION, reports: documents };
  return `${inertJson(JSON.stringify(all, null, 2))}\n`;
}

export function doctorSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:lakebell:doctor:1',
    title: 'lakebell doctor',
    description: 'One report, or with --all-targets one for each target',
    oneOf: [
      reportSchema(),
      closed(
        {
          format_version: typed('string', 'Version of this format'),
          reports: listOf(reportSchema(), 'One for each target'),
        },
        'Every target',
      ),
    ],
  };
}

function reportSchema(): Schema {
  const text = typed('string', 'A text');
  const method = { name: text, chosen: typed('boolean', 'Whether it signs in'), why: text };
  const counts = FINDING_STATUSES.map((status) => [status, count('How many')] as const);
  return closed(
    {
      format_version: typed('string', 'Version of this format'),
      tool: closed({ name: text, version: text }, 'What made this document'),
      workspace: closed(
        {
          target: nullable(text),
          host: nullable(text),
          workspace_id: nullable(text),
          identity: nullable(text),
        },
        'Where and as whom; null where that is not known',
      ),
      sign_in: closed(
        {
          method: nullable(text),
          considered: listOf(closed(method, 'One way to sign in'), 'In the order in which they are tried'),
        },
        'How it signs in, and why not otherwise',
      ),
      healthy: typed('boolean', 'False where one of the findings is a problem'),
      summary: closed(Object.fromEntries(counts), 'How many findings of each status'),
      findings: listOf(findingSchema(), 'Everything that was looked at'),
      requests: closed(
        {
          count: count('Tries'),
          retried: count('Repetitions among them'),
          seconds: typed('number', 'From first to last'),
        },
        'What it cost in the workspace, signing in left out',
      ),
    },
    'What is in order, what is not, and what to do',
  );
}

function findingSchema(): Schema {
  const text = typed('string', 'A text');
  const snippet = {
    title: typed('string', 'Where it belongs'),
    language: oneOf(['sh', 'sql', 'hcl', 'json', 'yaml'], 'Of the text'),
    text,
  };
  return closed(
    {
      group: oneOf(FINDING_GROUPS, 'Part of the report'),
      code: typed('string', 'What was looked at; see docs/doctor.md'),
      status: oneOf(
        FINDING_STATUSES,
        'problem: the configuration cannot be applied as it is. warning: it works, and should be looked at. unknown: it could not be found out',
      ),
      title: text,
      detail: text,
      remedy: nullable(typed('string', 'What to do; null where all is in order')),
      snippets: listOf(closed(snippet, 'Something to paste'), 'To paste'),
    },
    'One thing that was looked at',
  );
}
