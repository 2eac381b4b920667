import { expect, test } from '@jest/globals';
import { InternalError } from '../../../src/core/errors.ts';
import type { LockTiming, RecordStore } from '../../../src/record/port.ts';
import { stampRecord, type RecordScope } from '../../../src/record/record.ts';
import { aFullRecord, aRecord, aTiming, OTHER_LINEAGE, SCOPE, STAMP } from './builders.ts';

export type OpenStore = (scope: RecordScope, timing: LockTiming) => RecordStore;

const OWNER = { owner: 'sp-apply', run: 'laptop' };

/** What every store that remembers keeps to; `place` gives a fresh place and a way to open stores on it. */
export function keepsTheStoreContract(place: () => Promise<OpenStore>): void {
  const open = async (): Promise<() => RecordStore> => {
    const openStore = await place();
    return () => openStore(SCOPE, aTiming());
  };

  test('knows an absent record from an empty one', async () => {
    const store = (await open())();
    expect(await store.load()).toBeNull();
    expect(await store.readLock()).toBeNull();
  });

  test('gives back what was saved', async () => {
    const another = await open();
    const store = another();
    await store.lock(OWNER);
    await store.save(aFullRecord());
    await store.save(stampRecord(aFullRecord(), STAMP));
    expect(await another().load()).toEqual(stampRecord(aFullRecord(), STAMP));
  });

  test('saves under a lock only', async () => {
    const store = (await open())();
    await expect(store.save(aRecord())).rejects.toThrow(InternalError);
    const lock = await store.lock(OWNER);
    await lock.release();
    await expect(store.save(aRecord())).rejects.toThrow(InternalError);
    expect(await store.load()).toBeNull();
  });

  test('does not save once its lock was removed', async () => {
    const another = await open();
    const store = another();
    const lock = await store.lock(OWNER);
    expect(await another().unlock(lock.id)).toMatchObject(OWNER);
    await expect(store.save(aRecord())).rejects.toMatchObject({ code: 'lock-lost' });
    expect(await store.load()).toBeNull();
  });

  test('refuses to overwrite what another run saved between loading and locking', async () => {
    const another = await open();
    const [first, second] = [another(), another()];
    await first.load();
    const lock = await second.lock(OWNER);
    await second.save(aRecord({ serial: 1 }));
    await lock.release();
    await first.lock(OWNER);
    await expect(first.save(aRecord({ serial: 1, identity: 'late' }))).rejects.toMatchObject({
      code: 'record-overtaken',
    });
    expect((await first.load())?.identity).toBe('sp-apply');
  });

  test('refuses another lineage', async () => {
    const store = (await open())();
    await store.lock(OWNER);
    await store.save(aRecord());
    await expect(store.save(aRecord({ lineage: OTHER_LINEAGE, serial: 9 }))).rejects.toMatchObject({
      code: 'record-lineage',
      exitCode: 5,
    });
  });

  test('refuses the record of another scope, on loading and on saving', async () => {
    const openStore = await place();
    const store = openStore(SCOPE, aTiming());
    await store.lock(OWNER);
    await expect(store.save(aRecord({ workspace_id: '5' }))).rejects.toMatchObject({
      code: 'record-foreign',
    });
    await store.save(aRecord());
    const stranger = openStore({ ...SCOPE, config: 'other' }, aTiming());
    await expect(stranger.load()).rejects.toMatchObject({ code: 'record-foreign' });
  });

  test('lets exactly one of many racing lockers win', async () => {
    const another = await open();
    const racing = await Promise.allSettled(Array.from({ length: 8 }, () => another().lock(OWNER)));
    const won = racing.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    expect(won).toHaveLength(1);
    expect((await another().readLock())?.id).toBe(won[0]);
  });
}
