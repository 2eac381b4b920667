import { describe, expect, test } from '@jest/globals';
import type { Seed, SeedJob } from '../../../src/sandbox/seed.ts';
import { type ActionBench, openAction, scheduleTrigger } from '../../support/action.ts';
import { outcomesOf } from './support/journeys.ts';

const SP = '0a1b2c3d-0000-4000-8000-000000000001';
const PAGE = '11111111-1111-4111-8111-111111111111';
const CONFIG = `version: 1
name: data-platform
destinations:
  oncall: { display_name: On-call, existing: true }
rules:
  page: { select: { tags: { env: prod } }, notify: { on_failure: [oncall] } }
`;

function job(id: string, name: string): SeedJob {
  return {
    job_id: id,
    creator_user_name: 'maker@company.test',
    settings: { name, tags: { env: 'prod' } },
  };
}

function openWith(...jobs: readonly SeedJob[]): Promise<ActionBench> {
  const seed: Seed = {
    identities: [{ token: 'sp', user_name: SP, can_manage_jobs: ['1', '3'] }],
    destinations: [
      { id: PAGE, display_name: 'On-call', config: { email: { addresses: ['oncall@company.test'] } } },
    ],
    jobs,
  };
  return openAction({ seed, behaviour: { permissionsShown: 'viewers' } }, CONFIG);
}

const comments = ({ github }: ActionBench, number: number) => github.comments(number).map(({ body }) => body);

describe('the apply of a merge', () => {
  test('is red and says in the pull request whom to give which permission', async () => {
    const bench = await openWith(job('1', 'etl'), job('2', 'locked'));
    await bench.openPull(1, 'first');
    const step = await bench.mergePull(1);
    expect([step.code, await outcomesOf(step), step.outputs['pending']]).toEqual([
      6,
      ['job/1 done', 'job/2 blocked'],
      '1',
    ]);
    const [comment = ''] = comments(bench, 1);
    expect(comment).toContain('⚠️ **Applied');
    expect(comment).toContain(`- blocked: \`locked\` · \`job/2\`: \`${SP}\` may not write`);
    expect(comment).toContain('give `CAN_MANAGE` on it to');
    expect(step.summary).toContain('Blocked: this identity may not write it, or what it needs (1)');
  });

  test('that may write nothing writes nothing', async () => {
    const bench = await openWith(job('2', 'locked'));
    await bench.openPull(1, 'first');
    const step = await bench.mergePull(1, { 'fail-on': 'blocked' });
    expect([step.code, await outcomesOf(step)]).toEqual([3, ['job/2 blocked']]);
    expect(bench.writes()).toEqual([]);
  });
});

describe('a schedule with approve: rules', () => {
  test('leaves out a new job that it may not write, and writes to the others', async () => {
    const bench = await openWith(job('1', 'etl'));
    await bench.openPull(1, 'first');
    expect((await bench.mergePull(1)).code).toBe(0);
    bench.sandbox.poke.addJob(job('2', 'locked'));
    bench.sandbox.poke.addJob(job('3', 'new'));
    const step = await bench.step(scheduleTrigger(), { mode: 'apply', approve: 'rules' });
    expect([step.code, await outcomesOf(step)]).toEqual([6, ['job/2 blocked', 'job/3 done']]);
    const again = await bench.step(scheduleTrigger(), { mode: 'apply', approve: 'rules' });
    expect([again.code, await outcomesOf(again), bench.writes()]).toEqual([3, ['job/2 blocked'], []]);
  });
});
