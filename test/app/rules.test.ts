import { describe, expect, test } from '@jest/globals';
import type { PlanDocument } from '../../src/core/document.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { Seed, SeedJob } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';
import { tellingJob } from '../support/telling-job.ts';

const PAGE = '11111111-1111-1111-1111-111111111111';
const CHAT = '22222222-2222-2222-2222-222222222222';
const DESTINATIONS: NonNullable<Seed['destinations']> = [
  { id: PAGE, display_name: 'On-call', config: { pagerduty: { integration_key: 'k' } } },
  { id: CHAT, display_name: 'Old chat', config: { slack: { url: 'https://hooks.slack.test/T/B/x' } } },
];
const HEAD = `version: 1
destinations:
  pagerduty: { display_name: On-call, existing: true }
`;
const PROD = `rules:
  page:
    select: { tags: { env: prod } }
    notify: { on_failure: [pagerduty] }
`;

function job(id: string, name: string, settings: JsonObject = {}, more: Partial<SeedJob> = {}): SeedJob {
  return { job_id: id, settings: { name, tags: { env: 'prod' }, ...settings }, ...more };
}

const TELLING = tellingJob('900', PAGE);

function bench(jobs: readonly SeedJob[], config: string, seed: Partial<Seed> = {}): Promise<Bench> {
  return openBench(
    { seed: { destinations: DESTINATIONS, jobs: [...jobs, TELLING], ...seed } },
    HEAD + config,
  );
}

const told = ({ changes }: PlanDocument) =>
  changes.map(({ verb, address, fields, blocked }) => [
    verb,
    address,
    ...(blocked === null ? [] : [blocked.reason]),
    ...fields.map(({ path, before, after }) => `${path}: ${String(before)} -> ${String(after)}`),
  ]);

const warned = ({ diagnostics }: PlanDocument) =>
  diagnostics.map(({ code, line, message }) => `${line} ${code}: ${message}`);

describe('a rule', () => {
  test('ensures on every job that it selects, and leaves the others and everything else alone', async () => {
    const { document, lakebell, path, sandbox } = await bench(
      [
        job('1', 'etl', { email_notifications: { on_failure: ['theirs@company.test'] } }),
        job('2', 'has-it', { webhook_notifications: { on_failure: [{ id: PAGE }, { id: CHAT }] } }),
        job('3', 'dev', { tags: { env: 'dev' } }),
      ],
      PROD,
    );
    const plan = await document('plan');
    expect(told(plan)).toEqual([['update', 'job/1', 'webhook_notifications.on_failure: null -> pagerduty']]);
    expect(plan.rules).toEqual([
      {
        key: 'page',
        mode: 'ensure',
        source: { file: path('notifications.yml'), line: 5 },
        matched: 2,
        pending: 1,
        blocked: {},
      },
    ]);
    const before = sandbox.snapshot().jobs;
    expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
    const after = sandbox.snapshot().jobs;
    expect(after.filter(({ job_id }) => job_id !== '1')).toEqual(
      before.filter(({ job_id }) => job_id !== '1'),
    );
    expect(told(await document('plan'))).toEqual([]);
    expect((await lakebell('apply', '--auto-approve')).out).toContain('Nothing');
  });
});

