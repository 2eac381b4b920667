import { describe, expect, test } from '@jest/globals';
import { type Json, type JsonObject } from '../../../src/kinds/client.ts';
import { featuresOf } from '../../../src/kinds/job/features.ts';
import { Proof, Witnesses } from '../../../src/kinds/job/proof.ts';
import { slimJob } from '../../../src/kinds/job/slim.ts';
import type { Survey, Wanted } from '../../../src/kinds/kind.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { SeedJob } from '../../../src/sandbox/seed.ts';
import { asked, openKind, TOKEN } from '../workspace.ts';

const seedJob = (job_id: string, settings: JsonObject = {}, more: Partial<SeedJob> = {}): SeedJob => ({
  job_id,
  settings: { name: `job ${job_id}`, ...settings },
  ...more,
});
const MAIL: JsonObject = { email_notifications: { on_failure: ['a@company.test'] } };
const BUNDLE: JsonObject = {
  deployment: {
    kind: 'BUNDLE',
    metadata_file_path: '/Workspace/Users/a/.bundle/etl/prod/state/metadata.json',
  },
};
const isProd: Survey = (_id, features) => features['tags.env'] === 'prod';

async function survey(options: SandboxOptions, wanted: readonly Wanted[] = [], keep: Survey = isProd) {
  const { sandbox, api } = await openKind('job', options);
  const listing = await api.find(wanted, { seen: null, survey: keep });
  const rows = listing.rows.map(({ observed, gaps, isWhole }) => ({
    id: observed.id,
    gaps,
    isWhole,
  }));
  return { listing, rows, gets: asked(sandbox).filter((one) => one.includes('/jobs/get')) };
}

describe('a survey', () => {
  test('keeps what is chosen and what is wanted, and passes the rest with what it is like', async () => {
    const jobs = [
      seedJob('1', { tags: { env: 'prod' } }),
      seedJob('2', { tags: { env: 'dev' } }),
      seedJob('3'),
      seedJob('4', { name: 'JOB 5' }),
      seedJob('5'),
    ];
    const { rows, listing } = await survey({ seed: { jobs } }, [{ id: '3' }, { name: 'job 5' }]);
    expect(rows.map(({ id }) => id).sort()).toEqual(['1', '3', '5']);
    expect(listing.surveyed?.passed.map(({ id, features }) => [id, features['name']]).sort()).toEqual([
      ['2', 'job 2'],
      ['4', 'JOB 5'],
    ]);
    expect([listing.seen, listing.near, listing.isComplete]).toEqual([5, ['JOB 5'], false]);
  });

  test('asks by id for what it was to see and did not, and tells what is denied', async () => {
    const identities = [{ token: TOKEN, user_name: 'viewer', can_view_jobs: ['1'] }];
    const jobs = ['1', '2'].map((id) => seedJob(id, {}, { creator_user_name: 'owner@company.test' }));
    const { rows, listing, gets } = await survey({ seed: { identities, jobs } }, [{ id: '2' }, { id: '7' }]);
    expect([rows, listing.denied.map(({ id }) => id)]).toEqual([[], ['2', '7']]);
    // The first shows who created it, which is held against its row.
    expect(gets.sort()).toEqual(['1', '2', '7'].map((id) => `GET /api/2.2/jobs/get?job_id=${id}`));
  });

  test('believes nothing where no row shows anything', async () => {
    const { listing } = await survey({ seed: { jobs: [seedJob('1')] } });
    expect(listing.surveyed?.untold).toEqual(['tags', 'bundle', 'has_schedule', 'run_as']);
    expect(listing.whyGaps).toMatch(/^no row of jobs\/list shows .* which proves nothing about it$/);
  });

  test('believes a part once one row shows it and reading that job agrees, for every row', async () => {
    const jobs = [
      seedJob('1', { tags: { env: 'prod' } }),
      seedJob('2', { ...MAIL, ...BUNDLE, tags: { env: 'dev' } }, { creator_user_name: 'ann@company.test' }),
    ];
    const { rows, listing, gets } = await survey({ seed: { jobs } });
    expect(gets).toEqual(['GET /api/2.2/jobs/get?job_id=2']);
    expect(listing.surveyed?.untold).toEqual(['has_schedule', 'run_as']);
    expect(rows).toEqual([
      {
        id: '1',
        gaps: ['webhook_notifications', 'notification_settings', 'health', 'schedule', 'tasks'],
        isWhole: true,
      },
    ]);
  });

  test.each([
    ['email_notifications', ['1']],
    ['tags', ['1']],
  ])('distrusts %s alone where the list leaves it out', async (part) => {
    const all = {
      ...MAIL,
      ...BUNDLE,
      tags: { env: 'prod' },
      webhook_notifications: {},
      notification_settings: { no_alert_for_skipped_runs: true },
    };
    const jobs = [seedJob('1', { ...all }), seedJob('2', { tags: { env: 'prod' } })];
    const { rows, listing } = await survey(
      { seed: { jobs }, behaviour: { listOmits: [part] } },
      [],
      () => true,
    );
    expect(listing.whyGaps).toMatch(new RegExp(`^jobs/list and jobs/get disagree about ${part}`));
    const row = rows.find(({ id }) => id === '2');
    expect(row?.gaps).toContain(part);
    expect(row?.gaps).not.toContain('notification_settings');
    // What was read by itself is known whatever the list leaves out.
    expect(rows.find(({ id }) => id === '1')).toEqual({ id: '1', gaps: [], isWhole: true });
  });

  test('takes a job for read in part where the list cuts its tasks off', async () => {
    const tasks = Array.from({ length: 130 }, (_, at) => ({ task_key: `t${at}`, ...(at === 0 ? MAIL : {}) }));
    const jobs = [
      seedJob('1', { ...MAIL, ...BUNDLE, tags: { env: 'dev' }, tasks: [{ task_key: 'a', ...MAIL }] }),
      seedJob('2', { tags: { env: 'prod' }, tasks }),
    ];
    const { rows } = await survey({ seed: { jobs } });
    expect(rows).toMatchObject([{ id: '2', isWhole: false }]);
    expect(rows[0]?.gaps).toContain('tasks');
    expect(rows[0]?.gaps).not.toContain('email_notifications');
  });
});

