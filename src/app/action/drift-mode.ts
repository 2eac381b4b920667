import { acceptPreview } from '../accept.ts';
import { driftTarget } from '../drift.ts';
import { printPlans } from '../print.ts';
import { keepDriftIssue } from './drift-issue.ts';
import { eachPart } from './part.ts';
import { type Ended, NOWHERE, withoutMerge } from './plan-mode.ts';
import { type Stage, onTheSide, optionsOf } from './stage.ts';

/** Looks for what somebody changed by hand, and keeps an issue about it open for as long as there is any. */
export async function driftMode(stage: Stage): Promise<Ended> {
  const options = optionsOf(stage);
  const previews = new Map<string | null, readonly string[]>();
  const parts = await eachPart(stage, async (target) => {
    const { document, code, planned } = await driftTarget(stage.host, options, target);
    printPlans(stage.host, options, [document]);
    if (stage.settings.driftIssue && document.changes.length > 0) {
      const preview = await onTheSide(stage, '', () => acceptPreview(stage.host, options, target, planned));
      previews.set(document.workspace.target, preview ?? []);
    }
    return { document, code };
  });
  const urls: (string | null)[] = [];
  for (const part of stage.settings.driftIssue ? parts : []) {
    const accept = previews.get(part.naming.target) ?? [];
    urls.push(await onTheSide(stage, 'issues: write', () => keepDriftIssue(stage, part, accept)));
  }
  return {
    told: parts.map(withoutMerge),
    urls: { ...NOWHERE, issue: urls.find((url) => url !== null) ?? null },
  };
}
