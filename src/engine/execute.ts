import pLimit from 'p-limit';
import type { Change, Create, Delete, Detach, Pending, Replace, Update } from '../core/change.ts';
import { pointerTo, respell } from '../core/move.ts';
import type { Intent, RecordDocument, RecordedApproval } from '../core/record.ts';
import type { Address } from '../core/value.ts';
import { forget, type Orphans, settleAll } from './recording.ts';
import { removeOrphan, removeReplaced, stillUsedBy } from './remove-object.ts';
import { type Ending, type Outcome, type Ports, Run, holds, skipped } from './run.ts';
import { writeNew, writeUpdate } from './write-object.ts';

export type Work = {
  /** Approved, and within the guards. */
  readonly execute: readonly Pending[];
  /** The whole plan, for who still uses what. */
  readonly planned: readonly Change[];
  /** What this run goes by, so that an interrupted one can go on under the same digest. */
  readonly approval: RecordedApproval;
  readonly orphans: Orphans;
};

/** Several objects at once; the client keeps to the workspace's limits. */
const CONCURRENCY = 8;

/**
 * Creates and updates in the order of their references, then deletes. One change that fails stops only what depends on it.
 * The caller saves the record once more.
 * @returns one outcome for each change, in the order of `work.execute`.
 */
export async function execute(work: Work, ports: Ports): Promise<readonly Outcome[]> {
  const run = new Run(ports, work.execute.length);
  await intend(run, work);
  const writes = work.execute.filter((change) => change.verb !== 'delete');
  for (const wave of wavesOf(writes)) await runWave(run, wave);
  for (const change of work.execute) {
    if (change.verb === 'delete' || change.verb === 'replace') await remove(run, change, work.planned);
  }
  if (run.stopped === null) await settleAll(run, work.planned, work.orphans);
  dropIntents(run, work);
  return work.execute.flatMap(({ address }) => run.outcomes.get(address) ?? []);
}

/** What is about to be made is on record before the first request that makes it. */
async function intend(run: Run, work: Work): Promise<void> {
  if (work.execute.length === 0) return;
  const at = new Date(run.ports.clock()).toISOString();
  const makes = work.execute.filter((change) => change.verb === 'create' || change.verb === 'replace');
  const fresh = makes.map(({ address, resource }): Fresh => [
    address,
    { name: resource.name, at, run: run.ports.run },
  ]);
  run.ports.recorder.edit((document) => ({
    ...document,
    approval: work.approval,
    intents: {
      ...document.intents,
      ...Object.fromEntries(fresh.filter((one) => !isSameIntent(document, one))),
    },
  }));
  await run.ports.recorder.flush();
}

type Fresh = readonly [Address, Intent];

/** One that an interrupted run left stays as it is: its time tells how long ago the create was sent. */
function isSameIntent({ intents }: RecordDocument, [address, { name }]: Fresh): boolean {
  return intents[address]?.name === name;
}

/** What surely was not sent leaves nothing behind: an object of that name that turns up later is somebody else's. */
function dropIntents(run: Run, work: Work): void {
  const before = run.ports.context.record?.intents ?? {};
  const unsent = work.execute.filter(
    ({ address }) => before[address] === undefined && run.outcomes.get(address)?.wrote === false,
  );
  const dropped = new Set(unsent.map(({ address }) => address));
  run.ports.recorder.edit((document) => ({
    ...document,
    intents: Object.fromEntries(
      Object.entries(document.intents).filter(([address]) => !dropped.has(address)),
    ),
  }));
}

type Written = Exclude<Pending, Delete>;

/** Changes whose requirements are all made by earlier waves. */
function wavesOf(changes: readonly Written[]): readonly (readonly Written[])[] {
  const waves: Written[][] = [];
  let rest = [...changes];
  while (rest.length > 0) {
    const open = new Set<Address>(rest.map(({ address }) => address));
    const ready = rest.filter(({ requires }) => !requires.some((address) => open.has(address)));
    // References cannot form a circle between kinds; if they ever do, what is left runs and reports what it lacks.
    const wave = ready.length > 0 ? ready : rest;
    waves.push(wave);
    rest = rest.filter((change) => !wave.includes(change));
  }
  return waves;
}

async function runWave(run: Run, wave: readonly Written[]): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  await Promise.all(wave.map((change) => limit(() => runWrite(run, change))));
}

function runWrite(run: Run, change: Written): Promise<void> {
  return run.step(change, (trail) => {
    const lost = change.requires.find(
      (address) => run.outcomes.has(address) && !holds(run.outcomes.get(address)),
    );
    if (lost !== undefined) return Promise.resolve(skipped(`it needs ${lost}, which failed`));
    if (change.verb === 'detach') return detach(run, change);
    return isMade(change) ? writeNew(run, change, trail) : writeUpdate(run, change, trail);
  });
}

async function detach(run: Run, { address, id }: Detach): Promise<Ending> {
  forget(run, address);
  // What others on record say of it by its key is said by its id, unless the file still has that key to look it up.
  if (run.directory.idOf(address) === undefined)
    run.ports.recorder.edit((document) => respell(document, pointerTo(address), id));
  await run.ports.recorder.flush();
  return { state: 'done', wrote: false };
}

function isMade(change: Create | Replace | Update): change is Create | Replace {
  return change.verb === 'create' || change.verb === 'replace';
}

async function remove(run: Run, change: Delete | Replace, planned: readonly Change[]): Promise<void> {
  // The first half of a replace has an outcome by now; without it there is nothing to take the old one's place.
  if (change.verb === 'replace' && !holds(run.outcomes.get(change.address))) return;
  await run.step(change, async (trail) => {
    const used = stillUsedBy(run, change, planned);
    if (used !== undefined) return used;
    return change.verb === 'replace' ? removeReplaced(run, change, trail) : removeOrphan(run, change, trail);
  });
}
