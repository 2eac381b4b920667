/**
 * `npm run faults [-- --sample N] [-- --all]`: an apply with every verb, of which one request after another meets with one
 * accident after another, and then the next run. Exits 1 unless every one of them converges.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DEATHS, KILLS, MISHAPS } from '../test/faults/accident.ts';
import { EVERY_VERB } from '../test/faults/every-verb.ts';
import { groundOf } from '../test/faults/scenario.ts';
import { type Case, casesOf, survive } from '../test/faults/survive.ts';

/** A real process takes seconds, so by default every so many-th case has one. */
const KILL_STRIDE = 6;

type Tally = { tried: number; survived: number; unmet: number };
type News = { readonly what: string; readonly wrong: string | null; readonly isMet: boolean };

const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    share: { type: 'string' },
    workers: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
  },
});
const stride = Number(values.sample);
const workers = Number(values.workers);

if (values.share === undefined) process.exitCode = await conduct();
else await work(Number(values.share));

async function conduct(): Promise<number> {
  const started = performance.now();
  const tallies = new Map<string, Tally>();
  const entry = fileURLToPath(import.meta.url);
  const passed = ['--workers', String(workers), '--sample', String(stride), ...(values.all ? ['--all'] : [])];
  const execArgv = ['--import', import.meta.resolve('../test/faults/cheap.ts')];
  const children = Array.from({ length: workers }, (_, share) =>
    fork(entry, [...passed, '--share', String(share)], { execArgv }),
  );
  for (const child of children) child.on('message', (news) => hear(tallies, news as News));
  const ends = await Promise.all(
    children.map(async (child) => (await once(child, 'exit')) as [number | null]),
  );
  const seconds = Math.round((performance.now() - started) / 1000);
  const isWhole = ends.every(([code]) => code === 0);
  return isWhole && print(tallies, seconds) ? 0 : 1;
}

function hear(tallies: Map<string, Tally>, { what, wrong, isMet }: News): void {
  const tally = tallies.get(what) ?? { tried: 0, survived: 0, unmet: 0 };
  if (isMet || wrong !== null) tally.tried += 1;
  else tally.unmet += 1;
  if (isMet && wrong === null) tally.survived += 1;
  tallies.set(what, tally);
  if (wrong !== null) process.stderr.write(`\n${wrong}\n`);
  const heard = [...tallies.values()].reduce((sum, { tried, unmet }) => sum + tried + unmet, 0);
  if (heard % 50 === 0) process.stderr.write(`${heard} tried\n`);
}

/** @returns whether all survived. */
function print(tallies: ReadonlyMap<string, Tally>, seconds: number): boolean {
  const total = { tried: 0, survived: 0 };
  const rows = [...tallies].map(([what, { tried, survived, unmet }]) => {
    total.tried += tried;
    total.survived += survived;
    return [what, tried, survived, unmet > 0 ? `  ${unmet} came to an end before` : ''] as const;
  });
  const lines = [['fault', 'tried', 'survived', ''], ...rows, ['total', total.tried, total.survived, '']];
  for (const [what, tried, survived, note] of lines) {
    const figures = `${String(tried).padStart(6)}${String(survived).padStart(10)}`;
    process.stdout.write(`${String(what).padEnd(40)}${figures}${String(note)}\n`);
  }
  const share = total.tried === 0 ? 0 : (100 * total.survived) / total.tried;
  process.stdout.write(`${Number(share.toFixed(2))} % survived, in ${seconds} s\n`);
  return total.tried > 0 && total.survived === total.tried;
}

/** Every so many-th of the cases, in a process of its own. */
async function work(share: number): Promise<void> {
  // Each prepares the scenario for itself: a record's salts and lineage are its own.
  const ground = await groundOf(EVERY_VERB);
  const kills = casesOf(ground, KILLS).filter((_case, at) => values.all || at % KILL_STRIDE === 0);
  const cases = [...casesOf(ground, MISHAPS), ...casesOf(ground, DEATHS), ...kills];
  const sampled = cases.filter((_case, at) => at % stride === 0);
  for (const one of sampled.filter((_case, at) => at % workers === share)) {
    const { isMet, wrong } = await survive(ground, one);
    const what = one.accident.what;
    const news: News = { what, isMet, wrong: wrong === null ? null : `${describe(one)}: ${wrong}` };
    process.send?.(news);
  }
  process.disconnect();
}

function describe({ accident, at, approval }: Case): string {
  return `request ${at}, ${accident.what}, approved by ${approval}`;
}
