import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../src/sandbox/json.ts';
import type { Seed, SeedJob } from '../../../src/sandbox/seed.ts';
import {
  type ActionBench,
  type Inputs,
  type Step,
  openAction,
  pushTrigger,
  scheduleTrigger,
} from '../../support/action.ts';
import { outcomesOf, savedPlan } from './support/journeys.ts';

const PAGE = '11111111-1111-4111-8111-111111111111';
const EVIL = '66666666-6666-4666-8666-666666666666';
const SEED: Seed = {
  destinations: [
    { id: PAGE, display_name: 'On-call', config: { email: { addresses: ['oncall@company.test'] } } },
    { id: EVIL, display_name: 'Elsewhere', config: { email: { addresses: ['who@elsewhere.test'] } } },
  ],
  jobs: [job('1', 'etl')],
};
const HEAD = `version: 1
name: data-platform
destinations:
  oncall: { display_name: On-call, existing: true }
`;
const PAGING =
  '  page: { select: { tags: { env: prod } }, notify: { on_failure: [oncall, ops@company.test] } }\n';
const CONFIG = `${HEAD}rules:\n${PAGING}`;
const RULES: Inputs = { mode: 'apply', approve: 'rules' };

function job(id: string, name: string, settings: JsonObject = {}): SeedJob {
  return { job_id: id, settings: { name, tags: { env: 'prod' }, ...settings } };
}

/** The file was planned in a pull request, merged and applied. */
async function openApplied(config = CONFIG, seed: Partial<Seed> = {}): Promise<ActionBench> {
  const bench = await openAction({ seed: { ...SEED, ...seed } }, config);
  await bench.openPull(1, 'first');
  const { code, log } = await bench.mergePull(1);
  if (code !== 0) throw new Error(log);
  return bench;
}

const onSchedule = (bench: ActionBench, more: Inputs = {}): Promise<Step> =>
  bench.step(scheduleTrigger(), { ...RULES, ...more });

const updates = (bench: ActionBench): readonly unknown[] =>
  bench.sandbox.requests
    .filter(({ path }) => path.endsWith('/jobs/update'))
    .map(({ body }) => (JSON.parse(body) as JsonObject)['job_id'])
    .map(String);

/** What a scheduled run wrote, and what it left for somebody to approve. */
async function ranOn(bench: ActionBench, more: Inputs = {}) {
  const step = await onSchedule(bench, more);
  return {
    wrote: updates(bench),
    code: step.code,
    became: await outcomesOf(step),
    pending: step.outputs['pending'],
  };
}

