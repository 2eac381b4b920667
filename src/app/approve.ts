import type { Approval } from '../core/approval.ts';
import type { PlanDocument } from '../core/document.ts';
import { RefusedError, SettingsError } from '../core/errors.ts';
import type { ApprovedOp } from '../core/record.ts';
import type { Host } from '../host/host.ts';
import { approveCommand } from '../report/command.ts';
import type { ApplyOptions } from './options.ts';
import type { Planned } from './planning.ts';
import type { Session } from './session.ts';

/** How this run is approved, as far as it can be known before anything is read of the workspace: at most one way. */
export async function readApproval(host: Host, options: ApplyOptions): Promise<GivenApproval> {
  checkOptions(options);
  const { autoApprove, approve, plan } = options;
  if (autoApprove) return { way: 'everything' };
  if (approve !== undefined) return { way: 'digest', digest: approve };
  return plan === undefined
    ? { way: 'ask' }
    : { way: 'file', path: plan, document: await readPlanFile(host, plan) };
}

export type GivenApproval =
  | { readonly way: 'everything' | 'ask' }
  | { readonly way: 'digest'; readonly digest: string }
  | { readonly way: 'file'; readonly path: string; readonly document: PlanDocument };

function checkOptions({ approve, plan, autoApprove }: ApplyOptions): void {
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
 * Holds the approval that was given against the plan, or asks for one on a terminal.
 * @throws RefusedError where there is none, or where it is for another plan.
 */
export async function approvalOf(
  session: Session,
  given: GivenApproval,
  planned: Planned,
): Promise<Approval> {
  switch (given.way) {
    case 'everything':
      return 'everything';
    case 'digest':
      return approvalByDigest(given.digest, planned);
    case 'file':
      return approvalByFile(session, given);
    case 'ask':
      return askForApproval(session.host, planned.document);
  }
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
    hint: `read the plan as it is now; to approve exactly that: ${approveCommand(document)} ${document.digest}`,
  });
}

function approvalByFile({ config, identity }: Session, given: GivenApproval & { way: 'file' }): Approval {
  const { path, document } = given;
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
      hint: `read the plan; to approve exactly that: ${approveCommand(document)} ${document.digest}`,
    });
  }
  const answer = await host.ask("Apply this plan? Only 'yes' is taken as approval: ");
  if (answer.trim() === 'yes') return { ops: opsOf(document) };
  throw new RefusedError('nothing was applied: the answer was not "yes"', { code: 'not-approved' });
}
