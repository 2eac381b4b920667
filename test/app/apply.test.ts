import { describe, expect, test } from '@jest/globals';
import type { Seed } from '../../src/sandbox/seed.ts';
import { emailDestinations } from '../support/a-config.ts';
import { type Bench, openBench } from '../support/cli.ts';

const ETL: Seed = {
  jobs: [{ job_id: '7', settings: { name: 'etl', email_notifications: { on_start: ['a@company.test'] } } }],
};
const CONFIG = emailDestinations(2, 'jobs:\n  etl: { notify: { on_failure: [d1, x@company.test] } }\n');

describe('an approval', () => {
  test('that is missing is refused, and the line that would approve is told', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    const { digest } = await bench.document('plan');
    const { code, err, out } = await bench.lakebell('apply');
    expect([code, bench.writes()]).toEqual([5, []]);
    expect(err).toContain(`lakebell apply --approve ${digest}`);
    expect(out).toContain('Create 2');
  });

  test('by digest applies exactly that plan', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    const { digest } = await bench.document('plan');
    expect((await bench.lakebell('apply', '--approve', digest)).code).toBe(0);
    expect(bench.sandbox.snapshot().destinations).toHaveLength(2);
  });

  test('of another plan is refused', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    const { digest } = await bench.document('plan');
    await bench.write(CONFIG.replace('d2@', 'other@'));
    const { code, err } = await bench.lakebell('apply', '--approve', digest);
    expect([code, bench.writes()]).toEqual([5, []]);
    expect(err).toContain((await bench.document('plan')).digest);
  });

  test.each([['sha256:12'], ['yes'], ['']])('%j is no digest', async (digest) => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    expect((await bench.lakebell('apply', '--approve', digest)).code).toBe(1);
    expect(bench.writes()).toEqual([]);
  });

  test('in two ways at once is an error', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    expect((await bench.lakebell('apply', '--auto-approve', '--plan', 'x')).code).toBe(1);
  });

  test.each([
    ['another workspace', { ...ETL, workspace_id: '77' }, CONFIG],
    ['another configuration', ETL, `name: other\n${CONFIG}`],
  ])('by the plan file of %s is refused', async (_what, seed, text) => {
    const other = await openBench({ seed }, text);
    await other.lakebell('plan', '--out', other.path('plan.json'));
    const bench = await openBench({ seed: ETL }, CONFIG);
    const { code } = await bench.lakebell('apply', '--plan', other.path('plan.json'));
    expect([code, bench.writes()]).toEqual([5, []]);
  });

  test.each(['', '{}', '[]', 'null', '{"format_version":"2.0","changes":[],"config":{},"workspace":{}}'])(
    'by a file that holds %j is an error',
    async (text) => {
      const bench = await openBench({ seed: ETL }, CONFIG);
      await bench.write(text, 'plan.json');
      expect((await bench.lakebell('apply', '--plan', bench.path('plan.json'))).code).toBe(1);
      expect((await bench.lakebell('apply', '--plan', bench.path('none.json'))).code).toBe(1);
      expect(bench.writes()).toEqual([]);
    },
  );

  test.each(['{"changes":[{}]}', '{"changes":[{"op":1,"address":null}]}', '{"changes":"x"}'])(
    'by a plan file with damaged changes %s writes nothing and shows no stack',
    async (damage) => {
      const bench = await openBench({ seed: ETL }, CONFIG);
      const plan = await bench.document('plan');
      await bench.write(JSON.stringify({ ...plan, ...(JSON.parse(damage) as object) }), 'plan.json');
      const { err } = await bench.lakebell('apply', '--plan', bench.path('plan.json'));
      expect(bench.writes()).toEqual([]);
      expect(err).not.toMatch(/^\s+at /m);
    },
  );

  test('covers what is approved, and holds the rest back without failing', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    await bench.lakebell('plan', '--only', 'destination/d2', '--out', bench.path('plan.json'));
    const { outcomes, ...document } = await bench.document('apply', '--plan', bench.path('plan.json'));
    expect(outcomes?.map(({ address, state }) => `${address} ${state}`)).toEqual([
      'destination/d1 held-back',
      'destination/d2 done',
      'job/7 held-back',
    ]);
    expect(document.summary.create).toBe(2);
    expect((await bench.lakebell('apply', '--plan', bench.path('plan.json'))).code).toBe(0);
  });

  test('of operations that are done already has nothing left to do', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    await bench.lakebell('plan', '--out', bench.path('plan.json'));
    expect((await bench.lakebell('apply', '--plan', bench.path('plan.json'))).code).toBe(0);
    const { code } = await bench.lakebell('apply', '--plan', bench.path('plan.json'));
    expect([code, bench.writes()]).toEqual([0, []]);
  });

  test('of an address that asks for something else now is refused, and the rest goes on', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    await bench.lakebell('plan', '--out', bench.path('plan.json'));
    bench.sandbox.poke.setJob('7', (settings) => ({
      ...settings,
      email_notifications: { on_failure: ['new@company.test'] },
    }));
    const both = await bench.lakebell('apply', '--plan', bench.path('plan.json'));
    expect([both.code, both.out.includes('look at the plan')]).toEqual([6, true]);
    expect(JSON.stringify(bench.sandbox.snapshot().jobs)).toContain('new@company.test');
    const alone = await bench.lakebell('apply', '--plan', bench.path('plan.json'));
    expect([alone.code, bench.writes()]).toEqual([5, []]);
  });

  test('of a part that there is not is an error', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    const { code, err } = await bench.lakebell('apply', '--auto-approve', '--only', 'destination/dd*');
    expect([code, bench.writes(), err.includes('destination/d')]).toEqual([1, [], true]);
    expect((await bench.lakebell('plan', '--only', 'job/etl', '--only', 'destination/*')).code).toBe(0);
  });

  test('given on the terminal is asked for after the plan', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    bench.answers.push('yes');
    const { code, out } = await bench.lakebell('apply');
    expect([code, out.includes('Create 2')]).toEqual([0, true]);
  });

  test.each(['y', 'YES', 'no', '', 'yes please'])('%j on the terminal is none', async (answer) => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    bench.answers.push(answer);
    const { code } = await bench.lakebell('apply');
    expect([code, bench.writes()]).toEqual([5, []]);
  });

  test('without removals holds back what takes somebody away, and what needs it', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    await bench.lakebell('apply', '--auto-approve');
    await bench.write(`version: 1
settings: { prune: true, limits: { max_delete_percent: 100 } }
destinations:
  d1: { generic_webhook: { url: "https://hook.test" } }
  d3: { email: { addresses: [d3@company.test] } }
jobs: { etl: { notify: { on_failure: [d1, x@company.test], on_success: [d3] } } }
`);
    const { outcomes } = await bench.document('apply', '--auto-approve', '--no-removals');
    expect(outcomes?.map(({ address, state }) => `${address} ${state}`)).toEqual([
      'destination/d1 held-back',
      'destination/d2 held-back',
      'destination/d3 done',
      'job/7 held-back',
    ]);
  });
});

