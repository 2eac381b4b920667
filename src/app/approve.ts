import type { Approval } from '../core/approval.ts';
import { digestPlan } from '../core/digest.ts';
import type { PlanDocument } from '../core/document.ts';
import { RefusedError, SettingsError } from '../core/errors.ts';
import type { ApprovedOp, RecordedApproval } from '../core/record.ts';
import type { Host } from '../host/host.ts';
import { approveCommand } from '../report/command.ts';
import type { ApplyOptions } from './options.ts';
import type { Planned } from './planning.ts';
import type { Session } from './session.ts';

/**
 * Holds an approval against the plan as it is now, and says what of it may run.
 * @throws RefusedError where there is none, or where it is for another plan.
 */
export type Approver = (session: Session, planned: Planned) => Promise<Approval> | Approval;

/** As the command line says; what is wrong with it is known before anything is read of the workspace. */
export async function readApprover(host: Host, options: ApplyOptions): Promise<Approver> {
  checkOptions(options);
  const { autoApprove, approve, plan: path } = options;
  if (autoApprove) return () => 'everything';
  if (approve !== undefined) return (_session, planned) => approvalByDigest(approve, planned);
  if (path === undefined) return (session, planned) => askForApproval(session.host, planned.document);
  const document = await readPlanFile(host, path);
  checkRepairs(document, options);
  return (session) => approvalByFile(session, { path, document });
}

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

/** What a plan repairs is no part of one that repairs nothing: it would be passed over in silence. */
function checkRepairs({ repairs = [] }: PlanDocument, { plan: path, repair = [] }: ApplyOptions): void {
  const lost = repairs.filter((word) => !repair.some((asked) => asked === word));
  if (lost.length === 0) return;
  const options = lost.map((word) => `--repair ${word}`).join(' ');
  throw new SettingsError(`${String(path)} was made with ${options}`, {
    hint: `say so here too: lakebell apply ${options} --plan ${String(path)}`,
  });
}

/** The operations of a plan document, as an approval lists them. */
function opsOf(document: Pick<PlanDocument, 'changes'>): readonly ApprovedOp[] {
  return document.changes.flatMap(({ address, op }) => (op === null ? [] : [{ address, op }]));
}

/** The plan as it is, approved whole. */
export function approvalOf(document: PlanDocument): RecordedApproval {
  return { digest: document.digest, ops: opsOf(document) };
}

/** One digest stands for the whole plan; an interrupted apply goes on under the digest that it began with. */
export function approvalByDigest(digest: string, { document, record }: Planned): RecordedApproval {
  if (digest === document.digest) return approvalOf(document);
  if (record?.approval?.digest === digest) return record.approval;
  throw new RefusedError('the approval is for another plan', {
    code: 'stale-approval',
    hint: `read the plan as it is now; to approve exactly that: ${approveCommand(document)} ${document.digest}${repairHint(document)}`,
  });
}

function repairHint({ changes, repairs }: PlanDocument): string {
  const isOpen = repairs === undefined && changes.some(({ blocked }) => blocked?.reason === 'dangling');
  return isOpen ? '; a plan that was made with --repair dangling is applied with it too' : '';
}

type PlanFile = { readonly path: string; readonly document: PlanDocument };

function approvalByFile({ config, identity }: Session, { path, document }: PlanFile): RecordedApproval {
  if (document.config.name !== config.name || document.workspace.workspace_id !== identity.workspaceId) {
    const planned = `"${document.config.name}" in workspace ${document.workspace.workspace_id}`;
    throw new RefusedError(`${path} is a plan for ${planned}`, {
      code: 'foreign-plan',
      hint: `this run is about "${config.name}" in workspace ${identity.workspaceId}`,
    });
  }
  const ops = opsOf(document);
  // What the file calls its digest is not believed: later runs go on under it.
  const digest = digestPlan(
    ops.map(({ op }) => op),
    identity.workspaceId,
    config.name,
  );
  return { digest, ops };
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
  if (answer.trim() === 'yes') return approvalOf(document);
  throw new RefusedError('nothing was applied: the answer was not "yes"', { code: 'not-approved' });
}
