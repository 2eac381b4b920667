import { describe, expect, test } from '@jest/globals';
import { GITHUB_ACTIONS, shaOf } from '../../github/fake.ts';
import { type ActionBench, type Inputs, type Step, type Trigger, pullTrigger } from '../../support/action.ts';
import { CONFIG, openEtl, said, shown } from './support/journeys.ts';

const READ_ONLY = { checks: 'read', pull_requests: 'read', issues: 'read', contents: 'read' } as const;

const STRANGERS: readonly (readonly [string, Trigger])[] = [
  ['a fork', pullTrigger(1, 'first', { headRepo: 'stranger/notifications' })],
  ['a fork that is gone', pullTrigger(1, 'first', { headRepo: null })],
  ['Dependabot', pullTrigger(1, 'first', { sender: 'dependabot' })],
  ['a run that Dependabot set off', { ...pullTrigger(1, 'first'), actor: 'dependabot[bot]' }],
];

describe.each(STRANGERS)('a pull request of %s', (_who, trigger) => {
  test('has its configuration checked, and is told what was not', async () => {
    const { bench, step } = await strange(trigger);
    expect([step.code, bench.sandbox.requests, step.outputs['pending']]).toEqual([0, [], '0']);
    expect(step.summary).toContain('The configuration is valid; no plan was made');
    for (const text of [step.summary, step.log]) expect(text).toContain('the workspace was not looked at');
    expect(step.log).not.toContain('error:');
    expect(said(step, 'error')).toBe('');
    expect(said(step, 'warning')).toContain('a token that only reads');
    expect(said(step, 'warning')).not.toContain('lacks the permission');
  });

  test('is red where the configuration has mistakes', async () => {
    const { step } = await strange(trigger, CONFIG.replace('leads, x', 'leeds, x'));
    expect(step.code).toBe(1);
    expect(step.annotations).toContainEqual(
      expect.objectContaining({ level: 'error', file: 'notifications.yml', line: 6 }),
    );
    expect(step.log).toContain('leeds');
    expect(step.summary).toContain('the configuration has 1 error');
  });
});

describe('a stranger’s pull request', () => {
  const [[, fork] = ['', pullTrigger(1, 'first')]] = STRANGERS;

  test('needs no workspace to be named', async () => {
    const { step } = await strange(fork, CONFIG, { DATABRICKS_HOST: undefined });
    expect(step.code).toBe(0);
  });

  test('is checked where the workflow signs in as what only our own jobs are', async () => {
    const inputs = { 'auth-type': 'github-oidc', 'client-id': 'sp' };
    const { step } = await strange(fork, CONFIG, {}, inputs);
    expect([step.code, said(step, 'error')]).toEqual([0, '']);
  });

  test('is not green where credentials are there and wrong', async () => {
    const { step } = await strange(fork, CONFIG, { DATABRICKS_TOKEN: 'wrong' });
    expect(step.code).toBe(3);
  });

  test('is planned where it is given what it needs', async () => {
    const bench = await openEtl();
    bench.github.openPull({
      number: 1,
      headSha: shaOf('first'),
      headRef: 'c',
      fork: 'stranger/notifications',
    });
    expect((await bench.step(fork)).code).toBe(0);
    expect(bench.github.checks(shaOf('first'))).toHaveLength(1);
    expect(shown(bench)).toContain('https://github.com/stranger/notifications/blob/');
  });

  test('that nobody planned is not applied by its merge', async () => {
    const { bench } = await strange(fork);
    bench.github.setToken('github-token', GITHUB_ACTIONS);
    bench.env['DATABRICKS_TOKEN'] = 'sandbox-token';
    const applied = await bench.mergePull(1);
    expect([applied.code, bench.writes()]).toEqual([5, []]);
  });
});

describe('our own pull request', () => {
  test('without credentials is red, and says what to set', async () => {
    const { step } = await strange(pullTrigger(1, 'first'));
    expect([step.code, said(step, 'error')]).toEqual([
      3,
      expect.stringContaining('there are no credentials'),
    ]);
  });
});

type Strange = { readonly bench: ActionBench; readonly step: Step };

/** Without secrets, and with a token that only reads. */
async function strange(
  trigger: Trigger,
  config: string = CONFIG,
  env: Readonly<Record<string, string | undefined>> = {},
  inputs: Inputs = {},
): Promise<Strange> {
  const bench = await openEtl(config);
  const fork = 'stranger/notifications';
  bench.github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'c', fork });
  bench.github.setToken('github-token', { ...GITHUB_ACTIONS, permissions: READ_ONLY });
  Object.assign(bench.env, { DATABRICKS_TOKEN: undefined, ...env });
  return { bench, step: await bench.step(trigger, inputs) };
}
