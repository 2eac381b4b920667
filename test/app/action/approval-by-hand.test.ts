import { describe, expect, test } from '@jest/globals';
import {
  type ActionBench,
  dispatchTrigger,
  openAction,
  pullTrigger,
  pushTrigger,
  scheduleTrigger,
} from '../../support/action.ts';
import {
  destinations,
  gitHubWrites,
  namesIn,
  openEtl,
  outcomesOf,
  said,
  savedPlan,
} from './support/journeys.ts';

describe('an approval by hand', () => {
  test('of a digest executes exactly that plan, and asks GitHub nothing', async () => {
    const bench = await openEtl();
    const { digest } = await savedPlan(await bench.step(dispatchTrigger(), { mode: 'plan' }));
    bench.github.resetRequests();
    const { code } = await bench.step(dispatchTrigger(), { mode: 'apply', approve: digest });
    expect([code, namesIn(bench), gitHubWrites(bench)]).toEqual([0, ['leads'], []]);
  });

  test('of a digest that is over is refused, with the plan as it is now', async () => {
    const bench = await openEtl();
    const { digest } = await savedPlan(await bench.step(dispatchTrigger(), { mode: 'plan' }));
    meddle(bench);
    const applied = await bench.step(dispatchTrigger(), { mode: 'apply', approve: digest });
    expect([applied.code, bench.writes()]).toEqual([5, []]);
    expect(applied.summary).toContain(`-f approve=${(await savedPlan(applied)).digest}`);
  });

  test('is not asked for where approve is none', async () => {
    const bench = await openEtl();
    const { code } = await bench.step(pushTrigger('direct'), { approve: 'none' });
    expect([code, namesIn(bench)]).toEqual([0, ['leads']]);
  });

  test.each([dispatchTrigger(), scheduleTrigger()])(
    'by rules covers nothing that no rule stands behind: all is held back and the run is green',
    async (trigger) => {
      const bench = await openEtl();
      const applied = await bench.step(trigger, { mode: 'apply', approve: 'rules' });
      expect([applied.code, bench.writes(), applied.outputs['pending']]).toEqual([0, [], '2']);
      expect(await outcomesOf(applied)).toEqual(['destination/leads held-back', 'job/7 held-back']);
    },
  );

  test('lifts a guard where a workflow was started by hand', async () => {
    const bench = await openRefused();
    const refused = await bench.mergePull(2);
    expect([refused.code, bench.writes()]).toEqual([5, []]);
    expect(refused.summary).toContain('max_deletes');
    const inputs = { mode: 'apply', approve: refused.outputs['digest'] ?? '', allow: 'max_deletes' };
    const { code } = await bench.step(dispatchTrigger(), inputs);
    expect([code, namesIn(bench)]).toEqual([0, ['d1']]);
  });

  test.each([
    ['a push', pushTrigger('direct')],
    ['a pull request', pullTrigger(1, 'first')],
    ['a schedule', scheduleTrigger()],
  ])('cannot lift a guard with %s', async (_what, trigger) => {
    const bench = await openEtl();
    const step = await bench.step(trigger, { allow: 'max_deletes' });
    expect([step.code, bench.sandbox.requests, said(step, 'error')]).toEqual([
      1,
      [],
      expect.stringContaining('workflow_dispatch only'),
    ]);
  });
});

function meddle({ sandbox }: ActionBench): void {
  sandbox.poke.setJob('7', (settings) => ({
    ...settings,
    email_notifications: { on_failure: ['new@company.test'] },
  }));
}

/** Pull request 2 deletes more than a guard lets through. */
async function openRefused(): Promise<ActionBench> {
  const bench = await openAction({}, destinations('d1', 'd2'));
  await bench.openPull(1, 'first');
  await bench.mergePull(1);
  await bench.write(
    `${destinations('d1')}settings: { prune: true, limits: { max_deletes: 0, max_delete_percent: 100 } }\n`,
  );
  await bench.openPull(2, 'second');
  return bench;
}
