import type { Change, Delete, Replace } from '../core/change.ts';
import type { RecordedObject } from '../core/record.ts';
import type { Observed } from '../core/resource.ts';
import { forget } from './recording.ts';
import { type Ending, type Run, type Trail, changedMeanwhile, done, holds, skipped } from './run.ts';

/** Deletes an object that the file no longer names, if it is still the one that was applied. */
export async function removeOrphan(run: Run, change: Delete, trail: Trail): Promise<Ending> {
  const { id, name, traits } = change.recorded;
  const state = await removeIfSame(run, { kind: change.kind, id, name, traits }, trail);
  if (state === 'changed') return changedMeanwhile(`${change.display} is no longer what was applied`);
  forget(run, change.address);
  await run.ports.recorder.flush();
  return state === 'gone' ? { state: 'already', wrote: false } : done();
}

/** The last step of a replace: nobody of ours points at the old object any more. */
export async function removeReplaced(run: Run, change: Replace, trail: Trail): Promise<Ending> {
  const old = { kind: change.kind, id: change.id, name: change.oldName, traits: change.oldTraits };
  const state = await removeIfSame(run, old, trail);
  // Somebody has made the old object their own: it is not ours to wait for either.
  run.ports.recorder.edit((document) => {
    const { replacing: _gone, ...kept } = document.objects[change.address] as RecordedObject;
    return { ...document, objects: { ...document.objects, [change.address]: kept } };
  });
  await run.ports.recorder.flush();
  return state === 'changed'
    ? changedMeanwhile(`the old ${change.display} is no longer what was applied; it stays`)
    : done();
}

/** A change that should have taken its pointer away and has not: then the object must stay. */
export function stillUsedBy(
  run: Run,
  change: Delete | Replace,
  planned: readonly Change[],
): Ending | undefined {
  const user = planned.find(
    (other) =>
      'live' in other &&
      other.live?.uses.some(({ kind, id }) => kind === change.kind && id === change.id) === true &&
      other.verb !== 'noop' &&
      !holds(run.outcomes.get(other.address)),
  );
  return user === undefined ? undefined : skipped(`${user.display} (${user.address}) may still use it`);
}

type Target = {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly traits: Readonly<Record<string, string>>;
};

async function removeIfSame(run: Run, target: Target, trail: Trail): Promise<'removed' | 'gone' | 'changed'> {
  const { api, kind } = run.ports.portOf(target.kind);
  const fresh = await api.get(target.id);
  if (fresh === null) return 'gone';
  if (!isSameObject(kind.observe(fresh), target)) return 'changed';
  await trail.write(() => api.remove(target.id));
  return 'removed';
}

function isSameObject(live: Observed, { name, traits }: Target): boolean {
  return live.name === name && Object.entries(traits).every(([trait, value]) => live.traits[trait] === value);
}
