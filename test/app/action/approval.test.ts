import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { openAction, pushTrigger } from '../../support/action.ts';
import { type ActionBench, type Inputs } from '../../support/action.ts';
import {
  CONFIG,
  ETL,
  applySquash,
  destinations,
  land,
  namesIn,
  openEtl,
  outcomesOf,
  said,
  savedPlan,
  shown,
} from './support/journeys.ts';

describe('an apply', () => {
  test('executes what was approved and holds back what has come up since, without being red', async () => {
    const bench = await openDrifting();
    const { code, outputs, annotations } = await bench.mergePull(2);
    expect([code, outputs['pending'], outputs['changed'], annotations]).toEqual([0, '1', 'true', []]);
    expect(namesIn(bench)).toEqual(['d2', 'renamed']);
    expect(shown(bench, 2)).toContain('1 done, 1 held back');
    expect(shown(bench, 2)).toContain('not approved');
  });

  test('is red about what it holds back where fail-on says so', async () => {
    const bench = await openDrifting();
    const applied = await bench.mergePull(2, { 'fail-on': 'refusal, pending' });
    expect([applied.code, applied.outputs['changed']]).toEqual([2, 'true']);
    expect(said(applied, 'error')).toContain('fail-on: pending (1)');
  });

  test('refuses an approved address that asks for something else by now, and does the rest', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    meddle(bench);
    const both = await bench.mergePull(1);
    expect([both.code, both.outputs['refused']]).toEqual([6, 'false']);
    expect(await outcomesOf(both)).toEqual(['destination/leads done', 'job/7 refused']);
    expect(shown(bench)).toMatch(/⚠️ \*\*Applied to .* in part: 1 done, 1 refused\*\*/u);
    const alone = await applySquash(bench, 1);
    expect([alone.code, bench.writes(), alone.outputs['refused']]).toEqual([5, [], 'true']);
    expect(shown(bench)).toContain('what was approved under this address is something else');
  });

  test('after a direct push is refused, and shows what approves exactly this plan', async () => {
    const bench = await openEtl();
    bench.github.pushCommit('');
    const applied = await bench.step(pushTrigger('direct'));
    const { digest } = await savedPlan(applied);
    expect([applied.code, bench.writes(), applied.outputs['refused']]).toEqual([5, [], 'true']);
    expect(said(applied, 'error')).toContain('came with no merged pull request');
    for (const text of [applied.summary, await readFile(applied.outputs['report-file'] ?? '', 'utf8')]) {
      expect(text).toContain(`-f approve=${digest}`);
      expect(text).toContain('leads@company.test');
    }
    expect(applied.log).toContain('Create 1');
    expect(applied.log).toContain('workflow_dispatch');
  });

  test('after a direct push that leaves nothing to do succeeds', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    await bench.mergePull(1);
    const { code, annotations } = await bench.step(pushTrigger('direct'));
    expect([code, bench.writes(), annotations]).toEqual([0, [], []]);
  });

  test('of a pull request that changed nothing holds back what has come up since, and is green', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    await bench.mergePull(1);
    await bench.openPull(2, 'readme');
    meddle(bench);
    const { code, outputs } = await bench.mergePull(2);
    expect([code, bench.writes(), outputs['pending']]).toEqual([0, [], '1']);
  });

  test('by an identity that may read more than the plan’s is approved by that plan', async () => {
    const identities = [
      { token: 'admin', user_name: 'admin@company.test', admin: true },
      { token: 'reader', user_name: 'reader@company.test', can_manage_jobs: 'all' as const },
    ];
    const settings = 'settings: { record: { workspace: /Workspace/Team/record.json } }\n';
    const bench = await openAction({ seed: { ...ETL, identities } }, CONFIG + settings);
    await bench.openPull(1, 'first', { token: 'reader' });
    expect((await bench.mergePull(1)).code).toBe(0);
    await bench.write(CONFIG.replace('leads@', 'heads@') + settings);
    await bench.openPull(2, 'second', { token: 'reader' });
    const applied = await bench.mergePull(2);
    expect([applied.code, await outcomesOf(applied)]).toEqual([0, ['destination/leads done']]);
  });

  test('that failed half way finishes when it is run again', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.sandbox.fault({ kind: 'status', status: 400, method: 'POST', path: '*/jobs/update' });
    const failed = await bench.mergePull(1);
    expect([failed.code, await outcomesOf(failed)]).toEqual([6, ['destination/leads done', 'job/7 failed']]);
    expect(shown(bench)).toContain('⚠️ **Applied');
    const again = await applySquash(bench, 1, {}, { attempt: 2 });
    expect([again.code, await outcomesOf(again)]).toEqual([0, ['job/7 done']]);
    expect(shown(bench)).toContain('✅ **Applied');
  });

  test('whose process died goes on under the same approval, and takes its own lock over', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    land(bench, 1);
    // The create acts, and nothing gets through any more: no answer, no record, no release of the lock.
    bench.sandbox.fault({ kind: 'drop-after', method: 'POST', path: '*/notification-destinations' });
    bench.sandbox.fault({ kind: 'drop', times: Infinity, skip: 13 });
    const run = { id: 900 };
    expect((await applySquash(bench, 1, {}, run)).code).toBe(6);
    bench.sandbox.clearFaults();
    const again = await applySquash(bench, 1, {}, { ...run, attempt: 2 });
    expect([again.code, namesIn(bench)]).toEqual([0, ['leads']]);
    expect(shown(bench)).toContain('✅ **Applied');
  });
});

