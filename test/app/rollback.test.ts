import { describe, expect, jest, test } from '@jest/globals';
import type { HistoryDocument } from '../../src/core/document.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

// Three or four applies each, and every secret costs a slow hash.
jest.setTimeout(20_000);

const JOB_ID = '9007199254740993';
const SEED: Seed = {
  destinations: [
    { display_name: 'Theirs', config: { slack: { url: 'https://theirs.test' } } },
    { display_name: 'found', config: { email: { addresses: ['found@company.test', 'gone@company.test'] } } },
  ],
  jobs: [
    {
      job_id: JOB_ID,
      settings: {
        name: 'etl',
        email_notifications: {
          on_failure: ['lead@company.test'],
          on_success: ['theirs@company.test'],
          no_alert_for_skipped_runs: false,
        },
        health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 60 }] },
        a_key_of_tomorrow: { deep: ['kept'] },
      },
    },
  ],
};

const LOOSE = 'settings: { prune: true, limits: { max_delete_percent: 100 } }\n';
const config = (text: string): string => `version: 1\n${LOOSE}${text}`;
const ONE = config(`destinations:
  leads: { email: { addresses: [one@company.test] } }
  hook: { generic_webhook: { url: "https://hook.test", username: me } }
jobs:
  etl: { notify: { on_failure: [leads, lead@company.test] } }
`);

const SECRET = ONE.replace('username: me', 'username: me, password: "${secrets.PASSWORD}"');

async function open(...texts: readonly string[]): Promise<Bench> {
  const bench = await openBench({ seed: SEED });
  bench.env['PASSWORD'] = 'very-secret';
  for (const text of texts) await apply(bench, text);
  return bench;
}

async function apply(bench: Bench, text: string, ...options: string[]): Promise<void> {
  await bench.write(text);
  await done(bench, 'apply', '--auto-approve', ...options);
}

async function done(bench: Bench, ...argv: string[]): Promise<string> {
  const { code, out, err } = await bench.lakebell(...argv);
  expect(code === 0 ? '' : `${argv.join(' ')}: ${code}\n${out}${err}`).toBe('');
  return out;
}

async function rollback(bench: Bench, ...options: string[]): Promise<string> {
  return done(bench, 'rollback', '--auto-approve', ...options);
}

/** Ids of what is made again are new: destinations go by their names. */
function worldOf({ sandbox }: Bench): unknown {
  const { destinations, jobs, registry_webhooks: webhooks } = sandbox.snapshot();
  const named = destinations.reduce(
    (text, { id, display_name: name }) => text.replaceAll(String(id), name),
    JSON.stringify({
      jobs,
      destinations: [...destinations].sort((a, b) => (a.display_name < b.display_name ? -1 : 1)),
      webhooks: webhooks.map(({ id: _id, ...webhook }) => webhook),
    }),
  );
  return JSON.parse(named) as unknown;
}

function objectsOf({ sandbox }: Bench): Record<string, Record<string, unknown>> {
  const file = sandbox.snapshot().files.find(({ path }) => path.endsWith('/default.json'));
  const { objects } = JSON.parse(file?.content ?? '{}') as {
    objects: Record<string, Record<string, unknown>>;
  };
  return objects;
}