describe('what changes between plan and write', () => {
  test.each([
    ['a recipient is added', (bench: Bench) => edit(bench, { on_failure: ['new@company.test'] })],
    ['the job is deleted', (bench: Bench) => bench.sandbox.poke.deleteJob('7')],
    [
      'a bundle takes the job over',
      (bench: Bench) =>
        bench.sandbox.poke.setJob('7', (settings) => ({ ...settings, deployment: { kind: 'BUNDLE' } })),
    ],
  ])('is seen when %s, and the rest goes on', async (_what, meddle) => {
    const bench = await meddled(CONFIG, (opened) => meddle(opened));
    const { outcomes } = await bench.document('apply', '--auto-approve');
    expect(outcomes?.map(({ address, state }) => `${address} ${state}`)).toEqual([
      'destination/d1 done',
      'destination/d2 done',
      'job/7 changed-meanwhile',
    ]);
  });

  test('is no obstacle where it is elsewhere in the object', async () => {
    const bench = await meddled(CONFIG, (opened) => edit(opened, { on_success: ['new@company.test'] }));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.sandbox.snapshot().jobs[0]?.settings['email_notifications']).toEqual({
      on_success: ['new@company.test'],
      on_failure: ['x@company.test'],
    });
  });

  test('is welcome where it is what we were about to do', async () => {
    const text = 'version: 1\njobs: { etl: { email_notifications: { on_failure: [x@company.test] } } }\n';
    const bench = await meddled(text, (opened) => edit(opened, { on_failure: ['x@company.test'] }));
    const { outcomes } = await bench.document('apply', '--auto-approve');
    expect(outcomes?.map(({ state, wrote }) => [state, wrote])).toEqual([['already', false]]);
  });

  test('keeps a destination that somebody renamed just before it was to be deleted', async () => {
    const bench = await openBench({}, emailDestinations(2));
    await bench.lakebell('apply', '--auto-approve');
    const id = idOf(bench, 'd2');
    await bench.write(emailDestinations(1, 'settings: { prune: true }\n'));
    await bench.lakebell('plan', '--out', bench.path('plan.json'));
    bench.sandbox.poke.renameDestination(id, 'mine now');
    await bench.lakebell('apply', '--plan', bench.path('plan.json'));
    expect(namesOf(bench)).toEqual(['d1', 'mine now']);
  });

  function edit({ sandbox }: Bench, emails: Readonly<Record<string, readonly string[]>>): void {
    sandbox.poke.setJob('7', (settings) => ({ ...settings, email_notifications: emails }));
  }

  /** Something happens just as the lock is taken: the plan is made, nothing is written. */
  async function meddled(text: string, meddle: (bench: Bench) => void): Promise<Bench> {
    const state: { bench?: Bench; isDone: boolean } = { isDone: false };
    const bench = await openBench(
      {
        seed: ETL,
        behaviour: { latencyMs: 1 },
        sleep: () => {
          const isLocking = state.bench?.sandbox.requests.at(-1)?.path.includes('default.json.lock') === true;
          if (isLocking && !state.isDone) meddle(state.bench!);
          state.isDone ||= isLocking;
          return Promise.resolve();
        },
      },
      text,
    );
    state.bench = bench;
    return bench;
  }
});

