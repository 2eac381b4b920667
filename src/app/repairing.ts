import type { Change } from '../core/change.ts';
import type { Directory } from '../core/directory.ts';
import type { PlanContext } from '../core/plan-parts.ts';
import { confirmGone } from '../engine/confirm-gone.ts';
import type { LiveState } from '../engine/live.ts';
import type { PlanOptions } from './options.ts';
import type { Session } from './session.ts';

export type Repairing = {
  readonly policy: Pick<PlanContext['policy'], 'isSurelyGone'>;
  readonly notes: readonly string[];
};

/** Whether every place that may hold an id has to be read. */
export function isRepairing({ repair = [] }: Pick<PlanOptions, 'repair'>): boolean {
  return repair.includes('dangling');
}

/** What `--repair` asks for, of the workspace as it was read. */
export async function repairing(
  { ports }: Pick<Session, 'ports'>,
  options: Pick<PlanOptions, 'repair'>,
  live: LiveState,
): Promise<Repairing> {
  if (!isRepairing(options)) return { policy: {}, notes: [] };
  const gone = await confirmGone(live, ports);
  return {
    policy: { isSurelyGone: (kind, id) => gone.has(`${kind}/${id}`) },
    notes: gone.size > 0 ? [] : [nothingToRepair(live)],
  };
}

function nothingToRepair({ matches, directory }: LiveState): string {
  const uses = [...matches.values()].flatMap((one) => (one.state === 'found' ? one.observed.uses : []));
  const isUnknown = uses.some(
    ({ kind, id }) => kind === 'destination' && directory.exists(kind, id) !== true,
  );
  return isUnknown
    ? '--repair dangling takes nothing out: which destinations exist could not be read for certain'
    : '--repair dangling has nothing to take out: nothing that the file names points at a destination that is gone';
}

/** Objects that need no write and could take none: without a change of their own nothing else would tell. */
export function danglingNotes(changes: readonly Change[], directory: Directory): readonly string[] {
  const named = changes.flatMap((change) => {
    const uses = change.verb === 'noop' ? (change.live?.uses ?? []) : [];
    return uses.some(({ kind, id }) => directory.exists(kind, id) === false) ? [change.address] : [];
  });
  if (named.length === 0) return [];
  const [first = ''] = named;
  const who = named.length === 1 ? `${first} points` : `${first} and ${named.length - 1} more point`;
  return [
    `${who} at destinations that no longer exist, so Databricks would refuse any write there: \`lakebell plan --repair dangling\` shows their removal`,
  ];
}