describe('a rotated secret', () => {
  test.each([
    ['without any approval', false],
    ['although GitHub cannot be asked', true],
  ])('is written by the next apply %s', async (_what, isDown) => {
    const bench = await openRotated();
    if (isDown) {
      for (const method of ['GET', 'POST']) bench.github.fail(method, /./u, { status: 500, times: Infinity });
    }
    const { code, outputs } = await bench.step(pushTrigger('direct'));
    expect([code, outputs['rotate'], outputs['changed'], passwordOf(bench)]).toEqual([
      0,
      '1',
      'true',
      'second',
    ]);
  });

  test('is not written beside something that nobody approved', async () => {
    const bench = await openRotated();
    await bench.write(`${HOOK}  mail: { email: { addresses: [a@company.test] } }\n`);
    const { code } = await bench.step(pushTrigger('direct'));
    expect([code, bench.writes(), passwordOf(bench)]).toEqual([5, [], 'first']);
  });
});

const HOOK = `version: 1
destinations:
  hook: { generic_webhook: { url: "https://hook.test", username: me, password: "\${secrets.PASSWORD}" } }
`;

async function openRotated(): Promise<ActionBench> {
  const bench = await openAction({}, HOOK);
  bench.env['PASSWORD'] = 'first';
  await bench.openPull(1, 'first');
  expect((await bench.mergePull(1)).code).toBe(0);
  bench.env['PASSWORD'] = 'second';
  return bench;
}

function passwordOf({ sandbox }: ActionBench): unknown {
  const [hook] = sandbox.snapshot().destinations;
  return (hook?.config['generic_webhook'] as Readonly<Record<string, unknown>> | undefined)?.['password'];
}

function meddle({ sandbox }: ActionBench): void {
  sandbox.poke.setJob('7', (settings) => ({
    ...settings,
    email_notifications: { on_failure: ['new@company.test'] },
  }));
}

/** Pull request 2 adds d2 and is planned; then somebody renames d1 by hand. */
async function openDrifting(inputs: Inputs = {}): Promise<ActionBench> {
  const bench = await openAction({}, destinations('d1'));
  await bench.openPull(1, 'first', inputs);
  await bench.mergePull(1, inputs);
  await bench.write(destinations('d1', 'd2'));
  await bench.openPull(2, 'second', inputs);
  const [d1] = bench.sandbox.snapshot().destinations;
  bench.sandbox.poke.renameDestination(d1!.id, 'renamed');
  return bench;
}
