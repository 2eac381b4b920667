import { describe, expect, test } from '@jest/globals';
import type { PlanDocument } from '../../src/core/document.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { Seed, SeedJob } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const RULE = `rules:
  page: { select: { tags: { env: prod } }, email_notifications: { on_failure: [ops@company.test] } }
`;
const CONFIG = `version: 1\n${RULE}`;

function job(id: string, name: string, settings: JsonObject = {}, more: Partial<SeedJob> = {}): SeedJob {
  return { job_id: id, settings: { name, tags: { env: 'prod' }, ...settings }, ...more };
}

const mails = (...addresses: readonly string[]): JsonObject => ({
  email_notifications: { on_failure: [...addresses] },
});

async function applied(jobs: readonly SeedJob[], config = CONFIG, seed: Partial<Seed> = {}): Promise<Bench> {
  const bench = await openBench({ seed: { jobs, ...seed } }, config);
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  if (code !== 0) throw new Error(out + err);
  return bench;
}

const told = ({ changes }: PlanDocument) =>
  changes.map(({ verb, address, fields, blocked }) => [
    verb,
    address,
    ...(blocked === null ? [] : [blocked.reason]),
    ...fields.map(({ path, before, after }) => `${path}: ${String(before)} -> ${String(after)}`),
  ]);

const failureMails = ({ sandbox }: Bench, id: string): unknown => {
  const found = sandbox.snapshot().jobs.find(({ job_id: of }) => of === id);
  return (found?.settings['email_notifications'] as JsonObject | undefined)?.['on_failure'];
};

describe('a job that rules cover', () => {
  test('stays on record where it can no longer be read to judge whether they select it', async () => {
    const config = CONFIG.replace('tags: { env: prod }', 'run_as: sp-etl');
    const identities = (can: 'all' | readonly string[]): NonNullable<Seed['identities']> => [
      { token: 't', user_name: 'sp-apply@company.test', can_view_jobs: can, can_manage_jobs: can },
    ];
    const jobs = [
      job('1', 'etl', {}, { run_as_user_name: 'sp-etl' }),
      job('2', 'elt', {}, { run_as_user_name: 'sp-etl' }),
    ];
    const { document, sandbox } = await applied(jobs, config, { identities: identities('all') });
    sandbox.fault({
      kind: 'status',
      status: 403,
      method: 'GET',
      path: '*/jobs/get?job_id=1*',
      times: Infinity,
    });
    const plan = await document('plan');
    expect([told(plan), plan.notes]).toEqual([
      [],
      [
        expect.stringMatching(/^1 job that rules\.page covered could not be read/),
        expect.stringMatching(/^1 of the jobs may not be read by this identity/),
      ],
    ]);
  });

  test('counts as uncovered only once every job that its rule wants something of was applied', async () => {
    const bench = await openBench({ seed: { jobs: [job('1', 'etl'), job('2', 'elt')] } }, CONFIG);
    expect((await bench.lakebell('apply', '--auto-approve', '--only', 'job/etl')).code).toBe(0);
    expect([failureMails(bench, '1'), failureMails(bench, '2')]).toEqual([['ops@company.test'], undefined]);
    const record = bench.sandbox.snapshot().files.find(({ path }) => path.endsWith('default.json'))?.content;
    expect((JSON.parse(record ?? '{}') as JsonObject)['rules'] ?? {}).toEqual({});
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    const after = bench.sandbox.snapshot().files.find(({ path }) => path.endsWith('default.json'))?.content;
    expect(Object.keys((JSON.parse(after ?? '{}') as { rules: object }).rules)).toEqual(['page']);
  });

  test('stands in the history, and a rollback gives back what it had', async () => {
    const bench = await applied([job('1', 'etl', mails('theirs@company.test')), job('2', 'elt')]);
    expect((await bench.lakebell('history')).out).toContain('2 update');
    const limits = 'settings: { limits: { silenced: 9 } }\n';
    await bench.write(CONFIG + limits);
    const { code, out, err } = await bench.lakebell('rollback', '--auto-approve');
    expect([code, code === 0 ? '' : out + err]).toEqual([0, '']);
    expect([failureMails(bench, '1'), failureMails(bench, '2') ?? []]).toEqual([['theirs@company.test'], []]);
    // The file still says so.
    expect(told(await bench.document('plan')).map(([verb, address]) => [verb, address])).toEqual([
      ['update', 'job/1'],
      ['update', 'job/2'],
    ]);
  });

  test('drifts where somebody takes away what its rule ensured, and not where they add', async () => {
    const bench = await applied([job('1', 'etl'), job('2', 'elt')]);
    bench.sandbox.poke.setJob('1', (settings) => ({ ...settings, email_notifications: {} }));
    bench.sandbox.poke.setJob('2', (settings) => ({
      ...settings,
      ...mails('more@company.test', 'ops@company.test'),
    }));
    const drift = await bench.document('drift');
    expect([drift.drift, told(drift)]).toEqual([
      { edited: 1, deleted: 0, uncovered: 0 },
      [['update', 'job/1', 'email_notifications.on_failure: ops@company.test -> null']],
    ]);
  });

  test('is not accepted as it drifted, as the rule is about other jobs too, and the reason is said', async () => {
    const bench = await applied([job('1', 'etl')]);
    bench.sandbox.poke.setJob('1', (settings) => ({ ...settings, email_notifications: {} }));
    const { code, out, err } = await bench.lakebell('drift', '--accept');
    expect(await bench.read('notifications.yml')).toBe(CONFIG);
    expect([code, out + err]).toEqual([2, expect.stringMatching(/rule/)]);
  });

  test('that is deleted is told, and stops nothing', async () => {
    const bench = await applied([job('1', 'etl'), job('2', 'elt')]);
    bench.sandbox.poke.deleteJob('1');
    const plan = await bench.document('plan');
    expect([told(plan), plan.notes]).toEqual([
      [],
      [expect.stringMatching(/^1 job that rules\.page covered is gone, or this identity may not see it/)],
    ]);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect((await bench.document('drift')).drift).toMatchObject({ edited: 0, uncovered: 0 });
  });
});
