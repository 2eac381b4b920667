import { describe, expect, test } from '@jest/globals';
import type { PlanDocument } from '../../src/core/document.ts';
import type { Behaviour } from '../../src/sandbox/behaviour.ts';
import type { Seed, SeedIdentity } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const SP = '0a1b2c3d-0000-4000-8000-000000000001';
const PAGE = '11111111-1111-4111-8111-111111111111';
const TEAM = '22222222-2222-4222-8222-222222222222';
const PIPELINE = '7d0a1b2c-0000-4000-8000-000000000002';
const MAKER = 'maker@company.test';

const BOSS: SeedIdentity = { token: 'boss', user_name: 'boss@company.test', admin: true };
const APPLIER: SeedIdentity = { token: 'sp', user_name: SP, can_manage_jobs: ['1'], can_view_jobs: 'all' };

/** Jobs 1 and 3 may be written by the service principal, of job 4 it cannot be told, job 2 may not be. */
const SEED: Seed = {
  identities: [APPLIER, BOSS],
  groups: [
    { name: 'data', members: [SP], can_manage_jobs: ['3'] },
    { name: 'deep', members: [SP], is_nested: true, can_manage_jobs: ['4'] },
  ],
  destinations: [
    { id: PAGE, display_name: 'On-call', config: { email: { addresses: ['oncall@company.test'] } } },
    { id: TEAM, display_name: 'team', config: { email: { addresses: ['old@company.test'] } } },
  ],
  jobs: ['1', '2', '3', '4'].map((id) => ({
    job_id: id,
    creator_user_name: MAKER,
    settings: { name: `job ${id}` },
  })),
  pipelines: [{ pipeline_id: PIPELINE, creator_user_name: MAKER, spec: { name: 'ingest' } }],
};

const HEAD = 'version: 1\ndestinations:\n  oncall: { display_name: On-call, existing: true }\n';
const entry = (id: string) => `  job ${id}: { notify: { on_failure: [oncall] } }\n`;
const jobsConfig = (...ids: readonly string[]) => `${HEAD}jobs:\n${ids.map(entry).join('')}`;

type Opening = { readonly seed?: Partial<Seed>; readonly behaviour?: Partial<Behaviour> };

function openAs(config: string, { seed, behaviour }: Opening = {}): Promise<Bench> {
  return openBench(
    { seed: { ...SEED, ...seed }, behaviour: { permissionsShown: 'viewers', ...behaviour } },
    config,
  );
}

/** Identities that take turns need one record. */
const recordIn = ({ path }: Bench): string =>
  `settings:\n  record: { file: ${JSON.stringify(path('record.json'))} }\n`;

const pathsOf = ({ sandbox }: Bench, part: string): readonly string[] =>
  sandbox.requests.map(({ path }) => path).filter((path) => path.includes(part));

const updatesOf = ({ sandbox }: Bench): readonly string[] =>
  sandbox.requests
    .filter(({ path }) => path.endsWith('/jobs/update'))
    .map(({ body }) => String((JSON.parse(body) as { job_id: unknown }).job_id))
    .sort();

async function applied(bench: Bench, ...argv: readonly string[]) {
  const ran = await bench.lakebell('apply', '--auto-approve', '--format', 'json', ...argv);
  const document = JSON.parse(ran.out) as PlanDocument;
  const { outcomes = [] } = document;
  return {
    code: ran.code,
    document,
    became: outcomes.map(({ address, state, reason }) =>
      [address, state, ...(reason === undefined ? [] : [reason])].join(' '),
    ),
  };
}

