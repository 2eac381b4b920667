import type { Division, Stopped } from './approval.ts';
import type { Pending } from './change.ts';
import type { Obstacle } from './resource.ts';
import type { Address } from './value.ts';

/**
 * Takes out what surely cannot be written, with everything that would be left half done without it: what needs it, and what
 * may only go once it points elsewhere.
 */
export function withhold(division: Division, denied: ReadonlyMap<Address, Obstacle>): Division {
  return stop(division, (change) => denied.get(change.address));
}

function stop(division: Division, whyNot: (change: Pending) => Obstacle | undefined): Division {
  const stopped = division.execute.flatMap((change): Stopped[] => {
    const obstacle = whyNot(change);
    return obstacle === undefined ? [] : [{ change, obstacle }];
  });
  if (stopped.length === 0) return division;
  const gone = new Set<Pending>(stopped.map(({ change }) => change));
  const blocked = [...division.blocked, ...stopped];
  const execute = division.execute.filter((change) => !gone.has(change));
  return stop({ ...division, execute, blocked }, (change) => tiedTo(change, blocked));
}

function tiedTo(change: Pending, blocked: readonly Stopped[]): Obstacle | undefined {
  const needed = blocked.find((one) => change.requires.includes(one.change.address));
  if (needed !== undefined)
    return { reason: 'requires', message: `it needs ${needed.change.address}, which is blocked` };
  const user = blocked.find((one) => isUserOf(one.change, change));
  if (user === undefined) return undefined;
  const { address } = user.change;
  return {
    reason: 'requires',
    message: `${address} still points at it, and is blocked: until that changes it stays`,
  };
}

/** Whether one points at an object that the other takes away. */
function isUserOf(user: Pending, going: Pending): boolean {
  if (going.verb !== 'delete' && going.verb !== 'replace') return false;
  const uses = 'live' in user ? user.live.uses : [];
  return uses.some(({ kind, id }) => kind === going.kind && id === going.id);
}
