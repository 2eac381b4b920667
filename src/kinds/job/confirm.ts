import type { Json } from '../client.ts';
import type { Row } from '../kind.ts';
import { type Get, lookUp } from './look-up.ts';
import { observeJob } from './observe.ts';
import { type Telling, fewest, isAlike } from './proof.ts';
import { BLOCKS } from './shape.ts';
import { filledBlocks, idOf, type Sighting } from './sighting.ts';

export type Confirmed = {
  readonly rows: readonly Row[];
  /** Why rows have gaps. */
  readonly distrust: string;
};

/** Jobs that are read whole to hold against their rows: no more, as every plan pays for them. */
const WITNESSES = 2;
/**
 * It is undocumented whether list rows carry the notification blocks. A few jobs are read whole: those whose rows show
 * most, then some of the wanted ones. Where they agree with their rows, rows are believed about every block that one of
 * them shows; where one disagrees, none is. A block that no row shows was left out by all of them, or no job has it: which
 * of the two, only reading each job can tell.
 */
export async function confirm(sighting: Sighting, get: Get): Promise<Confirmed> {
  if (sighting.rows.length === 0) return { rows: [], distrust: '' };
  const witnesses = await Promise.all(
    chooseWitnesses(sighting).map(async (row) => ({ row, whole: (await lookUp(get, idOf(row))).rows[0] })),
  );
  const heard = witnesses.flatMap(({ row, whole }) => (whole === undefined ? [] : [{ row, whole }]));
  const differing = BLOCKS.find((block) =>
    heard.some(({ row, whole }) => !isAlike(row, whole.observed, block)),
  );
  const known = new Map(heard.map(({ row, whole }) => [idOf(row), whole]));
  const isProven = heard.length > 0 && differing === undefined;
  const gaps = BLOCKS.filter((block) => !isProven || !sighting.proof.has(block));
  // Rows come without tasks: those of a list are cut off at 100.
  const untold = [...gaps, 'tasks'];
  return {
    rows: sighting.rows.map(
      (raw) => known.get(idOf(raw)) ?? { observed: observeJob(raw), gaps: untold, isWhole: false },
    ),
    distrust:
      differing === undefined
        ? `no row of jobs/list shows ${gaps.join(' or ')}, which proves nothing about it`
        : `jobs/list and jobs/get disagree about ${differing}`,
  };
}

function chooseWitnesses(sighting: Sighting): readonly Json[] {
  const { rows } = sighting;
  if (rows.length <= WITNESSES) return rows;
  const spread = Array.from(
    { length: WITNESSES },
    (_none, at) => rows[Math.floor((at * rows.length) / WITNESSES)],
  );
  const chosen = new Map<string, Json>();
  for (const row of [...fewest(provesOf(sighting)), ...spread]) {
    if (row !== undefined && chosen.size < WITNESSES) chosen.set(idOf(row), row);
  }
  return [...chosen.values()];
}

/** Every row that was the first to show some block. */
function provesOf({ proof }: Sighting): readonly Telling[] {
  return [...new Set(proof.values())].map((raw) => ({ raw, parts: filledBlocks(raw) }));
}