describe('statements about one job', () => {
  const LIVE = { email_notifications: { on_failure: ['live@company.test', 'me@gmail.com'] } };

  test('unite where they ensure, whatever their order in the file', async () => {
    const rules = [
      '  a: { select: { tags: { env: prod } }, notify: { on_failure: [pagerduty, a@company.test] } }',
      '  b: { select: { name: "et*" }, notify: { on_failure: [b@company.test], on_success: [b@company.test] } }',
    ];
    const jobs = [job('1', 'etl', LIVE)];
    const one = await (await bench(jobs, `rules:\n${rules.join('\n')}\n`)).document('plan');
    const other = await (await bench(jobs, `rules:\n${[...rules].reverse().join('\n')}\n`)).document('plan');
    expect(told(one)).toEqual([
      [
        'update',
        'job/1',
        'email_notifications.on_failure: live@company.test,me@gmail.com -> a@company.test,b@company.test,live@company.test,me@gmail.com',
        'email_notifications.on_success: null -> b@company.test',
        'webhook_notifications.on_failure: null -> pagerduty',
      ],
    ]);
    expect([told(other), other.digest]).toEqual([told(one), one.digest]);
  });

  test('give way to an exact entry of the job, with a warning that names both lines', async () => {
    const config = `jobs:
  etl: { notify: { on_failure: [only@company.test] } }
${PROD}`;
    const { document } = await bench([job('1', 'etl', LIVE)], config);
    const plan = await document('plan');
    expect(told(plan)).toEqual([
      [
        'update',
        'job/1',
        'email_notifications.on_failure: live@company.test,me@gmail.com -> only@company.test',
      ],
    ]);
    expect(warned(plan)).toEqual([
      expect.stringMatching(
        /^9 overridden: rules\.page does not hold for webhook_notifications\.on_failure of etl: jobs\.etl \(.*notifications\.yml:5\) decides alone$/,
      ),
    ]);
  });

  test('give way to an exact rule, which an ensuring entry does too', async () => {
    const config = `jobs:
  etl: { mode: ensure, notify: { on_failure: [mine@company.test] } }
rules:
  exact: { select: { name: etl }, mode: exact, email_notifications: { on_failure: [a@company.test] } }
  more: { select: { tags: { env: prod } }, email_notifications: { on_failure: [b@company.test] } }
`;
    const { document } = await bench([job('1', 'etl', LIVE)], config);
    const plan = await document('plan');
    expect(told(plan)).toEqual([
      ['update', 'job/1', 'email_notifications.on_failure: live@company.test,me@gmail.com -> a@company.test'],
    ]);
    expect(warned(plan).map((one) => one.replace(/\(.*\)/, ''))).toEqual([
      '5 overridden: jobs.etl does not hold for email_notifications.on_failure of etl: rules.exact  decides alone',
      '8 overridden: rules.more does not hold for email_notifications.on_failure of etl: rules.exact  decides alone',
    ]);
  });

  test('take away what is forbidden, on what is live, by address in either case and by key or display name', async () => {
    const config = `rules:
  no-mail: { select: { tags: { env: prod } }, mode: forbid, notify: { on_failure: ["*@GMAIL.com"] } }
  no-chat: { select: { tags: { env: prod } }, mode: forbid, notify: { on_failure: ["Old *"] } }
  page: { select: { tags: { env: prod } }, notify: { on_failure: [pagerduty] } }
`;
    const webhooks = { webhook_notifications: { on_failure: [{ id: CHAT }] } };
    const { document } = await bench([job('1', 'etl', { ...LIVE, ...webhooks })], config);
    expect(told(await document('plan'))).toEqual([
      [
        'update',
        'job/1',
        'email_notifications.on_failure: live@company.test,me@gmail.com -> live@company.test',
        `webhook_notifications.on_failure: Old chat (${CHAT}) -> pagerduty`,
      ],
    ]);
  });

  test('block one job where they contradict each other there, and nothing else', async () => {
    const config = `rules:
  a: { select: { name: "*-a*" }, mode: exact, email_notifications: { on_failure: [a@company.test] } }
  b: { select: { name: "*b" }, mode: exact, email_notifications: { on_failure: [b@company.test] } }
`;
    const { document, lakebell } = await bench([job('1', 'x-ab'), job('2', 'x-a'), job('3', 'xb')], config);
    const plan = await document('plan');
    expect(told(plan)).toEqual([
      ['blocked', 'job/1', 'contradiction'],
      ['update', 'job/2', 'email_notifications.on_failure: null -> a@company.test'],
      ['update', 'job/3', 'email_notifications.on_failure: null -> b@company.test'],
    ]);
    expect(plan.changes[0]?.blocked?.message).toMatch(
      /rules\.a \(.*:5\) and rules\.b \(.*:6\) state it differently/,
    );
    expect(
      plan.rules?.map(({ key, matched, pending, blocked }) => ({ key, matched, pending, blocked })),
    ).toEqual([
      { key: 'a', matched: 2, pending: 1, blocked: { contradiction: 1 } },
      { key: 'b', matched: 2, pending: 1, blocked: { contradiction: 1 } },
    ]);
    expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
  });

  test('are an error where they contradict each other on every job', async () => {
    const config = `rules:
  a: { select: { tags: { env: prod } }, notify: { on_failure: [a@gmail.com] } }
  b: { select: { tags: { env: [prod, dev] } }, mode: forbid, notify: { on_failure: ["*@gmail.com"] } }
`;
    const { lakebell } = await bench([], config);
    const { code, err } = await lakebell('validate');
    expect(code).toBe(1);
    expect(err).toMatch(/rules\.a .* states a@gmail\.com, and rules\.b .* forbids it/);
  });

  test('set flags and metrics only where there are none', async () => {
    const config = `rules:
  a:
    select: { tags: { env: prod } }
    notification_settings: { no_alert_for_skipped_runs: true }
    health: { rules: [{ metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 3600 }] }
`;
    const health = { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 60 }] };
    const { document } = await bench([job('1', 'etl', { health }), job('2', 'new')], config);
    expect(told(await document('plan'))).toEqual([
      ['update', 'job/1', 'notification_settings.no_alert_for_skipped_runs: null -> true'],
      [
        'update',
        'job/2',
        'health.RUN_DURATION_SECONDS: null -> 3600',
        'notification_settings.no_alert_for_skipped_runs: null -> true',
      ],
    ]);
  });
});

