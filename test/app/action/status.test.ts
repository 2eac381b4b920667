import { describe, expect, test } from '@jest/globals';
import { type ActionBench, dispatchTrigger, openAction, pullTrigger } from '../../support/action.ts';
import { shaOf } from '../../github/fake.ts';
import { CONFIG, applySquash, destinations, land, openEtl, savedPlan, shown } from './support/journeys.ts';

describe('the comment of a merged pull request', () => {
  test('says that it is being applied, and then how it went, with the run that did it', async () => {
    const bench = await openMerged();
    const { code } = await applySquash(bench, 1);
    const [during, after, ...more] = edits(bench);
    expect([code, more]).toEqual([0, []]);
    expect(during).toMatch(/⏳ \*\*Applying\*\* · \d{4}-.* UTC · \[run \d+\]/u);
    expect(during).toContain('Merged; being applied.');
    expect(after).toMatch(/✅ \*\*Applied to .*: 2 done\*\* · .* \[run \d+\]/u);
    expect(after).toContain('Merged; how it went is said at the top.');
    expect(after).toContain('**Create 1**');
  });

  test('says nothing of applying where a guard refuses, and names the guard', async () => {
    const bench = await openMerged();
    await bench.write(`${CONFIG}settings: { limits: { max_changes: 0 } }\n`);
    const { code } = await applySquash(bench, 1);
    expect([code, edits(bench).length, bench.writes()]).toEqual([5, 1, []]);
    expect(shown(bench)).toContain('⛔ **Not applied: refused by');
    expect(shown(bench)).toContain('max_changes');
  });

  test('says which approval is missing', async () => {
    const bench = await openMerged();
    const { code } = await applySquash(bench, 1, { 'trusted-app-id': '666' });
    expect([code, edits(bench).length]).toEqual([5, 1]);
    expect(shown(bench)).toMatch(/⛔ \*\*Not applied: nobody approved this plan.*by another app/u);
    expect(shown(bench)).toContain('start a run with');
  });

  test('says what failed, ten of them by name', async () => {
    const keys = Array.from({ length: 14 }, (_none, at) => `d${at}`);
    const bench = await openMerged(destinations(...keys));
    bench.sandbox.fault({
      kind: 'status',
      status: 400,
      method: 'POST',
      path: '*/notification-destinations',
      times: Infinity,
    });
    const { code } = await applySquash(bench, 1);
    expect(code).toBe(4);
    expect(shown(bench)).toContain('⚠️ **Nothing was written');
    expect(shown(bench)).toContain('14 failed');
    expect(shown(bench).match(/^- failed: `d\d+`/gmu)).toHaveLength(10);
    expect(shown(bench)).toContain('- and 4 more');
  });

  test('follows a run that fails again in another way', async () => {
    const bench = await openMerged(destinations('d1'));
    const create = {
      kind: 'status',
      status: 400,
      method: 'POST',
      path: '*/notification-destinations',
    } as const;
    bench.sandbox.fault({ ...create, body: { error_code: 'BAD', message: 'the first reason' } });
    await applySquash(bench, 1);
    expect(shown(bench)).toContain('first');
    bench.sandbox.fault({ ...create, body: { error_code: 'BAD', message: 'the second reason' } });
    await applySquash(bench, 1, {}, { attempt: 2 });
    expect(shown(bench)).toContain('second');
    expect(shown(bench)).not.toContain('first reason');
  });

  test('is left alone where a run is refused for the same reason again, and follows one with another reason', async () => {
    const bench = await openMerged();
    await applySquash(bench, 1, { 'trusted-app-id': '666' });
    await applySquash(bench, 1, { 'trusted-app-id': '666' });
    expect(edits(bench)).toHaveLength(1);
    await bench.write(`${CONFIG}settings: { limits: { max_changes: 0 } }\n`);
    await applySquash(bench, 1);
    expect(edits(bench)).toHaveLength(2);
    expect(shown(bench)).toContain('refused by');
  });

  test('says that the workspace was not reached', async () => {
    const bench = await openMerged();
    const { code, outputs } = await applySquash(bench, 1, { token: 'wrong' });
    expect([code, outputs['pending']]).toEqual([3, '0']);
    expect(shown(bench)).toMatch(/⛔ \*\*Not applied: /u);
    expect(shown(bench)).toContain('Merged; how it went is said at the top.');
  });

  test('tells who holds the lock, and how it is removed', async () => {
    const bench = await openMerged();
    bench.sandbox.poke.writeFile(
      '/Users/admin@sandbox.test/.lakebell/data-platform/default.json.lock',
      JSON.stringify({ owner: 'sp', run: 'theirs', id: 'their-lock', at: '2025-12-31T23:00:00.000Z' }),
    );
    const { code } = await applySquash(bench, 1);
    expect(code).toBe(5);
    expect(shown(bench)).toContain('lakebell unlock their-lock');
  }, 30_000);

  test('says how many where GitHub takes no list', async () => {
    const bench = await openMerged();
    bench.sandbox.fault({ kind: 'status', status: 400, method: 'POST', path: '*/jobs/update' });
    const patch = ['PATCH', /\/issues\/comments\//u] as const;
    bench.github.falsify(...patch, (applying: never) => applying);
    bench.github.fail(...patch, { status: 422 });
    await applySquash(bench, 1);
    expect(shown(bench)).toMatch(/⚠️ \*\*Applied to .* in part: 1 done, 1 failed\*\*/u);
    expect(shown(bench)).not.toContain('- failed');
  });

  test('is left as it is where somebody took the place for it away', async () => {
    const bench = await openMerged();
    const [comment] = bench.github.comments(1);
    const body = comment!.body.replaceAll('lakebell:status', 'gone');
    bench.github.editComment(comment!.id, body);
    const { code, annotations } = await applySquash(bench, 1);
    expect([code, shown(bench), annotations]).toEqual([0, body, []]);
  });

  test('is not made by an apply', async () => {
    const bench = await openMerged();
    bench.github.deleteComment(bench.github.comments(1)[0]!.id);
    const { code, annotations } = await applySquash(bench, 1);
    expect([code, annotations, bench.github.comments(1)]).toEqual([0, [], []]);
  });

  test('is not touched by the merge of another one', async () => {
    const bench = await openMerged();
    await applySquash(bench, 1);
    const before = bench.github.comments(1);
    await bench.write(destinations('leads', 'd2'));
    await bench.openPull(2, 'second');
    await bench.mergePull(2);
    expect(bench.github.comments(1)).toEqual(before);
    expect(shown(bench, 2)).toContain('✅ **Applied');
  });

  test('is not touched by an apply that was started by hand', async () => {
    const bench = await openMerged();
    const before = bench.github.comments(1);
    const { digest } = await savedPlan(await bench.step(dispatchTrigger('squash of 1'), { mode: 'plan' }));
    await bench.step(dispatchTrigger('squash of 1'), { mode: 'apply', approve: digest });
    expect(bench.github.comments(1)).toEqual(before);
  });
});

describe('an apply on the event of the pull request that was merged', () => {
  test('finds its approval and its comment', async () => {
    const bench = await openMerged();
    const merged = { action: 'closed', merged: true, mergeCommitSha: shaOf('squash of 1') };
    const { code } = await bench.step(pullTrigger(1, 'first', merged), { mode: 'apply' });
    expect(code).toBe(0);
    expect(shown(bench)).toContain('✅ **Applied');
  });
});

async function openMerged(config: string = CONFIG): Promise<ActionBench> {
  const bench = config === CONFIG ? await openEtl() : await openAction({}, config);
  await bench.openPull(1, 'first');
  land(bench, 1);
  bench.github.resetRequests();
  return bench;
}

/** Texts that the comment was given, one after the other. */
function edits({ github }: ActionBench): readonly string[] {
  return github.requests
    .filter(({ method }) => method === 'PATCH')
    .map(({ body }) => String((body as { readonly body?: unknown }).body));
}
