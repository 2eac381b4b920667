import { driftOf } from '../core/drift.ts';
import { EXIT } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { driftDocument, twoWayDriftDocument } from '../report/drift-document.ts';
import { load } from './load.ts';
import type { PlanOptions } from './options.ts';
import type { Result } from './plan.ts';
import { type Planned, makePlan } from './planning.ts';
import { loadRecord, openSession } from './session.ts';

/** What changed in the workspace since the last apply. Holds a client that cannot write. */
export async function driftTarget(
  host: Host,
  options: PlanOptions,
  target: string | undefined,
): Promise<Result & { readonly planned: Planned }> {
  const loaded = await load(host, options, target);
  const session = await openSession(host, options, { loaded, access: 'read' });
  const planned = await makePlan(session, options, await loadRecord(session));
  const { document, plan, record } = planned;
  const isRemembered = record !== null && record.serial > 0;
  const report = isRemembered
    ? driftDocument(document, driftOf(plan.changes, record))
    : twoWayDriftDocument(document);
  // What could not be read may have been changed: that is not "no drift".
  if (!document.complete) return { document: report, code: EXIT.api, planned };
  if (report.changes.length > 0) return { document: report, code: EXIT.pending, planned };
  return { document: report, code: isAllSeen(planned) ? EXIT.done : EXIT.permission, planned };
}

/** What this identity may not read is assumed to be as it was applied, which is good enough for a plan and not for this. */
function isAllSeen({ document, plan }: Planned): boolean {
  const isDenied = plan.changes.some(
    (change) => change.verb === 'blocked' && change.obstacle.reason === 'no-permission',
  );
  return document.unreadable.length === 0 && !isDenied;
}
