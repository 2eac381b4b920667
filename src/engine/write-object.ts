import { type Change, type Create, type Replace, type Update, counts } from '../core/change.ts';
import { coverageSince } from '../core/coverage.ts';
import { StaleWriteError } from '../core/errors.ts';
import { takeBack } from '../core/orphan.ts';
import { planResource } from '../core/plan-resource.ts';
import type { RecordedObject } from '../core/record.ts';
import { type Observed, type Obstacle, type Resource, sentTogether } from '../core/resource.ts';
import type { ResolvedSpec } from '../core/value.ts';
import type { Json } from '../kinds/client.ts';
import { createOnce, lookAgain } from './create-once.ts';
import { forget, keep, recordedAfter, settle } from './recording.ts';
import { resolveSpec } from './resolve-spec.ts';
import { type Ending, type Run, type Trail, changedMeanwhile, done, skipped } from './run.ts';
import { type Written, verify } from './verify.ts';

/** Reads the object again, and writes only if that still leads to the very operation that was planned. */
export async function writeUpdate(run: Run, change: Update, trail: Trail): Promise<Ending> {
  try {
    return await writeAsPlanned(run, change, { trail, lost: null });
  } catch (error) {
    if (error instanceof StaleWriteError) return writeOnceMore(run, change, { trail, lost: error });
    throw error;
  }
}

/** `lost`: the conflict after which the object is looked at once more. */
type Attempt = { readonly trail: Trail; readonly lost: StaleWriteError | null };

/** Where it comes to the same operation again, what the other one changed is nothing of ours. */
async function writeOnceMore(run: Run, change: Update, attempt: Attempt): Promise<Ending> {
  try {
    return await writeAsPlanned(run, change, attempt);
  } catch (error) {
    if (!(error instanceof StaleWriteError)) throw error;
    return changedMeanwhile(
      `${change.display} was changed by somebody else each time we were about to write`,
    );
  }
}

async function writeAsPlanned(run: Run, change: Update, { trail, lost }: Attempt): Promise<Ending> {
  const { api, kind } = run.ports.portOf(change.kind);
  const fresh = await api.get(change.id);
  if (fresh === null) return changedMeanwhile(`${change.display} is gone`);
  const observed = kind.observe(fresh);
  const whyNot = otherwiseSince(run, change, observed);
  if (whyNot !== undefined) return changedMeanwhile(whyNot);
  const again = planAgain(run, change, observed);
  if (again.verb === 'noop') {
    // A request that was sent again is refused where its first sending was carried out and the answer lost.
    if (lost !== null && lost.attempts > 1) return conclude(run, change, changedIn(change));
    await settle(run, again);
    return { state: 'already', wrote: false };
  }
  if (again.verb === 'blocked') return changedMeanwhile(again.obstacle.message);
  const same = [again, 'lesser' in again ? again.lesser : undefined].find((one) =>
    isSameOperation(one, change),
  );
  if (same === undefined)
    return changedMeanwhile(`${change.display} was changed by somebody else since the plan`);
  return write(run, same, { fresh, trail });
}

/** What was not so when the plan was made, and would make another plan. */
function otherwiseSince(run: Run, change: Update, observed: Observed): string | undefined {
  const others = coverageSince(change.resource, observed, run.ports.context.rules ?? []);
  return others ?? newObstacle(observed, change)?.message;
}

/** What was planned without it was approved without it, also where the file would let it pass. */
function newObstacle(observed: Observed, { live }: Update): Obstacle | undefined {
  const known = new Set(live.obstacles.map(({ reason }) => reason));
  return observed.obstacles.find(({ reason }) => !known.has(reason));
}

function isSameOperation(again: Change | undefined, change: Update): again is Update {
  return again?.verb === change.verb && again.op === change.op;
}

/** Makes the object, or completes what an interrupted run of ours made. */
export async function writeNew(run: Run, change: Create | Replace, trail: Trail): Promise<Ending> {
  const { resource } = change;
  const { rules } = run.ports.portOf(change.kind).kind;
  const target = Object.fromEntries(
    Object.entries(resource.wishes).map(([path, { value }]) => [path, value]),
  );
  const spec = resolveSpec(resource, target, rules, run.directory);
  if (spec === null) return skipped('what it points at was not made');
  const remnant = change.verb === 'create' ? change.remnant : change.successor;
  const made = remnant ?? (await lookAgain(run, change));
  const id =
    made === null
      ? await createOnce(run, change, { spec, trail })
      : await completeMade(run, change, { made, spec, trail });
  run.bind(change.address, id);
  const sent = Object.keys(resource.wishes);
  const recorded = await recordedAfter(run, {
    resource,
    id,
    name: resource.name,
    before: {},
    target,
    fields: change.fields,
    sent,
  });
  const kept = change.verb === 'replace' ? { ...recorded, replacing: oldOf(change) } : recorded;
  keep(run, change.address, kept);
  await run.ports.recorder.flush();
  return verified(run, resource, { recorded: kept, sent });
}

