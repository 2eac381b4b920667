import { describe, expect, test } from '@jest/globals';
import type { PlanDocument } from '../../src/core/document.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { emailDestinations } from '../support/a-config.ts';
import { type Bench, type Ran, openBench } from '../support/cli.ts';

const GUARDS = [
  'max_deletes',
  'max_delete_percent',
  'max_changes',
  'silenced',
  'empty_config',
  'in_use',
  'protect',
];

const prune = (limits = '', more = ''): string => `settings: { prune: true, limits: { ${limits} }${more} }\n`;

describe('max_deletes', () => {
  test.each([
    [1, 1, 0],
    [2, 1, 1],
    [9, 5, 5],
    [10, 3, 3],
    [100, 7, 7],
  ])('of %i objects, with a limit of %i, lets %i go and not one more', async (owned, limit, gone) => {
    const bench = await owning(owned);
    const limits = `max_deletes: ${limit}, max_delete_percent: 100`;
    if (gone + 1 < owned) {
      await bench.write(emailDestinations(owned - gone - 1, prune(limits)));
      await expectRefusal(bench, 'max_deletes', `${gone + 1} objects`, `max_deletes is ${limit}`);
    }
    await bench.write(emailDestinations(owned - gone, prune(limits)));
    await expectAllowed(bench, gone);
  });

  test('a replace counts as a delete', async () => {
    const bench = await owning(9);
    const types = Array.from(
      { length: 6 },
      (_none, at) => `  d${at + 1}: { generic_webhook: { url: "https://hook.test" } }\n`,
    );
    const rest = emailDestinations(9).split('\n').slice(8).join('\n');
    await bench.write(
      `version: 1\ndestinations:\n${types.join('')}${rest}${prune('max_delete_percent: 100')}`,
    );
    await expectRefusal(bench, 'max_deletes', '6 objects', 'max_deletes is 5');
  });
});

describe('max_delete_percent', () => {
  test.each([
    [1, 20, 1],
    [2, 20, 1],
    [9, 20, 1],
    [10, 20, 2],
    [10, 0, 1],
    [10, 100, 9],
    [100, 20, 20],
  ])('of %i objects, at %i percent, lets %i go and not one more', async (owned, percent, gone) => {
    const bench = await owning(owned);
    const limits = `max_deletes: 1000, max_delete_percent: ${percent}`;
    if (gone + 1 < owned) {
      await bench.write(emailDestinations(owned - gone - 1, prune(limits)));
      await expectRefusal(
        bench,
        'max_delete_percent',
        `${gone + 1} of ${owned}`,
        `max_delete_percent is ${percent}`,
      );
    }
    await bench.write(emailDestinations(owned - gone, prune(limits, ', allow: []')));
    await expectAllowed(bench, gone, owned === gone ? ['--allow', 'empty_config'] : []);
  });
});

describe('max_changes', () => {
  test.each([1, 2, 9, 10, 100])('lets %i writes through and not one more', async (count) => {
    const bench = await openBench(
      {},
      emailDestinations(count + 1, `settings: { limits: { max_changes: ${count} } }\n`),
    );
    await expectRefusal(bench, 'max_changes', `${count + 1} objects`, `max_changes is ${count}`);
    await bench.write(emailDestinations(count, `settings: { limits: { max_changes: ${count} } }\n`));
    await expectAllowed(bench, count);
  });
});

