import { join } from 'node:path';
import { VERBS } from '../../core/change.ts';
import { EXIT } from '../../core/errors.ts';
import { pathInRepository } from '../../host/github/run.ts';
import { type Annotation, annotationsOf, mostAnnotations } from '../../report/annotations.ts';
import { SUMMARY_LIMIT, fit } from '../../report/fit.ts';
import { inert, inertName } from '../../report/inert.ts';
import { renderJson } from '../../report/json.ts';
import { renderBareReview, renderReview } from '../../report/review.ts';
import { countsLine } from '../../report/verdict.ts';
import { type Told, pageOf, reviewOf } from './page.ts';
import { type Part, diagnosticsOf, documentOf } from './part.ts';
import { type Stage, annotationOf, onTheSide, warningOf } from './stage.ts';
import { objections, pendingOf } from './verdict.ts';

/** Where what was posted is. */
export type Urls = { readonly comment: string | null; readonly check: string | null };

/** Everything that a run leaves behind in the runner: files, summary, outputs, annotations. */
export async function publish(stage: Stage, told: readonly Told[], urls: Urls): Promise<void> {
  const files = await writeFiles(stage, told);
  if (stage.settings.summary) {
    await onTheSide(stage, '', () => stage.runner.appendSummary(summaryOf(stage, told)));
  }
  const parts = told.map(({ part }) => part);
  await setOutputs(stage, parts, { ...files, ...urls });
  await annotate(stage, parts);
}

function summaryOf(stage: Stage, told: readonly Told[]): string {
  const review = reviewOf(stage, told);
  const page = pageOf(stage);
  return fit(
    SUMMARY_LIMIT,
    (detail) => renderReview(review, { ...page, detail }),
    () => renderBareReview(review, page),
  );
}

type Files = { readonly plan: string | null; readonly report: string | null };

/** Whole, whatever their length: what limits have taken from the summary is here. */
async function writeFiles(stage: Stage, told: readonly Told[]): Promise<Files> {
  const documents = told.flatMap(({ part }) => documentOf(part) ?? []);
  const report = renderReview(reviewOf(stage, told), pageOf(stage));
  const { host } = stage;
  const written = await onTheSide(stage, '', async () => {
    const folder = await host.makeTemporaryFolder('lakebell-');
    const [plan, page] = [join(folder, 'plan.json'), join(folder, 'report.md')];
    if (documents.length > 0) await host.writeFile(plan, renderJson(documents, documents.length > 1));
    await host.writeFile(page, report);
    return { plan: documents.length > 0 ? plan : null, report: page };
  });
  return written ?? { plan: null, report: null };
}

async function setOutputs(stage: Stage, parts: readonly Part[], written: Files & Urls): Promise<void> {
  const { mode, runner } = stage;
  const documents = parts.flatMap((part) => documentOf(part) ?? []);
  const sum = (count: (document: (typeof documents)[number]) => number): number =>
    documents.reduce((total, document) => total + count(document), 0);
  const pending = parts.reduce((total, part) => total + pendingOf(part, mode), 0);
  const hasWritten = sum(({ outcomes = [] }) => outcomes.filter(({ wrote }) => wrote).length) > 0;
  const outputs: Readonly<Record<string, string | number | boolean>> = {
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
    'issue-url': '',
  };
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

/** Marks in the files and in the head of the run; what happened on the side comes first, so that it is never among the rest. */
async function annotate(stage: Stage, parts: readonly Part[]): Promise<void> {
  const found = new Map(
    parts.flatMap(diagnosticsOf).map((diagnostic) => [JSON.stringify(diagnostic), diagnostic] as const),
  );
  const all = [
    ...stage.notices.all().map(warningOf),
    ...parts.flatMap((part) => errorsOf(stage, part)),
    ...annotationsOf([...found.values()]).map((annotation) => inRepository(stage, annotation)),
  ];
  for (const annotation of mostAnnotations(all)) await stage.runner.annotate(annotation);
}

/** What made the run red besides the findings in the files. */
function errorsOf(stage: Stage, part: Part): readonly Annotation[] {
  const { content } = part;
  const failed =
    'failure' in content && content.failure.diagnostics.length === 0
      ? [[content.failure.message, content.failure.hint].filter((text) => text !== null).join('; ')]
      : [];
  const red = objections({ ...stage.settings, mode: stage.mode }, part).map(({ why }) => why);
  const prefix = part.naming.target === null ? '' : `${part.naming.target}: `;
  return [...failed, ...red].map((text) => annotationOf('error', inert(`${prefix}${text}`)));
}

/** Places are seen from the repository's root, wherever we work. */
function inRepository({ run }: Stage, annotation: Annotation): Annotation {
  const file = annotation.file === null ? null : pathInRepository(run, annotation.file);
  return { ...annotation, file };
}
