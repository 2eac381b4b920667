import type { Approval } from '../core/approval.ts';
import type { PlanDocument } from '../core/document.ts';
import { RefusedError, SettingsError } from '../core/errors.ts';
import type { ApprovedOp } from '../core/record.ts';
import type { Host } from '../host/host.ts';
import type { ApplyOptions } from './options.ts';
import type { Planned } from './planning.ts';
import type { Session } from './session.ts';

/** How this run is approved, before anything is planned: at most one way. */
export function checkApprovalOptions({ approve, plan, autoApprove }: ApplyOptions): void {
  const ways = [approve && '--approve', plan && '--plan', autoApprove && '--auto-approve'].filter(Boolean);
  if (ways.length > 1) {
    throw new SettingsError(`${ways.join(' and ')} contradict each other`, { hint: 'approve in one way' });
  }
  if (approve !== undefined && !/^sha256:[0-9a-f]{64}$/.test(approve)) {
    throw new SettingsError(`"${approve}" is not a digest`, {
      hint: 'a plan prints it: sha256: and 64 letters and digits',
    });
  }
}

/**
 * Reads the approval that was given, or asks for one on a terminal.
 * @throws RefusedError where there is none, or where it is for another plan.
 */
export async function approvalOf(
  session: Session,
  options: ApplyOptions,
  planned: Planned,
): Promise<Approval> {
  if (options.autoApprove) return 'everything';
  if (options.approve !== undefined) return approvalByDigest(options.approve, planned);
  if (options.plan !== undefined) return approvalByFile(session, options.plan);
  return askForApproval(session.host, planned.document);
}

/** The operations of a plan document, as an approval lists them. */
export function opsOf(document: Pick<PlanDocument, 'changes'>): readonly ApprovedOp[] {
  return document.changes.flatMap(({ address, op }) => (op === null ? [] : [{ address, op }]));
}

/** One digest stands for the whole plan; an interrupted apply goes on under the digest that it began with. */
function approvalByDigest(digest: string, { document, record }: Planned): Approval {
  if (digest === document.digest) return { ops: opsOf(document) };
  if (record?.approval?.digest === digest) return { ops: record.approval.ops };
  throw new RefusedError('the approval is for another plan', {
    code: 'stale-approval',
    hint: `the plan is now ${document.digest}; look at it (lakebell plan) and approve that`,
  });
}

async function approvalByFile({ host, config, identity }: Session, path: string): Promise<Approval> {
  const document = await readPlanFile(host, path);
  if (document.config.name !== config.name || document.workspace.workspace_id !== identity.workspaceId) {
    const planned = `"${document.config.name}" in workspace ${document.workspace.workspace_id}`;
    throw new RefusedError(`${path} is a plan for ${planned}`, {
      code: 'foreign-plan',
      hint: `this run is about "${config.name}" in workspace ${identity.workspaceId}`,
    });
  }
  return { ops: opsOf(document) };
}

async function readPlanFile(host: Host, path: string): Promise<PlanDocument> {
  const text = await host.readFile(path).catch((error: unknown) => {
    throw new SettingsError(`${path} cannot be read`, {
      cause: error,
      hint: 'lakebell plan --out writes such a file',
    });
  });
  const document = parseJson(text) as Partial<PlanDocument> | null;
  const isPlan =
    Array.isArray(document?.changes) && document.config !== undefined && document.workspace !== undefined;
  if (isPlan && document.format_version?.split('.')[0] === '1') return document as PlanDocument;
  throw new SettingsError(`${path} is not a plan of this version`, {
    hint: 'lakebell plan --out writes one',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function askForApproval(host: Host, document: PlanDocument): Promise<Approval> {
  if (host.ask === null) {
    throw new RefusedError('nobody approved this plan', {
      code: 'no-approval',
      hint: `lakebell apply --approve ${document.digest}`,
    });
  }
  const answer = await host.ask("Apply this plan? Only 'yes' is taken as approval: ");
  if (answer.trim() === 'yes') return { ops: opsOf(document) };
  throw new RefusedError('nothing was applied: the answer was not "yes"', { code: 'not-approved' });
}
