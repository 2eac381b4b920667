import type { Approval } from '../../core/approval.ts';
import type { Change } from '../../core/change.ts';
import { isPending } from '../../core/change.ts';
import { digestPlan } from '../../core/digest.ts';
import { RefusedError } from '../../core/errors.ts';
import { coveredOps } from '../../core/rule-approval.ts';
import type { RecordedApproval } from '../../core/record.ts';
import type { Check, GitHubApi, Pull } from '../../host/github/api.ts';
import { GitHubError } from '../../host/github/error.ts';
import { type ApprovalNote, readApprovalNote } from '../../report/approval-note.ts';
import { type Approver, approvalByDigest } from '../approve.ts';
import type { Planned } from '../planning.ts';
import type { Session } from '../session.ts';
import { ACTIONS_BOT } from './our-comments.ts';
import { checkName } from './naming.ts';
import type { Stage } from './stage.ts';

/** How the inputs say that an apply is approved. */
export function approverOf(stage: Stage, pulls: () => Promise<readonly Pull[]>): Approver {
  const { approve } = stage.settings;
  switch (approve.by) {
    case 'none':
      return () => 'everything';
    case 'digest':
      return (_session, planned) => approvalByDigest(approve.digest, planned);
    case 'rules':
      return (session, planned) => approvalByRules(session, planned);
    case 'check':
      return async (session, planned) => {
        const { document, plan } = planned;
        if (onlyRotates(plan.changes)) return { digest: document.digest, ops: [] };
        try {
          return await approvalByChecks(stage, await pulls(), { session, planned });
        } catch (error) {
          throw error instanceof GitHubError ? notReadable(error) : error;
        }
      };
  }
}

/**
 * Whether rules that are new may count as applied from now on, although they have nothing to do yet: what they ensure on
 * jobs that are to come would not be asked about again.
 */
export async function isRuleApproved(
  stage: Stage,
  pulls: () => Promise<readonly Pull[]>,
  about: About,
): Promise<boolean> {
  const { by } = stage.settings.approve;
  if (by !== 'check') return by !== 'rules';
  try {
    await approvalByChecks(stage, await pulls(), about);
    return true;
  } catch (error) {
    if (error instanceof GitHubError || error instanceof RefusedError) return false;
    throw error;
  }
}

/** Whoever approved the rules that were applied has approved what only adds the same to further jobs. */
function approvalByRules({ config, identity }: Session, { plan, record }: Planned): RecordedApproval {
  const ops = coveredOps(plan.changes, record);
  const digest = digestPlan(
    ops.map(({ op }) => op),
    identity.workspaceId,
    config.name,
  );
  return { digest, ops };
}

type About = { readonly session: Session; readonly planned: Planned };

/** What the checks on the pull requests' last commits list, taken together. @throws RefusedError where there is none. */
async function approvalByChecks(stage: Stage, pulls: readonly Pull[], about: About): Promise<Approval> {
  const found: RecordedApproval[] = [];
  const reasons: string[] = [];
  for (const pull of pulls) {
    const approval = await approvalOn(stage, pull, about);
    if ('reason' in approval) reasons.push(approval.reason);
    else found.push(approval);
  }
  if (found.length > 0) return united(found, about);
  throw notApproved(stage, pulls, reasons);
}

/** A secret's new value was approved when its reference was. */
function onlyRotates(changes: readonly Change[]): boolean {
  return changes.filter(isPending).every(({ op }) => op === null);
}

function united(found: readonly RecordedApproval[], { session }: About): RecordedApproval {
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const ops = [...new Map(found.flatMap((one) => one.ops).map((op) => [op.op, op])).values()];
  const digest = digestPlan(
    ops.map(({ op }) => op),
    session.identity.workspaceId,
    session.config.name,
  );
  return { digest, ops };
}

type Found = RecordedApproval | { readonly reason: string };

async function approvalOn(stage: Stage, pull: Pull, about: About): Promise<Found> {
  const { config } = about.session;
  const name = checkName({ config: config.name, target: config.target.name });
  const where = `pull request #${pull.number}: the check ${name} on its last commit ${pull.headSha.slice(0, 8)}`;
  const github = await stage.github();
  const checks = (await github.listChecks(pull.headSha, name)).filter(({ sha }) => sha === pull.headSha);
  const isOurs = await ownership(stage, github);
  const ours = checks.filter(isOurs);
  const latest = [...ours].sort((a, b) => b.id - a.id)[0];
  if (latest === undefined) {
    const others = [...new Set(checks.map(({ app }) => app?.slug ?? 'unknown'))].join(', ');
    return { reason: others === '' ? `${where} is not there` : `${where} is by another app (${others})` };
  }
  const note = latest.isCompleted ? readApprovalNote(latest.text) : null;
  if (note === null) return { reason: `${where} holds no approval` };
  const fault = faultOf(note, latest, about);
  return fault === null ? approvalFrom(note, about) : { reason: `${where} ${fault}` };
}

/** Too many operations to be listed: the digest stands for all of them, and must be the one of now. */
function approvalFrom({ digest, ops }: ApprovalNote, { planned }: About): RecordedApproval {
  return ops === null ? approvalByDigest(digest, planned) : { digest, ops };
}

/** Everything that a note says of itself must be so: what was copied from elsewhere or edited is not an approval. */
function faultOf(note: ApprovalNote, check: Check, { session }: About): string | null {
  const { config, identity } = session;
  if (note.config !== config.name || note.target !== config.target.name) {
    return `approves "${note.config}" for ${note.target ?? 'no target'}, and this is "${config.name}" for ${config.target.name ?? 'no target'}`;
  }
  if (note.workspaceId !== identity.workspaceId) return `approves workspace ${note.workspaceId}`;
  if (check.externalId !== note.digest)
    return 'contradicts itself: its digest is not the one that it was made with';
  const ops = note.ops?.map(({ op }) => op);
  if (ops !== undefined && digestPlan(ops, identity.workspaceId, config.name) !== note.digest) {
    return 'contradicts itself: its operations are not those of its digest';
  }
  return null;
}

/** Whether a check was made by the app that the plan's token belongs to. */
async function ownership(
  { settings: { trustedAppId } }: Stage,
  github: GitHubApi,
): Promise<(check: Check) => boolean> {
  if (trustedAppId !== null) return ({ app }) => app?.id === trustedAppId;
  const me = await github.whoAmI().catch(() => ACTIONS_BOT);
  // A user's token has no app, and so no check of its own.
  return ({ app }) => app !== null && app.slug !== '' && `${app.slug}[bot]` === me;
}

function notApproved(stage: Stage, pulls: readonly Pull[], reasons: readonly string[]): RefusedError {
  const why =
    pulls.length === 0
      ? `the commit ${stage.event.sha.slice(0, 8)} came with no merged pull request`
      : reasons.join('; ');
  return new RefusedError(`nobody approved this plan: ${why}`, {
    code: 'no-approval',
    hint: 'read the plan; to approve exactly that, start a run with workflow_dispatch, mode apply and its digest as approve',
  });
}

/** What could not be read is no approval. */
function notReadable(error: GitHubError): RefusedError {
  return new RefusedError(`nobody is known to have approved this plan: ${error.message}`, {
    code: 'no-approval',
    cause: error,
    hint: error.isMissingPermission
      ? 'the job needs the permissions checks: read and pull-requests: read'
      : 'run this job again',
  });
}
