import type { Comment } from '../../host/github/api.ts';
import { COMMENT_LIMIT, fitting } from '../../report/fit.ts';
import { isEarlier, renderMarker } from '../../report/marker.ts';
import { namesIn, renderBareReview, renderReview } from '../../report/review.ts';
import { type Ours, TooLong, ourComments, outdate, unlessTooLong } from './our-comments.ts';
import { type Stamp, type Told, pageOf, reviewOf, stampOf } from './page.ts';
import { type Stage, onTheSide, plannedSha } from './stage.ts';

/** The one comment about these parts, made or brought up to date. Gives its address. */
export async function postPlan(stage: Stage, pull: number, told: readonly Told[]): Promise<string | null> {
  const github = await stage.github();
  const ours = await ourComments(github, pull, configOf(told));
  const targets = targetsOf(told);
  const about = ours.filter(({ marker }) => meets(marker.targets, targets));
  const newer = about.find((comment) => isOvertakenBy(stage, comment));
  if (newer !== undefined) return newer.url;
  const kept =
    about.find(({ marker }) => isSame(marker.targets, targets)) ??
    about.find(({ marker }) => isUnknown(marker.targets) || isUnknown(targets));
  const comment = kept === undefined ? await make(stage, pull, told) : await bringUpToDate(stage, kept, told);
  // What is in the way goes last: until then it is better than nothing.
  await fold(
    stage,
    about.filter((one) => one !== kept),
  );
  return comment?.url ?? null;
}

async function make(stage: Stage, pull: number, told: readonly Told[]): Promise<Comment | null> {
  if (!isWorthAComment(stage, told)) return null;
  const github = await stage.github();
  const made = await write(stage, told, (body) => github.createComment(pull, body));
  return settleRace(stage, { pull, made, told });
}

async function bringUpToDate(stage: Stage, comment: Ours, told: readonly Told[]): Promise<Comment> {
  if (isOvertakenBy(stage, comment)) return comment;
  if (comment.marker.head === plannedSha(stage) && isUnchanged(stage, comment, told)) return comment;
  const github = await stage.github();
  return write(stage, told, (body) => github.updateComment(comment.id, body));
}

/** A run that was overtaken must not put an old plan over a new one, nor fold the new one away. */
function isOvertakenBy(stage: Stage, { marker }: Ours): boolean {
  return isEarlier({ ...marker, ...stampOf(stage) }, marker);
}

/** Not what the run is there for: the comment stands. */
async function fold(stage: Stage, comments: readonly Comment[]): Promise<void> {
  await onTheSide(stage, 'pull-requests: write', async () => outdate(await stage.github(), comments));
}

/** What is there is what that run would have written today, and nobody has edited it. */
function isUnchanged(stage: Stage, { body, marker }: Ours, told: readonly Told[]): boolean {
  const same = (one: string): boolean => one.trimEnd() === body.replaceAll('\r\n', '\n').trimEnd();
  const [first] = bodiesOf(stage, told, marker);
  return first !== undefined && same(first);
}

/** Another run may have made its comment at the same time: the older one stays. */
async function settleRace(
  stage: Stage,
  { pull, made, told }: { readonly pull: number; readonly made: Comment; readonly told: readonly Told[] },
): Promise<Comment> {
  const github = await stage.github();
  const ours = await ourComments(github, pull, configOf(told));
  const [first] = ours.filter(({ marker }) => isSame(marker.targets, targetsOf(told)));
  if (first === undefined || first.id === made.id) return made;
  await fold(stage, [made]);
  return bringUpToDate(stage, first, told);
}

async function write(
  stage: Stage,
  told: readonly Told[],
  send: (body: string) => Promise<Comment>,
): Promise<Comment> {
  let refused: unknown;
  for (const body of bodiesOf(stage, told, stampOf(stage))) {
    try {
      return await unlessTooLong(() => send(body));
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
      refused = error.cause;
    }
  }
  throw refused;
}

function* bodiesOf(stage: Stage, told: readonly Told[], stamp: Stamp): Generator<string, void> {
  const { run, attempt, number, at } = stamp;
  const first = renderMarker({
    config: configOf(told),
    targets: targetsOf(told),
    head: plannedSha(stage),
    run,
    attempt,
    number,
    at,
  });
  const review = reviewOf(stage, told, stamp);
  const page = pageOf(stage);
  yield* fitting(
    COMMENT_LIMIT,
    (detail) => `${first}\n${renderReview(review, { ...page, detail })}`,
    () => `${first}\n${renderBareReview(review, page)}`,
    namesIn(review),
  );
}

function isWorthAComment({ settings }: Stage, told: readonly Told[]): boolean {
  return (
    settings.comment === 'always' ||
    told.some(({ part: { content } }) => content.is !== 'plan' || hasNews(content.document))
  );
}

function hasNews({
  changes,
  refusals,
  complete,
}: {
  changes: readonly { verb: string }[];
  refusals: readonly unknown[];
  complete: boolean;
}): boolean {
  return !complete || refusals.length > 0 || changes.some(({ verb }) => verb !== 'noop');
}

function configOf(told: readonly Told[]): string {
  return told[0]?.part.naming.config ?? '';
}

function targetsOf(told: readonly Told[]): readonly string[] {
  return told.map(({ part }) => part.naming.target ?? '').sort();
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((target, at) => target === other[at]);
}

function meets(one: readonly string[], other: readonly string[]): boolean {
  return isUnknown(one) || isUnknown(other) || one.some((target) => other.includes(target));
}

/** A configuration has no targets, or cannot be read and does not tell them: there is no other comment beside that. */
function isUnknown(targets: readonly string[]): boolean {
  return isSame(targets, ['']);
}