describe('approve: rules', () => {
  test('lets a schedule write to a new job what applied rules ensure', async () => {
    const bench = await openApplied();
    bench.sandbox.poke.addJob(job('2', 'new'));
    bench.sandbox.poke.addJob(job('3', 'dev', { tags: { env: 'dev' } }));
    expect(await ranOn(bench)).toEqual({ wrote: ['2'], code: 0, became: ['job/2 done'], pending: '0' });
    expect(bench.sandbox.snapshot().jobs.find(({ job_id: id }) => id === '2')?.settings).toMatchObject({
      email_notifications: { on_failure: ['ops@company.test'] },
      webhook_notifications: { on_failure: [{ id: PAGE }] },
    });
    expect(await ranOn(bench)).toMatchObject({ wrote: [], code: 0 });
  });

  test.each([
    ['a rule that says more than what was applied', CONFIG.replace('ops@', 'evil@elsewhere.test, ops@')],
    ['a rule that selects more than what was applied', CONFIG.replace('env: prod', 'env: "*"')],
    [
      'a rule that allows more than what was applied',
      CONFIG.replace(/ \}\n$/, ', tasks: { "*": { rewrite_task: true } } }\n'),
    ],
    ['a rule of another mode', CONFIG.replace('page: { ', 'page: { mode: exact, ')],
    [
      'a rule under a key that another one had',
      `${HEAD}rules:\n  page: { select: { name: "n*" }, notify: { on_failure: [evil@elsewhere.test] } }\n`,
    ],
    [
      'a new rule',
      `${CONFIG}  more: { select: { name: "n*" }, notify: { on_failure: [evil@elsewhere.test] } }\n`,
    ],
    [
      'an entry',
      `${HEAD}jobs: { new: { notify: { on_failure: [evil@elsewhere.test] } } }\nrules:\n${PAGING}`,
    ],
    [
      'an entry that ensures',
      `${HEAD}jobs: { new: { mode: ensure, notify: { on_failure: [evil@elsewhere.test] } } }\nrules:\n${PAGING}`,
    ],
    [
      'an entry about something else',
      `${HEAD}jobs: { new: { notify: { on_start: [evil@elsewhere.test] } } }\nrules:\n${PAGING}`,
    ],
    [
      'a destination key that means another destination now',
      CONFIG.replace('display_name: On-call', 'display_name: Elsewhere'),
    ],
    ['a destination key that means another id now', CONFIG.replace('display_name: On-call', `id: ${EVIL}`)],
    [
      'a destination that is adopted',
      CONFIG.replace(
        'display_name: On-call, existing: true',
        'display_name: Elsewhere, email: { addresses: [who@elsewhere.test] }',
      ),
    ],
    [
      'a destination that is yet to be made',
      CONFIG.replace(
        'display_name: On-call, existing: true',
        'display_name: Made, email: { addresses: [who@elsewhere.test] }',
      ),
    ],
  ])('holds back what comes of %s', async (_what, config) => {
    const bench = await openApplied();
    bench.sandbox.poke.addJob(job('2', 'new'));
    await bench.write(config);
    const { wrote, became, pending } = await ranOn(bench);
    expect([wrote, became.filter((one) => !one.endsWith('held-back')), pending]).toEqual([
      [],
      [],
      expect.stringMatching(/^[1-9]/),
    ]);
    expect(bench.sandbox.snapshot().destinations).toHaveLength(2);
    // And what was held back is not taken for applied by the next run.
    expect((await ranOn(bench)).wrote).toEqual([]);
  });

  test.each([
    [
      'exact',
      `${HEAD}rules:\n  page: { select: { tags: { env: prod } }, mode: exact, email_notifications: { on_failure: [ops@company.test] } }\n`,
    ],
    [
      'forbid',
      `${HEAD}rules:\n  none: { select: { tags: { env: prod } }, mode: forbid, notify: { on_failure: ["*@gmail.com"] } }\n`,
    ],
    [
      'forbid beside one that ensures',
      `${CONFIG}  none: { select: { tags: { env: prod } }, mode: forbid, notify: { on_failure: ["*@gmail.com"] } }\n`,
    ],
  ])('holds back what a rule of mode %s wants, although it was applied', async (_mode, config) => {
    const bench = await openApplied(config);
    bench.sandbox.poke.addJob(
      job('2', 'new', { email_notifications: { on_failure: ['me@gmail.com', 'me@company.test'] } }),
    );
    expect(await ranOn(bench)).toEqual({ wrote: [], code: 0, became: ['job/2 held-back'], pending: '1' });
  });

  test('writes what a rule says that was changed and changed back', async () => {
    const bench = await openApplied();
    bench.sandbox.poke.addJob(job('2', 'new'));
    await bench.write(CONFIG.replace('ops@', 'evil@elsewhere.test, ops@'));
    expect((await ranOn(bench)).wrote).toEqual([]);
    await bench.write(CONFIG);
    expect((await ranOn(bench)).wrote).toEqual(['2']);
  });

  test('does not take a rule for applied that nobody approved, because nothing matched it yet', async () => {
    const bench = await openApplied();
    await bench.write(
      `${CONFIG}  trap: { select: { name: "trap-*" }, notify: { on_failure: [evil@elsewhere.test] } }\n`,
    );
    expect((await ranOn(bench)).code).toBe(0);
    bench.sandbox.poke.addJob(job('2', 'trap-1', { tags: {} }));
    expect(await ranOn(bench)).toEqual({ wrote: [], code: 0, became: ['job/2 held-back'], pending: '1' });
  });

  test.each([
    ['takes a rule for applied that came with a pull request, although nothing matched it yet', true],
    ['does not take one for applied that was pushed past the pull requests', false],
  ])('%s', async (_what, isByPull) => {
    const bench = await openApplied();
    await bench.write(
      `${CONFIG}  later: { select: { name: "later-*" }, notify: { on_failure: [later@company.test] } }\n`,
    );
    if (isByPull) await bench.openPull(2, 'second');
    const step = isByPull ? await bench.mergePull(2) : await bench.step(pushTrigger('direct'));
    expect([step.code, updates(bench)]).toEqual([0, []]);
    bench.sandbox.poke.addJob(job('2', 'later-1', { tags: {} }));
    expect((await ranOn(bench)).wrote).toEqual(isByPull ? ['2'] : []);
  });

  test('does not take a rule for applied because its key was empty for a while', async () => {
    const bench = await openApplied();
    await bench.write(HEAD);
    expect((await ranOn(bench)).wrote).toEqual([]);
    await bench.write(CONFIG.replace('env: prod', 'env: dev'));
    expect((await ranOn(bench)).wrote).toEqual([]);
    bench.sandbox.poke.addJob(job('2', 'new', { tags: { env: 'dev' } }));
    expect((await ranOn(bench)).wrote).toEqual([]);
  });

  test('does not take away what was added for a rule that is gone', async () => {
    const prune = 'settings: { prune: true, limits: { silenced: 9 } }\n';
    const more = `${CONFIG}  more: { select: { name: "*" }, notify: { on_failure: [more@company.test] } }\n`;
    const bench = await openApplied(more + prune);
    await bench.write(CONFIG + prune);
    expect(await ranOn(bench)).toEqual({ wrote: [], code: 0, became: ['job/1 held-back'], pending: '1' });
  });

  test('leaves bundle jobs alone', async () => {
    const bench = await openApplied();
    const deployment = {
      kind: 'BUNDLE',
      metadata_file_path: '/Workspace/.bundle/etl/prod/state/metadata.json',
    };
    bench.sandbox.poke.addJob(job('2', 'new', { deployment }));
    expect(await ranOn(bench)).toMatchObject({ wrote: [], code: 0, pending: '0' });
    expect((await savedPlan(await onSchedule(bench))).changes[0]?.blocked?.reason).toBe('bundle');
  });

  test('is stopped by the guards', async () => {
    const bench = await openApplied(`${CONFIG}settings: { limits: { max_changes: 1 } }\n`);
    bench.sandbox.poke.addJob(job('2', 'new'));
    bench.sandbox.poke.addJob(job('3', 'newer'));
    const { code } = await onSchedule(bench);
    expect([code, updates(bench)]).toEqual([5, []]);
  });

  test('approves nothing without a record', async () => {
    const bench = await openAction({ seed: SEED }, `${CONFIG}settings: { record: none }\n`);
    expect(await ranOn(bench)).toEqual({ wrote: [], code: 0, became: ['job/1 held-back'], pending: '1' });
    expect((await ranOn(bench)).wrote).toEqual([]);
  });

  test('approves nothing on the first run ever', async () => {
    const bench = await openAction({ seed: SEED }, CONFIG);
    expect((await ranOn(bench)).wrote).toEqual([]);
    expect((await ranOn(bench)).wrote).toEqual([]);
  });
});
