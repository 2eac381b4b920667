import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import type { Bench, Ran } from '../support/cli.ts';
import { EVERY_VERB } from './every-verb.ts';
import { prepare, remembered, reopen, told, twins } from './scenario.ts';

type Accidents = Readonly<Record<string, (skip: number) => readonly Fault[]>>;

/** What befalls one request. */
const MISHAPS: Accidents = {
  'is refused': (skip) => [{ kind: 'status', status: 400, skip }],
  'is forbidden': (skip) => [{ kind: 'status', status: 403, skip }],
  'is answered 500': (skip) => [{ kind: 'status', status: 500, skip }],
  'is answered 429 for long': (skip) => [{ kind: 'status', status: 429, skip, times: 65 }],
  'acts and is answered 500': (skip) => [{ kind: 'status-after', status: 500, skip }],
  'acts and is cut off': (skip) => [{ kind: 'drop-after', skip }],
};

/** Nothing gets through any more, the release of the lock included: what a killed process leaves behind. */
const DEATHS: Accidents = {
  'is the first that gets nowhere': (skip) => [{ kind: 'drop', skip, times: Infinity }],
  'is the last that acts': (skip) => [
    { kind: 'drop-after', skip },
    { kind: 'drop', skip, times: Infinity },
  ],
};

describe('an apply of which one request after another', () => {
  test.each([
    ['fails', MISHAPS],
    ['is the end of the process', DEATHS],
  ])(
    '%s converges when it is run again under the same approval',
    async (_what, accidents) => {
      const seed = await prepare(EVERY_VERB);
      const smooth = await reopen(EVERY_VERB, seed);
      const { digest } = await smooth.document('plan');
      expect((await smooth.lakebell('apply', '--auto-approve')).code).toBe(0);
      const goal = stateOf(smooth);
      const wrong: string[] = [];
      for (const { n, method, what } of casesOf(smooth, accidents)) {
        const approval = n % 2 === 0 ? 'digest' : 'file';
        const faults = accidents[what]?.(n) ?? [];
        const found = await convergence(seed, { faults, approval, digest, goal });
        if (found !== null) wrong.push(`request ${n} (${method}) ${what}, by ${approval}: ${found}`);
      }
      expect(wrong.join('\n')).toBe('');
    },
    600_000,
  );
});

/** All of them with EVERY_CASE=1, which takes a minute or two; otherwise a sample. */
function casesOf(
  { sandbox }: Bench,
  accidents: Accidents,
): readonly { n: number; method: string; what: string }[] {
  const names = Object.keys(accidents);
  const all = sandbox.requests.flatMap(({ method }, n) => names.map((what) => ({ n, method, what })));
  if (process.env['EVERY_CASE'] === '1') return all;
  const writeStride = accidents === DEATHS ? 3 : 7;
  return all.filter(({ n, method, what }) => {
    return (n + names.indexOf(what)) % (method === 'GET' ? 12 : writeStride) === 0;
  });
}

type Case = {
  readonly faults: readonly Fault[];
  readonly approval: 'digest' | 'file';
  readonly digest: string;
  readonly goal: string;
};

/** What is wrong in the end, or null. */
async function convergence(seed: Seed, { faults, approval, digest, goal }: Case): Promise<string | null> {
  const bench = await reopen(EVERY_VERB, seed);
  if (approval === 'file') await bench.lakebell('plan', '--out', bench.path('plan.json'));
  const approve = approval === 'file' ? ['--plan', bench.path('plan.json')] : ['--approve', digest];
  for (const fault of faults) bench.sandbox.fault(fault);
  const first = await bench.lakebell('apply', ...approve);
  bench.sandbox.clearFaults();
  const second = await again(bench, approve);
  if (second.code !== 0)
    return `first ${first.code}, then ${second.code}: ${second.err}${second.out.slice(-800)}`;
  const twin = twins(bench.sandbox.snapshot());
  if (twin.length > 0) return `twins: ${twin.join(', ')}`;
  if (stateOf(bench) !== goal) return `ended elsewhere: ${firstDifference(stateOf(bench), goal)}`;
  const after = await bench.lakebell('plan', '--detailed-exitcode');
  return after.code === 0 ? null : `afterwards pending: ${after.out}`;
}

async function again(bench: Bench, approve: readonly string[]): Promise<Ran> {
  const lock = bench.sandbox.snapshot().files.find(({ path }) => path.endsWith('.lock'));
  if (lock === undefined) return bench.lakebell('apply', ...approve);
  const refused = await bench.lakebell('apply', ...approve);
  const { id } = JSON.parse(lock.content) as { id: string };
  if (refused.code !== 0 && !refused.err.includes(`lakebell unlock ${id}`)) return refused;
  await bench.lakebell('unlock', id);
  return bench.lakebell('apply', ...approve);
}

function stateOf({ sandbox }: Bench): string {
  const snapshot = sandbox.snapshot();
  return JSON.stringify({ told: told(snapshot), remembered: remembered(snapshot) }, null, 1);
}

function firstDifference(is: string, goal: string): string {
  const [here, there] = [is.split('\n'), goal.split('\n')];
  const at = here.findIndex((line, index) => line !== there[index]);
  return `${here.slice(at - 6, at + 6).join('\n')}\n instead of \n${there.slice(at - 6, at + 6).join('\n')}`;
}
