import { VERBS } from '../../../src/core/change.ts';
import type {
  ChangeDocument,
  DiagnosticDocument,
  FieldDocument,
  OutcomeDocument,
  PlanDocument,
  ValidateDocument,
} from '../../../src/core/document.ts';

const tool = { name: 'lakebell', version: '0.1.0' };

export const DIGEST = `sha256:${'1f2e3d4c'.repeat(8)}`;

/** A plan whose summary is counted from its changes. */
export function aPlan(
  parts: Partial<PlanDocument> = {},
  standing: Partial<PlanDocument['summary']> = {},
): PlanDocument {
  const changes = parts.changes ?? [];
  const verbs = VERBS.map((verb) => [verb, changes.filter((change) => change.verb === verb).length]);
  const drifted = changes.filter(({ fields }) => fields.some((field) => field.drifted)).length;
  return {
    format_version: '1.0',
    tool,
    config: { name: 'data-platform', files: ['notifications.yml'], sha256: 'ab'.repeat(32) },
    workspace: {
      target: 'prod',
      host: 'https://prod.cloud.databricks.test',
      workspace_id: '1234567890123456',
      identity: 'sp-plan',
    },
    summary: { ...Object.fromEntries(verbs), drifted, foreign: 0, ...standing } as PlanDocument['summary'],
    changes,
    diagnostics: [],
    refusals: [],
    unreadable: [],
    complete: true,
    digest: DIGEST,
    requests: { count: 53, retried: 0, seconds: 2.9 },
    notes: [],
    ...parts,
  };
}

/** A change of a job, unless the address says otherwise. */
export function aChange(parts: Partial<ChangeDocument> = {}): ChangeDocument {
  const isPending = !['blocked', 'noop', 'rotate'].includes(parts.verb ?? 'update');
  return {
    address: 'job/9007199254740993',
    key: 'etl',
    display: 'etl-pipeline',
    verb: 'update',
    id: '9007199254740993',
    source: { file: 'notifications.yml', line: 41 },
    fields: [],
    requires: [],
    op: isPending ? `sha256:${'ab'.repeat(32)}` : null,
    notes: [],
    blocked: null,
    ...parts,
  };
}

export function aField(parts: Partial<FieldDocument> = {}): FieldDocument {
  return {
    path: 'webhook_notifications.on_failure',
    before: ['team-slack'],
    after: ['pagerduty', 'team-slack'],
    verdict: 'changed',
    drifted: false,
    reason: null,
    ...parts,
  };
}

export function aDestination(
  key: string,
  display: string,
  parts: Partial<ChangeDocument> = {},
): ChangeDocument {
  return aChange({
    address: `destination/${key}`,
    key,
    display,
    id: '3f2c9a10-0000-4000-8000-00000000000a',
    source: { file: 'notifications.yml', line: 24 },
    ...parts,
  });
}

export function aDiagnostic(parts: Partial<DiagnosticDocument> = {}): DiagnosticDocument {
  return {
    code: 'unknown-key',
    severity: 'error',
    message: 'unknown key "on_failur"',
    file: 'notifications.yml',
    line: 3,
    column: 5,
    hint: 'did you mean "on_failure"?',
    ...parts,
  };
}

export function anOutcome(parts: Partial<OutcomeDocument> = {}): OutcomeDocument {
  return {
    address: 'job/9007199254740993',
    display: 'etl-pipeline',
    verb: 'update',
    state: 'done',
    wrote: parts.state === undefined || parts.state === 'done',
    message: null,
    hint: null,
    ...parts,
  };
}

export function aValidation(parts: Partial<ValidateDocument> = {}): ValidateDocument {
  return {
    format_version: '1.0',
    tool,
    files: ['notifications.yml'],
    valid: true,
    diagnostics: [],
    ...parts,
  };
}