describe('selection', () => {
  const choose = async (select: string, jobs: readonly SeedJob[]): Promise<readonly string[]> => {
    const { document } = await bench(
      jobs,
      `rules: { r: { select: ${select}, notify: { on_failure: [a@company.test] } } }\n`,
    );
    const plan = await document('plan');
    return plan.changes.filter(({ verb }) => verb === 'update').map(({ display }) => display);
  };
  const JOBS = [
    job('1', 'etl-1', { schedule: { quartz_cron_expression: '0 0 * * * ?', timezone_id: 'UTC' } }),
    job(
      '2',
      'etl-scratch',
      { tags: { env: 'prod', team: 'core' } },
      { creator_user_name: 'ann@company.test' },
    ),
    job('3', 'Etl-3', { tags: { env: 'dev' } }, { run_as_user_name: 'sp-etl' }),
  ];

  test.each([
    ['{ name: "etl-*" }', ['etl-1', 'etl-scratch']],
    ['{ name: "etl-*", exclude: { name: "*-scratch" } }', ['etl-1']],
    [
      '{ name: "*", exclude: { name: "*-scratch", tags: { team: other } } }',
      ['etl-1', 'etl-scratch', 'Etl-3', 'telling'],
    ],
    ['{ tags: { env: [dev, other] }, bundle: false }', ['Etl-3']],
    ['{ tags: { team: "*" } }', ['etl-scratch']],
    ['{ creator: "ann@*" }', ['etl-scratch']],
    ['{ has_schedule: true, tags: { env: prod } }', ['etl-1']],
    ['{ has_schedule: false, tags: { env: prod } }', ['etl-scratch']],
    ['{ run_as: sp-etl }', ['Etl-3']],
    ['{ run_as: sp-etl, tags: { env: prod } }', []],
  ])('by %s', async (select, names) => {
    const chosen = await choose(select, JOBS);
    expect([...chosen].sort()).toEqual(names.filter((name) => name !== 'telling').sort());
  });

  test('by run_as reads only jobs that meet everything else', async () => {
    const { document, sandbox } = await bench(
      [...JOBS],
      'rules: { r: { select: { run_as: sp-etl, name: "E*" }, notify: { on_failure: [a@company.test] } } }\n',
    );
    await document('plan');
    const reads = sandbox.requests.filter(({ path }) => path.startsWith('/api/2.2/jobs/get'));
    // One to hold against its row, one to ask who it runs as.
    expect(reads).toHaveLength(2);
  });

  test('of nothing is a warning', async () => {
    const { document } = await bench([], PROD);
    const plan = await document('plan');
    expect(warned(plan)).toEqual([
      '5 rule-matches-nothing: rules.page matches no job that this identity can see',
    ]);
  });

  test('without a criterion is an error', async () => {
    const { lakebell } = await bench(
      [],
      'rules: { r: { select: {}, notify: { on_failure: [a@company.test] } } }\n',
    );
    const { code, err } = await lakebell('validate');
    expect([code, err]).toEqual([1, expect.stringContaining('selects nothing by anything')]);
  });
});

