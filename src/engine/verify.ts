import { counts } from '../core/change.ts';
import { diff } from '../core/diff.ts';
import type { RecordedObject } from '../core/record.ts';
import type { Observed, Resource } from '../core/resource.ts';
import type { Run } from './run.ts';

/** A read may be stale for a moment after a write; the sum is a few seconds. */
const WAITS_MS = [250, 1000, 3000];

/**
 * Reads an object back until it is what was written.
 * @returns the field paths that still differ after the last look; `null` where the object cannot be found.
 */
export async function verify(
  run: Run,
  resource: Resource,
  recorded: RecordedObject,
): Promise<readonly string[] | null> {
  let differing = await look(run, resource, recorded);
  for (const waitMs of WAITS_MS) {
    if (differing?.length === 0) return differing;
    await run.ports.sleep(waitMs);
    differing = await look(run, resource, recorded);
  }
  return differing;
}

async function look(
  run: Run,
  resource: Resource,
  recorded: RecordedObject,
): Promise<readonly string[] | null> {
  const { kind, api } = run.ports.portOf(resource.kind);
  const raw = await api.get(recorded.id);
  return raw === null ? null : differences(run, resource, { recorded, observed: kind.observe(raw) });
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