describe('a survey of more than one page', () => {
  /** The newest comes first. */
  const page = (from: number): readonly SeedJob[] =>
    Array.from({ length: 100 }, (_none, at) => seedJob(String(from + at), { tags: { env: 'prod' } }));
  const outline = async (jobs: readonly SeedJob[]) => {
    const { sandbox, api } = await openKind('job', { seed: { jobs } });
    const listing = await api.find([], { seen: null, survey: () => false });
    const paths = asked(sandbox).map((one) => /jobs\/(?:list|get\?job_id=\d+)/.exec(one)?.[0] ?? '');
    return { listing, paths };
  };

  test('reads one job where the first page shows everything', async () => {
    const { listing, paths } = await outline([...page(1000), ...page(2000), ...page(3000)]);
    expect([...paths].sort()).toEqual([
      expect.stringMatching(/^jobs\/get\?job_id=3/),
      ...Array.from({ length: 3 }, () => 'jobs/list'),
    ]);
    expect(listing.surveyed?.untold).not.toContain('tags');
  });

  test('asks at the end for what only later pages show, and no more than four jobs in all', async () => {
    const shown: readonly JsonObject[] = [MAIL, BUNDLE, { schedule: { a: 1 } }, { health: { rules: [] } }];
    const later = shown.map((settings, at) => seedJob(String(100 + at), settings));
    const { listing, paths } = await outline([...page(1000), ...later]);
    const gets = paths.filter((path) => path !== 'jobs/list').sort();
    expect(gets).toEqual(['100', '101', '102', '1099'].map((id) => `jobs/get?job_id=${id}`));
    expect(listing.whyGaps).toMatch(/^no row of jobs\/list shows /);
    expect(listing.surveyed?.untold).toEqual(['run_as']);
  });
});

/** A workspace in which each job is as its row says, unless something else is said of it. */
async function trusted(rows: readonly JsonObject[], whole: Readonly<Record<string, Json | null>> = {}) {
  const proof = new Proof();
  for (const row of rows.filter((one) => proof.isNews(one))) proof.take(slimJob(row));
  const asking: string[] = [];
  const witnesses = new Witnesses(proof, async (id) => {
    asking.push(id);
    return whole[id] === undefined ? (rows.find(({ job_id: of }) => of === id) ?? null) : whole[id];
  });
  const believed = await witnesses.hear();
  return { ...believed, asking };
}

const row = (job_id: string, settings: JsonObject, more: JsonObject = {}): JsonObject => ({
  job_id,
  ...more,
  settings: { name: job_id, ...settings },
});

