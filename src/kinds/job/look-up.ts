import { PermissionError } from '../../core/errors.ts';
import type { Json } from '../client.ts';
import type { Listing, Row } from '../kind.ts';
import { observeJob } from './observe.ts';

export type Get = (id: string) => Promise<Json | null>;

export type LookedUp = { readonly rows: readonly Row[]; readonly denied: Listing['denied'] };

/** One job by its id: found whole, absent, or denied to this identity. */
export async function lookUp(get: Get, id: string): Promise<LookedUp> {
  try {
    const raw = await get(id);
    const rows = raw === null ? [] : [{ observed: observeJob(raw), gaps: [], isWhole: true }];
    return { rows, denied: [] };
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    return { rows: [], denied: [{ id, why: error.message }] };
  }
}
