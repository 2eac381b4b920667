import { isPending } from '../core/change.ts';
import type { PlanDocument } from '../core/document.ts';
import { EXIT, type ExitCode } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { load } from './load.ts';
import type { PlanOptions } from './options.ts';
import { type Planned, makePlan, standing } from './planning.ts';
import { type Session, loadRecord, openSession } from './session.ts';

export type Result = { readonly document: PlanDocument; readonly code: ExitCode };

/** What an apply would do, and whether a guard would stop it. Holds a client that cannot write. */
export async function planTarget(
  host: Host,
  options: PlanOptions,
  target: string | undefined,
): Promise<Result> {
  const planned = await planReading(host, options, target);
  const { document, plan } = planned;
  // Too little could be read to conclude anything, a refusal included.
  if (!document.complete) return { document, code: EXIT.api };
  if (standing(planned.refusals).length > 0) return { document, code: EXIT.refused };
  const hasPending = options.detailedExitcode && plan.changes.some(isPending);
  return { document, code: hasPending ? EXIT.pending : EXIT.done };
}

/** Loads, signs in and plans, with a client that cannot write. */
export async function planReading(
  host: Host,
  options: PlanOptions,
  target: string | undefined,
): Promise<Planned> {
  const loaded = await load(host, options, target);
  const { rules } = loaded;
  // Who we are and what is on record takes as long to read as some pages of a list.
  const begin = (ports: Session['ports']): void => {
    for (const { kind, api } of ports) if (rules.some((rule) => rule.kind === kind.name)) api.begin?.();
  };
  const session = await openSession(host, options, { loaded, access: 'read', begin });
  return makePlan(session, options, await loadRecord(session));
}
