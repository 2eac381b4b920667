import { EXIT, type ExitCode } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { inert } from '../report/inert.ts';
import { load } from './load.ts';
import type { UnlockOptions } from './options.ts';
import { openSession } from './session.ts';

/** Removes exactly the lock that is named; a lock is never broken on a guess. */
export async function runUnlock(host: Host, options: UnlockOptions): Promise<ExitCode> {
  const loaded = await load(host, options, options.target);
  const session = await openSession(host, options, { loaded, access: 'write' });
  const holder = await session.store.unlock(options.id);
  host.out(
    inert(`unlocked: it was held by ${holder.owner}, run ${holder.run}, since ${holder.at ?? 'unknown'}`) +
      '\n',
  );
  return EXIT.done;
}
