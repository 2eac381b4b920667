import type { Change, Noop } from '../core/change.ts';
import { takeBack } from '../core/orphan.ts';
import { type Applied, hashStatement, remember } from '../core/remember.ts';
import type { RecordedObject } from '../core/record.ts';
import type { Observed } from '../core/resource.ts';
import { Secret } from '../core/secret.ts';
import type { Address } from '../core/value.ts';
import type { Recorder } from './recorder.ts';
import type { Run } from './run.ts';

/** What a write left behind; `sent`: the paths that it sent. */
export type After = Pick<Applied, 'resource' | 'id' | 'name' | 'before' | 'target' | 'fields'> & {
  readonly sent: readonly string[];
};

/** What the record says of an object once it was written. */
export async function recordedAfter(run: Run, after: After): Promise<RecordedObject> {
  const { resource, sent } = after;
  const prints = sent.map(async (path) => {
    const value = resource.wishes[path]?.value;
    const isPrinted = value instanceof Secret && value.isAvailable;
    return [path, isPrinted ? await run.ports.fingerprint(value) : null] as const;
  });
  const { portOf, recorder, clock } = run.ports;
  return remember({
    ...after,
    // As it is by now: what this run has let go of is no longer known by its key.
    previous: recorder.objectAt(resource.address),
    fingerprints: new Map(await Promise.all(prints)),
    at: new Date(clock()).toISOString(),
    isPart: portOf(resource.kind).kind.ownership === 'part',
    directory: run.directory,
  });
}

/** Lays an object in, and whatever said that it was about to be made out. */
export function keep(run: Run, address: string, written: RecordedObject): void {
  const recorded = run.ports.remember(address, written);
  if (recorded === null) return forget(run, address);
  const { recorder } = run.ports;
  if (recorder.hasIntent(address)) dropIntent(recorder, address);
  // An object goes by one address: an entry that was renamed takes it along.
  const former = run.directory.formerAddressOf(recorded.kind, recorded.id) ?? address;
  if (former !== address && recorder.objectAt(former)?.id === recorded.id) recorder.lay(former, null);
  recorder.lay(address, recorded);
}

function dropIntent(recorder: Recorder, address: string): void {
  recorder.edit((document) => {
    const { [address]: _done, ...intents } = document.intents;
    return { ...document, intents };
  });
}

/** The object is gone, or not ours any more. */
export function forget(run: Run, address: string): void {
  run.ports.recorder.lay(address, null);
}

/** An object that is as the file says while the record knows an earlier statement: the run that wrote it could not save. */
export async function settle(run: Run, { address, resource, live, notes }: Noop): Promise<void> {
  if (resource === null || live === null || resource.isExisting) return;
  // A note tells of something that was left alone or could not be compared: then it is not as the file says.
  if (notes.length > 0 || run.ports.context.record === null) return;
  const { kind } = run.ports.portOf(resource.kind);
  const name = kind.ownership === 'whole' ? resource.name : live.name;
  if (isKnown(run.ports.recorder.objectAt(address), { resource, name })) return;
  const { id, spec } = live;
  const fields = run.ports.begun.get(address) ?? [];
  keep(
    run,
    address,
    await recordedAfter(run, { resource, id, name, before: spec, target: spec, fields, sent: [] }),
  );
}

function isKnown(
  recorded: RecordedObject | undefined,
  { resource, name }: Pick<After, 'resource' | 'name'>,
): boolean {
  return recorded?.name === name && recorded.statement === hashStatement(resource);
}

/** What needs no write, and what is on record without need: both are left by runs that could not save. */
export async function settleAll(run: Run, planned: readonly Change[], orphans: Orphans): Promise<void> {
  for (const change of planned) {
    if (change.verb !== 'noop') continue;
    if (change.resource !== null) await settle(run, change);
    else if (await isSpent(run, change, orphans.get(change.address))) forget(run, change.address);
  }
}

/** Recorded objects that the file no longer names, as they are now; null where a list did not show them. */
export type Orphans = ReadonlyMap<Address, Observed | null>;

/** Gone, or, in somebody else's object, without anything that is ours to take back. */
async function isSpent(
  run: Run,
  { kind: name, id, address }: Noop,
  live: Observed | null | undefined,
): Promise<boolean> {
  const { api, kind } = run.ports.portOf(name);
  const { record, policy } = run.ports.context;
  const recorded = record?.objects[address];
  if (live === undefined || id === null || recorded === undefined) return false;
  if (live !== null) {
    const isAsked = policy.prune && kind.ownership === 'part';
    return isAsked && takeBack({ address, recorded, live }, live, run.ports.context).verb === 'noop';
  }
  // Lists lag, so absence is asked for by id.
  const fresh = await api.get(id).catch(() => undefined);
  return fresh === null;
}
