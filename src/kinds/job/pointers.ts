import type { Observed } from '../../core/resource.ts';
import type { Pointer } from '../kind.ts';

/** Every place in a job that points at a destination. */
export function pointersOf({ id, name, uses }: Observed): readonly Pointer[] {
  return uses.map((use) => ({ ...use, user: `job/${id}`, name, page: `/jobs/${encodeURIComponent(id)}` }));
}
