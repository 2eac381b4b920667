import { join } from 'node:path';
import { pathInRepository } from '../../host/github/run.ts';
import { type Annotation, annotationsOf, mostAnnotations } from '../../report/annotations.ts';
import { fitReview } from '../../report/fit-review.ts';
import { SUMMARY_LIMIT } from '../../report/fit.ts';
import { inert } from '../../report/inert.ts';
import { renderJson } from '../../report/json.ts';
import { renderReview } from '../../report/review.ts';
import { type Files, type Urls, outputsOf, setOutputs } from './outputs.ts';
import { type Told, pageOf, reviewOf } from './page.ts';
import { type Part, diagnosticsOf, documentOf } from './part.ts';
import { type Stage, annotationOf, onTheSide, warningOf } from './stage.ts';
import { objections } from './verdict.ts';

/** Everything that a run leaves behind in the runner: files, summary, outputs, annotations. */
export async function publish(stage: Stage, told: readonly Told[], urls: Urls): Promise<void> {
  const files = await writeFiles(stage, told);
  if (stage.settings.summary) {
    await onTheSide(stage, '', () => stage.runner.appendSummary(summaryOf(stage, told)));
  }
  const parts = told.map(({ part }) => part);
  await setOutputs(stage.runner, outputsOf(stage.mode, parts, { ...files, ...urls }));
  await annotate(stage, parts);
}

function summaryOf(stage: Stage, told: readonly Told[]): string {
  return fitReview(SUMMARY_LIMIT, reviewOf(stage, told), pageOf(stage));
}

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
