import type { Comment, GitHubApi, Pull } from '../../host/github/api.ts';
import { type Slot, fillSlot, readSlot, renderMarker } from '../../report/marker.ts';
import { DONE_ICON, type Status, outlookAfter, statusMarkdown } from '../../report/status.ts';
import type { Naming } from './naming.ts';
import { type Ours, TooLong, ourComments, unlessTooLong } from './our-comments.ts';
import { referenceOf, stampOf } from './page.ts';
import type { Stage } from './stage.ts';

export type News = { readonly naming: Naming; readonly status: Status };

/** Says in the comments that show a plan how its apply goes. */
export async function postStatus(stage: Stage, pulls: readonly Pull[], news: News): Promise<void> {
  const github = await stage.github();
  for (const { number } of pulls) await postOn(stage, github, { pull: number, news });
}

/**
 * Jobs of a matrix write into one comment where one job planned all their targets, and may write over each other: what was
 * written is looked at again.
 */
const ATTEMPTS = 3;

async function postOn(
  stage: Stage,
  github: GitHubApi,
  { pull, news }: { readonly pull: number; readonly news: News },
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const comment = await commentAbout(github, pull, news.naming);
    if (comment === undefined || isSaid(comment, news)) return;
    await putStatus(stage, comment, news);
    if (comment.marker.targets.length === 1) return;
  }
}

async function commentAbout(github: GitHubApi, pull: number, naming: Naming): Promise<Ours | undefined> {
  const ours = await ourComments(github, pull, naming.config);
  return ours.find(({ marker }) => marker.targets.includes(naming.target ?? ''));
}

/** The same words, whenever and by whichever run; and after "applied" it is no news that nothing was left to do. */
function isSaid({ body }: Comment, { naming: { target }, status }: News): boolean {
  const there = readSlot(body, { name: 'status', target });
  // A comment without that place was edited by somebody; it is left as it is.
  if (there === null) return true;
  const isIdle = status.is === 'ended' && status.document.outcomes?.length === 0;
  if (isIdle && there.startsWith(DONE_ICON)) return true;
  const lines = statusMarkdown(status, { run: null, at: 0, isListed: true });
  return there !== '' && withoutStamp(there) === withoutStamp(lines.join('\n'));
}

/** The first line ends in the time and the run. */
function withoutStamp(text: string): string {
  return text.replace(/ · \d{4}-\d\d-\d\d \d\d:\d\d UTC.*$/mu, '');
}

async function putStatus(stage: Stage, comment: Ours, news: News): Promise<void> {
  const { updateComment } = await stage.github();
  const [full, short] = [true, false].map((isListed) => bodyWith(stage, comment, { ...news, isListed }));
  await unlessTooLong(() => updateComment(comment.id, full ?? '')).catch(async (error: unknown) => {
    if (!(error instanceof TooLong)) throw error;
    await updateComment(comment.id, short ?? '');
  });
}

function bodyWith(
  stage: Stage,
  { body, marker }: Ours,
  { naming: { target }, status, isListed }: News & { readonly isListed: boolean },
): string {
  const stamp = stampOf(stage);
  const slot = (name: Slot['name']): Slot => ({ name, target });
  const lines = statusMarkdown(status, { run: referenceOf(stage, stamp), at: stamp.at, isListed });
  const told = fillSlot(body, slot('status'), lines) ?? body;
  const whole = fillSlot(told, slot('outlook'), outlookAfter(status)) ?? told;
  // From now on it is this run's: a plan that was started earlier must not be put over it.
  return [renderMarker({ ...marker, ...stamp }), ...whole.split(/\r?\n/u).slice(1)].join('\n');
}
