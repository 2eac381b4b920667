import { describe, expect, test } from '@jest/globals';
import { type ActionBench, openAction, scheduleTrigger } from '../../support/action.ts';

const CONFIG = `version: 1
name: data-platform
jobs:
  etl: { notify: { on_failure: [oncall@company.test] } }
`;
const DAY_MS = 24 * 60 * 60 * 1000;

async function applied(): Promise<ActionBench> {
  const bench = await openAction({ seed: { jobs: [{ job_id: '7', settings: { name: 'etl' } }] } }, CONFIG);
  const { code, err } = await bench.lakebell('apply', '--auto-approve');
  if (code !== 0) throw new Error(err);
  return bench;
}

function tell({ sandbox }: ActionBench, ...addresses: readonly string[]): void {
  sandbox.poke.setJob('7', (settings) => ({ ...settings, email_notifications: { on_failure: addresses } }));
}

const look = (bench: ActionBench, inputs = {}) => bench.step(scheduleTrigger(), inputs);
const writes = ({ github }: ActionBench) =>
  github.requests
    .filter(({ method, path }) => method !== 'GET' && path !== '/graphql')
    .map(({ method }) => method);

describe('the issue about drift', () => {
  test('is opened, left alone, updated, closed with a comment, and opened again', async () => {
    const bench = await applied();
    expect((await look(bench)).outputs['issue-url']).toBe('');
    expect(bench.github.issues()).toEqual([]);

    tell(bench, 'boss@company.test');
    const opened = await look(bench, { 'drift-labels': 'drift, on-call' });
    const [issue] = bench.github.issues();
    expect(issue).toMatchObject({
      title: 'lakebell: drift in data-platform',
      state: 'open',
      labels: ['drift', 'on-call'],
    });
    expect(opened.outputs).toMatchObject({
      drifted: '1',
      'issue-url': expect.stringContaining(`/issues/${issue?.number}`),
    });
    expect(opened.code).toBe(0);
    expect(issue?.body).toContain('+  boss@company.test');
    expect(issue?.body).toContain('+  etl: { notify: { on_failure: [boss@company.test] } }');

    bench.github.resetRequests();
    await look(bench);
    expect(writes(bench)).toEqual([]);

    tell(bench, 'boss@company.test', 'more@company.test');
    await look(bench);
    expect(bench.github.issues()).toHaveLength(1);
    expect(bench.github.issues()[0]?.body).toContain('+  more@company.test');

    tell(bench, 'oncall@company.test');
    await look(bench);
    expect(bench.github.issues()[0]?.state).toBe('closed');
    expect(bench.github.comments(issue!.number).map(({ body }) => body)).toEqual([
      expect.stringContaining('is as it was applied again'),
    ]);

    tell(bench, 'boss@company.test');
    await look(bench);
    expect(bench.github.issues().map(({ state }) => state)).toEqual(['open']);
  });

  test('of a run that could not read enough says only that somebody looked', async () => {
    const bench = await applied();
    tell(bench, 'boss@company.test');
    await look(bench);
    const before = bench.github.issues()[0]?.body ?? '';
    bench.sandbox.fault({ kind: 'status', path: '/api/2.2/jobs/*', status: 403, times: Infinity });
    const { code } = await look(bench);
    expect(code).not.toBe(0);
    const after = bench.github.issues()[0]?.body ?? '';
    expect(bench.github.issues()[0]?.state).toBe('open');
    expect(after).toContain('no conclusion');
    expect(after.split('<!-- lakebell:checked')[0]).toBe(before.split('<!-- lakebell:checked')[0]);
  });

  test('that was closed longer ago than a fortnight stays closed, and a new one is opened', async () => {
    const bench = await applied();
    tell(bench, 'boss@company.test');
    await look(bench);
    tell(bench, 'oncall@company.test');
    await look(bench);
    tell(bench, 'boss@company.test');
    await bench.step(scheduleTrigger(), {}, { id: (25 * DAY_MS) / 60_000 });
    expect(bench.github.issues().map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  test('is ours alone: the same text by somebody else is left as it is', async () => {
    const bench = await applied();
    bench.github.addIssue({
      title: 'x',
      body: '<!-- lakebell:drift {"config":"data\\u002dplatform","target":null} -->',
    });
    tell(bench, 'boss@company.test');
    await look(bench);
    expect(bench.github.issues()).toHaveLength(2);
  });

  test('is not kept where the inputs say so, and drift is red only where they do', async () => {
    const bench = await applied();
    tell(bench, 'boss@company.test');
    const { code } = await look(bench, { 'drift-issue': 'false', 'fail-on': 'drift' });
    expect([code, bench.github.issues()]).toEqual([2, []]);
  });

  test('is no reason to fail: without the permission there is a warning that names it', async () => {
    const bench = await applied();
    bench.github.setToken('github-token', {
      login: 'github-actions[bot]',
      app: { id: 15_368, slug: 'github-actions' },
      permissions: { issues: 'read', pull_requests: 'read' },
    });
    tell(bench, 'boss@company.test');
    const { code, annotations } = await look(bench);
    expect([code, annotations.map(({ message }) => message).join()]).toEqual([
      0,
      expect.stringContaining('issues: write'),
    ]);
  });
});