describe('--explain', () => {
  const CONFIG = `jobs:
  etl: { email_notifications: { on_start: [mine@company.test] } }
rules:
  page: { select: { tags: { env: prod } }, notify: { on_failure: [pagerduty], on_start: [all@company.test] } }
  no-mail: { select: { tags: { env: prod } }, mode: forbid, notify: { on_failure: ["*@gmail.com"] } }
`;
  const JOB = job('1', 'etl', { email_notifications: { on_failure: ['them@company.test', 'me@gmail.com'] } });

  test('shows which line put each recipient there, and which line lost', async () => {
    const { lakebell, path } = await bench([JOB], CONFIG);
    const { out } = await lakebell('plan', '--explain', 'job/etl');
    const file = path('notifications.yml');
    const section = out.slice(out.indexOf('Whom etl'), out.indexOf('1 warning'));
    expect(section.replaceAll(file, 'FILE').replaceAll(/\s+/g, ' ')).toBe(
      [
        'Whom etl (job/1) will tell, and why',
        'email_notifications.on_failure',
        'them@company.test: is there already, and stays',
        'me@gmail.com: goes, because of rules.no-mail (FILE:8)',
        'email_notifications.on_start',
        'mine@company.test: jobs.etl (FILE:5)',
        'rules.page (FILE:7) does not hold here: jobs.etl (FILE:5) decides alone',
        'webhook_notifications.on_failure',
        'pagerduty: rules.page (FILE:7) ',
      ].join(' '),
    );
  });

  test('of what nothing speaks of is refused', async () => {
    const { lakebell } = await bench([JOB], CONFIG);
    const { code, err } = await lakebell('plan', '--explain', 'job/other');
    expect([code, err]).toEqual([1, expect.stringContaining('--explain job/other names nothing')]);
  });
});