describe('a rollback of the newest apply', () => {
  test('takes back everything that the first one did, and forgets it', async () => {
    const bench = await open();
    const before = worldOf(bench);
    await apply(bench, ONE);
    expect(worldOf(bench)).not.toEqual(before);
    await rollback(bench);
    expect(worldOf(bench)).toEqual(before);
    expect(objectsOf(bench)).toEqual({});
  });

  test.each([
    ['an update of a job', ONE.replace('[leads, lead@company.test]', '[other@company.test]')],
    ['an update of a destination that can be read', ONE.replace('one@', 'two@')],
    ['an update of one that cannot be read', ONE.replace('username: me', 'username: you')],
    ['a rename', ONE.replace('leads: {', 'leads: { display_name: Leads,')],
    ['a delete', ONE.replace(/  hook: .*\n/, '')],
    ['a delete of what a job told', ONE.replace(/  leads: .*\n/, '').replace('[leads, ', '[')],
    ['a replace', ONE.replace(/leads: .*\n/, 'leads: { generic_webhook: { url: "https://leads.test" } }\n')],
    ['a create', ONE.replace('jobs:', '  more: { email: { addresses: [more@company.test] } }\njobs:')],
    ['an adoption', ONE.replace('jobs:', '  found: { email: { addresses: [found@company.test] } }\njobs:')],
    ['a job that is let go of', ONE.replace(/jobs:[^]*$/, '')],
    [
      'everything at once',
      config(`destinations:
  leads: { generic_webhook: { url: "https://leads.test" } }
  more: { email: { addresses: [more@company.test] } }
  found: { email: { addresses: [found@company.test] } }
jobs:
  etl: { notify: { on_failure: [leads, more] , on_success: [] }, health: { rules: [] } }
`),
    ],
  ])('undoes %s', async (_what, text) => {
    const bench = await open(ONE);
    const [before, recorded] = [worldOf(bench), objectsOf(bench)];
    await apply(bench, text, '--allow', 'silenced', '--allow', 'in_use');
    expect(worldOf(bench)).not.toEqual(before);
    await rollback(bench, '--allow', 'silenced', '--allow', 'in_use');
    expect(worldOf(bench)).toEqual(before);
    expect(withoutIds(objectsOf(bench))).toEqual(withoutIds(recorded));
    await bench.write(ONE);
    expect(await done(bench, 'plan', '--detailed-exitcode')).toContain('Nothing to do');
  });
});

describe('rolling back', () => {
  const TWO = ONE.replace('[leads, lead@company.test]', '[other@company.test]').replace('one@', 'two@');

  test('a rollback brings back what it undid', async () => {
    const bench = await open(ONE, TWO);
    const after = worldOf(bench);
    await rollback(bench);
    const between = worldOf(bench);
    await rollback(bench);
    expect(worldOf(bench)).toEqual(after);
    await rollback(bench);
    expect(worldOf(bench)).toEqual(between);
  });

  test('a rollback of the first apply makes everything again', async () => {
    const bench = await open(ONE);
    const after = worldOf(bench);
    await rollback(bench);
    await rollback(bench);
    expect(worldOf(bench)).toEqual(after);
    expect(await done(bench, 'plan', '--detailed-exitcode')).toContain('Nothing to do');
  });

  test('by serial undoes an earlier apply, and keeps what a later one did elsewhere', async () => {
    const bench = await open(ONE, ONE.replace('one@', 'two@'));
    const serial = await newestSerial(bench);
    await apply(bench, ONE.replace('one@', 'two@').replace('[leads, ', '[leads, more@company.test, '));
    await rollback(bench, String(serial));
    const { destinations, jobs } = bench.sandbox.snapshot();
    expect(destinations.find(({ display_name: name }) => name === 'leads')?.config).toEqual({
      email: { addresses: ['one@company.test'] },
    });
    expect(jobs[0]?.settings['email_notifications']).toMatchObject({
      on_failure: expect.arrayContaining(['lead@company.test', 'more@company.test']),
    });
  });

  test('a serial that is not there says so', async () => {
    const bench = await open(ONE);
    const { code, err } = await bench.lakebell('rollback', '99', '--auto-approve');
    expect([code, err.includes('no apply on record has the serial 99')]).toEqual([1, true]);
  });

  test('says that the file still says otherwise, and the next plan shows its difference', async () => {
    const bench = await open(ONE, TWO);
    expect(await rollback(bench)).toContain('the file still says otherwise');
    const { changes, summary } = await bench.document('plan');
    expect(changes.map(({ address, verb }) => `${verb} ${address}`)).toEqual([
      'update destination/leads',
      `update job/${JOB_ID}`,
    ]);
    expect(summary.drifted).toBe(0);
  });

  test('puts back on record what was let go of, and writes nothing', async () => {
    const bench = await open(ONE);
    const recorded = objectsOf(bench)['destination/leads'];
    await apply(bench, ONE.replace(/leads: .*/, 'leads: { existing: true }'));
    expect(objectsOf(bench)['destination/leads']).toBeUndefined();
    const out = await rollback(bench);
    expect(out).toContain('comes back on record');
    expect(objectsOf(bench)['destination/leads']).toEqual(recorded);
    expect(bench.writes().filter((line) => line.includes('destinations'))).toEqual([]);
  });

  test('does not undo a rotation, and says why', async () => {
    const bench = await open(SECRET);
    bench.env['PASSWORD'] = 'another-secret';
    await apply(bench, SECRET);
    const { out } = await bench.lakebell('rollback', '--auto-approve');
    expect(out).toContain('the former value is not stored anywhere');
    expect(bench.writes()).toEqual([]);
  });

  test('leaves what an adoption overwrote and nobody could read, and says so', async () => {
    const hook = {
      display_name: 'old',
      config: { generic_webhook: { url: 'https://old.test', username: 'old' } },
    };
    const bench = await openBench({ seed: { destinations: [hook] } });
    await apply(bench, config('destinations: { old: { generic_webhook: { url: "https://new.test" } } }\n'));
    const { out } = await bench.lakebell('rollback', '--auto-approve');
    expect(out).toContain('generic_webhook.url');
    expect(out.replace(/\s+/g, ' ')).toContain('what was there is not kept anywhere');
    expect(bench.sandbox.snapshot().destinations[0]?.config).toEqual({
      generic_webhook: { url: 'https://new.test' },
    });
    expect(objectsOf(bench)).toEqual({});
  });
});