function oldOf(change: Replace): RecordedObject['replacing'] {
  return { id: change.id, name: change.oldName, traits: change.oldTraits };
}

type Making = { readonly made: Observed; readonly spec: ResolvedSpec; readonly trail: Trail };

/** What it was sent with cannot be read back, so the whole of it is sent once more. */
async function completeMade(
  run: Run,
  change: Create | Replace,
  { made, spec, trail }: Making,
): Promise<string> {
  const { api } = run.ports.portOf(change.kind);
  const changed = Object.keys(change.resource.wishes);
  const fresh = (await api.get(made.id)) ?? {};
  await trail.write(() => api.update({ id: made.id, fresh, spec, changed, traits: change.resource.traits }));
  return made.id;
}

/** The same judgement as in the plan, on what is live now. */
function planAgain(run: Run, change: Update, observed: Observed): ReturnType<typeof planResource> {
  const { context } = run.ports;
  const recorded = context.record?.objects[change.address];
  if (change.isRelease && recorded !== undefined) {
    return takeBack({ address: change.address, recorded, live: observed }, observed, context);
  }
  return planResource(change.resource, { state: 'found', observed, by: 'record' }, context);
}

type Writing = { readonly fresh: Json; readonly trail: Trail };

async function write(run: Run, change: Update, { fresh, trail }: Writing): Promise<Ending> {
  const { api, kind } = run.ports.portOf(change.kind);
  const changed = changedIn(change);
  const spec = resolveSpec(change.resource, change.target, kind.rules, run.directory);
  if (spec === null) return skipped('what it points at was not made');
  const { traits } = change.resource;
  if (changed.length > 0) {
    await trail.write(() => api.update({ id: change.id, fresh, spec, changed, traits }));
  }
  return conclude(run, change, changed);
}

/** The paths that a write of the change sends. */
export function changedIn({ verb, fields }: Update): readonly string[] {
  const written = fields.filter((field) => counts(field) || (verb === 'adopt' && field.verdict === 'opaque'));
  return written.map(({ path }) => path);
}

/** Puts a write on record, and reads it back where its kind asks for that. */
async function conclude(run: Run, change: Update, changed: readonly string[]): Promise<Ending> {
  const { kind } = run.ports.portOf(change.kind);
  const { resource } = change;
  const sent = sentTogether(Object.keys(resource.wishes), changed, kind.rules);
  const name = kind.ownership === 'whole' ? resource.name : change.live.name;
  const { live, target, fields, id } = change;
  const recorded = await recordedAfter(run, { resource, id, name, before: live.spec, target, fields, sent });
  if (change.isRelease) forget(run, change.address);
  else keep(run, change.address, recorded);
  // What of a whole object cannot be read back is known from the record alone.
  await (kind.ownership === 'whole' ? run.ports.recorder.flush() : run.ports.recorder.flushWhenDue());
  if (changed.length === 0) return { state: 'done', wrote: false };
  return kind.isReadBack ? verified(run, resource, { recorded, sent }) : done();
}

async function verified(run: Run, resource: Resource, written: Written): Promise<Ending> {
  const { kind } = run.ports.portOf(resource.kind);
  const { recorded } = written;
  const last = await verify(run, resource, written);
  if (last?.differing.length === 0) {
    return {
      ...done(),
      ...(await probed(run, resource, recorded.id)),
      outputs: kind.outputs?.(last.raw, recorded.secrets) ?? {},
    };
  }
  const what = last === null ? 'the object' : last.differing.join(', ');
  const message = `the workspace accepted the write, and ${what} still ${last === null ? 'cannot be read' : 'differs'}`;
  const hint = `plan again; where a value cannot be cleared, \`--replace ${resource.address}\` makes the object anew`;
  return { state: 'failed', wrote: true, message, hint };
}

/** What the object answered to a test; a test that fails says nothing about the write, which holds. */
async function probed(run: Run, resource: Resource, id: string): Promise<Pick<Ending, 'message'>> {
  const { api } = run.ports.portOf(resource.kind);
  if (!run.ports.isProbing || api.probe === undefined) return {};
  const message = await api.probe(id).catch((error: unknown) => `the test failed: ${String(error)}`);
  return { message };
}
