import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { shaOf } from '../../github/fake.ts';
import { mergeGroupEvent } from '../../github/payloads.ts';
import {
  type ActionBench,
  REPOSITORY,
  type Step,
  type Trigger,
  dispatchTrigger,
  pullTrigger,
  pushTrigger,
  scheduleTrigger,
} from '../../support/action.ts';
import {
  CHECK,
  CONFIG,
  TWO_TARGETS,
  gitHubWrites,
  namesIn,
  openEtl,
  said,
  savedPlan,
} from './support/journeys.ts';

const GROUP: Trigger = {
  name: 'merge_group',
  sha: shaOf('group'),
  ref: 'refs/heads/gh-readonly-queue/main/pr-1',
  payload: mergeGroupEvent({
    headSha: shaOf('group'),
    headRef: 'refs/heads/gh-readonly-queue/main/pr-1',
    baseSha: shaOf('base'),
    baseRef: 'refs/heads/main',
    repository: REPOSITORY,
  }),
};

/** The issue has tests of its own. */
const QUIET = { 'drift-issue': 'false' };

describe('without the input mode', () => {
  test('a merge group is planned: a check on its commit for the queue, and no comment', async () => {
    const bench = await openEtl();
    bench.github.pushCommit(shaOf('group'), 'gh-readonly-queue/main/pr-1');
    const { code, outputs } = await bench.step(GROUP);
    expect([code, bench.writes(), gitHubWrites(bench)]).toEqual([0, [], ['POST /check-runs']]);
    expect(bench.github.checks(shaOf('group'))).toEqual([expect.objectContaining({ name: CHECK })]);
    expect(outputs['check-url']).toContain('/runs/');
  });

  test('a push to another branch is planned, and GitHub is told nothing', async () => {
    const bench = await openEtl();
    const { code, outputs } = await bench.step(pushTrigger('work', 'feature'));
    expect([code, bench.writes(), outputs['pending'], bench.github.requests]).toEqual([0, [], '2', []]);
  });

  test('a schedule looks for drift, and is red about it where fail-on says so', async () => {
    const bench = await openDrifted();
    const calm = await bench.step(scheduleTrigger(), QUIET);
    expect([calm.code, calm.outputs['drifted'], bench.writes(), bench.github.requests]).toEqual([
      0,
      '1',
      [],
      [],
    ]);
    const strict = await bench.step(scheduleTrigger(), { ...QUIET, 'fail-on': 'refusal,drift' });
    expect([strict.code, said(strict, 'error')]).toEqual([2, 'fail-on: drift (1)']);
  });

  test('a workflow that was started by hand has to say', async () => {
    const bench = await openEtl();
    const step = await bench.step(dispatchTrigger());
    expect([step.code, said(step, 'error')]).toEqual([1, expect.stringContaining('workflow_dispatch')]);
    expect(step.log).toContain('validate, plan, apply, drift');
  });
});

describe('the mode', () => {
  test('validate needs no workspace and no GitHub', async () => {
    const bench = await openEtl(TWO_TARGETS);
    bench.env['DATABRICKS_TOKEN'] = undefined;
    const { code, summary } = await bench.step(pullTrigger(1, 'first'), { mode: 'validate', target: '*' });
    expect([code, bench.sandbox.requests, bench.github.requests]).toEqual([0, [], []]);
    expect(summary).toContain('validate looks at no workspace');
    expect(summary).toContain('`prod`');
  });

  test('plan of a refused plan is red, and green where fail-on leaves refusals out', async () => {
    const bench = await openEtl(`${CONFIG}settings: { limits: { max_changes: 1 } }\n`);
    const strict = await bench.openPull(1, 'first');
    expect([strict.code, strict.outputs['refused']]).toEqual([5, 'true']);
    expect(bench.github.checks().at(-1)).toMatchObject({ conclusion: 'failure' });
    const lenient = await bench.pushToPull(1, 'second', { 'fail-on': 'drift' });
    expect([lenient.code, bench.github.checks().at(-1)?.conclusion]).toEqual([0, 'success']);
    expect((await bench.mergePull(1, { 'fail-on': 'drift' })).code).toBe(5);
  });

  test('apply with no-removals holds back what takes somebody away', async () => {
    const config = CONFIG.replace('notify: {', 'email_notifications: { on_start: [] }, notify: {');
    const bench = await openEtl(config);
    await bench.openPull(1, 'first');
    const { code, outputs } = await bench.mergePull(1, { 'no-removals': 'true' });
    expect([code, namesIn(bench), outputs['pending']]).toEqual([0, ['leads'], '1']);
  });
});