describe('what was changed since', () => {
  const TWO = ONE.replace('[leads, lead@company.test]', '[leads, other@company.test]').replace(
    'one@',
    'two@',
  );

  test('is left alone, with both values named, and everything else is undone', async () => {
    const bench = await open(ONE, TWO);
    bench.sandbox.poke.setJob(JOB_ID, (settings) => ({
      ...settings,
      email_notifications: { on_failure: ['hand@company.test'] },
    }));
    const { out } = await bench.lakebell('rollback', '--auto-approve');
    const flat = out.replace(/\s+/g, ' ');
    expect(flat).toContain('changed-since');
    expect(flat).toContain(
      'email_notifications.on_failure is hand@company.test now, and that apply left other@company.test',
    );
    const { jobs, destinations } = bench.sandbox.snapshot();
    expect(jobs[0]?.settings['email_notifications']).toEqual({ on_failure: ['hand@company.test'] });
    expect(JSON.stringify(destinations)).toContain('one@company.test');
  });

  test('elsewhere in the same object stays as it is', async () => {
    const bench = await open(ONE, TWO);
    bench.sandbox.poke.setJob(JOB_ID, (settings) => ({ ...settings, tags: { by: 'hand' } }));
    await rollback(bench);
    expect(bench.sandbox.snapshot().jobs[0]?.settings).toMatchObject({
      tags: { by: 'hand' },
      email_notifications: { on_failure: ['lead@company.test'] },
    });
  });

  test('is told of a destination that was made and is called otherwise by now: it stays', async () => {
    const bench = await open(config('destinations: { d: { email: { addresses: [d@company.test] } } }\n'));
    const made = bench.sandbox.snapshot().destinations.find(({ display_name: name }) => name === 'd');
    bench.sandbox.poke.renameDestination(String(made?.id), 'Kept by hand');
    const { out } = await bench.lakebell('rollback', '--auto-approve');
    expect(out.replace(/\s+/g, ' ')).toContain('now called "Kept by hand"');
    expect(bench.writes()).toEqual([]);
  });

  test('is told of what was deleted and stands there again', async () => {
    const one =
      'destinations:\n  d: { email: { addresses: [d@company.test] } }\n  e: { email: { addresses: [e@company.test] } }\n';
    const bench = await open(config(one), config(one.replace(/  d: .*\n/, '')));
    const again = { display_name: 'd', config: { email: { addresses: ['by-hand@company.test'] } } };
    const snapshot = bench.sandbox.snapshot();
    const next = await openBench({ seed: { ...snapshot, destinations: [...snapshot.destinations, again] } });
    await next.write(config(one));
    const { out } = await next.lakebell('rollback', '--auto-approve');
    expect(out).toContain('changed-since');
    expect(next.writes()).toEqual([]);
  });

  test('between the plan and the write is not overwritten', async () => {
    const bench = await open(ONE, TWO);
    const { digest } = await bench.document('rollback');
    bench.sandbox.poke.setJob(JOB_ID, (settings) => ({ ...settings, email_notifications: {} }));
    const { code, err } = await bench.lakebell('rollback', '--approve', digest);
    expect([code, bench.writes(), err.includes('another plan')]).toEqual([5, [], true]);
  });
});

