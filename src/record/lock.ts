import { randomUUID } from 'node:crypto';
import { LostAnswerError, RefusedError } from '../core/errors.ts';
import {
  describeHolder,
  heldError,
  isEarlierAttempt,
  isUnreadable,
  parseHolder,
  serialiseHolder,
} from './holder.ts';
import type { Files, Lock, LockHolder, LockOwner, LockTiming } from './port.ts';

/** A record's lock: a file beside it, made only where none is and read back (facts: no request is conditional). */
export type LockSite = {
  readonly files: Files;
  readonly path: string;
  /** Where the record lies, in words. */
  readonly place: string;
  readonly timing: LockTiming;
};

/** Takes the lock, waiting as long as `timing` allows. @throws RefusedError (code `locked`) while another holds it. */
export async function acquire(site: LockSite, owner: LockOwner): Promise<Lock> {
  const id = randomUUID();
  try {
    await waitFor(site, { ...owner, id });
    return lockOf(site, id);
  } catch (error) {
    // Interrupted or failed between making the file and reading it back, it would stay without anybody to release it.
    await removeHeldBy(site, id).catch(() => undefined);
    throw error;
  }
}

/** Who holds the lock; `null` when nobody does. */
export async function readHolder(site: LockSite): Promise<LockHolder | null> {
  const text = await site.files.read(site.path);
  return text === null ? null : parseHolder(text);
}

/** Removes the lock with that id and says who held it. @throws RefusedError when it is another one, or none. */
export async function unlock(site: LockSite, id: string): Promise<LockHolder> {
  const holder = await readHolder(site);
  if (holder === null)
    throw new RefusedError(`the record (${site.place}) is not locked`, { code: 'not-locked' });
  if (holder.id !== id) {
    throw new RefusedError(
      `${id} is not the lock of the record (${site.place}); it is held by ${describeHolder(holder, site.timing.clock())}`,
      { code: 'not-locked', hint: `if that run is dead: lakebell unlock ${holder.id}` },
    );
  }
  await removeHeldBy(site, id);
  await site.files.remove(claimOn(site, id).path);
  return holder;
}

const POLL_MS = 2000;
/** A file that was just made may not be readable yet (facts §9.4), nor completely written (a local one). */
const READ_BACKS = 5;
const READ_BACK_MS = 300;

function lockOf(site: LockSite, id: string): Lock {
  return {
    id,
    release: () => removeHeldBy(site, id),
    assertHeld: async () => {
      const holder = await readHolder(site);
      if (holder?.id === id) return;
      const now =
        holder === null ? 'nobody holds it' : `it is held by ${describeHolder(holder, site.timing.clock())}`;
      throw new RefusedError(`the lock of the record (${site.place}) was taken away while we ran: ${now}`, {
        code: 'lock-lost',
        hint: 'nothing more was written; run again when no other run is active',
      });
    },
  };
}

async function waitFor(site: LockSite, mine: LockOwner & { readonly id: string }): Promise<void> {
  const { clock, sleep, lockTimeoutMs } = site.timing;
  const deadline = clock() + lockTimeoutMs;
  for (let attempt = 1; ; attempt += 1) {
    const holder = await take(site, { ...mine, at: new Date(clock()).toISOString() });
    if (holder?.id === mine.id) return;
    const remainingMs = deadline - clock();
    if (holder !== null && remainingMs <= 0) throw heldError(site.place, holder, clock());
    if (holder === null && remainingMs <= 0 && attempt >= READ_BACKS) throw vanished(site);
    await sleep(holder === null ? READ_BACK_MS : Math.min(POLL_MS, remainingMs));
  }
}

/** Whoever holds the lock afterwards: ours has our id. */
async function take(site: LockSite, mine: LockHolder): Promise<LockHolder | null> {
  const holder = await place(site, mine);
  if (holder === null || holder.id === mine.id || !isEarlierAttempt(holder.run, mine.run)) return holder;
  return takeOver(site, mine, holder);
}

/**
 * Deleting is unconditional, so two that both found the dead lock could delete each other's new one. Who deletes is
 * therefore settled by a second lock, named after the dead one; it is taken over in the same way when its holder died.
 */
async function takeOver(site: LockSite, mine: LockHolder, dead: LockHolder): Promise<LockHolder | null> {
  const claim = claimOn(site, dead.id);
  const claimant = await take(claim, mine);
  if (claimant?.id !== mine.id) return dead;
  await removeHeldBy(site, dead.id);
  await removeHeldBy(claim, mine.id);
  return place(site, mine);
}

function claimOn(site: LockSite, id: string): LockSite {
  return { ...site, path: `${site.path}.${id}` };
}

/** Makes the file if there is none, and reads back who has it; a lost answer is settled the same way. */
async function place(site: LockSite, mine: LockHolder): Promise<LockHolder | null> {
  const isMade = await site.files.create(site.path, serialiseHolder(mine)).catch(unlessLost);
  for (let readBack = 1; ; readBack += 1) {
    const holder = await readHolder(site);
    const isSettled = holder !== null && (holder.id === mine.id || (!isMade && !isUnreadable(holder)));
    if (isSettled || readBack >= READ_BACKS || (holder === null && !isMade)) return holder;
    await site.timing.sleep(READ_BACK_MS);
  }
}

async function removeHeldBy(site: LockSite, id: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const holder = await readHolder(site);
    if (holder?.id !== id) return;
    try {
      return await site.files.remove(site.path);
    } catch (error) {
      // It may be gone and somebody else's may be there by now: look before deleting again.
      if (!(error instanceof LostAnswerError) || attempt >= READ_BACKS) throw error;
      await site.timing.sleep(READ_BACK_MS);
    }
  }
}

function unlessLost(error: unknown): false {
  if (error instanceof LostAnswerError) return false;
  throw error;
}

function vanished(site: LockSite): RefusedError {
  return new RefusedError(
    `the record (${site.place}) could not be locked: its lock is there, and cannot be read`,
    { code: 'locked', hint: `look at ${site.path}` },
  );
}
