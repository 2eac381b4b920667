import { ApiError } from '../core/errors.ts';
import type { Usage, User } from '../core/guard.ts';
import type { Pointer } from '../kinds/kind.ts';

/** One part of the workspace that may point at destinations. */
export type UsageSource = { readonly what: string; readonly find: () => Promise<readonly Pointer[]> };

/**
 * The full scan: each part is read once, and any that cannot be read makes the whole of it unreadable.
 * @param host the workspace's address, which the links begin with.
 */
export async function readUsage(sources: readonly UsageSource[], host: string): Promise<Usage> {
  const found = await Promise.all(sources.map((source) => readSource(source, host)));
  const unreadable = found.flatMap((part) => (part.state === 'unreadable' ? [part.why] : []));
  if (unreadable.length > 0) return { state: 'unreadable', why: unreadable.join('; ') };
  return { state: 'read', users: found.flatMap((part) => (part.state === 'read' ? part.users : [])) };
}

async function readSource({ what, find }: UsageSource, host: string): Promise<Usage> {
  try {
    return { state: 'read', users: (await find()).map((pointer) => userOf(pointer, host)) };
  } catch (error) {
    if (error instanceof ApiError) {
      return { state: 'unreadable', why: `${what}: ${error.message}` };
    }
    throw error;
  }
}

function userOf({ page, ...use }: Pointer, host: string): User {
  return { ...use, link: `${host}${page}` };
}