describe('jobs that come and go', () => {
  const RULE = PROD;

  async function applied(jobs: readonly SeedJob[], config = RULE): Promise<Bench> {
    const opened = await bench(jobs, config);
    const { code, err } = await opened.lakebell('apply', '--auto-approve');
    if (code !== 0) throw new Error(err);
    return opened;
  }

  test('a new one is uncovered drift, and its rule is known to be applied', async () => {
    const { document, sandbox, lakebell } = await applied([job('1', 'etl')]);
    expect((await document('drift')).drift).toEqual({ edited: 0, deleted: 0, uncovered: 0 });
    sandbox.poke.addJob({ job_id: '2', settings: { name: 'new', tags: { env: 'prod' } } });
    const drift = await document('drift');
    expect([drift.drift, told(drift)]).toEqual([
      { edited: 0, deleted: 0, uncovered: 1 },
      [['create', 'job/2', 'webhook_notifications.on_failure: null -> pagerduty']],
    ]);
    const { code, out } = await lakebell('drift');
    expect([code, out]).toEqual([2, expect.stringContaining('1 object that rules do not cover yet')]);
  });

  test('one that changes so that its rule no longer selects it is let go of, as it is', async () => {
    const { document, sandbox, lakebell } = await applied([job('1', 'etl')]);
    sandbox.poke.setJob('1', (settings) => ({ ...settings, tags: { env: 'dev' } }));
    const plan = await document('plan');
    expect(told(plan)).toEqual([['detach', 'job/1']]);
    expect(plan.changes[0]?.notes[0]).toMatch(
      /etl has changed, and rules\.page \(.*:5\) no longer selects it/,
    );
    const before = sandbox.snapshot().jobs;
    expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(sandbox.snapshot().jobs).toEqual(before);
    expect(told(await document('plan'))).toEqual([]);
  });

  test('those of a rule that the file no longer has stay, and are counted and not listed', async () => {
    const { document, write } = await applied([job('1', 'etl'), job('2', 'elt')]);
    await write(HEAD);
    const plan = await document('plan');
    expect([told(plan), plan.notes]).toEqual([
      [],
      [expect.stringMatching(/^2 jobs that rules\.page covered stay as they are, and on record/)],
    ]);
  });

  test('with prune, what we added for a rule that is gone is taken back, and nothing else', async () => {
    const config = `settings: { prune: true, limits: { silenced: 9 } }
rules:
  page: { select: { tags: { env: prod } }, notify: { on_failure: [pagerduty, a@company.test] } }
  more: { select: { name: "et*" }, notify: { on_failure: [b@company.test] } }
`;
    const live = { email_notifications: { on_failure: ['a@company.test', 'live@company.test'] } };
    const { document, write, lakebell, sandbox } = await applied(
      [job('1', 'etl', live), job('2', 'other')],
      config,
    );
    await write(HEAD + config.replace(/^ {2}page.*\n/m, ''));
    expect(told(await document('plan'))).toEqual([
      ['update', 'job/1', 'webhook_notifications.on_failure: pagerduty -> '],
      [
        'update',
        'job/2',
        'email_notifications.on_failure: a@company.test -> ',
        'webhook_notifications.on_failure: pagerduty -> ',
      ],
    ]);
    expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
    const [one, two] = sandbox.snapshot().jobs;
    expect([one?.settings['email_notifications'], two?.settings['email_notifications'] ?? {}]).toEqual([
      { on_failure: ['a@company.test', 'live@company.test', 'b@company.test'] },
      {},
    ]);
    expect(told(await document('plan'))).toEqual([]);
  });

  test('one that changes between plan and write is left alone', async () => {
    const state: { bench?: Bench; isDone: boolean } = { isDone: false };
    const opened = await openBench(
      {
        seed: { destinations: DESTINATIONS, jobs: [job('1', 'etl'), job('2', 'elt'), TELLING] },
        behaviour: { latencyMs: 1 },
        // The lock is taken after the plan and before the first write.
        sleep: () => {
          const isLocking = state.bench?.sandbox.requests.at(-1)?.path.includes('default.json.lock') === true;
          if (isLocking && !state.isDone)
            state.bench?.sandbox.poke.setJob('1', (settings) => ({ ...settings, tags: { env: 'dev' } }));
          state.isDone ||= isLocking;
          return Promise.resolve();
        },
      },
      HEAD + PROD,
    );
    state.bench = opened;
    const { outcomes = [] } = await opened.document('apply', '--auto-approve');
    expect(outcomes.map(({ address, state: became }) => [address, became])).toEqual([
      ['job/1', 'changed-meanwhile'],
      ['job/2', 'done'],
    ]);
  });
});

