import { describe, expect, test } from '@jest/globals';
import { type ActionBench, pullTrigger } from '../../support/action.ts';
import { GITHUB_ACTIONS, shaOf } from '../../github/fake.ts';
import {
  TWO_TARGETS,
  applySquash,
  destinations,
  gitHubWrites,
  land,
  openEtl,
  planAgain,
  shown,
  visible,
} from './support/journeys.ts';

const BOT = { login: GITHUB_ACTIONS.login, app: GITHUB_ACTIONS.app! };

describe('our comment', () => {
  test.each([
    ['a person who copied it', { login: 'octocat' }],
    ['another bot', { login: 'other[bot]', app: { id: 5, slug: 'other' } }],
  ])('is not taken for one of %s', async (_who, who) => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    const copied = bench.github.addComment(1, { ...who, body: shown(bench) });
    bench.github.deleteComment(bench.github.comments(1)[0]!.id);
    await bench.pushToPull(1, 'second');
    const [copy, ours, ...others] = bench.github.comments(1);
    expect([copy?.body, copy?.isMinimized, others]).toEqual([copied.body, false, []]);
    expect(ours?.author.login).toBe(BOT.login);
  });

  test.each([
    ['of a newer version', (body: string) => body.replace('lakebell:1', 'lakebell:2')],
    ['of another configuration', (body: string) => body.replace('u002dplatform', 'u002dscience')],
    ['that is damaged', (body: string) => body.replace('"targets":', '"targets')],
    ['that is not in the first line', (body: string) => `hello\n${body}`],
  ])('is not a marker %s', async (_what, change) => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    const [other] = bench.github.comments(1);
    const body = change(other!.body);
    bench.github.editComment(other!.id, body);
    await bench.pushToPull(1, 'second');
    expect(bench.github.comments(1).map((comment) => [comment.body === body, comment.isMinimized])).toEqual([
      [true, false],
      [false, false],
    ]);
  });

  test('is brought back where somebody edited it', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    const body = shown(bench);
    const [{ id } = { id: 0 }] = bench.github.comments(1);
    bench.github.editComment(id, body.replace('Create', 'Enjoy'));
    await planAgain(bench, { number: 1, commit: 'first' });
    expect(shown(bench)).not.toContain('Enjoy');
    expect(shown(bench)).toContain('**Create 1**');
  });

  test('is the same where GitHub keeps it with other line breaks', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.editComment(
      bench.github.comments(1)[0]!.id,
      shown(bench).trimEnd().replaceAll('\n', '\r\n'),
    );
    bench.github.resetRequests();
    await planAgain(bench, { number: 1, commit: 'first' });
    expect(gitHubWrites(bench)).toEqual(['POST /check-runs']);
  });

  test('that is gone is made anew', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.deleteComment(bench.github.comments(1)[0]!.id);
    await planAgain(bench, { number: 1, commit: 'first' });
    expect(shown(bench)).toContain('**Create 1**');
  });
});

describe('a run that was overtaken', () => {
  test.each([
    ['an earlier run', { id: 50 }, { id: 60 }],
    ['an earlier attempt', { id: 60, attempt: 1 }, { id: 60, attempt: 2 }],
  ])('(%s) does not put its plan over the newer one', async (_what, early, late) => {
    const bench = await openEtl();
    bench.github.openPull({ number: 1, headSha: shaOf('second'), headRef: 'change' });
    await bench.step(pullTrigger(1, 'second'), {}, late);
    const before = bench.github.comments(1);
    await bench.write(destinations('old'));
    const { outputs } = await bench.step(pullTrigger(1, 'first'), {}, early);
    expect(bench.github.comments(1)).toEqual(before);
    expect(outputs['comment-url']).toContain(String(before[0]?.id));
  });

  test('does not fold away the comments of a newer layout', async () => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', { target: '*' });
    const before = bench.github.comments(1);
    await planAgain(bench, { number: 1, commit: 'first' }, { target: 'dev' }, { id: 50 });
    expect(bench.github.comments(1)).toEqual(before);
  });

  test('does not put its plan over what an apply said', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    land(bench, 1);
    await applySquash(bench, 1, {}, { id: 900 });
    const before = shown(bench);
    await planAgain(bench, { number: 1, commit: 'first' }, {}, { id: 500 });
    expect(shown(bench)).toBe(before);
  });
});

describe('two runs that make their comment at the same time', () => {
  test('leave the older one, and fold the other away', async () => {
    const bench = await openEtl();
    const theirs = await racing(bench, { isLater: false });
    expect(visible(bench)).toEqual([expect.objectContaining({ id: theirs })]);
    expect(bench.github.comments(1).map(({ minimizedReason }) => minimizedReason)).toEqual([
      null,
      'outdated',
    ]);
    expect(shown(bench)).toContain('destination/d1');
  });

  test('do so although the older one is of the newer run, whose plan stays', async () => {
    const bench = await openEtl();
    await racing(bench, { isLater: true });
    expect(shown(bench)).toContain('destination/leads');
  });

  test('are sorted out by the next one where both had ended', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.addComment(1, { ...BOT, body: shown(bench) });
    const [first] = bench.github.comments(1);
    await bench.pushToPull(1, 'second');
    expect(visible(bench)).toEqual([expect.objectContaining({ id: first?.id })]);
    land(bench, 1);
    await applySquash(bench, 1);
    expect(shown(bench)).toContain('✅ **Applied');
  });

  /** The other one's comment appears while we make ours, before it in the list. */
  async function racing(bench: ActionBench, { isLater }: { readonly isLater: boolean }): Promise<number> {
    bench.github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'change' });
    const run = { id: isLater ? 900 : 50 };
    await bench.step(pullTrigger(1, 'first'), {}, run);
    const [{ id, body } = { id: 0, body: '' }] = bench.github.comments(1);
    bench.github.deleteComment(id);
    const theirs = { id: 0 };
    await bench.write(destinations('d1'));
    bench.github.falsify('GET', /\/issues\/1\/comments/u, (comments: never) => {
      theirs.id = bench.github.addComment(1, { ...BOT, body }).id;
      return comments;
    });
    await bench.step(pullTrigger(1, 'first'), {}, { id: 101 });
    return theirs.id;
  }
});

describe('a text that GitHub finds too long', () => {
  const TOO_LONG = { status: 422, body: { message: 'Validation Failed' } };

  test.each([
    [1, '**Shortened to fit:**'],
    [6, '**Shortened to fit:**'],
  ])('%i times is made shorter', async (times, text) => {
    const bench = await openEtl();
    bench.github.fail('POST', /\/comments$/u, { ...TOO_LONG, times });
    const { code, annotations } = await bench.openPull(1, 'first');
    expect([code, annotations]).toEqual([0, []]);
    expect(shown(bench)).toContain(text);
    expect(shown(bench)).toContain('report-file');
  });

  test('however short it is, leaves a warning and no comment', async () => {
    const bench = await openEtl();
    bench.github.fail('POST', /\/comments$/u, { ...TOO_LONG, times: 99 });
    const { code, annotations } = await bench.openPull(1, 'first');
    expect([code, annotations.map(({ level }) => level), visible(bench)]).toEqual([0, ['warning'], []]);
  });
});
