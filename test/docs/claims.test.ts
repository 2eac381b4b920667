import { describe, expect, test } from '@jest/globals';
import type { PlanDocument } from '../../src/core/document.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

/** What docs/kinds/*.md and docs/errors.md promise, tried on a workspace. */

const SLACK = "slack: { url: '${secrets.SLACK_URL}' }";
const EMAIL = 'email: { addresses: [team@company.test] }';
const JOBS: Seed = {
  jobs: [
    { job_id: '11', settings: { name: 'etl' } },
    { job_id: '22', settings: { name: 'billing' } },
  ],
};

function config(...parts: readonly string[]): string {
  return ['version: 1', ...parts, ''].join('\n');
}

function destinations(entries: Readonly<Record<string, string>>): string {
  return ['destinations:', ...Object.entries(entries).map(([key, entry]) => `  ${key}: { ${entry} }`)].join(
    '\n',
  );
}

function jobs(entries: Readonly<Record<string, string>>): string {
  return ['jobs:', ...Object.entries(entries).map(([key, entry]) => `  ${key}: { ${entry} }`)].join('\n');
}

async function open(text: string, seed: Seed = JOBS): Promise<Bench> {
  const bench = await openBench({ seed }, text);
  bench.env['SLACK_URL'] = 'https://hooks.slack.test/first';
  bench.env['PASSWORD'] = 'first';
  return bench;
}

/** A workspace on which a configuration has been applied, and another one to plan next. */
async function applied(first: string, next: string, seed: Seed = JOBS): Promise<Bench> {
  const bench = await open(first, seed);
  const { code, err } = await bench.lakebell('apply', '--auto-approve');
  if (code !== 0) throw new Error(err);
  await bench.write(next);
  return bench;
}

/** `verb address`, and the reason where it is blocked, of everything that a plan says. */
function told({ changes }: PlanDocument): readonly string[] {
  return changes.map(({ verb, address, blocked }) =>
    [verb, address, ...(blocked === null ? [] : [blocked.reason])].join(' '),
  );
}

