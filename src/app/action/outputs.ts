import { VERBS } from '../../core/change.ts';
import type { PlanDocument } from '../../core/document.ts';
import { EXIT } from '../../core/errors.ts';
import type { Runner } from '../../host/github/runner.ts';
import { inertName } from '../../report/inert.ts';
import { countsLine } from '../../report/verdict.ts';
import { type Part, documentOf } from './part.ts';
import type { Mode } from './settings.ts';
import { pendingOf } from './verdict.ts';

/** Where what was posted is. */
export type Urls = {
  readonly comment: string | null;
  readonly check: string | null;
  readonly issue: string | null;
};

export type Files = { readonly plan: string | null; readonly report: string | null };

/** Every output that action.yml names, by name. */
export type Outputs = Readonly<Record<string, string | number | boolean>>;

export function outputsOf(mode: Mode, parts: readonly Part[], written: Files & Urls): Outputs {
  const documents = parts.flatMap((part) => documentOf(part) ?? []);
  const sum = (count: (document: PlanDocument) => number): number =>
    documents.reduce((total, document) => total + count(document), 0);
  const pending = parts.reduce((total, part) => total + pendingOf(part, mode), 0);
  const hasWritten = sum(({ outcomes = [] }) => outcomes.filter(({ wrote }) => wrote).length) > 0;
  return {
    changed: mode === 'apply' ? hasWritten : pending > 0,
    digest: digestsOf(parts),
    'plan-file': written.plan ?? '',
    'report-file': written.report ?? '',
    summary: documents.map(({ summary }) => countsLine(summary)).join('; '),
    ...Object.fromEntries(VERBS.map((verb) => [verb, sum(({ summary }) => summary[verb])])),
    pending,
    drifted: sum(({ summary }) => summary.drifted),
    refused: parts.some(({ code }) => code === EXIT.refused),
    'comment-url': written.comment ?? '',
    'check-url': written.check ?? '',
    'issue-url': written.issue ?? '',
  };
}

export async function setOutputs(runner: Runner, outputs: Outputs): Promise<void> {
  for (const [name, value] of Object.entries(outputs)) await runner.setOutput(name, String(value));
}

function digestsOf(parts: readonly Part[]): string {
  const documents = parts.flatMap((part) => documentOf(part) ?? []);
  const [only] = documents;
  if (only !== undefined && parts.length === 1) return only.digest;
  return documents
    .map(({ workspace, digest }) => `${inertName(workspace.target ?? '')} ${digest}`)
    .join('\n');
}