describe('the inputs', () => {
  test.each([
    [{ mode: 'aply' }, 'mode is "aply"', 'did you mean "apply"'],
    [{ comment: 'yes' }, 'comment is "yes"', 'on-change'],
    [{ approve: 'sha256:12' }, 'approve is', '64 letters and digits'],
    [{ 'fail-on': 'refusal,drifts' }, '"drifts"', 'did you mean "drift"'],
    [{ 'trusted-app-id': 'github-actions' }, 'trusted-app-id is', 'the number of a GitHub App'],
    [{ summary: 'yes', 'no-removals': '1' }, 'summary is "yes"', 'no-removals is "1"'],
    [{ 'working-directory': '/nowhere' }, 'working-directory /nowhere', 'cannot be entered'],
  ])('%j are refused before anything is read', async (inputs, ...texts) => {
    const bench = await openEtl();
    const step = await bench.step(pullTrigger(1, 'first'), inputs);
    expect([step.code, bench.sandbox.requests, bench.github.requests]).toEqual([1, [], []]);
    for (const text of texts) expect(step.log).toContain(text);
    expect(said(step, 'error')).not.toBe('');
  });

  test('go before the environment', async () => {
    const bench = await openEtl();
    bench.env['DATABRICKS_TOKEN'] = 'wrong';
    const inputs = { mode: 'plan', token: 'sandbox-token', host: bench.sandbox.url };
    expect((await bench.step(dispatchTrigger(), inputs)).code).toBe(0);
  });
});

describe('the outputs', () => {
  const FLAG = /^(true|false)$/u;
  const COUNT = /^\d+$/u;
  const TYPES: Readonly<Record<string, RegExp>> = { changed: FLAG, refused: FLAG };
  const TEXTS = ['digest', 'plan-file', 'report-file', 'summary', 'comment-url', 'check-url', 'issue-url'];

  test.each<[string, (bench: ActionBench) => Promise<Step>]>([
    ['validate', (bench) => bench.step(pullTrigger(1, 'first'), { mode: 'validate' })],
    ['plan', (bench) => bench.openPull(1, 'first')],
    ['apply', (bench) => bench.step(pushTrigger('direct'), { approve: 'none' })],
    ['an apply that is refused', (bench) => bench.step(pushTrigger('direct'))],
    ['drift', (bench) => bench.step(scheduleTrigger())],
    ['a plan of a broken file', (bench) => bench.step(dispatchTrigger(), { mode: 'plan', config: 'no.yml' })],
    ['an event that is refused', (bench) => bench.step(pullTrigger(1, 'first'), { mode: 'apply' })],
    ['an input that is wrong', (bench) => bench.step(pullTrigger(1, 'first'), { mode: 'x' })],
  ])('of %s are all that action.yml names, each of its type', async (_what, run) => {
    const action = parse(await readFile('action.yml', 'utf8')) as { outputs: object };
    const { outputs } = await run(await openEtl());
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(action.outputs).sort());
    for (const [name, value] of Object.entries(outputs)) {
      if (!TEXTS.includes(name))
        expect([name, value]).toEqual([name, expect.stringMatching(TYPES[name] ?? COUNT)]);
    }
  });

  test('name files that hold the whole plan and the whole report', async () => {
    const bench = await openEtl();
    const step = await bench.openPull(1, 'first');
    const { digest, summary } = await savedPlan(step);
    expect([step.outputs['digest'], step.outputs['create']]).toEqual([digest, String(summary.create)]);
    const report = await readFile(step.outputs['report-file'] ?? '', 'utf8');
    expect(report).toContain('x@company.test');
    expect(step.outputs['summary']).toBe('1 to create, 1 to update');
  });

  test('of several targets hold all plans in one file', async () => {
    const bench = await openEtl(TWO_TARGETS);
    const { outputs } = await bench.openPull(1, 'first', { target: '*' });
    const { plans } = JSON.parse(await readFile(outputs['plan-file'] ?? '', 'utf8')) as { plans: unknown[] };
    expect(plans).toHaveLength(2);
  });
});

async function openDrifted(): Promise<ActionBench> {
  const bench = await openEtl();
  await bench.step(pushTrigger('direct'), { approve: 'none', comment: 'false' });
  bench.sandbox.poke.setJob('7', (settings) => ({ ...settings, email_notifications: {} }));
  bench.github.resetRequests();
  return bench;
}