describe('a destination', () => {
  test('that is renamed keeps its id, and no secret is sent', async () => {
    const bench = await applied(
      config(destinations({ team: SLACK })),
      config(destinations({ team: `display_name: Team, ${SLACK}` })),
    );
    const [before] = bench.sandbox.snapshot().destinations;
    await bench.lakebell('apply', '--auto-approve');
    const [after] = bench.sandbox.snapshot().destinations;
    expect([after?.id, after?.display_name]).toEqual([before?.id, 'Team']);
    const patch = bench.sandbox.requests.find(({ method }) => method === 'PATCH');
    expect(patch?.body).toBe('{"display_name":"Team"}');
  });

  test('that changes anything else needs every secret of its entry', async () => {
    const hook = (user: string): string =>
      config(
        destinations({
          hook: `generic_webhook: { url: 'https://a.test', username: ${user}, password: '\${secrets.PASSWORD}' }`,
        }),
      );
    const bench = await applied(hook('one'), hook('two'));
    delete bench.env['PASSWORD'];
    const { code, err } = await bench.lakebell('apply', '--auto-approve');
    expect([code, bench.writes()]).toEqual([1, []]);
    expect(err).toContain('PASSWORD');
  });

  test('whose type changes is replaced, and the jobs of the file move over', async () => {
    const job = jobs({ etl: 'notify: { on_failure: [team] }' });
    const bench = await applied(
      config(destinations({ team: SLACK }), job),
      config(destinations({ team: EMAIL }), job),
    );
    expect(told(await bench.document('plan'))).toEqual(['replace destination/team', 'update job/11']);
    await bench.lakebell('apply', '--auto-approve');
    const { destinations: left, jobs: now } = bench.sandbox.snapshot();
    expect(left).toHaveLength(1);
    expect(now[0]?.settings).toMatchObject({ webhook_notifications: { on_failure: [{ id: left[0]?.id }] } });
  });

  test('whose type changes is not called drift in the jobs that move over', async () => {
    const job = jobs({ etl: 'notify: { on_failure: [team] }' });
    const bench = await applied(
      config(destinations({ team: SLACK }), job),
      config(destinations({ team: EMAIL }), job),
    );
    expect((await bench.document('plan')).summary.drifted).toBe(0);
  });

  test('that is dropped is not called drift in the jobs that let go of it', async () => {
    const bench = await applied(
      config(destinations({ old: SLACK, new: EMAIL }), jobs({ etl: 'notify: { on_failure: [old] }' })),
      config(
        'settings: { prune: true }',
        destinations({ new: EMAIL }),
        jobs({ etl: 'notify: { on_failure: [new] }' }),
      ),
    );
    const document = await bench.document('plan');
    expect(told(document)).toEqual(['delete destination/old', 'update job/11']);
    expect(document.summary.drifted).toBe(0);
  });

  test('whose secret has a new value is written without a new approval', async () => {
    const text = config(destinations({ team: SLACK }));
    const bench = await applied(text, text);
    bench.env['SLACK_URL'] = 'https://hooks.slack.test/second';
    expect(told(await bench.document('plan'))).toEqual(['rotate destination/team']);
  });

  test('whose key changes is adopted under the new one, and made twice only where the name changes too', async () => {
    const bench = await applied(
      config(destinations({ team: `display_name: Team, ${SLACK}` })),
      config(destinations({ crew: `display_name: Team, ${SLACK}` })),
    );
    expect(told(await bench.document('plan'))).toEqual(['adopt destination/crew']);
    await bench.write(config(destinations({ crew: `display_name: Crew, ${SLACK}` })));
    expect(told(await bench.document('plan'))).toEqual(['create destination/crew', 'noop destination/team']);
  });

  test('that is dropped stays, and goes with prune', async () => {
    const both = destinations({ team: SLACK, leads: EMAIL });
    const one = destinations({ leads: EMAIL });
    const bench = await applied(config(both), config(one));
    expect(told(await bench.document('plan'))).toEqual(['noop destination/team']);
    await bench.write(config('settings: { prune: true }', one));
    expect(told(await bench.document('plan'))).toEqual(['delete destination/team']);
  });

  test('that is the last one is kept by a guard', async () => {
    const bench = await applied(config(destinations({ team: SLACK })), config());
    const { code, out } = await bench.lakebell('plan');
    expect([code, out.includes('empty_config')]).toEqual([5, true]);
  });

  test('of the same name and another type is left alone', async () => {
    const seed = {
      destinations: [{ display_name: 'team', config: { email: { addresses: ['a@company.test'] } } }],
    };
    const bench = await open(config(destinations({ team: SLACK })), seed);
    const document = await bench.document('plan');
    expect([told(document), document.summary.foreign]).toEqual([['create destination/team'], 1]);
  });

  test.each([
    ['missing', 'existing: true', 0],
    ['missing', `id: nowhere, ${SLACK}`, 0],
    ['ambiguous', SLACK, 2],
  ])('is blocked as %s: %s', async (reason, entry, twins) => {
    const twin = { display_name: 'team', config: { slack: { url: 'https://hooks.slack.test/x' } } };
    const bench = await open(config(destinations({ team: entry })), {
      destinations: Array.from({ length: twins }, () => twin),
    });
    expect(told(await bench.document('plan'))).toEqual([`blocked destination/team ${reason}`]);
  });
});

