import { RefusedError } from '../core/errors.ts';
import type { RecordStore } from './port.ts';

/** `settings.record: none`: nothing is remembered, and nothing is locked. */
export function noRecord(): RecordStore {
  return {
    describe: () => 'none: nothing is remembered',
    load: () => Promise.resolve(null),
    save: () => Promise.resolve(),
    lock: () =>
      Promise.resolve({ id: 'none', release: () => Promise.resolve(), assertHeld: () => Promise.resolve() }),
    readLock: () => Promise.resolve(null),
    unlock: () =>
      Promise.reject(
        new RefusedError('there is no lock to remove: settings.record is none', { code: 'not-locked' }),
      ),
  };
}
