import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { emailDestinations } from '../support/a-config.ts';
import { type Bench, type Ran, openBench } from '../support/cli.ts';

const CONFIG = emailDestinations(
  1,
  'jobs:\n  etl: { notify: { on_failure: [d1] } }\n  billing: { notify: { on_failure: [d1] } }\n',
);
const SEED: Seed = {
  jobs: [
    { job_id: '7', settings: { name: 'etl' } },
    { job_id: '8', settings: { name: 'billing' } },
  ],
};
const TOKEN = 'sandbox-token';

describe('an error', () => {
  test.each<[string, (bench: Bench) => void, number, RegExp]>([
    ['a wrong token', (bench) => (bench.env['DATABRICKS_TOKEN'] = 'dapi-wrong-token'), 3, /token/],
    ['no token', (bench) => (bench.env['DATABRICKS_TOKEN'] = undefined), 3, /DATABRICKS_TOKEN/],
    ['no host', (bench) => (bench.env['DATABRICKS_HOST'] = undefined), 3, /DATABRICKS_HOST/],
    ['a host that is no URL', (bench) => (bench.env['DATABRICKS_HOST'] = 'not a host'), 1, /host/],
    [
      'a plain http host elsewhere',
      (bench) => (bench.env['DATABRICKS_HOST'] = 'http://workspace.test'),
      1,
      /https/,
    ],
    [
      'a host that does not exist',
      (bench) => (bench.env['DATABRICKS_HOST'] = 'https://nowhere.invalid'),
      4,
      /nowhere\.invalid|host/,
    ],
    [
      'a port where nobody listens',
      (bench) => (bench.env['DATABRICKS_HOST'] = 'http://127.0.0.1:1'),
      4,
      /host/,
    ],
    ['a login page', (bench) => fault(bench, { kind: 'html' }), 4, /host/],
    [
      'a login page for the list of jobs',
      (bench) => fault(bench, { kind: 'html', path: '*/jobs/list*' }),
      4,
      /host/,
    ],
    ['an API that is down', (bench) => fault(bench, { kind: 'status', status: 503 }), 4, /later/],
    ['an API that breaks every connection', (bench) => fault(bench, { kind: 'drop' }), 4, /again|network/],
    [
      'an API that limits for ever',
      (bench) => fault(bench, { kind: 'status', status: 429 }),
      4,
      /rate|limit|again/i,
    ],
    [
      'a gateway in front',
      (bench) => fault(bench, { kind: 'status', status: 502, body: '<html>Bad gateway</html>' }),
      4,
      /later/,
    ],
    [
      'a redirect',
      (bench) =>
        fault(bench, { kind: 'status', status: 302, headers: { location: 'https://elsewhere.test' } }),
      4,
      /host/,
    ],
    [
      'a list that never ends',
      (bench) =>
        fault(bench, {
          kind: 'status',
          status: 200,
          path: '*/jobs/list*',
          body: { jobs: [], next_page_token: 'same' },
        }),
      4,
      /token|page/,
    ],
    [
      'a rate limit that is no number',
      (bench) => (bench.env['DATABRICKS_RATE_LIMIT'] = 'fast'),
      1,
      /DATABRICKS_RATE_LIMIT/,
    ],
    [
      'a time-out that is no number',
      (bench) => (bench.env['DATABRICKS_HTTP_TIMEOUT_SECONDS'] = 'long'),
      1,
      /DATABRICKS_HTTP_TIMEOUT_SECONDS/,
    ],
  ])(
    'from %s says what to do next, writes nothing and shows no stack',
    async (_what, spoil, code, mention) => {
      const bench = await openBench({ seed: SEED }, CONFIG);
      spoil(bench);
      for (const argv of [['plan'], ['plan', '--verbose'], ['apply', '--auto-approve']]) {
        const ran = await bench.lakebell(...argv);
        expect([ran.code, ran.out === '' ? ran.err : ran.out]).toEqual([
          code,
          expect.stringMatching(mention),
        ]);
        expectHelpful(ran);
      }
      expect(bench.writes()).toEqual([]);
    },
  );

  test('from a file that is not there names it', async () => {
    const bench = await openBench();
    const ran = await bench.lakebell('plan');
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('notifications.yml')]);
    expectHelpful(ran);
  });

  test.each([
    ['an unknown option', ['plan', '--aprove']],
    ['an unknown command', ['aply']],
    ['an unknown format', ['plan', '--format', 'xml']],
    ['a missing value', ['apply', '--approve']],
    ['a lock time-out that is none', ['apply', '--lock-timeout', 'soon']],
    ['a surplus argument', ['plan', 'destination/d1']],
    ['a command that is not there yet', ['monitors']],
  ])("from %s is the command line's, and costs no request", async (_what, argv) => {
    const bench = await openBench({ seed: SEED }, CONFIG);
    const { code, err, out } = await bench.lakebell(...argv);
    expect([code, out, bench.sandbox.requests]).toEqual([1, '', []]);
    expect(err).toMatch(/error:/);
    expect(err).toMatch(/--help|Did you mean|Allowed|seconds/i);
  });

  test('about one job blocks that job and nothing else', async () => {
    const identities = [
      { token: TOKEN, user_name: 'sp@company.test', admin: false, can_manage_jobs: ['7'] },
      { token: 'admin', user_name: 'admin@company.test', admin: true },
    ];
    const text =
      'version: 1\njobs:\n  etl: { notify: { on_failure: [a@company.test] } }\n  billing: { notify: { on_failure: [a@company.test] } }\n';
    const jobs = SEED.jobs?.map((job) => ({ ...job, creator_user_name: 'admin@company.test' })) ?? [];
    const bench = await openBench({ seed: { jobs, identities } }, text);
    const { outcomes } = await bench.document('apply', '--auto-approve');
    expect(outcomes?.map(({ address, state }) => `${address} ${state}`)).toEqual([
      'job/7 done',
      'job/8 failed',
    ]);
    const again = await bench.lakebell('apply', '--auto-approve');
    expect([again.code, again.out.includes('hint:')]).toEqual([3, true]);
  });

  test('about a job that may not be read blocks that job in the plan', async () => {
    const bench = await openBench(
      { seed: SEED },
      CONFIG.replace('billing:', 'billing: { id: "8", notify: { on_failure: [d1] } }\n  other:'),
    );
    bench.sandbox.fault({ kind: 'status', status: 403, path: '*/jobs/get?job_id=8*', times: Infinity });
    const { changes } = await bench.document('plan');
    expect(changes.map(({ address, verb, blocked }) => [address, verb, blocked?.reason])).toEqual([
      ['destination/d1', 'create', undefined],
      ['job/7', 'update', undefined],
      ['job/billing', 'blocked', 'no-permission'],
      ['job/other', 'blocked', 'missing'],
    ]);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
  });

  test('about the list of destinations concludes nothing, and creates nothing', async () => {
    const bench = await openBench({ seed: SEED }, CONFIG);
    bench.sandbox.fault({
      kind: 'status',
      status: 403,
      path: '*/notification-destinations*',
      times: Infinity,
    });
    const plan = await bench.document('plan');
    expect([plan.summary.create, plan.complete]).toEqual([0, false]);
    await bench.lakebell('apply', '--auto-approve');
    expect(bench.writes().filter((line) => line.includes('destinations'))).toEqual([]);
  });

  test('while applying names what was done and what was not', async () => {
    const bench = await openBench({ seed: SEED }, CONFIG);
    bench.sandbox.fault({
      kind: 'status',
      status: 400,
      path: '*/jobs/update',
      body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'no such thing' },
    });
    const ran = await bench.lakebell('apply', '--auto-approve');
    expect([ran.code, ran.out]).toEqual([6, expect.stringContaining('no such thing')]);
    expectHelpful(ran);
    const { outcomes } = await bench.document('apply', '--auto-approve');
    expect(outcomes?.map(({ state }) => state)).toEqual(['done']);
  });

  test('with JSON leaves standard output to the document', async () => {
    const bench = await openBench({ seed: SEED }, CONFIG);
    const { out, err } = await bench.lakebell('apply', '--format', 'json');
    expect((JSON.parse(out) as { digest: string }).digest).toMatch(/^sha256:/);
    expect(err).toContain('error:');
    bench.env['DATABRICKS_TOKEN'] = 'wrong';
    expect((await bench.lakebell('plan', '--format', 'json')).out).toBe('');
  });
});

function fault({ sandbox }: Bench, one: Fault): void {
  sandbox.fault({ times: Infinity, ...one });
}

function expectHelpful({ out, err }: Ran): void {
  const all = out + err;
  expect(all).toMatch(/hint:|Next:|must be/m);
  expect(all).not.toMatch(/^\s+at \S+ \(|\bnode:internal|\.ts:\d+:\d+\)/m);
  expect(all).not.toMatch(/\[object Object\]|undefined|NaN/);
  for (const secret of [TOKEN, 'dapi-wrong-token']) expect(all).not.toContain(secret);
}