describe('adopting', () => {
  const seed = {
    destinations: [{ display_name: 'team', config: { slack: { url: 'https://hooks.slack.test/by-hand' } } }],
  };

  test('with `keep` leaves the secret as it is', async () => {
    const bench = await open(config(destinations({ team: `adopt: keep, ${SLACK}` })), seed);
    await bench.lakebell('apply', '--auto-approve');
    expect(bench.sandbox.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  test('that was approved with `keep` does not overwrite the secret when the file says `write` by then', async () => {
    const bench = await open(config(destinations({ team: `adopt: keep, ${SLACK}` })), seed);
    const { digest } = await bench.document('plan');
    await bench.write(config(destinations({ team: SLACK })));
    const { code } = await bench.lakebell('apply', '--approve', digest);
    expect([code, bench.sandbox.requests.filter(({ method }) => method === 'PATCH')]).toEqual([5, []]);
  });
});

describe('a job', () => {
  test('that is renamed in the workspace is missing until the file has the new name', async () => {
    const text = config(jobs({ etl: 'notify: { on_failure: [a@company.test] }' }));
    const bench = await applied(text, text);
    bench.sandbox.poke.setJob('11', (settings) => ({ ...settings, name: 'etl-v2' }));
    expect(told(await bench.document('plan'))).toEqual(['blocked job/etl missing']);
  });

  test('whose last failure recipient would go is kept by a guard', async () => {
    const bench = await applied(
      config(jobs({ etl: 'notify: { on_failure: [a@company.test] }' })),
      config(jobs({ etl: 'notify: { on_failure: [] }' })),
    );
    const { code, out } = await bench.lakebell('apply', '--auto-approve');
    expect([code, out.includes('silenced'), bench.writes()]).toEqual([5, true, []]);
  });

  test('whose entry is dropped with prune loses what we added, and nothing else', async () => {
    const bench = await applied(
      config(
        jobs({
          etl: 'mode: ensure, notify: { on_failure: [a@company.test] }',
          billing: 'notify: { on_start: [b@company.test] }',
        }),
      ),
      config('settings: { prune: true }', jobs({ billing: 'notify: { on_start: [b@company.test] }' })),
      {
        jobs: [
          {
            job_id: '11',
            settings: { name: 'etl', email_notifications: { on_failure: ['own@company.test'] } },
          },
          { job_id: '22', settings: { name: 'billing' } },
        ],
      },
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    const etl = bench.sandbox.snapshot().jobs.find(({ settings }) => settings['name'] === 'etl');
    expect(etl?.settings).toMatchObject({ email_notifications: { on_failure: ['own@company.test'] } });
  });

  test('is never replaced, asked for or not', async () => {
    const text = config(jobs({ etl: 'notify: { on_failure: [a@company.test] }' }));
    const bench = await applied(text, text);
    const { code, out } = await bench.lakebell('plan', '--replace', 'job/11');
    expect([code === 1 || !out.includes('to replace'), bench.writes()]).toEqual([true, []]);
  });

  test('with a duration event and no health rule is written, with a note', async () => {
    const bench = await open(
      config(jobs({ etl: 'notify: { on_duration_warning_threshold_exceeded: [a@company.test] }' })),
    );
    const [change] = (await bench.document('plan')).changes;
    expect([change?.verb, change?.notes]).toEqual(['update', [expect.stringContaining('never fires')]]);
  });
});

describe('a plan', () => {
  test('for which too little could be read ends with 4', async () => {
    const bench = await open(config(destinations({ team: SLACK })));
    const body = { error_code: 'PERMISSION_DENIED', message: 'not for you' };
    bench.sandbox.fault({
      method: 'GET',
      path: '/api/2.0/notification-destinations',
      kind: 'status',
      status: 403,
      body,
      times: 100,
    });
    const { code, out } = await bench.lakebell('plan', '--detailed-exitcode');
    expect([out.includes('incomplete'), code]).toEqual([true, 4]);
  });

  test('that --only leaves empty does not say that the workspace is what the file says', async () => {
    const bench = await open(config(destinations({ team: SLACK })));
    const { out } = await bench.lakebell('plan', '--only', 'destination/taem');
    expect(out).not.toContain('the workspace is what the file says');
  });

  test.each(['--rotate', '--replace'])('with %s for an address that is not there says so', async (option) => {
    const bench = await open(config(destinations({ team: SLACK })));
    const { code, out, err } = await bench.lakebell('plan', option, 'destination/taem');
    expect([code, `${out}${err}`.includes('destination/taem')]).toEqual([1, true]);
  });
});