describe('an apply by an identity that is no admin', () => {
  test('leaves out what it surely may not write, does the rest, and is not green', async () => {
    const bench = await openAs(jobsConfig('1', '2', '3', '4'));
    const { code, became, document } = await applied(bench);
    expect(became).toEqual(['job/1 done', 'job/2 blocked no-permission', 'job/3 done', 'job/4 done']);
    expect(code).toBe(6);
    expect(updatesOf(bench)).toEqual(['1', '3', '4']);
    expect(pathsOf(bench, 'permissions/')).toHaveLength(4);
    const blocked = document.outcomes?.find(({ state }) => state === 'blocked');
    expect(blocked).toMatchObject({ verb: 'blocked', display: 'job 2', wrote: false });
    expect(blocked?.message).toBe(
      `${SP} may not write the job "job 2" (2): that takes CAN_MANAGE or IS_OWNER on it`,
    );
    expect(blocked?.hint).toBe(
      `give CAN_MANAGE on it to ${SP}, under Permissions of ${bench.sandbox.url}/jobs/2; or apply as somebody who has it`,
    );
    expect(document.changes.find(({ address }) => address === 'job/2')).toMatchObject({ verb: 'update' });
  });

  test('asks and judges before the first write', async () => {
    const bench = await openAs(jobsConfig('1', '2'));
    await bench.lakebell('apply', '--auto-approve');
    const firstWrite = bench.sandbox.requests.findIndex(({ method }) => method !== 'GET');
    const asked = bench.sandbox.requests.map(({ path }) => path.includes('permissions/'));
    expect(asked.filter(Boolean)).toHaveLength(2);
    expect(asked.lastIndexOf(true)).toBeLessThan(firstWrite);
  });

  test('writes nothing at all where it may write nothing, and says that it is about permissions', async () => {
    const bench = await openAs(jobsConfig('2'));
    const { code, became } = await applied(bench);
    expect([code, became]).toEqual([3, ['job/2 blocked no-permission']]);
    expect(bench.writes()).toEqual([]);
  });

  test('pays one request, and one for each object that takes a level', async () => {
    const costOf = async (...identities: readonly SeedIdentity[]) => {
      const bench = await openAs(jobsConfig('1', '3'), { seed: { identities } });
      const { document, code } = await applied(bench);
      expect(code).toBe(0);
      return document.requests.count;
    };
    expect((await costOf(APPLIER)) - (await costOf(BOSS))).toBe(1 + 2);
  });

  test('is finished by the same approval once the permission is there', async () => {
    const bench = await openAs('');
    await bench.write(jobsConfig('1', '2') + recordIn(bench));
    const { digest } = await bench.document('plan');
    expect((await bench.lakebell('apply', '--approve', digest)).code).toBe(6);
    bench.env['DATABRICKS_TOKEN'] = 'boss';
    expect((await bench.lakebell('apply', '--approve', digest)).code).toBe(0);
    expect(updatesOf(bench)).toEqual(['2']);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('tries what nobody can tell: where permissions are not shown, or not answered', async () => {
    const hidden = await openAs(jobsConfig('1', '2'), { behaviour: { permissionsShown: 'managers' } });
    expect((await applied(hidden)).became).toEqual(['job/1 done', 'job/2 failed']);
    expect(updatesOf(hidden)).toEqual(['1', '2']);
    const broken = await openAs(jobsConfig('1', '2'));
    broken.sandbox.fault({ kind: 'status', status: 404, path: '*/permissions/*', times: 9 });
    expect((await applied(broken)).became).toEqual(['job/1 done', 'job/2 failed']);
  });

  test('does not go on asking a workspace that is down', async () => {
    const ids = Array.from({ length: 30 }, (_none, at) => String(at + 1));
    const jobs = ids.map((id) => ({ job_id: id, creator_user_name: MAKER, settings: { name: `job ${id}` } }));
    const bench = await openAs(jobsConfig(...ids), {
      seed: { jobs, identities: [{ ...APPLIER, can_manage_jobs: 'all' }] },
    });
    bench.sandbox.fault({ kind: 'status', status: 500, path: '*/permissions/*', times: 999 });
    const { code } = await applied(bench);
    expect(code).toBe(0);
    expect(new Set(pathsOf(bench, 'permissions/')).size).toBe(8);
  });

  test('asks nothing where there is nothing to do, and a plan asks nothing either', async () => {
    const bench = await openAs(jobsConfig('1'));
    expect((await applied(bench)).code).toBe(0);
    const again = await applied(bench);
    expect([again.code, again.became, pathsOf(bench, 'permissions/')]).toEqual([0, [], []]);
    await bench.write(jobsConfig('1', '2'));
    const plan = await bench.document('plan');
    expect(pathsOf(bench, 'permissions/')).toEqual([]);
    expect(plan.summary).toMatchObject({ update: 1, blocked: 0 });
  });

  test('asks for what would be executed alone', async () => {
    const bench = await openAs(jobsConfig('1', '2', '3'));
    await bench.lakebell('plan', '--only', 'job/1', '--out', bench.path('one.json'));
    const { code } = await bench.lakebell('apply', '--plan', bench.path('one.json'));
    expect(code).toBe(0);
    expect(pathsOf(bench, 'permissions/')).toEqual(['/api/2.0/permissions/jobs/1']);
  });

  test('is told of pipelines too', async () => {
    const config = `${HEAD}pipelines:\n  ingest: { notify: { on-update-failure: [a@company.test] } }\n`;
    const bench = await openAs(config);
    const { code, became, document } = await applied(bench);
    expect([code, became]).toEqual([3, [`pipeline/${PIPELINE} blocked no-permission`]]);
    expect(document.outcomes?.[0]?.hint).toContain(`/pipelines/${PIPELINE};`);
    expect(bench.writes()).toEqual([]);
    const group = { name: 'data', members: [SP], can_manage_pipelines: [PIPELINE] };
    const allowed = await openAs(config, { seed: { groups: [group] } });
    expect((await applied(allowed)).code).toBe(0);
  });

  test('cannot be told of where no destination shows that it is no admin', async () => {
    const config = 'version: 1\njobs:\n  job 2: { notify: { on_failure: [a@company.test] } }\n';
    const bench = await openAs(config, { seed: { destinations: [] } });
    expect((await applied(bench)).became).toEqual(['job/2 failed']);
    expect(pathsOf(bench, 'permissions/')).toEqual([]);
  });
});

describe('an admin', () => {
  test('is asked for nothing', async () => {
    const bench = await openAs(jobsConfig('1', '2', '3', '4'), { seed: { identities: [BOSS] } });
    expect((await applied(bench)).code).toBe(0);
    expect(pathsOf(bench, 'permissions/')).toEqual([]);
    expect(pathsOf(bench, '/notification-destinations/')).toEqual([]);
  });

  test('whose group signing in does not show is known by what it is shown', async () => {
    const nested = { ...BOSS, admin_by_nested_group: true };
    const config = 'version: 1\ndestinations:\n  fresh: { email: { addresses: [a@company.test] } }\n';
    const bench = await openAs(`${config}jobs:\n${entry('2').replace('oncall', 'fresh')}`, {
      seed: { identities: [nested] },
    });
    expect((await applied(bench)).code).toBe(0);
    expect(pathsOf(bench, 'permissions/')).toEqual([]);
    expect(pathsOf(bench, '/notification-destinations/')[0]).toBeDefined();
  });
});

describe('destinations', () => {
  const FRESH = '  fresh: { email: { addresses: [a@company.test] } }\n';

  test('that an identity may not make are blocked with the jobs that need them', async () => {
    const config = `${HEAD}${FRESH}jobs:\n  job 1: { notify: { on_failure: [fresh] } }\n${entry('3')}`;
    const bench = await openAs(config);
    const { code, became, document } = await applied(bench);
    expect(became).toEqual([
      'destination/fresh blocked no-permission',
      'job/1 blocked requires',
      'job/3 done',
    ]);
    expect(code).toBe(6);
    expect(document.outcomes?.map(({ message }) => message)).toEqual([
      `${SP} may not write the destination "fresh": that takes a workspace admin`,
      'it needs destination/fresh, which is blocked',
      null,
    ]);
    expect(bench.sandbox.snapshot().destinations).toHaveLength(2);
    expect(pathsOf(bench, 'permissions/')).toHaveLength(2);
  });

  test('are tried where there is none that would show who is an admin', async () => {
    const config = `version: 1\ndestinations:\n${FRESH}`;
    const bench = await openAs(config, { seed: { destinations: [] } });
    const { code, became } = await applied(bench);
    expect([code, became]).toEqual([3, ['destination/fresh failed']]);
  });

  test('that an identity may not change are left alone', async () => {
    const config = 'version: 1\ndestinations:\n  team: { email: { addresses: [new@company.test] } }\n';
    const bench = await openAs(config);
    const { code, became } = await applied(bench);
    expect([code, became]).toEqual([3, ['destination/team blocked no-permission']]);
    expect(bench.writes()).toEqual([]);
  });
});

describe('what belongs together', () => {
  const own = (type: string) =>
    `version: 1\ndestinations:\n  mine: { ${type} }\njobs:\n${entry('1')}${entry('2')}`.replaceAll(
      'oncall',
      'mine',
    );

  async function openOwned(after: string): Promise<Bench> {
    const bench = await openAs('');
    bench.env['DATABRICKS_TOKEN'] = 'boss';
    bench.env['HOOK'] = 'https://hooks.slack.com/services/T/B/x';
    await bench.write(own('email: { addresses: [a@company.test] }') + recordIn(bench));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    await bench.write(after + recordIn(bench));
    bench.env['DATABRICKS_TOKEN'] = 'sp';
    return bench;
  }

  test('is blocked before its first write: a destination that is made anew, and who uses it', async () => {
    const bench = await openOwned(own('slack: { url: "${secrets.HOOK}" }'));
    const before = bench.sandbox.snapshot();
    const { code, became } = await applied(bench);
    expect(became).toEqual([
      'destination/mine blocked no-permission',
      'job/1 blocked requires',
      'job/2 blocked no-permission',
    ]);
    expect([code, bench.writes()]).toEqual([3, []]);
    expect(bench.sandbox.snapshot()).toEqual(before);
  });

  test('does not stop what stands alone: a job lets go of a destination that has to stay', async () => {
    const bench = await openOwned('version: 1\njobs: {}\n');
    await bench.write(`version: 1\njobs: {}\n${recordIn(bench)}  prune: true\n`);
    const { code, became } = await applied(bench, '--allow', 'silenced', '--allow', 'empty_config');
    expect(became).toEqual([
      'destination/mine blocked no-permission',
      'job/1 done',
      'job/2 blocked no-permission',
    ]);
    expect(code).toBe(6);
    expect(bench.sandbox.snapshot().destinations).toHaveLength(3);
  });
});

describe('what an apply says of it', () => {
  test('in a terminal and as Markdown', async () => {
    const bench = await openAs(jobsConfig('1', '2'));
    const { out } = await bench.lakebell('apply', '--auto-approve');
    expect(out).toContain('in part: 1 done, 1 blocked');
    expect(out).toContain('Blocked: this identity may not write it, or what it needs (1)');
    expect(out).toContain('under Permissions of');
    const again = await bench.lakebell('apply', '--auto-approve', '--format', 'markdown');
    expect(again.code).toBe(3);
    expect(again.out).toContain('> [!CAUTION]');
    expect(again.out).toContain('- blocked `job 2` · `job/2`');
  });
});

describe('a rollback', () => {
  test('asks as an apply does', async () => {
    const bench = await openAs('');
    await bench.write(jobsConfig('1', '2') + recordIn(bench));
    bench.env['DATABRICKS_TOKEN'] = 'boss';
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    bench.env['DATABRICKS_TOKEN'] = 'sp';
    const { code, out } = await bench.lakebell(
      'rollback',
      '--auto-approve',
      '--format',
      'json',
      '--allow',
      'silenced',
    );
    const { outcomes = [] } = JSON.parse(out) as PlanDocument;
    expect(outcomes.map(({ address, state }) => [address, state])).toEqual([
      ['job/1', 'done'],
      ['job/2', 'blocked'],
    ]);
    expect(code).toBe(6);
  });
});
