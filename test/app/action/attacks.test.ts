import { describe, expect, test } from '@jest/globals';
import { GITHUB_ACTIONS, shaOf } from '../../github/fake.ts';
import { type ActionBench, dispatchTrigger, pullTrigger, pushTrigger } from '../../support/action.ts';
import { digestPlan } from '../../../src/core/digest.ts';
import {
  type ApprovalNote,
  readApprovalNote,
  renderApprovalNote,
} from '../../../src/report/approval-note.ts';
import { CHECK, CONFIG, TWO_TARGETS, applySquash, land, namesIn, openEtl, said } from './support/journeys.ts';

const OURS = GITHUB_ACTIONS.app!;
const THEIRS = { id: 666, slug: 'theirs' };

type Check = ReturnType<ActionBench['github']['checks']>[number];

describe('what is no approval', () => {
  test.each<[string, RegExp, (real: Check) => Partial<Forged>]>([
    ['nothing at all', /is not there/u, () => ({ headSha: shaOf('elsewhere') })],
    ['a check by another app', /by another app \(theirs\)/u, () => ({ app: THEIRS })],
    ['a check on an earlier commit', /is not there/u, () => ({ headSha: shaOf('first') })],
    ['a check on the base', /is not there/u, () => ({ headSha: shaOf('squash of 1') })],
    ['a check of another name', /is not there/u, () => ({ name: 'lakebell/other' })],
    [
      'a check that is not finished',
      /holds no approval/u,
      () => ({ status: 'in_progress', conclusion: null }),
    ],
    ['a check without a note', /holds no approval/u, () => ({ output: { text: 'lgtm' } })],
    [
      'two notes',
      /holds no approval/u,
      ({ output: { text } }) => ({ output: { text: `${text}\n\n${text}` } }),
    ],
    ['a note that names another configuration', /approves "other"/u, edited({ config: 'other' })],
    ['a note that names another target', /for prod, and this is/u, edited({ target: 'prod' })],
    ['a note that names another workspace', /approves workspace 1\b/u, edited({ workspaceId: '1' })],
    ['a note with one more operation', /its operations are not those of its digest/u, withOneMore],
    ['a note made anew around one more operation', /its digest is not the one/u, madeAnew],
    [
      'another digest outside',
      /its digest is not the one/u,
      () => ({ externalId: `sha256:${'0'.repeat(64)}` }),
    ],
    ['no digest outside', /its digest is not the one/u, () => ({ externalId: '' })],
  ])('%s', async (_what, why, forge) => {
    const bench = await openEtl(CONFIG);
    await bench.openPull(1, 'first', { comment: 'false' });
    const [real] = bench.github.checks();
    bench.github.pushToPull(1, shaOf('second'));
    land(bench, 1);
    const { name, app, output, externalId } = real!;
    bench.github.addCheck({ name, app, output, externalId, headSha: shaOf('second'), ...forge(real!) });
    await expectRefused(bench, why);
  });

  test('a check that a later one without approval stands over', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.addCheck({ name: CHECK, app: OURS, headSha: shaOf('first'), output: { text: '' } });
    land(bench, 1);
    await expectRefused(bench, /holds no approval/u);
  });

  test('a plan that has mistakes by now, although it had none before', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    await bench.write('version: 1\nname: data-platform\njobs: { etl: { nonsense: 1 } }\n');
    await bench.step(pullTrigger(1, 'first'));
    await bench.write(CONFIG);
    land(bench, 1);
    await expectRefused(bench, /holds no approval/u);
  });

  test('a comment, whatever it says', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    const [comment] = bench.github.comments(1);
    const [check] = bench.github.checks();
    bench.github.editComment(comment!.id, `${comment!.body}\n\n${check!.output.text}`);
    bench.github.pushToPull(1, shaOf('second'));
    land(bench, 1);
    await expectRefused(bench, /is not there/u);
  });

  test('the check of another pull request that changed the same and was not merged', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.openPull({ number: 2, headSha: shaOf('unplanned'), headRef: 'change-2' });
    land(bench, 2);
    const applied = await applySquash(bench, 2);
    expect([applied.code, bench.writes()]).toEqual([5, []]);
  });

  test('an approval of what has been done and was changed since', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    await bench.mergePull(1);
    bench.sandbox.poke.setJob('7', (settings) => ({ ...settings, email_notifications: {} }));
    const { code, outputs } = await applySquash(bench, 1);
    expect([code, bench.writes(), outputs['refused']]).toEqual([5, [], 'true']);
  });
});

