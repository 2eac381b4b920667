import { describe, expect, test } from '@jest/globals';
import { shaOf } from '../../github/fake.ts';
import { pullTrigger, pushTrigger } from '../../support/action.ts';
import {
  CHECK,
  CONFIG,
  applySquash,
  destinations,
  gitHubWrites,
  land,
  namesIn,
  openEtl,
  outcomesOf,
  planAgain,
  said,
  shown,
  visible,
} from './support/journeys.ts';

describe('a pull request', () => {
  test('gets one comment, and a check on its last commit and not on the merge with its base', async () => {
    const bench = await openEtl();
    const { code, outputs } = await bench.openPull(1, 'first');
    const [check, ...others] = bench.github.checks();
    expect([code, others, bench.github.comments(1)]).toEqual([0, [], [expect.anything()]]);
    expect(check).toMatchObject({ name: CHECK, headSha: shaOf('first'), conclusion: 'success' });
    expect(check?.output.title).toBe('1 to create, 1 to update');
    expect(shown(bench)).toContain('**On merge:** exactly these 2 operations are applied');
    expect(shown(bench)).toContain(outputs['digest']);
    expect(bench.writes()).toEqual([]);
  });

  test.each(['keep', 'force'] as const)(
    'that is pushed to (%s) gets its comment edited and a check of its own for the new commit',
    async (kind) => {
      const bench = await openEtl();
      await bench.openPull(1, 'first');
      const [before] = bench.github.comments(1);
      await bench.write(destinations('d1'));
      bench.github.pushToPull(1, shaOf('second'), kind);
      await planAgain(bench, { number: 1, commit: 'second' });
      expect(bench.github.comments(1)).toEqual([expect.objectContaining({ id: before?.id, edits: 1 })]);
      expect(shown(bench)).toContain(shaOf('second').slice(0, 8));
      expect(shown(bench)).not.toContain(shaOf('first').slice(0, 8));
      expect(bench.github.checks().map(({ headSha }) => headSha)).toEqual([shaOf('first'), shaOf('second')]);
    },
  );

  test('whose commit is planned again with nothing changed has its comment left alone', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.resetRequests();
    const { outputs } = await planAgain(bench, { number: 1, commit: 'first' });
    expect(gitHubWrites(bench)).toEqual(['POST /check-runs']);
    expect(outputs['comment-url']).toContain('#issuecomment-');
  });

  test('whose commit is planned again after the workspace changed has its comment brought up to date', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.sandbox.poke.setJob('7', (settings) => ({
      ...settings,
      email_notifications: { on_failure: ['x@company.test'] },
    }));
    await planAgain(bench, { number: 1, commit: 'first' });
    expect(bench.github.comments(1)).toEqual([expect.objectContaining({ edits: 1 })]);
    expect(shown(bench)).not.toContain('+  x@company.test');
  });

  test('finds its comment behind 150 others', async () => {
    const bench = await openEtl();
    bench.github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'change' });
    const others = Array.from({ length: 150 }, (_none, at) => `remark ${at}`);
    for (const body of others) bench.github.addComment(1, { login: 'octocat', body });
    await bench.step(pullTrigger(1, 'first'));
    await bench.pushToPull(1, 'second');
    expect(bench.github.comments(1)).toHaveLength(151);
    expect(bench.github.comments(1).at(-1)).toMatchObject({ edits: 1 });
  });

  test('that was closed and is opened again goes on with its comment', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.closePull(1);
    bench.github.reopenPull(1);
    await bench.step(pullTrigger(1, 'first', { action: 'reopened' }));
    expect(bench.github.comments(1)).toHaveLength(1);
  });

  test('that changes nothing says so, and its merge has nothing to do', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    await bench.mergePull(1);
    await bench.openPull(2, 'readme');
    expect(shown(bench, 2)).toContain('**On merge:** there is nothing to apply');
    expect(bench.github.checks(shaOf('readme'))).toEqual([
      expect.objectContaining({
        conclusion: 'success',
        output: expect.objectContaining({ title: '2 unchanged' }),
      }),
    ]);
    const { code } = await bench.mergePull(2);
    expect([code, bench.writes()]).toEqual([0, []]);
    expect(shown(bench, 2)).toContain('Nothing to do');
  });
});

