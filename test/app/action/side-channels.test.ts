import { describe, expect, test } from '@jest/globals';
import { runAction } from '../../../src/app/action/run-action.ts';
import { GITHUB_ACTIONS, shaOf } from '../../github/fake.ts';
import { type ActionBench, dispatchTrigger, pullTrigger } from '../../support/action.ts';
import {
  TWO_TARGETS,
  applySquash,
  land,
  namesIn,
  openEtl,
  planAgain,
  said,
  savedPlan,
  shown,
  visible,
} from './support/journeys.ts';
import { bareRun } from './support/bare-run.ts';

type Permissions = NonNullable<(typeof GITHUB_ACTIONS)['permissions']>;

describe('a plan without', () => {
  test('checks: write warns, and the comment says that nothing will be applied', async () => {
    const bench = await openWith({ checks: 'read' });
    const planned = await bench.openPull(1, 'first');
    expect([planned.code, planned.outputs['check-url'], bench.github.checks()]).toEqual([0, '', []]);
    expect(said(planned, 'warning')).toContain('the job lacks the permission checks: write');
    for (const text of ['> [!WARNING]', '**On merge:** nothing is applied', '`checks: write`'])
      expect(shown(bench)).toContain(text);
    expect((await bench.mergePull(1)).code).toBe(5);
  });

  test.each<[string, Permissions]>([
    ['any right to comments', { pull_requests: 'none', issues: 'none' }],
    ['the right to write them', { pull_requests: 'read', issues: 'read' }],
  ])('%s warns, and leaves its approval all the same', async (_what, permissions) => {
    const bench = await openWith(permissions);
    const planned = await bench.openPull(1, 'first');
    expect([planned.code, planned.outputs['comment-url'], visible(bench)]).toEqual([0, '', []]);
    expect(said(planned, 'warning')).toContain('the job lacks the permission pull-requests: write');
    expect(planned.summary).toContain('`pull-requests: write`');
    bench.github.setToken('github-token', GITHUB_ACTIONS);
    expect((await bench.mergePull(1)).code).toBe(0);
  });

  test('any right is as red as it would be with all of them', async () => {
    const bench = await openWith({ checks: 'none', pull_requests: 'none', issues: 'none' });
    const input = { 'fail-on': 'pending' };
    expect((await bench.openPull(1, 'first', input)).code).toBe(2);
    await bench.write('version: 1\nname: data-platform\nnonsense: 1\n');
    expect((await bench.pushToPull(1, 'second', input)).code).toBe(1);
  });

  test('a token warns that there is none', async () => {
    const bench = await openEtl();
    const planned = await bench.openPull(1, 'first', { 'github-token': '' });
    expect([planned.code, bench.github.requests]).toEqual([0, []]);
    expect(said(planned, 'warning')).toContain('the input github-token is empty');
  });
});

describe('a plan where GitHub', () => {
  test.each([
    ['cuts the connection', 0],
    ['is broken', 500],
    ['is overloaded', 503],
    ['knows no such token', 401],
    ['has no such thing', 404],
  ])('%s (%i) warns, keeps its exit code and says that nothing will be applied', async (_what, status) => {
    const bench = await openEtl();
    bench.github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'change' });
    breakGitHub(bench, status);
    const planned = await bench.step(pullTrigger(1, 'first'));
    expect([planned.code, planned.annotations.map(({ level }) => level)]).toEqual([
      0,
      ['warning', 'warning'],
    ]);
    expect(said(planned, 'warning')).toContain('GitHub did not let us write a check');
    expect(said(planned, 'warning')).not.toContain('permission');
    expect(planned.summary).toContain('nothing is applied');
  });

  test.each([0, 500, 502, 429])('fails once with %i is asked again', async (status) => {
    const bench = await openEtl();
    for (const method of ['GET', 'POST']) bench.github.fail(method, /./u, { status, times: 2 });
    const { code, annotations } = await bench.openPull(1, 'first');
    expect([code, annotations, bench.github.checks().length, visible(bench).length]).toEqual([0, [], 1, 1]);
  });

  test('wrote the comment and lost its answer shows it once', async () => {
    const bench = await openEtl();
    bench.github.fail('POST', /\/comments$/u, { status: 502, after: 'handled' });
    const { annotations } = await bench.openPull(1, 'first');
    expect([annotations, visible(bench).length]).toEqual([[], 1]);
  });

  test('locked the conversation warns, and blames no permission', async () => {
    const bench = await openEtl();
    bench.github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'change' });
    bench.github.lock(1);
    const planned = await bench.step(pullTrigger(1, 'first'));
    expect([planned.code, said(planned, 'warning')]).toEqual([0, expect.stringContaining('locked')]);
    expect(said(planned, 'warning')).not.toContain('permission');
  });

  test('does not say who we are takes us for github-actions', async () => {
    const bench = await openEtl();
    bench.github.fail('POST', /\/graphql/u, { status: 403, times: 99 });
    await bench.openPull(1, 'first');
    await bench.pushToPull(1, 'second');
    expect(bench.github.comments(1)).toHaveLength(1);
    expect((await bench.mergePull(1)).code).toBe(0);
  });

  test('folds no comment away posts ours all the same', async () => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', { target: 'dev' });
    bench.github.falsify('POST', /\/graphql/u, (answer: never) => answer);
    bench.github.fail('POST', /\/graphql/u, { status: 403, times: 99 });
    const planned = await planAgain(bench, { number: 1, commit: 'first' }, { target: '*' });
    expect([planned.code, said(planned, 'warning')]).toEqual([0, expect.stringContaining('minimise')]);
    expect(bench.github.comments(1).at(-1)?.body).toContain('2 changes in 2 workspaces');
    expect(planned.outputs['comment-url']).toContain(String(bench.github.comments(1).at(-1)?.id));
  });
});