describe('the lock', () => {
  const LOCK = '/Users/admin@sandbox.test/.lakebell/notifications/default.json.lock';
  const held = JSON.stringify({
    owner: 'sp@company.test',
    run: 'their run',
    id: 'their-lock-id',
    at: '2025-12-31T23:00:00.000Z',
  });

  test('of another run refuses, and tells who, since when, and how to remove it', async () => {
    const bench = await openBench({}, emailDestinations(1));
    bench.sandbox.poke.writeFile(LOCK, held);
    const { code, err } = await bench.lakebell('apply', '--auto-approve');
    expect([code, namesOf(bench)]).toEqual([5, []]);
    for (const part of ['sp@company.test', 'their run', 'lakebell unlock their-lock-id'])
      expect(err).toContain(part);
    expect(err).toMatch(/1 hour|60 min/);
  });

  test('is waited for as long as was said', async () => {
    const bench = await openBench({}, emailDestinations(1));
    bench.sandbox.poke.writeFile(LOCK, held);
    expect((await bench.lakebell('apply', '--auto-approve', '--lock-timeout', '30')).code).toBe(5);
    expect(bench.slept()).toBeGreaterThan(25_000);
  });

  test('does not keep a plan from being made', async () => {
    const bench = await openBench({}, emailDestinations(1));
    bench.sandbox.poke.writeFile(LOCK, held);
    expect((await bench.lakebell('plan')).code).toBe(0);
  });

  test('goes with its id and no other', async () => {
    const bench = await openBench({}, emailDestinations(1));
    bench.sandbox.poke.writeFile(LOCK, held);
    const wrong = await bench.lakebell('unlock', 'another-id');
    expect([wrong.code, bench.writes()]).toEqual([5, []]);
    const right = await bench.lakebell('unlock', 'their-lock-id');
    expect([right.code, right.out.includes('sp@company.test')]).toEqual([0, true]);
    expect((await bench.lakebell('unlock', 'their-lock-id')).code).toBe(5);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
  });

  test('lets one of two applies through at a time', async () => {
    const bench = await openBench({ seed: ETL, behaviour: { listLag: 3, staleReads: 1 } }, CONFIG);
    const codes = (
      await Promise.all(
        [0, 1, 2].map(() => bench.lakebell('apply', '--auto-approve', '--lock-timeout', '600')),
      )
    ).map(({ code }) => code);
    expect(codes).toContain(0);
    expect(namesOf(bench)).toEqual(['d1', 'd2']);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('is gone after every end of a run', async () => {
    for (const fault of [{ status: 400 }, { status: 403 }, { status: 500, times: 9 }]) {
      const bench = await openBench({ seed: ETL }, CONFIG);
      bench.sandbox.fault({ kind: 'status', method: 'POST', path: '*/notification-destinations', ...fault });
      expect((await bench.lakebell('apply', '--auto-approve')).code).not.toBe(0);
      expect(bench.sandbox.snapshot().files.map(({ path }) => path)).toEqual([
        expect.stringMatching(/default\.json$/),
      ]);
    }
  });
});

describe('an interrupt', () => {
  test.each([2, 4, 8, 12, 16])(
    'after %i requests of the writing finishes, saves and releases',
    async (after) => {
      const state: { bench?: Bench; left: number } = { left: after };
      const bench = await openBench(
        {
          behaviour: { latencyMs: 1 },
          sleep: () => {
            const requests = state.bench?.sandbox.requests ?? [];
            const isWriting = requests.some(({ method }) => method !== 'GET');
            if (isWriting && (state.left -= 1) === 0) state.bench?.interrupt();
            return Promise.resolve();
          },
        },
        emailDestinations(30),
      );
      state.bench = bench;
      const { code, err, out } = await bench.lakebell('apply', '--auto-approve');
      expect([code, err.includes('interrupted')]).toEqual([130, true]);
      const { files, destinations } = bench.sandbox.snapshot();
      expect(files.some(({ path }) => path.endsWith('.lock'))).toBe(false);
      expect(out.match(/ {2}\+ d\d+ .* create$/gm) ?? []).toHaveLength(destinations.length);
      expect(destinations.length).toBeLessThan(30);
      const record = files.find(({ path }) => path.endsWith('default.json'));
      for (const { id } of destinations) expect(record?.content).toContain(id);
      expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
      expect(namesOf(bench)).toHaveLength(30);
    },
  );
});

describe('the record', () => {
  test.each([
    'none',
    '{ workspace: "/Workspace/Users/admin@sandbox.test/r/notes.json" }',
    '{ file: "FOLDER/record.json" }',
  ])('may be kept as %s', async (place) => {
    const bench = await openBench({ seed: ETL });
    await bench.write(`settings: { record: ${place.replace('FOLDER', bench.folder)} }\n${CONFIG}`);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    expect(namesOf(bench)).toEqual(['d1', 'd2']);
  });

  test('that is absent is told, with its place and who looked', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    const { notes } = await bench.document('plan');
    expect(notes.join()).toMatch(
      /no record.*\/Users\/admin@sandbox.test\/.lakebell\/notifications\/default.json.*admin@sandbox.test/,
    );
    await bench.lakebell('apply', '--auto-approve');
    expect((await bench.document('plan')).notes).toEqual([]);
  });

  test('none never adopts, never deletes, and writes nothing but the change', async () => {
    const seed: Seed = {
      destinations: [{ display_name: 'd1', config: { email: { addresses: ['old@company.test'] } } }],
    };
    const none = 'settings: { record: none }\n';
    const bench = await openBench({ seed }, emailDestinations(2, none));
    const { changes } = await bench.document('plan');
    expect(changes.map(({ address, verb }) => `${address} ${verb}`)).toEqual([
      'destination/d1 update',
      'destination/d2 create',
    ]);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.writes().every((line) => line.includes('/notification-destinations'))).toBe(true);
    await bench.write(emailDestinations(1, none));
    expect((await bench.document('plan')).changes).toEqual([]);
    expect(namesOf(bench)).toEqual(['d1', 'd2']);
  });

  test.each([
    ['damaged', (text: string) => text.slice(0, 100)],
    ['empty', () => ''],
    [
      'of a newer format',
      (text: string) => text.replace('"format_version": "1.0"', '"format_version": "1.9"'),
    ],
    ['of another workspace', (text: string) => text.replace(/"workspace_id": "\d+"/, '"workspace_id": "1"')],
  ])('that is %s stops the run', async (_what, spoil) => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    await bench.lakebell('apply', '--auto-approve');
    const [file] = bench.sandbox.snapshot().files;
    bench.sandbox.poke.writeFile(file!.path, spoil(file!.content));
    await bench.write(CONFIG.replace('d1@', 'other@'));
    for (const command of ['plan', 'apply --auto-approve']) {
      const { code, err } = await bench.lakebell(...command.split(' '));
      expect([code, bench.writes(), err.includes('hint:')]).toEqual([5, [], true]);
    }
  });

  test('that is lost loses nothing of the workspace and doubles nothing', async () => {
    const bench = await openBench({ seed: ETL }, CONFIG);
    await bench.lakebell('apply', '--auto-approve');
    const before = bench.sandbox.snapshot();
    bench.sandbox.poke.deleteFile(before.files[0]!.path);
    const { summary } = await bench.document('plan');
    expect([summary.create, summary.delete, summary.adopt]).toEqual([0, 0, 2]);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    const { destinations, jobs } = bench.sandbox.snapshot();
    expect([destinations, jobs]).toEqual([before.destinations, before.jobs]);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('at one path gives a reader without rights the digest that the admin sees', async () => {
    const identities = [
      { token: 'admin-token', user_name: 'admin@company.test', admin: true },
      { token: 'reader-token', user_name: 'reader@company.test', can_manage_jobs: 'all' as const },
    ];
    const place = 'settings: { record: { workspace: /Workspace/Team/r.json } }\n';
    const bench = await openBench(
      { seed: { ...ETL, identities } },
      emailDestinations(2, `${place}jobs: { etl: { notify: { on_failure: [d1] } } }\n`),
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    await bench.write(
      emailDestinations(3, `${place}jobs: { etl: { notify: { on_failure: [d2] } } }\n`).replace(
        'd1@',
        'other@',
      ),
    );
    const admin = await bench.document('plan');
    bench.env['DATABRICKS_TOKEN'] = 'reader-token';
    const reader = await bench.document('plan');
    expect(reader.changes.flatMap(({ fields }) => fields.map(({ verdict }) => verdict))).toContain('assumed');
    expect(reader.digest).toBe(admin.digest);
    bench.env['DATABRICKS_TOKEN'] = 'admin-token';
    expect((await bench.lakebell('apply', '--approve', reader.digest)).code).toBe(0);
  });
});

describe('adoption', () => {
  const HOOK = { generic_webhook: { url: 'https://old.test', username: 'old' } };
  const adopting = (more = ''): string =>
    `version: 1\ndestinations: { hook: { display_name: Hook, ${more}generic_webhook: { url: "https://new.test", username: new } } }\n`;

  test('writes what cannot be read once, on an approved apply', async () => {
    const bench = await openBench(
      { seed: { destinations: [{ display_name: 'Hook', config: HOOK }] } },
      adopting(),
    );
    const { changes, digest } = await bench.document('plan');
    expect(changes.map(({ verb, fields }) => [verb, fields.map(({ verdict }) => verdict)])).toEqual([
      ['adopt', ['opaque', 'opaque']],
    ]);
    expect((await bench.lakebell('apply', '--approve', digest)).code).toBe(0);
    expect(bench.sandbox.snapshot().destinations[0]?.config).toEqual({
      generic_webhook: { url: 'https://new.test', username: 'new' },
    });
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('with `adopt: keep` leaves it and says so', async () => {
    const bench = await openBench(
      { seed: { destinations: [{ display_name: 'Hook', config: HOOK }] } },
      adopting('adopt: keep, '),
    );
    const { out } = await bench.lakebell('plan');
    expect(out).toContain('not verified');
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.sandbox.snapshot().destinations[0]?.config).toEqual(HOOK);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('of one of two twins is blocked until the file says which', async () => {
    const twins = ['1', '2'].map((n) => ({
      id: `eeeeeeee-0000-4000-8000-00000000000${n}`,
      display_name: 'Hook',
      config: HOOK,
    }));
    const bench = await openBench({ seed: { destinations: twins } }, adopting());
    const { changes } = await bench.document('plan');
    expect(changes.map(({ verb, blocked }) => [verb, blocked?.reason])).toEqual([['blocked', 'ambiguous']]);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.writes()).toEqual([]);
    await bench.write(adopting(`id: ${twins[1]!.id}, `));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.sandbox.snapshot().destinations.map(({ config }) => Object.values(config)[0])).toEqual([
      { url: 'https://old.test', username: 'old' },
      { url: 'https://new.test', username: 'new' },
    ]);
  });

  test('does not touch an object of another type with the same name', async () => {
    const bench = await openBench(
      {
        seed: {
          destinations: [{ display_name: 'Hook', config: { email: { addresses: ['a@company.test'] } } }],
        },
      },
      adopting(),
    );
    const { changes } = await bench.document('plan');
    expect(changes.map(({ verb }) => verb)).toEqual(['create']);
  });

  test('does not happen to what exists and is only looked up', async () => {
    const text =
      'version: 1\ndestinations: { hook: { display_name: Hook, existing: true } }\njobs: { etl: { notify: { on_failure: [hook] } } }\n';
    const bench = await openBench(
      { seed: { ...ETL, destinations: [{ display_name: 'Hook', config: HOOK }] } },
      text,
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.writes().filter((line) => line.includes('destinations'))).toEqual([]);
    bench.sandbox.poke.renameDestination(idOf(bench, 'Hook'), 'Other');
    const { changes } = await bench.document('plan');
    expect(changes.map(({ address, verb }) => `${address} ${verb}`)).toEqual([
      'destination/hook blocked',
      'job/7 blocked',
    ]);
  });

  test("does not follow a create that was refused: what is made by hand afterwards is somebody else's", async () => {
    const bench = await openBench({}, emailDestinations(1));
    bench.sandbox.fault({ kind: 'status', method: 'POST', path: '*/notification-destinations', status: 400 });
    expect((await bench.lakebell('apply', '--auto-approve')).code).not.toBe(0);
    const made = await openBench(
      {
        seed: {
          ...bench.sandbox.snapshot(),
          destinations: [{ display_name: 'd1', config: { email: { addresses: ['theirs@company.test'] } } }],
        },
      },
      emailDestinations(1),
    );
    expect((await made.document('plan')).changes.map(({ verb }) => verb)).toEqual(['adopt']);
  });
});

describe('pruning', () => {
  const settings = 'settings: { prune: true }\n';
  const mine = emailDestinations(
    1,
    `${settings}jobs: { etl: { mode: ensure, notify: { on_failure: [x@company.test, y@company.test] } } }\n`,
  );

  test('takes back what we added, and forgets the job', async () => {
    const bench = await pruning();
    expect((await bench.lakebell('apply', '--auto-approve', '--allow', 'silenced')).code).toBe(0);
    expect(bench.sandbox.snapshot().jobs[0]?.settings['email_notifications']).toEqual({
      on_start: ['a@company.test'],
    });
    const { objects } = JSON.parse(bench.sandbox.snapshot().files[0]?.content ?? '') as { objects: object };
    expect(Object.keys(objects)).toEqual(['destination/d1']);
  });

  test.each([
    ['a bundle has taken over', { deployment: { kind: 'BUNDLE' } }],
    ['Databricks itself manages', { deployment: { kind: 'SYSTEM_MANAGED' } }],
    [
      'points at a destination that is gone',
      { webhook_notifications: { on_start: [{ id: '99999999-0000-4000-8000-000000000009' }] } },
    ],
  ])('leaves alone a job that %s', async (_what, patch) => {
    const bench = await pruning();
    bench.sandbox.poke.setJob('7', (all) => ({ ...all, ...patch }));
    await bench.lakebell('apply', '--auto-approve', '--allow', 'silenced');
    expect(bench.writes().filter((line) => line.includes('/jobs/'))).toEqual([]);
  });

  async function pruning(): Promise<Bench> {
    const bench = await openBench({ seed: ETL }, mine);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    await bench.write(emailDestinations(1, settings));
    return bench;
  }
});

describe('a create whose answer is lost', () => {
  test.each([
    ['drop-after', 0],
    ['drop-after', 2],
    ['status-after', 2],
  ] as const)('by %s is not sent twice, with a list that lags by %i', async (kind, listLag) => {
    const bench = await openBench({ seed: ETL, behaviour: { listLag } }, CONFIG);
    bench.sandbox.fault({ kind, status: 500, method: 'POST', path: '*/notification-destinations' });
    const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
    expect(code === 0 ? '' : out + err).toBe('');
    expect(namesOf(bench)).toEqual(['d1', 'd2']);
  });

  test('and whose process died is found by the next run', async () => {
    const bench = await openBench({ seed: ETL, behaviour: { listLag: 3 } }, CONFIG);
    bench.sandbox.fault({
      kind: 'drop-after',
      method: 'POST',
      path: '*/notification-destinations',
      times: 2,
    });
    bench.sandbox.fault({ kind: 'drop', path: '*/notification-destinations*', skip: 1, times: Infinity });
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(6);
    bench.sandbox.clearFaults();
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(namesOf(bench)).toEqual(['d1', 'd2']);
  });
});

describe('several targets', () => {
  const targets = (one: Bench, two: Bench, three = one): string =>
    `targets: { one: { host: "${one.sandbox.url}" }, two: { host: "${two.sandbox.url}" }, three: { host: "${three.sandbox.url}" } }\n`;

  test('each get their apply, and one that fails does not stop the others', async () => {
    const [one, two, three] = [
      await openBench(),
      await openBench({ seed: { identities: [{ token: 'other', user_name: 'x@company.test' }] } }),
      await openBench(),
    ];
    await one.write(emailDestinations(1, targets(one, two, three)));
    one.env['DATABRICKS_HOST'] = undefined;
    const plan = await one.lakebell('plan', '--all-targets', '--format', 'json');
    const { plans } = JSON.parse(plan.out) as { plans: { workspace: { target: string } }[] };
    expect([plan.code, plans.map(({ workspace }) => workspace.target)]).toEqual([3, ['one', 'three']]);
    expect(plan.err).toContain('two');
    const applied = await one.lakebell('apply', '--all-targets', '--auto-approve');
    expect([applied.code, namesOf(one), namesOf(two), namesOf(three)]).toEqual([3, ['d1'], [], ['d1']]);
  });

  test('take the first of the codes that are there, in the order of the contract', async () => {
    const [one, two] = [await openBench(), await openBench()];
    await one.write(emailDestinations(1, `settings: { limits: { max_changes: 0 } }\n${targets(one, two)}`));
    one.env['DATABRICKS_HOST'] = undefined;
    two.sandbox.fault({ kind: 'status', status: 500, times: Infinity });
    expect((await one.lakebell('apply', '--all-targets', '--auto-approve')).code).toBe(4);
    two.sandbox.clearFaults();
    expect((await one.lakebell('apply', '--all-targets', '--auto-approve')).code).toBe(5);
  });

  test('need to be told apart, and one approval is for one', async () => {
    const [one, two] = [await openBench(), await openBench()];
    await one.write(emailDestinations(1, targets(one, two)));
    one.env['DATABRICKS_HOST'] = undefined;
    expect((await one.lakebell('plan')).code).toBe(1);
    expect((await one.lakebell('plan', '--target', 'none')).code).toBe(1);
    expect((await one.lakebell('plan', '--target', 'one', '--all-targets')).code).toBe(1);
    expect((await one.lakebell('apply', '--all-targets', '--approve', `sha256:${'0'.repeat(64)}`)).code).toBe(
      1,
    );
    expect((await one.lakebell('plan', '--target', 'two')).code).toBe(0);
  });
});

function namesOf({ sandbox }: Bench): readonly string[] {
  return sandbox
    .snapshot()
    .destinations.map(({ display_name: name }) => name)
    .sort();
}

function idOf({ sandbox }: Bench, name: string): string {
  return sandbox.snapshot().destinations.find(({ display_name: of }) => of === name)?.id ?? '';
}
