import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LostAnswerError, RefusedError } from '../../src/core/errors.ts';
import { serialiseHolder } from '../../src/record/holder.ts';
import { acquire, readHolder, unlock, type LockSite } from '../../src/record/lock.ts';
import type { LockHolder, LockTiming } from '../../src/record/port.ts';
import { aGitHubRun, aTiming, NOON } from './support/builders.ts';
import { MemoryFiles } from './support/memory-files.ts';

const PATH = '/r.json.lock';
const OWNER = { owner: 'sp-apply', run: aGitHubRun(1) };
const HOLDER: LockHolder = {
  id: 'b4e5c1c2-0000-4000-8000-000000000001',
  owner: 'sp-other',
  run: aGitHubRun(1, '7'),
  at: '2026-11-21T09:00:00.000Z',
};

describe('acquire', () => {
  test('writes who holds the lock, where, since when and for which run', async () => {
    const site = aSite();
    const lock = await acquire(site, { ...OWNER, host: 'runner-1' });
    expect(await readHolder(site)).toEqual({
      ...OWNER,
      host: 'runner-1',
      id: lock.id,
      at: '2026-11-21T12:00:00.000Z',
    });
  });

  test('refuses a held lock with owner, age, run and the line that removes it', async () => {
    const site = aSite({ held: { ...HOLDER, host: 'runner-9' } });
    await expect(acquire(site, OWNER)).rejects.toMatchObject({
      code: 'locked',
      exitCode: 5,
      message: `the record (test) is locked by sp-other, 3 hours ago, run ${HOLDER.run} on runner-9`,
      hint: `wait for that run to end (--lock-timeout waits for you); if it is dead: lakebell unlock ${HOLDER.id}`,
    });
    expect((await readHolder(site))?.id).toBe(HOLDER.id);
  });

  test('waits until the lock is free', async () => {
    const files = new MemoryFiles();
    let sleeps = 0;
    const site = aSite({
      files,
      held: HOLDER,
      timing: aTiming(60_000, () => {
        sleeps += 1;
        if (sleeps === 3) files.texts.delete(PATH);
      }),
    });
    const lock = await acquire(site, OWNER);
    expect((await readHolder(site))?.id).toBe(lock.id);
    expect(sleeps).toBe(3);
  });

  test('waits no longer than it may', async () => {
    const slept: number[] = [];
    const site = aSite({ held: HOLDER, timing: aTiming(5000, (ms) => slept.push(ms)) });
    await expect(acquire(site, OWNER)).rejects.toThrow(RefusedError);
    expect(slept).toEqual([2000, 2000, 1000]);
  });

  test.each([
    ['another run', aGitHubRun(2, '8')],
    ['the same attempt', aGitHubRun(1, '7')],
    ['an earlier attempt', aGitHubRun(0, '7')],
    ['a run that says nothing', 'laptop'],
  ])('does not break the lock for %s', async (_, run) => {
    const site = aSite({ held: HOLDER });
    await expect(acquire(site, { owner: 'sp-other', run })).rejects.toThrow(RefusedError);
    expect((await readHolder(site))?.id).toBe(HOLDER.id);
  });

  test('takes over from an earlier attempt of the same GitHub run and leaves no trace', async () => {
    const files = new MemoryFiles();
    const site = aSite({ files, held: HOLDER });
    const lock = await acquire(site, { owner: 'sp-other', run: aGitHubRun(3, '7') });
    await lock.assertHeld();
    expect([...files.texts.keys()]).toEqual([PATH]);
  });

  test('takes over from an attempt that died while it was taking over', async () => {
    const files = new MemoryFiles();
    const second = { ...HOLDER, id: 'second', run: aGitHubRun(2, '7') };
    files.texts.set(`${PATH}.${HOLDER.id}`, serialiseHolder(second));
    const site = aSite({ files, held: HOLDER });
    const lock = await acquire(site, { owner: 'sp-other', run: aGitHubRun(3, '7') });
    await lock.assertHeld();
    expect([...files.texts.keys()]).toEqual([PATH]);
  });

  test.each([true, false])(
    'settles a lost answer by reading back (it had arrived: %s)',
    async (isArrived) => {
      const files = new MemoryFiles();
      const create = files.create.bind(files);
      let calls = 0;
      files.create = async (path, text) => {
        calls += 1;
        if (calls > 1) return create(path, text);
        if (isArrived) await create(path, text);
        throw lost();
      };
      const site = aSite({ files });
      const lock = await acquire(site, OWNER);
      await lock.assertHeld();
      expect(calls).toBe(isArrived ? 1 : 2);
    },
  );

  test('waits for a new lock to become readable', async () => {
    const files = new MemoryFiles();
    const read = files.read.bind(files);
    let reads = 0;
    files.read = async (path) => {
      reads += 1;
      return reads < 3 ? null : read(path);
    };
    const lock = await acquire(aSite({ files }), OWNER);
    expect(lock.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(reads).toBe(3);
  });

  test('removes its lock again when it fails before the lock could be handed over', async () => {
    const files = new MemoryFiles();
    const read = files.read.bind(files);
    let reads = 0;
    files.read = async (path) => {
      reads += 1;
      if (reads === 1) throw new Error('interrupted');
      return read(path);
    };
    await expect(acquire(aSite({ files }), OWNER)).rejects.toThrow('interrupted');
    expect([...files.texts.keys()]).toEqual([]);
  });

  test('refuses when a lock is there that never becomes readable', async () => {
    const files = new MemoryFiles();
    files.create = () => Promise.resolve(false);
    await expect(acquire(aSite({ files }), OWNER)).rejects.toMatchObject({
      code: 'locked',
      hint: `look at ${PATH}`,
    });
  });

  test('treats a lock that it cannot understand as held, under an id that unlocks it', async () => {
    const files = new MemoryFiles();
    files.texts.set(PATH, '{"id": "x');
    const site = aSite({ files });
    const refused = await acquire(site, OWNER).catch((error: unknown) => error);
    const id = /lakebell unlock (\S+)$/.exec(String((refused as RefusedError).hint))?.[1];
    expect(id).toMatch(/^unreadable-[0-9a-f]{12}$/);
    await unlock(site, String(id));
    expect(files.texts.size).toBe(0);
  });

  test('reads a lock again that its holder has not finished writing', async () => {
    const files = new MemoryFiles();
    files.texts.set(PATH, '{"id": "x');
    const finished = aTiming(0, () => files.texts.set(PATH, serialiseHolder(HOLDER)));
    const refused = acquire(aSite({ files, timing: finished }), OWNER);
    await expect(refused).rejects.toThrow('is locked by sp-other');
  });

  test('does not print control characters that a lock file holds', async () => {
    const site = aSite({ held: { ...HOLDER, owner: 'me\u001B[2J' } });
    await expect(acquire(site, OWNER)).rejects.toThrow(
      'locked by unknown, since an unknown time, run unknown',
    );
  });

  test('lets exactly one of many racing runs win, whatever the order of their requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const outcomes = await race(scheduler, aSiteFor(scheduler), [OWNER, OWNER, OWNER]);
        expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  test('lets exactly one of many racing re-runs take over a dead lock', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const rerun = { owner: 'sp-other', run: aGitHubRun(2, '7') };
        const site = aSiteFor(scheduler, HOLDER);
        const outcomes = await race(scheduler, site, [rerun, rerun, OWNER, rerun]);
        expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a held lock', () => {
  test('is released once, and a second release does no harm', async () => {
    const site = aSite();
    const lock = await acquire(site, OWNER);
    await lock.release();
    const next = await acquire(site, OWNER);
    await lock.release();
    await next.assertHeld();
  });

  test('says when somebody removed it', async () => {
    const site = aSite();
    const lock = await acquire(site, OWNER);
    await unlock(site, lock.id);
    await expect(lock.assertHeld()).rejects.toMatchObject({
      code: 'lock-lost',
      message: 'the lock of the record (test) was taken away while we ran: nobody holds it',
    });
  });

  test('says who holds it now', async () => {
    const site = aSite();
    const lock = await acquire(site, OWNER);
    await site.files.write(PATH, serialiseHolder(HOLDER));
    await expect(lock.assertHeld()).rejects.toThrow('it is held by sp-other, 3 hours ago');
  });

  test.each([true, false])('is released when an answer is lost (it had arrived: %s)', async (isArrived) => {
    const files = new MemoryFiles();
    const site = aSite({ files });
    const lock = await acquire(site, OWNER);
    const remove = files.remove.bind(files);
    let calls = 0;
    files.remove = async (path) => {
      calls += 1;
      if (calls > 1 || isArrived) await remove(path);
      if (calls === 1) throw lost();
    };
    await lock.release();
    expect(files.texts.size).toBe(0);
    expect(calls).toBe(isArrived ? 1 : 2);
  });
});

describe('unlock', () => {
  test('removes exactly that lock and says who held it', async () => {
    const files = new MemoryFiles();
    files.texts.set(`${PATH}.${HOLDER.id}`, serialiseHolder({ ...HOLDER, id: 'claim' }));
    const site = aSite({ files, held: HOLDER });
    expect(await unlock(site, HOLDER.id)).toEqual(HOLDER);
    expect(files.texts.size).toBe(0);
  });

  test('leaves another lock alone and names its holder', async () => {
    const site = aSite({ held: HOLDER });
    await expect(unlock(site, 'other')).rejects.toMatchObject({
      code: 'not-locked',
      hint: `if that run is dead: lakebell unlock ${HOLDER.id}`,
    });
    expect((await readHolder(site))?.id).toBe(HOLDER.id);
  });

  test('says that there is no lock', async () => {
    await expect(unlock(aSite(), HOLDER.id)).rejects.toThrow('the record (test) is not locked');
  });
});

describe('the age of a lock', () => {
  test.each([
    [-5000, 'less than a minute ago'],
    [59_999, 'less than a minute ago'],
    [60_000, '1 minute ago'],
    [3 * 3_600_000, '3 hours ago'],
    [49 * 3_600_000, '2 days ago'],
  ])('after %i ms is told as "%s"', async (ageMs, words) => {
    const held = { ...HOLDER, at: new Date(NOON - ageMs).toISOString() };
    await expect(acquire(aSite({ held }), OWNER)).rejects.toThrow(`sp-other, ${words},`);
  });
});

type Parts = { readonly files?: MemoryFiles; readonly held?: LockHolder; readonly timing?: LockTiming };

function aSite({ files = new MemoryFiles(), held, timing = aTiming() }: Parts = {}): LockSite {
  if (held !== undefined) files.texts.set(PATH, serialiseHolder(held));
  return { files, path: PATH, place: 'test', timing };
}

function aSiteFor(scheduler: fc.Scheduler, held?: LockHolder): LockSite {
  const files = new MemoryFiles(async (label) => {
    await scheduler.schedule(Promise.resolve(), label);
  });
  return aSite(held === undefined ? { files } : { files, held });
}

async function race(
  scheduler: fc.Scheduler,
  site: LockSite,
  owners: readonly (typeof OWNER)[],
): Promise<readonly string[]> {
  const racing = owners.map((owner) =>
    acquire(site, owner).then(
      () => 'won',
      () => 'lost',
    ),
  );
  return scheduler.waitFor(Promise.all(racing));
}

function lost(): LostAnswerError {
  return new LostAnswerError('lost', { method: 'POST', path: PATH, status: 0 });
}