describe('a secret', () => {
  const WITHOUT = SECRET.replace(/  hook: .*\n/, '');

  test('is taken from the variable that its reference named', async () => {
    const bench = await open(SECRET, WITHOUT);
    await rollback(bench);
    const made = bench.sandbox.snapshot().destinations.find(({ display_name: name }) => name === 'hook');
    expect(made?.config).toEqual({
      generic_webhook: { url: 'https://hook.test', username: 'me', password: 'very-secret' },
    });
  });

  test('that is not set blocks what needs it, with the reason, and is never sent empty', async () => {
    const bench = await open(SECRET, WITHOUT);
    delete bench.env['PASSWORD'];
    const { code, out } = await bench.lakebell('rollback', '--auto-approve');
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain(
      'generic_webhook.password was (secret PASSWORD), and PASSWORD is not set',
    );
    expect(bench.writes()).toEqual([]);
  });

  test('of a composed text, under the name that the target gives it, comes back whole', async () => {
    const target = 'targets: { only: { default: true, secrets: { TOKEN: OTHER } } }\n';
    const hook =
      'registry_webhooks: { hook: { model_name: m, events: [COMMENT_CREATED], http_url_spec: { url: "https://hook.test", authorization: "Bearer ${secrets.TOKEN}" } } }\n';
    const bench = await openBench();
    bench.env['OTHER'] = 'the-token';
    await apply(bench, config(target + hook));
    await apply(bench, config(`${target}destinations: { d: { email: { addresses: [d@company.test] } } }\n`));
    expect(bench.sandbox.snapshot().registry_webhooks).toEqual([]);
    await rollback(bench);
    expect(bench.sandbox.snapshot().registry_webhooks[0]?.http_url_spec).toMatchObject({
      authorization: 'Bearer the-token',
    });
  });

  test('is never read of a variable that is our own credential, whatever the record says', async () => {
    const bench = await open(SECRET, WITHOUT);
    const file = bench.sandbox.snapshot().files.find(({ path }) => path.endsWith('/default.json'));
    const forged = (file?.content ?? '').replaceAll('PASSWORD', 'DATABRICKS_TOKEN');
    bench.sandbox.poke.writeFile(file?.path ?? '', forged);
    const { out } = await bench.lakebell('rollback', '--auto-approve');
    expect(out).toContain('secret-unset');
    expect(bench.writes()).toEqual([]);
  });

  test('stands in no output, and not in the record', async () => {
    const bench = await open(SECRET, SECRET.replace('username: me', 'username: you'));
    const texts = [
      ...Object.values(await bench.lakebell('history', '--verbose')),
      ...Object.values(await bench.lakebell('rollback', '--format', 'json')),
      ...Object.values(await bench.lakebell('rollback', '--auto-approve', '--verbose')),
      JSON.stringify(bench.sandbox.snapshot().files),
    ];
    expect(texts.filter((text) => String(text).includes('very-secret'))).toEqual([]);
    expect(bench.sandbox.snapshot().destinations.map(({ config: of }) => of)).toContainEqual({
      generic_webhook: { url: 'https://hook.test', username: 'me', password: 'very-secret' },
    });
  });
});