describe('the input comment', () => {
  test('`false` keeps quiet, at plan and apply, and approves all the same', async () => {
    const bench = await openEtl();
    const planned = await bench.openPull(1, 'first', { comment: 'false' });
    const applied = await bench.mergePull(1, { comment: 'false' });
    expect([bench.github.comments(1), planned.outputs['comment-url']]).toEqual([[], '']);
    expect([applied.code, namesIn(bench)]).toEqual([0, ['leads']]);
  });

  test('`false` leaves what was said before as it is', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    const before = bench.github.comments(1);
    await bench.pushToPull(1, 'second', { comment: 'false' });
    await bench.mergePull(1, { comment: 'false' });
    expect(bench.github.comments(1)).toEqual(before);
  });

  test('`on-change` says nothing where nothing changes, and brings up to date what it said before', async () => {
    const bench = await openEtl();
    const input = { comment: 'on-change' };
    await bench.openPull(1, 'first', input);
    await bench.mergePull(1, input);
    await bench.openPull(2, 'readme', input);
    expect(bench.github.comments(2)).toEqual([]);
    await bench.write(destinations('leads', 'd1'));
    await bench.pushToPull(2, 'more', input);
    expect(shown(bench, 2)).toContain('1 change');
    await bench.write(CONFIG);
    await bench.pushToPull(2, 'less', input);
    expect(shown(bench, 2)).toContain('Nothing to do');
  });
});

describe('a merge', () => {
  test.each([
    ['squash', ['made']],
    ['rebase', ['made earlier', 'made']],
    ['merge', ['branch', 'first', 'made']],
  ] as const)('by %s applies what was approved, and the comment says so', async (method, commits) => {
    const bench = await openEtl();
    bench.github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'c', commits: [shaOf('branch')] });
    await bench.step(pullTrigger(1, 'first'));
    const again = method === 'rebase' ? { commits: [shaOf('made earlier')] } : {};
    bench.github.mergePull(1, { sha: shaOf('made'), method, ...again });
    const { code, outputs } = await bench.step(pushTrigger('made', 'main', commits));
    expect([code, outputs['changed'], outputs['pending'], namesIn(bench)]).toEqual([
      0,
      'true',
      '0',
      ['leads'],
    ]);
    expect(shown(bench)).toMatch(/✅ \*\*Applied to .*: 2 done\*\*/u);
    expect(shown(bench)).not.toContain('**On merge:**');
  });

  test('of several pull requests in one push, as by a queue, applies what was approved in each', async () => {
    const bench = await openEtl();
    for (const number of [1, 2, 3]) {
      await bench.write(destinations(`d${number}`));
      await bench.openPull(number, `head ${number}`);
    }
    await bench.write(destinations('d1', 'd2', 'd3', 'd4'));
    for (const number of [1, 2, 3]) land(bench, number);
    const commits = [1, 2, 3].map((number) => `squash of ${number}`);
    const applied = await bench.step(pushTrigger('squash of 3', 'main', commits));
    expect(await outcomesOf(applied)).toEqual([
      'destination/d1 done',
      'destination/d2 done',
      'destination/d3 done',
      'destination/d4 held-back',
    ]);
    for (const number of [1, 2, 3]) expect(shown(bench, number)).toContain('3 done, 1 held back');
  });

  test('is found behind a hundred commits of one push, and further back it is told that nobody looked', async () => {
    for (const [count, code] of [
      [99, 0],
      [100, 5],
    ] as const) {
      const bench = await openEtl();
      await bench.openPull(1, 'first');
      land(bench, 1);
      const later = Array.from({ length: count }, (_none, at) => `later ${at}`);
      for (const commit of later) bench.github.pushCommit(shaOf(commit));
      const applied = await bench.step(pushTrigger(`later ${count - 1}`, 'main', ['squash of 1', ...later]));
      expect(applied.code).toBe(code);
      expect(said(applied, 'warning').includes('only the newest 100')).toBe(code !== 0);
    }
  }, 30_000);

  test('that is applied again has nothing to do, and the comment keeps saying what was applied', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    await bench.mergePull(1);
    const before = visible(bench);
    const { code, outputs } = await applySquash(bench, 1);
    expect([code, bench.writes(), outputs['changed']]).toEqual([0, [], 'false']);
    expect(visible(bench)).toEqual(before);
    expect(shown(bench)).toContain('✅ **Applied');
  });
});