describe('the proof that a list is to be believed', () => {
  const TAGS: JsonObject = { tags: { env: 'prod' } };

  test('reads as few jobs as show everything that any row shows', async () => {
    const { asking } = await trusted([
      row('1', TAGS),
      row('2', MAIL),
      row('3', { ...TAGS, ...MAIL }),
      row('4', TAGS),
    ]);
    expect(asking).toEqual(['3']);
  });

  test('begins with two while the list goes on, and asks none of them again', async () => {
    const rows = [
      row('1', { ...TAGS, ...MAIL }),
      row('2', BUNDLE),
      row('3', { schedule: { a: 1 } }),
      row('4', { ...TAGS, health: { rules: [1] } }),
    ];
    const proof = new Proof();
    const asking: string[] = [];
    const witnesses = new Witnesses(proof, (id) => {
      asking.push(id);
      return Promise.resolve(id === '2' ? null : (rows.find(({ job_id: of }) => of === id) ?? null));
    });
    for (const one of rows.slice(0, 3)) proof.take(one);
    witnesses.callEarly();
    witnesses.callEarly();
    expect(asking).toEqual(['1', '2']);
    for (const one of rows.slice(3)) proof.take(one);
    const { untold } = await witnesses.hear();
    expect(asking.slice(2).sort()).toEqual(['3', '4']);
    expect(untold).toEqual(['creator', 'bundle', 'run_as']);
  });

  test('reads no more than four, and believes only what those show', async () => {
    const parts: readonly JsonObject[] = [
      TAGS,
      MAIL,
      BUNDLE,
      { schedule: { a: 1 } },
      { health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 1 }] } },
    ];
    const { asking, gaps } = await trusted(parts.map((part, at) => row(String(at), part)));
    expect(asking).toHaveLength(4);
    const shown = ['tags', 'email_notifications', 'deployment', 'schedule', 'health'];
    expect(shown.filter((part) => gaps.includes(part))).toHaveLength(1);
  });

  test('is none where the job cannot be read, or is gone', async () => {
    const { gaps, untold, known } = await trusted([row('1', { ...TAGS, ...MAIL })], { '1': null });
    expect([gaps.includes('tags'), untold.includes('tags'), known.size]).toEqual([true, true, 0]);
  });

  test('falls where one of several witnesses disagrees', async () => {
    const rows = [row('1', { ...TAGS, ...MAIL }), row('2', { ...BUNDLE }), row('3', { schedule: { a: 1 } })];
    const { gaps, why } = await trusted(rows, { '2': row('2', { ...BUNDLE, tags: { env: 'dev' } }) });
    expect([gaps.includes('tags'), gaps.includes('email_notifications')]).toEqual([true, false]);
    expect(why).toMatch(/^jobs\/list and jobs\/get disagree about tags;/);
  });

  test('sees a value that the list shows otherwise, and tasks that it shows without theirs', async () => {
    const task = (settings: JsonObject) => ({
      tasks: [
        { task_key: 'a', ...MAIL },
        { task_key: 'b', ...settings },
      ],
    });
    const other: JsonObject = { email_notifications: { on_failure: ['b@company.test'] } };
    const one = await trusted([row('1', { ...TAGS, ...MAIL })], { '1': row('1', { ...TAGS, ...other }) });
    expect([one.gaps.includes('email_notifications'), one.gaps.includes('tags')]).toEqual([true, false]);
    const two = await trusted([row('1', task({}))], { '1': row('1', task(MAIL)) });
    expect(two.gaps).toContain('tasks');
  });

  test('is not of tasks that are cut off, and cut tasks are no disagreement', async () => {
    const tasks = { tasks: [{ task_key: 'a', ...MAIL }] };
    const more = {
      tasks: [
        { task_key: 'a', ...MAIL },
        { task_key: 'b', ...MAIL },
      ],
    };
    const cut = row('1', { ...TAGS, ...tasks }, { has_more: true });
    const { gaps, why } = await trusted([cut, row('2', tasks)], { '1': row('1', { ...TAGS, ...more }) });
    expect([gaps.includes('tasks'), gaps.includes('tags'), why.includes('disagree')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('what rules choose jobs by', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['a plain job', row('1', {}), { name: '1', bundle: false, has_schedule: false }],
    [
      'a job with everything',
      row(
        '1',
        { ...BUNDLE, tags: { env: 'prod', 'a.b': '', n: 5 }, continuous: { pause_status: 'PAUSED' } },
        { creator_user_name: 'ann', run_as_user_name: 'sp' },
      ),
      {
        name: '1',
        'tags.env': 'prod',
        'tags.a.b': '',
        'tags.n': '5',
        creator: 'ann',
        run_as: 'sp',
        bundle: 'etl',
        has_schedule: true,
      },
    ],
    [
      'a bundle’s job whose folder does not tell the bundle',
      row('1', { deployment: { kind: 'BUNDLE' }, trigger: {} }),
      { name: '1', bundle: '', has_schedule: true },
    ],
    [
      'a system’s job without a name',
      { job_id: '1', creator_user_name: '', settings: { deployment: { kind: 'SYSTEM_MANAGED' } } },
      { name: '', bundle: false, has_schedule: false },
    ],
  ])('(%s)', (_what, raw, features) => {
    expect(featuresOf(raw)).toEqual(features);
    // What is kept of a row tells the same, but for who it runs as.
    const { run_as: _runAs, ...rest } = features;
    expect(featuresOf(slimJob(raw))).toEqual(rest);
  });
});