describe('an apply', () => {
  test.each<[string, Permissions]>([
    ['checks', { checks: 'none' }],
    ['pull requests', { pull_requests: 'none' }],
  ])('that may not read %s is refused, and says what it needs', async (_what, permissions) => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.setToken('github-token', { ...GITHUB_ACTIONS, permissions });
    const applied = await bench.mergePull(1);
    expect([applied.code, bench.writes(), applied.outputs['refused']]).toEqual([5, [], 'true']);
    expect(said(applied, 'error')).toContain('needs the permissions checks: read and pull-requests: read');
    expect(said(applied, 'error')).not.toContain('bug');
  });

  test('that cannot ask GitHub is refused where it needs an approval', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    land(bench, 1);
    breakGitHub(bench, 500);
    const applied = await applySquash(bench, 1);
    expect([applied.code, bench.writes(), said(applied, 'error')]).toEqual([
      5,
      [],
      expect.stringContaining('run this job again'),
    ]);
  });

  test('that cannot ask GitHub goes on where it needs none', async () => {
    const bench = await openEtl();
    const { digest } = await savedPlan(await bench.step(dispatchTrigger(), { mode: 'plan' }));
    breakGitHub(bench, 500);
    const input = { mode: 'apply', approve: digest };
    expect([(await bench.step(dispatchTrigger(), input)).code, namesIn(bench)]).toEqual([0, ['leads']]);
  });

  test('is not stopped by a comment that cannot be written', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    bench.github.fail('PATCH', /./u, { status: 403, times: 99 });
    const applied = await bench.mergePull(1);
    expect([applied.code, namesIn(bench)]).toEqual([0, ['leads']]);
    expect(said(applied, 'warning')).toContain('edit a comment');
  });
});

describe('a runner', () => {
  test('that takes no summary gets a warning in its place', async () => {
    const bench = await openEtl();
    const appendSummary = (): Promise<void> => Promise.reject(new Error('no summary here'));
    const { host, runner, left } = await bareRun(bench, dispatchTrigger(), { runner: { appendSummary } });
    expect([await runAction(host, runner), left().outputs['pending']]).toEqual([0, '2']);
    expect(left().annotations).toEqual([
      expect.objectContaining({ level: 'warning', message: 'no summary here' }),
    ]);
  });

  test('that has no room for files gets outputs without them', async () => {
    const bench = await openEtl();
    const makeTemporaryFolder = (): Promise<string> => Promise.reject(new Error('no space left'));
    const { host, runner, left } = await bareRun(bench, dispatchTrigger(), { host: { makeTemporaryFolder } });
    expect([await runAction(host, runner), left().outputs['plan-file']]).toEqual([0, '']);
    expect(left().annotations).toEqual([expect.objectContaining({ message: 'no space left' })]);
  });
});

async function openWith(permissions: Permissions): Promise<ActionBench> {
  const bench = await openEtl();
  bench.github.setToken('github-token', { ...GITHUB_ACTIONS, permissions });
  return bench;
}

function breakGitHub({ github }: ActionBench, status: number): void {
  for (const method of ['GET', 'POST', 'PATCH']) github.fail(method, /./u, { status, times: Infinity });
}