describe('a registry webhook', () => {
  const hook = (more: string): string =>
    config(`registry_webhooks:
  hook: { model_name: m, description: d, ${more} }
  stays: { model_name: other, events: [COMMENT_CREATED], http_url_spec: { url: "https://stays.test" } }
`);
  const HTTP =
    'events: [COMMENT_CREATED], http_url_spec: { url: "${secrets.URL}", secret: "${secrets.PASSWORD}" }';
  const JOB = 'events: [COMMENT_CREATED], job_spec: { job: etl, access_token: "${secrets.PASSWORD}" }';

  test.each([
    ['an update', HTTP, HTTP.replace('COMMENT_CREATED', 'MODEL_VERSION_TAG_SET')],
    ['an update of its address', HTTP, HTTP.replace('secrets.URL', 'secrets.OTHER')],
    [
      'a switch from a secret address to a plain one',
      HTTP,
      HTTP.replace('${secrets.URL}', 'https://plain.test'),
    ],
    [
      'a switch from a plain address to a secret one',
      HTTP.replace('${secrets.URL}', 'https://plain.test'),
      HTTP,
    ],
    ['a replace by a job trigger', HTTP, JOB],
    ['a replace of a job trigger', JOB, HTTP],
  ])('comes back after %s', async (_what, one, two) => {
    const bench = await hooked(hook(one), hook(two));
    const before = bench.seen;
    await rollback(bench.bench);
    expect(worldOf(bench.bench)).toEqual(before);
    await bench.bench.write(hook(one));
    expect(await done(bench.bench, 'plan', '--detailed-exitcode')).toContain('Nothing to do');
  });

  test.each([
    ['HTTP', HTTP],
    ['job', JOB],
  ])('with an %s target is made again after it was deleted', async (_what, one) => {
    const bench = await hooked(hook(one), hook(one).replace(/  hook: .*\n/, ''));
    await rollback(bench.bench);
    expect(worldOf(bench.bench)).toEqual(bench.seen);
    await bench.bench.write(hook(one));
    expect(await done(bench.bench, 'plan', '--detailed-exitcode')).toContain('Nothing to do');
  });

  async function hooked(one: string, two: string): Promise<{ bench: Bench; seen: unknown }> {
    const bench = await openBench({ seed: { jobs: [{ job_id: '77', settings: { name: 'etl' } }] } });
    Object.assign(bench.env, {
      URL: 'https://hook.test/s',
      OTHER: 'https://other.test/s',
      PASSWORD: 'very-secret',
    });
    await apply(bench, one);
    const seen = worldOf(bench);
    await apply(bench, two);
    expect(worldOf(bench)).not.toEqual(seen);
    return { bench, seen };
  }
});

