import { ApiError } from '../core/errors.ts';
import type { Usage, User } from '../core/guard.ts';

/** One part of the workspace that may point at destinations. */
export type UsageSource = { readonly what: string; readonly find: () => Promise<readonly User[]> };

/** The full scan: any part that cannot be read makes the whole of it unreadable. */
export async function readUsage(sources: readonly UsageSource[]): Promise<Usage> {
  const found = await Promise.all(sources.map(readSource));
  const unreadable = found.flatMap((part) => (part.state === 'unreadable' ? [part.why] : []));
  if (unreadable.length > 0) return { state: 'unreadable', why: unreadable.join('; ') };
  return { state: 'read', users: found.flatMap((part) => (part.state === 'read' ? part.users : [])) };
}

async function readSource({ what, find }: UsageSource): Promise<Usage> {
  try {
    return { state: 'read', users: await find() };
  } catch (error) {
    if (error instanceof ApiError) {
      return { state: 'unreadable', why: `${what}: ${error.message}` };
    }
    throw error;
  }
}
