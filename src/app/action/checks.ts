import type { PlanDocument } from '../../core/document.ts';
import type { NewCheck } from '../../host/github/api.ts';
import { readApprovalNote, renderApprovalNote } from '../../report/approval-note.ts';
import { clipText } from '../../report/detail.ts';
import { fitReview } from '../../report/fit-review.ts';
import { CHECK_LIMIT } from '../../report/fit.ts';
import { type Phrase, plain, say } from '../../report/phrase.ts';
import { isRefused } from '../../report/command.ts';
import { verdictOfContent } from '../../report/review.ts';
import { countsLine, pendingCount } from '../../report/verdict.ts';
import { approvalOf } from '../approve.ts';
import { checkName } from './naming.ts';
import { type Part, documentOf } from './part.ts';
import { pageOf, reviewOf } from './page.ts';
import { type Stage, onTheSide, plannedSha } from './stage.ts';

/** What became of the check that lets a merge apply a part. */
export type Written = {
  readonly part: Part;
  readonly url: string | null;
  /** What merging will do. */
  readonly outlook: Phrase;
};

/** Writes for each part the check that holds its approval, on the commit that reviewers see. */
export async function writeChecks(
  stage: Stage,
  parts: readonly Part[],
  isRed: (part: Part) => boolean,
): Promise<readonly Written[]> {
  const written: Written[] = [];
  for (const part of parts) {
    const check = checkOf(stage, part, isRed(part));
    const answer = await onTheSide(stage, 'checks: write', async () =>
      (await stage.github()).createCheck(check),
    );
    written.push({ part, url: answer?.url ?? null, outlook: outlookOf(part, check, answer !== null) });
  }
  return written;
}

function checkOf(stage: Stage, part: Part, isRed: boolean): NewCheck {
  const document = documentOf(part);
  const page = pageOf(stage);
  const review = reviewOf(stage, [{ part, outlook: null }]);
  return {
    name: checkName(part.naming),
    sha: plannedSha(stage),
    conclusion: isRed ? 'failure' : part.content.is === 'plan' ? 'success' : 'neutral',
    title: titleOf(part),
    summary: fitReview(CHECK_LIMIT, review, page),
    text: isApprovable(document) ? noteOf(document) : '',
    externalId: document?.digest ?? '',
    detailsUrl: stage.run.url,
  };
}

/** What the box at the merge button shows. */
function titleOf({ content }: Part): string {
  const text =
    content.is === 'plan' && !isRefused(content.document) && content.document.complete
      ? countsLine(content.document.summary)
      : plain(verdictOfContent(content));
  return clipText(text, 200);
}

/** Nothing can be approved of a plan that could not be concluded. One without changes approves that: nothing. */
function isApprovable(document: PlanDocument | null): document is PlanDocument {
  return document?.complete === true;
}

function noteOf(document: PlanDocument): string {
  const { config, workspace } = document;
  return renderApprovalNote({
    config: config.name,
    target: workspace.target,
    workspaceId: workspace.workspace_id,
    ...approvalOf(document),
  });
}

function outlookOf(part: Part, { text }: NewCheck, isWritten: boolean): Phrase {
  const document = documentOf(part);
  if (document === null) return say`nothing is applied, as there is no plan`;
  if (!document.complete) return say`nothing is applied, as too little could be read`;
  const count = pendingCount(document.summary);
  if (count === 0) return say`there is nothing to apply`;
  if (isRefused(document)) return say`nothing is applied while the plan is refused`;
  if (!isWritten)
    return say`nothing is applied, because the check that approves it could not be written; the job needs ${'checks: write'}`;
  const operations = count === 1 ? say`this one operation is` : say`these ${count} operations are`;
  return readApprovalNote(text)?.ops === null
    ? say`exactly ${operations} applied, as a whole: they are too many to be listed one by one, so that any change before the merge asks for a new approval`
    : say`exactly ${operations} applied, each as long as it is still what is needed`;
}