describe('a pull request', () => {
  test('that is not merged approves nothing, whoever pushed its commit', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.pushCommit(shaOf('first'));
    const applied = await bench.step(pushTrigger('first'));
    expect([applied.code, bench.writes()]).toEqual([5, []]);
    expect(said(applied, 'error')).toContain('came with no merged pull request');
  });

  test('that is open into the branch that is applied approves nothing on it', async () => {
    const bench = await openEtl();
    bench.github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'c', baseRef: 'release' });
    await bench.step(pullTrigger(1, 'first', { baseRef: 'release' }));
    bench.github.pushCommit(shaOf('first'), 'release');
    const applied = await bench.step(pushTrigger('first', 'release'), { mode: 'apply' });
    expect([applied.code, bench.writes()]).toEqual([5, []]);
  });

  test.each([
    ['pushed', pushTrigger('squash of 1')],
    ['started by hand', dispatchTrigger('squash of 1')],
  ])('that was merged into another branch approves nothing on this one (%s)', async (_how, trigger) => {
    const bench = await openEtl();
    bench.github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'c', baseRef: 'playground' });
    await bench.step(pullTrigger(1, 'first', { baseRef: 'playground' }));
    land(bench, 1);
    bench.github.pushCommit(shaOf('squash of 1'));
    const applied = await bench.step(trigger, { mode: 'apply' });
    expect([applied.code, bench.writes()]).toEqual([5, []]);
  });

  test.each(['pull_request', 'pull_request_review', 'merge_group'])(
    'cannot be applied before it is merged (%s)',
    async (name) => {
      const bench = await openEtl();
      await bench.openPull(1, 'first');
      const applied = await bench.step({ ...pullTrigger(1, 'first'), name }, { mode: 'apply' });
      expect([applied.code, bench.sandbox.requests]).toEqual([5, []]);
      expect(said(applied, 'error')).toContain('not merged');
    },
  );

  test.each(['plan', 'apply', 'validate'])('of pull_request_target is refused, also to %s', async (mode) => {
    const bench = await openEtl();
    const trigger = { ...pullTrigger(1, 'first'), name: 'pull_request_target' };
    const step = await bench.step(trigger, { mode });
    expect([step.code, bench.sandbox.requests, bench.github.requests]).toEqual([5, [], []]);
    expect(said(step, 'error')).toContain('secrets');
  });
});

describe('a target', () => {
  test('is not approved by the check of another one', async () => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', { target: 'dev' });
    const [dev] = bench.github.checks();
    const { app, output, externalId } = dev!;
    bench.github.addCheck({ name: `${CHECK}/prod`, app, output, externalId, headSha: shaOf('first') });
    const applied = await bench.mergePull(1, { target: 'prod' });
    expect([applied.code, bench.writes()]).toEqual([5, []]);
    expect(said(applied, 'error')).toContain('for dev, and this is "data-platform" for prod');
  });
});

describe('the input trusted-app-id', () => {
  test.each([
    [String(OURS.id), 0, ['leads']],
    ['666', 5, []],
  ])('%s decides whose checks approve', async (id, code, names) => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    const applied = await bench.mergePull(1, { 'trusted-app-id': id });
    expect([applied.code, namesIn(bench)]).toEqual([code, names]);
  });

  test('is for tokens of two apps: the one that applies need not be the one that planned', async () => {
    const bench = await openEtl();
    const planner = { id: 7, slug: 'planner' };
    bench.github.setToken('planner-token', { login: 'planner[bot]', app: planner });
    await bench.openPull(1, 'first', { 'github-token': 'planner-token' });
    land(bench, 1);
    expect((await applySquash(bench, 1)).code).toBe(5);
    expect((await applySquash(bench, 1, { 'trusted-app-id': '7' })).code).toBe(0);
  });

  test('is not needed for a token of an app of one’s own', async () => {
    const bench = await openEtl();
    bench.github.setToken('own', { login: 'own[bot]', app: { id: 8, slug: 'own' } });
    await bench.openPull(1, 'first', { 'github-token': 'own' });
    expect((await bench.mergePull(1, { 'github-token': 'own' })).code).toBe(0);
  });
});

type Forged = Parameters<ActionBench['github']['addCheck']>[0];

function edited(change: Partial<ApprovalNote>): (real: Check) => Partial<Forged> {
  return (real) => ({ output: { text: renderApprovalNote({ ...noteOf(real), ...change }) } });
}

function withOneMore(real: Check): Partial<Forged> {
  const more = { address: 'destination/mine', op: `sha256:${'f'.repeat(64)}` };
  return edited({ ops: [...(noteOf(real).ops ?? []), more] })(real);
}

/** The note agrees with itself; what the check was made with does not. */
function madeAnew(real: Check): Partial<Forged> {
  const ops = [...(noteOf(real).ops ?? []), { address: 'destination/mine', op: `sha256:${'f'.repeat(64)}` }];
  const digest = digestPlan(
    ops.map(({ op }) => op),
    noteOf(real).workspaceId,
    noteOf(real).config,
  );
  return edited({ ops, digest })(real);
}

function noteOf({ output }: Check): ApprovalNote {
  const note = readApprovalNote(output.text ?? '');
  if (note === null) throw new Error('the check holds no note');
  return note;
}

async function expectRefused(bench: ActionBench, why: RegExp): Promise<void> {
  const applied = await applySquash(bench, 1);
  expect([applied.code, bench.writes(), namesIn(bench)]).toEqual([5, [], []]);
  expect(said(applied, 'error')).toMatch(why);
  expect(said(applied, 'error')).toContain('workflow_dispatch');
}
