import { planTarget } from '../plan.ts';
import { printPlans } from '../print.ts';
import { writeChecks } from './checks.ts';
import { postPlan } from './comment.ts';
import type { Told } from './page.ts';
import { type Part, eachPart } from './part.ts';
import type { Urls } from './outputs.ts';
import { type Stage, onTheSide, optionsOf } from './stage.ts';
import { isRed } from './verdict.ts';

/** What a mode came to, and where it was posted. */
export type Ended = { readonly told: readonly Told[]; readonly urls: Urls };

/** Plans, and where people will merge it leaves the approval in a check and the plan in a comment. */
export async function planMode(stage: Stage): Promise<Ended> {
  const parts = await planParts(stage);
  const { event, settings } = stage;
  if (event.pull === null && event.groupSha === null) return { told: parts.map(withoutMerge), urls: NOWHERE };
  const written = await writeChecks(stage, parts, (part) => isRed({ ...settings, mode: 'plan' }, part));
  const check = written.find(({ url }) => url !== null)?.url ?? null;
  if (event.pull === null) return { told: parts.map(withoutMerge), urls: { ...NOWHERE, check } };
  const { number } = event.pull;
  const comment =
    settings.comment === 'never'
      ? null
      : await onTheSide(stage, 'pull-requests: write', () => postPlan(stage, number, written));
  return { told: written, urls: { ...NOWHERE, comment, check } };
}

export const NOWHERE: Urls = { comment: null, check: null, issue: null };

function planParts(stage: Stage): Promise<readonly Part[]> {
  const options = optionsOf(stage);
  return eachPart(stage, async (target) => {
    const result = await planTarget(stage.host, options, target);
    printPlans(stage.host, options, [result.document]);
    return result;
  });
}

export function withoutMerge(part: Part): Told {
  return { part, outlook: null };
}
