import { RecordError } from '../../src/core/errors.ts';
import { parseRecord } from '../../src/record/record.ts';
import type { Snapshot } from '../../src/sandbox/snapshot.ts';
import type { Accident } from './accident.ts';
import { type Bench, type Ran, withBench } from './bench.ts';
import { type Ground, recordFile, secondOf, stateOf, twins } from './scenario.ts';

export type Case = {
  readonly accident: Accident;
  /** Number of the request that meets it. */
  readonly at: number;
  readonly approval: 'digest' | 'file';
  readonly listLag: number;
};

/** Each request of the smooth apply with each accident; a third is approved by a saved plan, a half sees lists that lag. */
export function casesOf({ requests }: Ground, accidents: readonly Accident[]): readonly Case[] {
  return accidents.flatMap((accident, index) =>
    requests.map((_method, at): Case => {
      const approval = at % 3 === 2 ? 'file' : 'digest';
      return { accident, at, approval, listLag: (at + index) % 2 === 0 ? 0 : 2 };
    }),
  );
}

/** `wrong`: what is not as it should be in the end, or null. */
export type Fate = { readonly isMet: boolean; readonly wrong: string | null };

/** An apply that meets with an accident, then one clean run under the very approval. */
export function survive(ground: Ground, { accident, at, approval, listLag }: Case): Promise<Fate> {
  return withBench({ ...secondOf(ground.scenario, ground.seed), listLag }, async (bench) => {
    if (approval === 'file') await bench.lakebell('plan', '--out', bench.path('plan.json'));
    const approve =
      approval === 'file' ? ['--plan', bench.path('plan.json')] : ['--approve', ground.plan.digest];
    const { said, isMet } = await accident.run(bench, at, ['apply', ...approve]);
    bench.sandbox.clearFaults();
    const found = unreadable(bench.sandbox.snapshot()) ?? (await convergence(bench, approve, ground.goal));
    return { isMet, wrong: found === null ? null : `${found}\n  the first run ${said}` };
  });
}

async function convergence(bench: Bench, approve: readonly string[], goal: string): Promise<string | null> {
  const second = await again(bench, approve);
  if (second.code !== 0) return `the next run ended with ${second.code}: ${second.err}${second.out}`;
  const snapshot = bench.sandbox.snapshot();
  const twin = twins(snapshot);
  if (twin.length > 0) return `twins: ${twin.join(', ')}`;
  if (stateOf(snapshot) !== goal) return `ended elsewhere: ${firstDifference(stateOf(snapshot), goal)}`;
  const after = await bench.lakebell('plan', '--detailed-exitcode');
  return after.code === 0 ? null : `afterwards pending: ${after.err}${after.out}`;
}

/** Where a lock was left, it is refused with the line that removes it unless there is nothing to do, and that line is followed. */
async function again(bench: Bench, approve: readonly string[]): Promise<Ran> {
  const lock = bench.sandbox.snapshot().files.find(({ path }) => path.endsWith('.lock'));
  const first = await bench.lakebell('apply', ...approve);
  if (lock === undefined) return first;
  const { id } = JSON.parse(lock.content) as { id: string };
  const isTold = first.code === 5 && first.err.includes(`lakebell unlock ${id}`);
  if (first.code !== 0 && !isTold) return first;
  const unlocked = await bench.lakebell('unlock', id);
  return unlocked.code === 0 ? bench.lakebell('apply', ...approve) : unlocked;
}

function unreadable(snapshot: Snapshot): string | null {
  const file = recordFile(snapshot);
  try {
    const scope = { config: 'faults', target: null, workspaceId: snapshot.workspace_id };
    if (file !== undefined) parseRecord(file.content, file.path, scope);
    return file === undefined ? 'the record is gone' : null;
  } catch (error) {
    if (error instanceof RecordError) return error.message;
    throw error;
  }
}

function firstDifference(is: string, goal: string): string {
  const [here, there] = [is.split('\n'), goal.split('\n')];
  const at = here.findIndex((line, index) => line !== there[index]);
  return `${here.slice(at - 6, at + 6).join('\n')}\n instead of \n${there.slice(at - 6, at + 6).join('\n')}`;
}