describe('silenced', () => {
  const jobs = (count: number): Seed['jobs'] =>
    Array.from({ length: count }, (_none, at) => ({
      job_id: String(at + 1),
      settings: { name: `j${at + 1}`, email_notifications: { on_failure: ['a@company.test'] } },
    }));
  const silence = (count: number, limit: number): string => {
    const entries = Array.from(
      { length: count },
      (_none, at) => `  j${at + 1}: { notify: { on_failure: [] } }\n`,
    );
    return `version: 1\nsettings: { limits: { silenced: ${limit} } }\njobs:\n${entries.join('')}`;
  };

  test.each([
    [1, 0],
    [2, 1],
    [9, 8],
    [10, 9],
    [100, 99],
  ])('of %i jobs, lets %i lose their last recipient of failures', async (count, limit) => {
    const bench = await openBench({ seed: { jobs: jobs(count) ?? [] } }, silence(count, limit));
    await expectRefusal(bench, 'silenced', 'j1', `silenced is ${limit}`);
    await bench.write(silence(count, count));
    await expectAllowed(bench, count);
  });

  test.each([
    ['an address is exchanged for a destination', '[d]', 0],
    ['the address goes and nobody comes', '[]', 5],
  ])('when %s', async (_what, list, code) => {
    const text = `version: 1\ndestinations: { d: { email: { addresses: [d@company.test] } } }\njobs: { j1: { notify: { on_failure: ${list} } } }\n`;
    const bench = await openBench({ seed: { jobs: jobs(1) ?? [] } }, text);
    expect((await bench.lakebell('plan')).code).toBe(code);
  });

  test('looks at failures only, and at what was told before', async () => {
    const seed: Seed = {
      jobs: [
        { job_id: '1', settings: { name: 'j1', email_notifications: { on_start: ['a@company.test'] } } },
      ],
    };
    const bench = await openBench(
      { seed },
      'version: 1\njobs: { j1: { notify: { on_start: [], on_failure: [] } } }\n',
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
  });

  test('counts what pruning takes back', async () => {
    const seed: Seed = { jobs: [{ job_id: '1', settings: { name: 'j1' } }] };
    const bench = await openBench(
      { seed },
      `version: 1\njobs: { j1: { notify: { on_failure: [a@company.test] } } }\n`,
    );
    await bench.lakebell('apply', '--auto-approve');
    await bench.write(
      `version: 1\n${prune()}destinations: { d: { email: { addresses: [d@company.test] } } }\n`,
    );
    await expectRefusal(bench, 'silenced', 'j1', 'silenced is 0');
  });
});

describe('empty_config', () => {
  test.each([1, 2, 9, 10, 100])(
    'refuses to go on with nothing while %i objects are on record',
    async (owned) => {
      const bench = await owning(owned);
      await bench.write(`version: 1\n${prune('max_deletes: 1000, max_delete_percent: 100')}`);
      await expectRefusal(
        bench,
        'empty_config',
        owned === 1 ? '1 object ' : `${owned} objects`,
        'declares nothing',
      );
    },
  );

  test('refuses the apply as it refuses the plan, also where nothing would be pruned', async () => {
    const bench = await owning(2);
    await bench.write('version: 1\n');
    expect((await bench.lakebell('plan')).code).toBe(5);
    const { code, err } = await bench.lakebell('apply', '--auto-approve');
    expect([code, bench.writes()]).toEqual([5, []]);
    expect(err).toContain('empty_config');
  });

  test('is silent where nothing is on record', async () => {
    const bench = await openBench({}, 'version: 1\n');
    expect((await bench.lakebell('apply')).code).toBe(0);
  });
});

describe('protect', () => {
  test.each([1, 2, 9, 10, 100])('keeps %i objects that the file dropped', async (count) => {
    const bench = await owning(count + 1);
    const limits = 'max_deletes: 1000, max_delete_percent: 100';
    await bench.write(emailDestinations(1, prune(limits, ', protect: ["destination/*"]')));
    await expectRefusal(bench, 'protect', 'destination/d2', 'settings.protect');
    await bench.write(emailDestinations(1, prune(limits, ', protect: [destination/d1]')));
    await expectAllowed(bench, count);
  });

  test.each(['destination/d1', 'destination/*', 'destination/First'])(
    '%s forbids to delete',
    async (pattern) => {
      const bench = await owning(3, { name: 'First' });
      await bench.write(
        emailDestinations(3, prune('max_delete_percent: 100', `, protect: ["${pattern}"]`)).replace(
          / {2}d1:.*\n/,
          '',
        ),
      );
      await expectRefusal(bench, 'protect', 'destination/d1', 'settings.protect');
    },
  );

  test('forbids to replace, and lets everything else happen', async () => {
    const bench = await owning(2);
    const settings = prune('max_delete_percent: 100', ', protect: [destination/d1]');
    await bench.write(
      emailDestinations(2, settings).replace(
        'email: { addresses: [d1@company.test] }',
        'generic_webhook: { url: "https://hook.test" }',
      ),
    );
    await expectRefusal(bench, 'protect', 'destination/d1', 'settings.protect');
    await bench.write(emailDestinations(1, settings).replace('d1@', 'other@'));
    await expectAllowed(bench, 2);
  });
});

describe('in_use', () => {
  const ID = 'dddddddd-0000-4000-8000-000000000001';
  const hook = [{ id: ID }];
  const task = (more: object): Seed => ({
    jobs: [{ job_id: '7', settings: { name: 'theirs', tasks: [{ task_key: 't', ...more }] } }],
  });
  const users: readonly (readonly [string, Seed, string])[] = [
    [
      'a job',
      { jobs: [{ job_id: '7', settings: { name: 'theirs', webhook_notifications: { on_success: hook } } }] },
      'job/7',
    ],
    ['a task', task({ webhook_notifications: { on_failure: hook } }), 'job/7'],
    [
      'a nested task',
      task({
        for_each_task: { inputs: '[]', task: { task_key: 'n', webhook_notifications: { on_failure: hook } } },
      }),
      'job/7',
    ],
    [
      'a sql_task',
      task({
        sql_task: { warehouse_id: 'w', alert: { alert_id: 'x', subscriptions: [{ destination_id: ID }] } },
      }),
      'job/7',
    ],
    [
      'a nested sql_task',
      task({
        for_each_task: {
          inputs: '[]',
          task: {
            task_key: 'n',
            sql_task: {
              warehouse_id: 'w',
              dashboard: { dashboard_id: 'x', subscriptions: [{ destination_id: ID }] },
            },
          },
        },
      }),
      'job/7',
    ],
    [
      'a dashboard task',
      task({
        dashboard_task: { dashboard_id: 'x', subscription: { subscribers: [{ destination_id: ID }] } },
      }),
      'job/7',
    ],
    [
      'an alert',
      {
        alerts: [
          {
            id: 'al',
            display_name: 'Errors',
            evaluation: { notification: { subscriptions: [{ destination_id: ID }] } },
          },
        ],
      },
      'alert/al "Errors"',
    ],
    [
      'a dashboard schedule',
      {
        dashboards: [
          {
            dashboard_id: 'da',
            display_name: 'Sales',
            schedules: [
              {
                schedule_id: 's',
                subscriptions: [
                  { subscription_id: 'u', subscriber: { destination_subscriber: { destination_id: ID } } },
                ],
              },
            ],
          },
        ],
      },
      'dashboard/da "Sales"',
    ],
  ];

  test.each(users)('refuses to delete what only %s uses', async (_what, seed, named) => {
    const bench = await using(seed);
    await bench.write(emailDestinations(1, prune()).replace('d1:', 'other:'));
    await expectRefusal(bench, 'in_use', named, 'destination/d1');
  });

  test.each(users)('refuses to replace what only %s uses', async (_what, seed, named) => {
    const bench = await using(seed);
    await bench.write(
      `version: 1\ndestinations: { d1: { generic_webhook: { url: "https://hook.test" } } }\n`,
    );
    await expectRefusal(bench, 'in_use', named, 'destination/d1');
  });

  test.each([1, 2, 9, 10, 100])('of %i destinations, refuses for the last that is in use', async (count) => {
    const ids = Array.from(
      { length: count + 1 },
      (_none, at) => `dddddddd-0000-4000-8000-${String(at + 1).padStart(12, '0')}`,
    );
    const destinations = ids.map((id, at) => ({
      id,
      display_name: `d${at + 1}`,
      config: { email: { addresses: [`d${at + 1}@company.test`] } },
    }));
    const theirs = { name: 'theirs', webhook_notifications: { on_failure: [{ id: ids[count] ?? '' }] } };
    const jobs = [{ job_id: '7', settings: theirs }];
    const bench = await openBench({ seed: { destinations, jobs } }, emailDestinations(count + 1));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    await bench.write(emailDestinations(1, prune('max_deletes: 1000, max_delete_percent: 100')));
    await expectRefusal(bench, 'in_use', 'job/7', `destination/d${count + 1}`);
    bench.sandbox.poke.setJob('7', () => ({ name: 'theirs' }));
    await expectAllowed(bench, count);
  });

  test.each([
    '*/jobs/list*',
    '*/jobs/get*',
    '*/2.0/alerts*',
    '*/lakeview/dashboards',
    '*/schedules',
    '*/subscriptions',
  ])('refuses where %s cannot be read', async (path) => {
    const unused = ID.replace('1', '2');
    const seed: Seed = {
      jobs: [{ job_id: '7', settings: { name: 'theirs' } }],
      dashboards: [
        {
          dashboard_id: 'da',
          schedules: [
            {
              schedule_id: 's',
              subscriptions: [{ subscriber: { destination_subscriber: { destination_id: unused } } }],
            },
          ],
        },
      ],
    };
    const bench = await using(seed);
    await bench.write(emailDestinations(1, prune()).replace('d1:', 'other:'));
    bench.sandbox.fault({ kind: 'status', status: 403, path, times: Infinity });
    await expectRefusal(bench, 'in_use', 'could not be read');
  });

  test('lets go what our own jobs use once this run has rewired them', async () => {
    const seed: Seed = { jobs: [{ job_id: '7', settings: { name: 'ours' } }] };
    const bench = await openBench(
      { seed },
      emailDestinations(2, 'jobs: { ours: { notify: { on_failure: [d1, d2] } } }\n'),
    );
    await bench.lakebell('apply', '--auto-approve');
    await bench.write(emailDestinations(1, prune() + 'jobs: { ours: { notify: { on_failure: [d1] } } }\n'));
    await expectAllowed(bench, 2);
  });

  test('refuses where our own job cannot be rewired', async () => {
    const seed: Seed = { jobs: [{ job_id: '7', settings: { name: 'ours' } }] };
    const bench = await openBench(
      { seed },
      emailDestinations(2, 'jobs: { ours: { notify: { on_failure: [d1, d2] } } }\n'),
    );
    await bench.lakebell('apply', '--auto-approve');
    bench.sandbox.poke.setJob('7', (settings) => ({ ...settings, deployment: { kind: 'BUNDLE' } }));
    await bench.write(emailDestinations(1, prune() + 'jobs: { ours: { notify: { on_failure: [d1] } } }\n'));
    await expectRefusal(bench, 'in_use', 'job/7', 'destination/d2');
  });

  /** d1 is ours and on record, under an id that the seed knows. */
  async function using(seed: Seed): Promise<Bench> {
    const destinations = [
      { id: ID, display_name: 'd1', config: { email: { addresses: ['d1@company.test'] } } },
    ];
    const bench = await openBench({ seed: { ...seed, destinations } }, emailDestinations(1));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    return bench;
  }
});

describe('an allowance', () => {
  /** Refused by four guards at once. */
  const broken = prune('max_deletes: 1, max_delete_percent: 10, max_changes: 1', ', protect: ["*"]');

  test('on the command line lifts its guard and no other', async () => {
    const bench = await owning(4);
    await bench.write(emailDestinations(1, broken));
    const standing = ['max_deletes', 'max_delete_percent', 'max_changes', 'protect'];
    for (const guard of standing) {
      const { err, code } = await bench.lakebell('apply', '--auto-approve', '--allow', guard);
      expect([code, bench.writes()]).toEqual([5, []]);
      const refusal = /refused by (.*);/.exec(err)?.[1]?.split(', ');
      expect(refusal).toEqual(standing.filter((other) => other !== guard));
    }
    const all = standing.flatMap((guard) => ['--allow', guard]);
    expect((await bench.lakebell('apply', '--auto-approve', ...all)).code).toBe(0);
  });

  test('in the file lifts its guard for its digest', async () => {
    const bench = await owning(4);
    await bench.write(emailDestinations(2, prune('max_delete_percent: 10')));
    const { digest } = await bench.document('plan');
    const allow = `, allow: [{ guard: max_delete_percent, digest: "${digest}", reason: "moved to the new team" }]`;
    await bench.write(emailDestinations(1, prune('max_delete_percent: 10', allow)));
    expect((await bench.lakebell('plan')).code).toBe(5);
    await bench.write(emailDestinations(2, prune('max_delete_percent: 10', allow)));
    const plan = await bench.lakebell('plan');
    expect([plan.code, plan.out.includes('moved to the new team')]).toEqual([0, true]);
    expect((await bench.lakebell('apply', '--approve', digest)).code).toBe(0);
  });

  test('for another guard lifts nothing', async () => {
    const bench = await owning(4);
    await bench.write(emailDestinations(2, prune('max_delete_percent: 10')));
    const { digest } = await bench.document('plan');
    for (const guard of GUARDS.filter((one) => one !== 'max_delete_percent')) {
      const allow = `, allow: [{ guard: ${guard}, digest: "${digest}", reason: "why" }]`;
      await bench.write(emailDestinations(2, prune('max_delete_percent: 10', allow)));
      expect((await bench.lakebell('plan', '--allow', guard)).code).toBe(5);
    }
  });

  test('of a guard that there is not is an error', async () => {
    const bench = await owning(1);
    expect((await bench.lakebell('plan', '--allow', 'everything')).code).toBe(1);
  });
});

describe('settings that cannot be understood', () => {
  test.each([
    'max_deletes: -1',
    'max_deletes: many',
    'max_delete_percent: 101',
    'silenced: 1.5',
    'max_delete: 3',
    'max_changes: null',
  ])('%s refuses to plan', async (limit) => {
    const bench = await openBench({}, emailDestinations(1, prune(limit)));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(1);
    expect(bench.writes()).toEqual([]);
  });
});

/** A workspace of which d1… were made by an apply of ours. */
async function owning(count: number, { name }: { readonly name?: string } = {}): Promise<Bench> {
  const text = emailDestinations(count, 'settings: { limits: { max_changes: 1000 } }\n');
  const bench = await openBench(
    {},
    name === undefined ? text : text.replace('d1: {', `d1: { display_name: ${name},`),
  );
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  expect(code === 0 ? '' : out + err).toBe('');
  return bench;
}

async function expectRefusal(bench: Bench, guard: string, ...figures: string[]): Promise<void> {
  const apply = await bench.lakebell('apply', '--auto-approve');
  expect([apply.code, bench.writes()]).toEqual([5, []]);
  const plan = await bench.lakebell('plan', '--format', 'json');
  const { refusals } = JSON.parse(plan.out) as PlanDocument;
  const refusal = refusals.find((one) => one.guard === guard);
  const remedies = [`--allow ${guard}`, 'settings.allow'].map((remedy) =>
    (apply.out + apply.err).includes(remedy),
  );
  expect([plan.code, refusal?.allow, ...remedies]).toEqual([5, guard, true, true]);
  for (const figure of figures) expect(refusal?.message).toContain(figure);
  const others = refusals.filter((one) => one.guard !== guard).flatMap((one) => ['--allow', one.allow]);
  if (others.length > 0) expect((await bench.lakebell('plan', ...others)).code).toBe(5);
  expect((await bench.lakebell('plan', ...others, '--allow', guard)).code).toBe(0);
}

async function expectAllowed(bench: Bench, writes: number, argv: readonly string[] = []): Promise<Ran> {
  const ran = await bench.lakebell('apply', '--auto-approve', ...argv);
  expect(ran.code === 0 ? '' : ran.out + ran.err).toBe('');
  const sent = bench.writes().filter((line) => !line.includes('/workspace'));
  expect(sent).toHaveLength(writes);
  return ran;
}