test('a plan by rule that deletes a destination lists the jobs once', async () => {
  const { lakebell, document, write, sandbox } = await bench(
    [job('1', 'etl')],
    PROD.replace(
      'rules:',
      '  mail: { email: { addresses: [a@company.test] } }\nsettings: { prune: true }\nrules:',
    ).replace('[pagerduty]', '[pagerduty, mail]'),
  );
  expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
  sandbox.poke.addJob({
    job_id: '5',
    settings: {
      name: 'stranger',
      webhook_notifications: {
        on_failure: [
          { id: sandbox.snapshot().destinations.find((one) => one.display_name === 'mail')?.id ?? '' },
        ],
      },
    },
  });
  await write(`${HEAD}settings: { prune: true }\n${PROD}`);
  const { refusals } = await document('plan');
  const lists = sandbox.requests.filter(({ path }) => path.startsWith('/api/2.2/jobs/list'));
  expect(lists).toHaveLength(1);
  expect(refusals.map(({ guard, users }) => [guard, users?.map(({ user }) => user)])).toContainEqual([
    'in_use',
    expect.arrayContaining(['job/5']),
  ]);
});

describe('what was applied', () => {
  const TWO = [job('1', 'etl'), job('2', 'elt')];

  test('of a rule is not all of it where --only left some out', async () => {
    const { lakebell, document } = await bench(TWO, PROD);
    expect((await lakebell('apply', '--auto-approve', '--only', 'job/1')).code).toBe(0);
    expect((await document('drift')).drift).toEqual({ edited: 0, deleted: 0, uncovered: 0 });
    expect(told(await document('plan'))).toEqual([
      ['update', 'job/2', 'webhook_notifications.on_failure: null -> pagerduty'],
    ]);
  });

  test('is taken back with prune where an entry went and a rule still covers the job', async () => {
    const config = `settings: { prune: PRUNE, limits: { silenced: 9 } }
jobs:
  etl: { mode: ensure, notify: { on_failure: [mine@company.test] } }
${PROD}`;
    const { lakebell, document, write } = await bench(TWO, config.replace('PRUNE', 'true'));
    expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
    const without = HEAD + config.replace(/^jobs:\n.*\n/m, '');
    await write(without.replace('PRUNE', 'false'));
    expect(told(await document('plan'))).toEqual([]);
    await write(without.replace('PRUNE', 'true'));
    expect(told(await document('plan'))).toEqual([
      ['update', 'job/1', 'email_notifications.on_failure: mine@company.test -> '],
    ]);
    expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(told(await document('plan'))).toEqual([]);
  });

  test('on a job that is deleted since is counted', async () => {
    const { lakebell, document, sandbox } = await bench(TWO, PROD);
    expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
    sandbox.poke.deleteJob('1');
    const plan = await document('plan');
    expect([told(plan), plan.notes]).toEqual([
      [],
      [expect.stringMatching(/^1 job that rules\.page covered is gone/)],
    ]);
  });
});

test('`show` counts jobs that only rules speak of, and shows one that is asked for', async () => {
  const { lakebell, sandbox } = await bench([job('1', 'etl'), job('2', 'elt')], PROD);
  expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
  const all = await lakebell('show');
  expect(all.out).toContain('Besides, rules cover 2 jobs on record');
  expect(sandbox.requests.some(({ path }) => path.startsWith('/api/2.2/jobs/'))).toBe(false);
  const one = await lakebell('show', 'job/etl');
  expect([one.out.includes('job/1  etl'), one.out.includes('orphan')]).toEqual([true, false]);
});

test('where jobs may not be listed nothing is concluded from rules', async () => {
  const { lakebell, sandbox } = await bench([job('1', 'etl')], PROD);
  sandbox.fault({
    kind: 'status',
    path: '/api/2.2/jobs/list',
    status: 403,
    body: { error_code: 'PERMISSION_DENIED', message: 'no' },
    times: 9,
  });
  const { code, out } = await lakebell('plan');
  expect([code, out.includes('matches no job')]).toEqual([4, false]);
});
