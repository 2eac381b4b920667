import { ApiError } from '../core/errors.ts';
import type { LiveState } from './live.ts';
import type { Port } from './live-input.ts';

/** `kind/id` of what found objects point at and what is not there. */
export type Gone = ReadonlySet<string>;

/**
 * A list may lag behind a create, so what is to be taken out for good is asked for by its id: only the answer that it does
 * not exist counts, and one that cannot be had proves nothing.
 */
export async function confirmGone(
  { matches, directory }: Pick<LiveState, 'matches' | 'directory'>,
  ports: readonly Port[],
): Promise<Gone> {
  const uses = [...matches.values()].flatMap((one) => (one.state === 'found' ? one.observed.uses : []));
  const missing = uses.filter(({ kind, id }) => directory.exists(kind, id) === false);
  const distinct = new Map(missing.map((use) => [`${use.kind}/${use.id}`, use]));
  const asked = await Promise.all(
    [...distinct].map(async ([address, { kind, id }]) => {
      const port = ports.find((one) => one.kind.name === kind);
      return port !== undefined && (await isGone(port, id)) ? [address] : [];
    }),
  );
  return new Set(asked.flat());
}

async function isGone({ api }: Port, id: string): Promise<boolean> {
  try {
    return (await api.get(id)) === null;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
