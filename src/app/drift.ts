import { driftOf } from '../core/drift.ts';
import { EXIT } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { driftDocument, twoWayDriftDocument } from '../report/drift-document.ts';
import type { PlanOptions } from './options.ts';
import { type Result, planReading } from './plan.ts';
import type { Planned } from './planning.ts';

/** What changed in the workspace since the last apply. Holds a client that cannot write. */
export async function driftTarget(
  host: Host,
  options: PlanOptions,
  target: string | undefined,
): Promise<Result & { readonly planned: Planned }> {
  const planned = await planReading(host, options, target);
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
