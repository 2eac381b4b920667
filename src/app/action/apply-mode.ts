import type { PlanDocument } from '../../core/document.ts';
import type { Pull } from '../../host/github/api.ts';
import type { Status } from '../../report/status.ts';
import { applyTarget } from '../apply.ts';
import type { Approver } from '../approve.ts';
import { codeOf } from '../each-target.ts';
import type { Result } from '../plan.ts';
import { printOutcomes, showPlan } from '../print.ts';
import { approverOf, isRuleApproved } from './approval.ts';
import { namingOf } from './naming.ts';
import { type Part, type Stopped, eachPart } from './part.ts';
import { type Ended, NOWHERE } from './plan-mode.ts';
import { mergedPulls } from './pulls.ts';
import { type Stage, onTheSide, optionsOf } from './stage.ts';
import { type News, postStatus } from './status-comment.ts';

/** Applies what was approved, and tells the pull requests that brought it how that goes. */
export async function applyMode(stage: Stage): Promise<Ended> {
  const pulls = once(() => mergedPulls(stage));
  const parts = await eachPart(stage, (target) => apply(stage, pulls, target));
  for (const part of parts) await tell(stage, pulls, { naming: part.naming, status: statusOf(part) });
  return { told: parts.map((part) => ({ part, outlook: null })), urls: NOWHERE };
}

/** Asked for at most once, and only where somebody wants to know. */
type Pulls = () => Promise<readonly Pull[]>;

function once(find: Pulls): Pulls {
  let found: Promise<readonly Pull[]> | undefined;
  return () => (found ??= find());
}

async function apply(stage: Stage, pulls: Pulls, target: string | undefined): Promise<Result | Stopped> {
  const options = optionsOf(stage);
  const shown: { document?: PlanDocument } = {};
  try {
    const result = await applyTarget(stage.host, options, {
      target,
      approver: announcing(stage, pulls),
      judgeRules: (session, planned) => isRuleApproved(stage, pulls, { session, planned }),
      showPlan: (document) => {
        shown.document = document;
        showPlan(stage.host, options, document);
      },
    });
    printOutcomes(stage.host, options, [result.document]);
    return result;
  } catch (error) {
    if (shown.document === undefined) throw error;
    return { document: shown.document, error, code: codeOf(error) };
  }
}

/** Says that it begins, once it is known that it may. */
function announcing(stage: Stage, pulls: Pulls): Approver {
  const approver = approverOf(stage, pulls);
  return async (session, planned) => {
    const approval = await approver(session, planned);
    await tell(stage, pulls, { naming: namingOf(planned.document), status: { is: 'applying' } });
    return approval;
  };
}

async function tell(stage: Stage, pulls: Pulls, news: News): Promise<void> {
  const { settings, event } = stage;
  const isMerge = event.push !== null || event.pull !== null;
  if (settings.comment === 'never' || !isMerge) return;
  await onTheSide(stage, 'pull-requests: write', async () => postStatus(stage, await pulls(), news));
}

function statusOf({ content }: Part): Status {
  if ('failure' in content) {
    const { message, hint } = content.failure;
    return { is: 'stopped', message, hint };
  }
  return 'document' in content
    ? { is: 'ended', document: content.document }
    : { is: 'stopped', message: 'only the configuration was checked', hint: null };
}
