import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PlanDocument } from '../../src/core/document.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { openBench } from '../support/cli.ts';

const SP = '0a1b2c3d-0000-4000-8000-000000000001';
const PAGE = '11111111-1111-4111-8111-111111111111';

/** Through what a job may be written, or seems so: `strangers` is a group that the identity is not in. */
const WAYS = ['own', 'group', 'nested', 'strangers', 'creator', 'none'] as const;
type Way = (typeof WAYS)[number];
type Case = {
  readonly ways: readonly Way[];
  readonly admin: 'no' | 'shown' | 'nested';
  readonly permissionsShown: 'managers' | 'viewers';
  readonly makesDestination: boolean;
};

const cases: fc.Arbitrary<Case> = fc.record({
  ways: fc.array(fc.constantFrom(...WAYS), { minLength: 1, maxLength: 6 }),
  admin: fc.constantFrom('no', 'no', 'no', 'shown', 'nested'),
  permissionsShown: fc.constantFrom('managers', 'viewers', 'viewers'),
  makesDestination: fc.boolean(),
});

function seedOf({ ways, admin }: Case): Seed {
  const idsOf = (way: Way): string[] => ways.flatMap((one, at) => (one === way ? [String(at + 1)] : []));
  return {
    identities: [
      {
        token: 'sp',
        user_name: SP,
        admin: admin !== 'no',
        admin_by_nested_group: admin === 'nested',
        can_manage_jobs: idsOf('own'),
      },
    ],
    groups: [
      { name: 'data', members: [SP], can_manage_jobs: idsOf('group') },
      { name: 'deep', members: [SP], is_nested: true, can_manage_jobs: idsOf('nested') },
      { name: 'strangers', members: [], can_manage_jobs: idsOf('strangers') },
    ],
    destinations: [{ id: PAGE, display_name: 'On-call', config: { email: { addresses: ['a@b.test'] } } }],
    jobs: ways.map((way, at) => ({
      job_id: String(at + 1),
      creator_user_name: way === 'creator' ? SP : 'maker@company.test',
      settings: { name: `job ${at + 1}` },
    })),
  };
}

function configOf({ ways, makesDestination }: Case): string {
  const fresh = makesDestination ? '  fresh: { email: { addresses: [a@company.test] } }\n' : '';
  const jobs = ways.map(
    (_way, at) =>
      `  job ${at + 1}: { notify: { on_failure: [${makesDestination && at === 0 ? 'fresh' : 'oncall'}] } }\n`,
  );
  return `version: 1\ndestinations:\n  oncall: { display_name: On-call, existing: true }\n${fresh}jobs:\n${jobs.join('')}`;
}

/** What becomes of each change: what the workspace allows is done, whoever is asked about it. */
function expectedOf({ ways, admin, permissionsShown, makesDestination }: Case): Record<string, string> {
  const isAdmin = admin !== 'no';
  const stateOf = (way: Way): string => {
    if (isAdmin || !['strangers', 'none'].includes(way)) return 'done';
    return permissionsShown === 'viewers' && way === 'none' ? 'blocked' : 'failed';
  };
  const jobs = ways.map((way, at): [string, string] => {
    const isHeld = makesDestination && at === 0 && !isAdmin;
    return [`job/${at + 1}`, isHeld ? 'blocked' : stateOf(way)];
  });
  const made: [string, string][] = makesDestination
    ? [['destination/fresh', isAdmin ? 'done' : 'blocked']]
    : [];
  return Object.fromEntries([...jobs, ...made]);
}

function codeOf(states: readonly string[]): number {
  if (states.every((state) => state === 'done')) return 0;
  return states.includes('done') ? 6 : 3;
}

test('an apply does all that it may, tries what cannot be told, and nothing that it surely may not', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const { permissionsShown, admin, ways } = one;
      const bench = await openBench({ seed: seedOf(one), behaviour: { permissionsShown } }, configOf(one));
      const { code, out } = await bench.lakebell('apply', '--auto-approve', '--format', 'json');
      const { outcomes = [] } = JSON.parse(out) as PlanDocument;
      const became = Object.fromEntries(outcomes.map(({ address, state }) => [address, state]));
      expect(became).toEqual(expectedOf(one));
      expect(code).toBe(codeOf(Object.values(became)));
      const attempted = bench.sandbox.requests
        .filter(({ path }) => path.endsWith('/jobs/update'))
        .map(({ body }) => `job/${String((JSON.parse(body) as { job_id: unknown }).job_id)}`);
      const tried = Object.entries(became).filter(
        ([address, state]) => address.startsWith('job/') && state !== 'blocked',
      );
      expect(attempted.sort()).toEqual(tried.map(([address]) => address).sort());
      if (Object.values(became).every((state) => state === 'blocked')) expect(bench.writes()).toEqual([]);
      const asked = bench.sandbox.requests.filter(({ path }) => path.includes('/permissions/'));
      expect(asked).toHaveLength(admin === 'no' ? ways.length : 0);
    }),
    { numRuns: 40 },
  );
});
