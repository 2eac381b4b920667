import { counts } from '../core/change.ts';
import { diff } from '../core/diff.ts';
import type { RecordedObject } from '../core/record.ts';
import type { Observed, Resource } from '../core/resource.ts';
import type { Json } from '../kinds/client.ts';
import type { Run } from './run.ts';

/** What was written: the object as it is on record now, and the fields that were sent. */
export type Written = { readonly recorded: RecordedObject; readonly sent: readonly string[] };

export type Look = { readonly raw: Json; readonly differing: readonly string[] };

/** A read may be stale for a moment after a write; the sum is a few seconds. */
const WAITS_MS = [250, 1000, 3000];

/**
 * Reads an object back until it is what was written.
 * @returns the last look: the object, and the field paths that still differ; `null` where it cannot be found.
 */
export async function verify(run: Run, resource: Resource, written: Written): Promise<Look | null> {
  let last = await look(run, resource, written);
  for (const waitMs of WAITS_MS) {
    if (last?.differing.length === 0) return last;
    await run.ports.sleep(waitMs);
    last = await look(run, resource, written);
  }
  return last;
}

async function look(run: Run, resource: Resource, { recorded, sent }: Written): Promise<Look | null> {
  const { kind, api } = run.ports.portOf(resource.kind);
  const raw = await api.get(recorded.id);
  if (raw === null) return null;
  const differing = differences(run, resource, { recorded, observed: kind.observe(raw) });
  // What was not approved, or is muted, is left as it is, and may differ.
  return { raw, differing: differing.filter((path) => sent.includes(path)) };
}

type Reading = { readonly recorded: RecordedObject; readonly observed: Observed };

function differences(run: Run, resource: Resource, { recorded, observed }: Reading): readonly string[] {
  const context = {
    rules: run.ports.portOf(resource.kind).kind.rules,
    directory: run.directory,
    recorded,
    compareSecret: () => 'same' as const,
    rotation: 'auto' as const,
  };
  return diff(resource, observed, context)
    .fields.filter(counts)
    .map(({ path }) => path);
}