describe('an approval and the guards', () => {
  const TWO = ONE.replace('[leads, lead@company.test]', '[other@company.test]');

  test('are needed as for an apply: without one nothing is written', async () => {
    const bench = await open(ONE, TWO);
    const { code, out, err } = await bench.lakebell('rollback');
    expect([code, bench.writes()]).toEqual([5, []]);
    expect(out).toContain('Update 1');
    const serial = await newestSerial(bench);
    expect(err.replace(/\s+/g, ' ')).toMatch(new RegExp(`lakebell rollback ${serial}.* --approve sha256:`));
  });

  test('by digest, by file and by asking run what was approved', async () => {
    for (const way of ['digest', 'file', 'ask'] as const) {
      const bench = await open(ONE, TWO);
      const { digest } = await bench.document('rollback', '--out', bench.path('plan.json'));
      if (way === 'ask') bench.answers.push('yes');
      const options = { digest: ['--approve', digest], file: ['--plan', bench.path('plan.json')], ask: [] }[
        way
      ];
      await done(bench, 'rollback', ...options);
      expect(bench.sandbox.snapshot().jobs[0]?.settings).toMatchObject({
        email_notifications: { on_failure: ['lead@company.test'] },
      });
    }
  });

  test('refuse a rollback that deletes more than is allowed', async () => {
    const many = Array.from(
      { length: 6 },
      (_, at) => `  d${at}: { email: { addresses: [d${at}@company.test] } }`,
    );
    const bench = await openBench({}, `version: 1\ndestinations:\n${many.join('\n')}\n`);
    await done(bench, 'apply', '--auto-approve');
    const { code, out } = await bench.lakebell('rollback', '--auto-approve');
    expect([code, bench.writes(), out.includes('max_deletes')]).toEqual([5, [], true]);
  });

  test('refuse to silence a job', async () => {
    const bench = await openBench(
      { seed: { jobs: [{ job_id: '7', settings: { name: 'etl' } }] } },
      'version: 1\njobs: { etl: { notify: { on_failure: [a@company.test] } } }\n',
    );
    await done(bench, 'apply', '--auto-approve');
    const { code, out } = await bench.lakebell('rollback', '--auto-approve');
    expect([code, bench.writes(), out.includes('silenced')]).toEqual([5, [], true]);
    await rollback(bench, '--allow', 'silenced');
    expect(JSON.stringify(bench.sandbox.snapshot().jobs)).not.toContain('a@company.test');
  });

  test('leave a destination that somebody else uses by now', async () => {
    const bench = await open(ONE);
    const made = bench.sandbox.snapshot().destinations.find(({ display_name: name }) => name === 'leads');
    const snapshot = bench.sandbox.snapshot();
    const user = { name: 'theirs', webhook_notifications: { on_start: [{ id: String(made?.id) }] } };
    const next = await openBench({
      seed: { ...snapshot, jobs: [...snapshot.jobs, { job_id: '8', settings: user }] },
    });
    await next.write(ONE);
    const { code, out } = await next.lakebell('rollback', '--auto-approve');
    expect([code, out.includes('in_use')]).toEqual([5, true]);
  });

  test('hold back what takes away with --no-removals', async () => {
    const bench = await open(ONE);
    const { outcomes } = await bench.document('rollback', '--auto-approve', '--no-removals');
    expect(outcomes?.every(({ state }) => state === 'held-back')).toBe(true);
    expect(bench.writes()).toEqual([]);
  });

  test('are for one target', async () => {
    const bench = await open(ONE);
    expect((await bench.lakebell('rollback', '--all-targets', '--auto-approve')).code).toBe(1);
  });

  test('cover only what --only names', async () => {
    const bench = await open(ONE, TWO.replace('one@', 'two@'));
    await rollback(bench, '--only', 'destination/leads');
    expect(JSON.stringify(bench.sandbox.snapshot())).toContain('one@company.test');
    expect(bench.sandbox.snapshot().jobs[0]?.settings).toMatchObject({
      email_notifications: { on_failure: ['other@company.test'] },
    });
  });
});

describe('a rollback that was interrupted', () => {
  test.each([
    ['a write is refused', { kind: 'status', status: 403, path: '*/jobs/update' }],
    [
      'the answer of a create is lost',
      { kind: 'drop-after', method: 'POST', path: '*/notification-destinations' },
    ],
    ['a delete is refused', { kind: 'status', status: 403, method: 'DELETE' }],
  ] as const)('goes on where %s', async (_what, fault) => {
    const bench = await open(ONE);
    const before = worldOf(bench);
    await apply(
      bench,
      config(`destinations:
  leads: { generic_webhook: { url: "https://leads.test" } }
  more: { email: { addresses: [more@company.test] } }
jobs:
  etl: { notify: { on_failure: [leads, more] } }
`),
    );
    const { digest, rolls_back: serial } = await bench.document('rollback');
    bench.sandbox.fault(fault);
    const first = await bench.lakebell('rollback', '--approve', digest);
    bench.sandbox.clearFaults();
    if (first.code !== 0) await done(bench, 'rollback', String(serial), '--approve', digest);
    expect(worldOf(bench)).toEqual(before);
  });
});

async function newestSerial(bench: Bench): Promise<number | undefined> {
  const { out } = await bench.lakebell('history', '--format', 'json');
  return (JSON.parse(out) as HistoryDocument).applies[0]?.serial;
}

/** What is made again has another id, and was written at another time. */
function withoutIds(objects: Record<string, Record<string, unknown>>): unknown {
  return JSON.parse(
    JSON.stringify(objects, (key, value: unknown) =>
      ['id', 'applied_at', 'salt', 'hash'].includes(key) ? null : value,
    ),
  );
}
