import { describe, expect, test } from '@jest/globals';
import type { Seed } from '../../src/sandbox/seed.ts';
import { emailDestinations } from '../support/a-config.ts';
import { type Bench, openBench } from '../support/cli.ts';
import { EVERY_FIELD, EVERY_FIELD_ENV, EVERY_FIELD_SEED, MINIMAL, WITHOUT_SECRETS } from './every-field.ts';

const TWO_JOBS: Seed = {
  jobs: [
    { job_id: '9007199254740993', settings: { name: 'etl' } },
    {
      job_id: '9223372036854775807',
      settings: { name: 'largest', email_notifications: { on_start: ['a@company.test'] } },
    },
  ],
};

const BLOCKS = ['email_notifications', 'webhook_notifications', 'notification_settings', 'health'];

const PENDING = emailDestinations(2, 'jobs:\n  etl: { notify: { on_failure: [d1] } }\n');

describe('promise 1: only apply and unlock write', () => {
  test.each([
    [['validate']],
    [['validate', '--format', 'json']],
    [['plan']],
    [['plan', '--format', 'json']],
    [['plan', '--format', 'markdown']],
    [['plan', '--detailed-exitcode', '--verbose']],
    [['plan', '--only', 'destination/*', '--rotate', 'destination/d1', '--replace', 'destination/d2']],
    [['plan', '--allow', 'max_changes']],
    [['apply']],
    [['apply', '--approve', `sha256:${'0'.repeat(64)}`]],
    [['unlock', 'nobody']],
    [['schema']],
    [['drift']],
    [['doctor']],
    [['doctor', '--verbose', '--format', 'markdown']],
    [['--help']],
  ])('%j sends no write', async (argv) => {
    const bench = await openBench({ seed: TWO_JOBS }, PENDING);
    await bench.lakebell(...argv);
    expect(bench.writes()).toEqual([]);
  });

  test('a plan whose record is locked and whose file is wrong writes nothing either', async () => {
    const bench = await openBench(
      { seed: TWO_JOBS },
      'version: 1\njobs: { etl: { notify: { on_failure: [nobody] } } }\n',
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(1);
    expect(bench.writes()).toEqual([]);
  });
});

describe('promises 2, 5 and 8: after an apply nothing is pending, and what is not managed stays', () => {
  test('with every type of destination, every optional field and every block of a job', async () => {
    const bench = await openBench({ seed: EVERY_FIELD_SEED }, EVERY_FIELD);
    Object.assign(bench.env, EVERY_FIELD_ENV);
    const before = unmanaged(bench);
    for (const text of [EVERY_FIELD, MINIMAL, EVERY_FIELD]) {
      await bench.write(text);
      await expectSettled(bench);
      expect(unmanaged(bench)).toEqual(before);
    }
    await bench.write(`version: 1\nname: every-field\nsettings: { prune: true }\n`);
    expect((await bench.lakebell('apply', '--auto-approve', ...ALLOW_ALL)).code).toBe(0);
    expect(unmanaged(bench)).toEqual(before);
  }, 60_000);

  test.each([
    ['stale reads', { staleReads: 2 }],
    ['lagging lists', { listLag: 2 }],
    ['lists that leave out every block', { listOmits: BLOCKS }],
    ['lists that leave out one block', { listOmits: ['webhook_notifications'] }],
    ['lists that show configurations', { listsDestinationConfig: true }],
    ['optional secrets that stay', { omittedSecrets: 'kept' }],
  ] as const)('with %s', async (_what, behaviour) => {
    const bench = await openBench({ seed: EVERY_FIELD_SEED, behaviour }, WITHOUT_SECRETS);
    const before = unmanaged(bench);
    await expectSettled(bench);
    expect(unmanaged(bench)).toEqual(before);
  });
});

describe('promise 6: ids above 2^53 survive', () => {
  test('in the plan, the outcome, the record and every request', async () => {
    const config = `version: 1
jobs:
  etl: { notify: { on_failure: [one@company.test] } }
  by-id: { id: "9223372036854775807", notify: { on_failure: [one@company.test] } }
`;
    const bench = await openBench({ seed: TWO_JOBS }, config);
    const ids = ['9007199254740993', '9223372036854775807'];
    const plan = await bench.document('plan');
    expect(plan.changes.map(({ id }) => id)).toEqual(ids);
    const markdown = await bench.lakebell('plan', '--format', 'markdown');
    const text = await bench.lakebell('plan');
    const applied = await bench.document('apply', '--auto-approve');
    expect(applied.outcomes?.map(({ address, state }) => [address, state])).toEqual(
      ids.map((id) => [`job/${id}`, 'done']),
    );
    const bodies = bench.sandbox.requests
      .filter(({ path }) => path.endsWith('/jobs/update'))
      .map(({ body }) => body);
    for (const id of ids) {
      expect(bodies.filter((body) => body.includes(`"job_id":${id}`))).toHaveLength(1);
      expect(markdown.out).toContain(id);
      expect(text.out).toContain(id);
      expect(recordOf(bench)).toMatch(new RegExp(`"id": ?"${id}"`));
    }
    expect(bench.sandbox.snapshot().jobs.map(({ job_id: id }) => id)).toEqual(expect.arrayContaining(ids));
  });

  test('in numbers of blocks that are sent back', async () => {
    const seed = `{"jobs":[{"job_id":"1","settings":{"name":"etl","email_notifications":{"on_start":["a@company.test"],"of_tomorrow":9007199254740993}}}]}`;
    const { parseSeed } = await import('../../src/sandbox/parse-seed.ts');
    const bench = await openBench(
      { seed: parseSeed(seed) },
      'version: 1\njobs: { etl: { notify: { on_failure: [b@company.test] } } }\n',
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(String(settingsOf(bench, '1')['email_notifications']!['of_tomorrow'])).toBe('9007199254740993');
  });
});

describe('promise 7: a digest stands for one change', () => {
  const change = (rest: string): string => `version: 1\n${rest}`;
  const base = change(`destinations:
  a: { email: { addresses: [one@company.test, two@company.test] } }
  b: { generic_webhook: { url: "https://hook.test/b", username: me } }
jobs:
  etl: { notify: { on_failure: [a, b, x@company.test], on_start: [a] } }
`);
  const shuffled = change(`# a comment
jobs:

  etl:
    webhook_notifications:
      on_start: [{ id: "\${destinations.a.id}" }]
      on_failure: [b, a]
    email_notifications: { on_start: [], on_failure: [x@company.test] }
destinations:
  b:
    generic_webhook: { username: me, url: "https://hook.test/b" } # another
  a: { email: { addresses: [two@company.test, one@company.test] } }
`);

  test('whatever the order of the file, its comments, and jobs that nobody names', async () => {
    const first = await digestOf(TWO_JOBS, base);
    const jobs = [{ job_id: '5', settings: { name: 'unrelated' } }, ...[...(TWO_JOBS.jobs ?? [])].reverse()];
    expect(await digestOf({ jobs }, shuffled)).toBe(first);
  });

  test('whatever recipients are there that the change does not touch', async () => {
    const text = change('jobs: { etl: { mode: ensure, notify: { on_failure: [x@company.test] } } }\n');
    const withOther = (other: string): Seed => ({
      jobs: [{ job_id: '1', settings: { name: 'etl', email_notifications: { on_failure: [other] } } }],
    });
    expect(await digestOf(withOther('a@company.test'), text)).toBe(
      await digestOf(withOther('b@company.test'), text),
    );
  });

  test.each([
    ['another recipient', base.replace('x@company.test', 'y@company.test')],
    ['another event', base.replace('on_start', 'on_success')],
    ['another address of a destination', base.replace('two@company.test', 'three@company.test')],
    ['another user name', base.replace('username: me', 'username: you')],
    ['another name of the configuration', base.replace('version: 1', 'version: 1\nname: other')],
    ['another name of a destination', base.replace('a: { email', 'a: { display_name: A, email')],
    ['one change less', base.replace(', on_start: [a]', '')],
  ])('%s is another digest', async (_what, text) => {
    expect(await digestOf(TWO_JOBS, text)).not.toBe(await digestOf(TWO_JOBS, base));
  });

  test('another workspace is another digest', async () => {
    expect(await digestOf({ ...TWO_JOBS, workspace_id: '77' }, base)).not.toBe(
      await digestOf(TWO_JOBS, base),
    );
  });

  test('another secret reference is another digest, another value is not', async () => {
    const text = (name: string): string =>
      change(`destinations: { s: { slack: { url: "\${secrets.${name}}" } } }\n`);
    const one = await digestOf({}, text('ONE'), { ONE: 'https://one.test' });
    expect(await digestOf({}, text('ONE'), { ONE: 'https://other.test' })).toBe(one);
    expect(await digestOf({}, text('TWO'), { TWO: 'https://one.test' })).not.toBe(one);
  });
});

describe('promise 8: nothing that may be done writes nothing', () => {
  test('an apply of which everything is held back sends reads only', async () => {
    const seed: Seed = {
      jobs: [
        {
          job_id: '1',
          settings: {
            name: 'etl',
            email_notifications: { on_failure: ['a@company.test', 'b@company.test'] },
          },
        },
      ],
    };
    const bench = await openBench(
      { seed },
      'version: 1\njobs: { etl: { notify: { on_failure: [a@company.test] } } }\n',
    );
    const { code, out } = await bench.lakebell('apply', '--auto-approve', '--no-removals');
    expect([code, bench.writes()]).toEqual([0, []]);
    expect(out).toContain('--no-removals');
  });
});

const ALLOW_ALL = ['max_deletes', 'max_delete_percent', 'empty_config', 'silenced'].flatMap((guard) => [
  '--allow',
  guard,
]);

async function expectSettled(bench: Bench): Promise<void> {
  const applied = await bench.lakebell('apply', '--auto-approve');
  expect(applied.code === 0 ? '' : applied.out + applied.err).toBe('');
  // Jobs are not read back after a write, so reads that are stale for a moment are over only after some.
  for (const _ of [1, 2]) await bench.lakebell('plan');
  const { files } = bench.sandbox.snapshot();
  const again = await bench.lakebell('apply');
  expect(again.code === 0 ? '' : again.out + again.err).toBe('');
  expect(bench.writes()).toEqual([]);
  expect(bench.sandbox.snapshot().files).toEqual(files);
}

async function digestOf(
  seed: Seed,
  text: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const bench = await openBench({ seed }, text);
  Object.assign(bench.env, env);
  return (await bench.document('plan')).digest;
}

type Settings = Readonly<Record<string, Record<string, unknown>>>;

function settingsOf({ sandbox }: Bench, id: string): Settings {
  return sandbox.snapshot().jobs.find(({ job_id: of }) => of === id)?.settings as unknown as Settings;
}

function recordOf({ sandbox }: Bench): string {
  return sandbox.snapshot().files.find(({ path }) => path.endsWith('.json'))?.content ?? '';
}

/** Everything of the workspace but the fields that the two files name. */
function unmanaged({ sandbox }: Bench): unknown {
  const { jobs, destinations, alerts } = sandbox.snapshot();
  const theirs = destinations.filter(({ display_name: name }) => name.startsWith('Theirs'));
  const rest = jobs.map(({ settings, ...job }) => ({
    ...job,
    settings: withoutManaged(settings as unknown as Settings),
  }));
  return { alerts, theirs, rest };
}

function withoutManaged(settings: Settings): unknown {
  if ((settings['name'] as unknown) !== 'managed') return settings;
  const {
    email_notifications: emails,
    webhook_notifications: webhooks,
    notification_settings: flags,
    health,
    ...rest
  } = settings;
  const {
    on_failure: _e1,
    on_start: _e2,
    on_success: _e3,
    on_duration_warning_threshold_exceeded: _e4,
    on_streaming_backlog_exceeded: _e5,
    ...emailsLeft
  } = emails ?? {};
  const {
    on_failure: _w1,
    on_start: _w2,
    on_success: _w3,
    on_duration_warning_threshold_exceeded: _w4,
    on_streaming_backlog_exceeded: _w5,
    ...webhooksLeft
  } = webhooks ?? {};
  const { no_alert_for_skipped_runs: _f1, no_alert_for_canceled_runs: _f2, ...flagsLeft } = flags ?? {};
  const rules = (health?.['rules'] ?? []) as { metric: string }[];
  const rulesLeft = rules.filter(
    ({ metric }) => metric === 'STREAMING_BACKLOG_FILES' || metric === 'OF_TOMORROW',
  );
  return { ...rest, emailsLeft, webhooksLeft, flagsLeft, rulesLeft, healthLeft: { ...health, rules: [] } };
}
