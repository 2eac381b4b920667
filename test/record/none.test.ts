import { describe, expect, test } from '@jest/globals';
import { RefusedError } from '../../src/core/errors.ts';
import { noRecord } from '../../src/record/none.ts';
import { aRecord } from './support/builders.ts';

describe('no record', () => {
  test('remembers nothing and locks nothing', async () => {
    const store = noRecord();
    const locks = await Promise.all([
      store.lock({ owner: 'a', run: '1' }),
      store.lock({ owner: 'b', run: '2' }),
    ]);
    await locks[0].assertHeld();
    await store.save(aRecord());
    await locks[0].release();
    expect(await store.load()).toBeNull();
    expect(await store.readLock()).toBeNull();
    expect(store.describe()).toContain('nothing is remembered');
  });

  test('has no lock to remove', async () => {
    await expect(noRecord().unlock('none')).rejects.toThrow(RefusedError);
  });
});
