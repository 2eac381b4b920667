import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import type { SeedPipeline } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const ID = 'a1b2c3d4-0000-4000-8000-000000000001';
const ALERTS = ['on-update-failure', 'on-update-fatal-failure', 'on-flow-failure'];

type Block = { readonly email_recipients: readonly string[]; readonly alerts: readonly string[] };

const block = (email_recipients: readonly string[], ...alerts: readonly string[]): Block => ({
  email_recipients,
  alerts,
});

function aPipeline(spec: JsonObject = {}, beside: Partial<SeedPipeline> = {}): SeedPipeline {
  const rest = { catalog: 'main', clusters: [{ label: 'default', num_workers: 3 }] };
  return { pipeline_id: ID, ...beside, spec: { name: 'ingest', ...rest, ...spec } };
}

const entry = (text: string, settings = ''): string =>
  `version: 1\n${settings}pipelines:\n  ingest: ${text}\n`;
const FAILURE = entry('{ notify: { on-update-failure: [oncall@company.test] } }');

const blocksOf = ({ sandbox }: Bench): unknown => sandbox.snapshot().pipelines[0]?.spec['notifications'];
const putsOf = ({ sandbox }: Bench) =>
  sandbox.requests.filter(({ method, path }) => method === 'PUT' && path.startsWith('/api/2.0/pipelines/'));

function setBlocks({ sandbox }: Bench, notifications: readonly Block[] | null): void {
  sandbox.poke.setPipeline(ID, ({ notifications: _before, ...spec }) =>
    notifications === null ? spec : { ...spec, notifications },
  );
}

async function apply(bench: Bench, ...argv: string[]): Promise<void> {
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve', ...argv);
  if (code !== 0) throw new Error(out + err);
}

describe('a pipeline that somebody else changes while we apply', () => {
  /** What happens when our n-th update has arrived and is not answered yet. */
  async function racing(meanwhile: (bench: Bench, attempt: number) => void): Promise<Bench> {
    let attempts = 0;
    let onUpdate: (attempt: number) => void = () => undefined;
    const options: SandboxOptions = {
      seed: { pipelines: [aPipeline()] },
      behaviour: { latencyMs: 1 },
      sleep: () => {
        if (bench.sandbox.requests.at(-1)?.method === 'PUT') onUpdate((attempts += 1));
        return Promise.resolve();
      },
    };
    const bench = await openBench(options, FAILURE);
    onUpdate = (attempt) => meanwhile(bench, attempt);
    return bench;
  }

  const setTag = ({ sandbox }: Bench, value: string): void =>
    sandbox.poke.setPipeline(ID, (spec) => ({ ...spec, tags: { value } }));

  test('is read once more and written, with the change of the other in it', async () => {
    const bench = await racing((at, attempt) => {
      if (attempt === 1) setTag(at, 'theirs');
    });
    await apply(bench);
    expect(putsOf(bench).map(({ status }) => status)).toEqual([409, 200]);
    expect(bench.sandbox.snapshot().pipelines[0]?.spec).toMatchObject({
      tags: { value: 'theirs' },
      notifications: [block(['oncall@company.test'], 'on-update-failure')],
    });
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('is reported where that happens again', async () => {
    const bench = await racing((at, attempt) => setTag(at, String(attempt)));
    const { code, out } = await bench.lakebell('apply', '--auto-approve');
    expect([code, putsOf(bench).length]).toEqual([5, 2]);
    expect(out).toMatch(/changed by somebody else each time we were about to write/);
    expect(blocksOf(bench)).toBeUndefined();
  });

  test('is left alone where the change is about what we change', async () => {
    const theirs = [block(['theirs@company.test'], 'on-update-failure')];
    const bench = await racing((at) => setBlocks(at, theirs));
    const { code, out } = await bench.lakebell('apply', '--auto-approve');
    expect([code, putsOf(bench).length]).toEqual([5, 1]);
    expect(out).toMatch(/changed by somebody else since the plan/);
    expect(blocksOf(bench)).toEqual(theirs);
  });

  test('is done where the other did the same', async () => {
    const bench = await racing((at) => setBlocks(at, [block(['oncall@company.test'], 'on-update-failure')]));
    const { summary } = await bench.document('plan');
    expect(summary.update).toBe(1);
    await apply(bench);
    expect(putsOf(bench).map(({ status }) => status)).toEqual([409]);
    // Nobody can say that it is ours, so it is not taken back.
    await bench.write('version: 1\nsettings: { prune: true }\npipelines: {}\n');
    await apply(bench, '--allow', 'silenced', '--allow', 'empty_config');
    expect(blocksOf(bench)).toEqual([block(['oncall@company.test'], 'on-update-failure')]);
  });

  test('is ours where an update went through and only its answer was lost', async () => {
    const bench = await openBench({ seed: { pipelines: [aPipeline()] } }, FAILURE);
    bench.sandbox.fault({
      kind: 'status-after',
      status: 503,
      method: 'PUT',
      path: '/api/2.0/pipelines/*',
      times: 1,
    });
    await apply(bench);
    expect(putsOf(bench).map(({ status }) => status)).toEqual([503, 409]);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    await bench.write('version: 1\nsettings: { prune: true }\npipelines: {}\n');
    await apply(bench, '--allow', 'silenced', '--allow', 'empty_config');
    expect(blocksOf(bench)).toBeUndefined();
  });
});

describe('a pipeline', () => {
  test('that is continuous is written with a warning', async () => {
    const bench = await openBench({ seed: { pipelines: [aPipeline({ continuous: true })] } }, FAILURE);
    const warning = expect.stringMatching(/continuous.*may restart/);
    const { changes } = await bench.document('plan');
    expect(changes).toMatchObject([{ verb: 'update', notes: [warning], effects: [warning] }]);
    const { out } = await bench.lakebell('plan', '--format', 'markdown');
    expect(out).toMatch(/\[!WARNING\]\n> \*\*May do more than change notifications/);
    await apply(bench);
    expect((await bench.document('plan')).changes).toEqual([]);
    // Taking back is a write too.
    await bench.write('version: 1\nsettings: { prune: true }\n');
    expect((await bench.document('plan')).changes).toMatchObject([{ verb: 'update', effects: [warning] }]);
  });

  test.each([
    ['report', 'blocked', 0],
    ['manage', 'update', 1],
    ['skip', 'noop', 0],
  ])('of a bundle: %s', async (choice, verb, writes) => {
    const pipelines = [aPipeline({ deployment: { kind: 'BUNDLE' } })];
    const text = entry(
      '{ notify: { on-update-failure: [a@company.test] } }',
      `settings: { bundle_jobs: ${choice} }\n`,
    );
    const bench = await openBench({ seed: { pipelines } }, text);
    const { changes } = await bench.document('plan');
    expect(changes.map((change) => change.verb)).toEqual([verb]);
    await apply(bench);
    expect(putsOf(bench).length).toBe(writes);
  });

  test('whose last reader of failures goes is silenced, whichever sort of failure it was', async () => {
    const live = [
      block(['a@company.test'], 'on-flow-failure'),
      block(['b@company.test'], 'on-update-success'),
    ];
    const bench = await openBench(
      { seed: { pipelines: [aPipeline({ notifications: live })] } },
      entry('{ notify: { on-flow-failure: [] } }'),
    );
    const { code, out } = await bench.lakebell('plan');
    expect(code).toBe(5);
    expect(out).toMatch(/nobody would be told any more when these fail: ingest;/);
    await bench.write(entry('{ notify: { on-flow-failure: [], on-update-failure: [a@company.test] } }'));
    expect((await bench.lakebell('plan')).code).toBe(0);
  });

  test('that nobody may read blocks its own change and nothing else', async () => {
    const identities = [{ token: 't', user_name: 'me', can_view_pipelines: [] }];
    const pipelines = [aPipeline({}, { creator_user_name: 'owner' })];
    const text = entry(`{ id: ${ID}, notify: { on-update-failure: [a@company.test] } }`);
    const bench = await openBench({ seed: { identities, pipelines } }, text);
    const { changes } = await bench.document('plan');
    expect(changes.map(({ verb, blocked }) => [verb, blocked?.reason])).toEqual([
      ['blocked', 'no-permission'],
    ]);
  });

  test('is found by its name to the letter, and one that is near is named', async () => {
    const bench = await openBench({ seed: { pipelines: [aPipeline({ name: 'Ingest' })] } }, FAILURE);
    const { out } = await bench.lakebell('plan');
    expect(out).toMatch(/missing: no pipeline .* is called "ingest"/);
    expect(out).toMatch(/did you mean "Ingest"\? Upper and lower case count/);
  });

  test('that a read shows late is waited for', async () => {
    const bench = await openBench({ seed: { pipelines: [aPipeline()] } }, FAILURE);
    bench.sandbox.behave({ staleReads: 2 });
    await apply(bench);
    expect([putsOf(bench).length, bench.slept() > 0]).toEqual([1, true]);
  });

  test('without settings is never written, as a write would wipe them', async () => {
    const bench = await openBench({ seed: { pipelines: [aPipeline()] } }, FAILURE);
    const body = { pipeline_id: ID, name: 'ingest', last_modified: 5 };
    bench.sandbox.fault({
      kind: 'status',
      status: 200,
      path: `/api/2.0/pipelines/${ID}`,
      times: Infinity,
      body,
    });
    const { changes } = await bench.document('plan');
    expect(changes.map(({ blocked }) => blocked?.reason)).toEqual(['settings-untold']);
    await apply(bench);
    expect(putsOf(bench)).toEqual([]);
  });

  test('is not asked for where the file and the record name none', async () => {
    const bench = await openBench({ seed: { pipelines: [aPipeline()] } }, 'version: 1\n');
    await bench.lakebell('plan');
    expect(bench.sandbox.requests.filter(({ path }) => path.includes('/pipelines'))).toEqual([]);
  });

  test('loses with prune what we added, and keeps what others added', async () => {
    const before = [block(['theirs@company.test'], 'on-update-failure')];
    const text =
      '{ mode: ensure, notify: { on-update-failure: [oncall@company.test], on-flow-failure: [oncall@company.test] } }';
    const bench = await openBench(
      { seed: { pipelines: [aPipeline({ notifications: before })] } },
      entry(text),
    );
    await apply(bench);
    expect(blocksOf(bench)).toEqual([
      block(['theirs@company.test', 'oncall@company.test'], 'on-update-failure'),
      block(['oncall@company.test'], 'on-flow-failure'),
    ]);
    await bench.write('version: 1\nsettings: { prune: true }\n');
    await apply(bench, '--allow', 'silenced', '--allow', 'empty_config');
    expect(blocksOf(bench)).toEqual(before);
  });

  test('is told to by e-mail only: a destination is a mistake of the file, with the ways round', async () => {
    const text = `version: 1
destinations: { chat: { email: { addresses: [a@company.test] } } }
pipelines:
  ingest:
    notifications:
      - email_recipients: ['\${destinations.chat.id}', chat]
        alerts: [on-update-failure]
`;
    const bench = await openBench({}, text);
    const { code, err } = await bench.lakebell('validate');
    expect(code).toBe(1);
    expect(err.match(/"chat" is a destination, and a pipeline notifies by e-mail only/g)?.length).toBe(2);
    expect(err).toMatch(/run the pipeline as a task of a job, .*; or .* an event hook/);
    await bench.write(
      entry(
        '{ notifications: [{ email_recipients: [{ id: x }], alerts: [on-update-failed] }], notify: { on-flow: [] } }',
      ),
    );
    const { err: others } = await bench.lakebell('validate');
    expect(others).toMatch(/must be text, but is a mapping[^]*e-mail only.*task of a job/);
    expect(others).toMatch(/may not be "on-update-failed"[^]*did you mean "on-update-failure"/);
    expect(others).toMatch(/unknown key "on-flow" in pipelines.ingest.notify/);
  });

  test('comes through an apply unchanged but for what is stated, with numbers that a double cannot hold', async () => {
    const pipelines = `[{"pipeline_id":"${ID}","last_modified":"9223372036854775000","run_as":{"user_name":"r"},
      "parameters":{"n":9007199254740993},"spec":{"name":"ingest","catalog":"main","of_tomorrow":[9007199254740993,{"x":null}],
      "notifications":[{"email_recipients":["a@company.test"],"alerts":["on-comet"],"of_tomorrow":9007199254740995}]}}]`;
    const { parseSeed } = await import('../../src/sandbox/parse-seed.ts');
    const { printJson } = await import('../../src/sandbox/json.ts');
    const bench = await openBench({ seed: parseSeed(`{"pipelines":${pipelines}}`) }, FAILURE);
    const before = printJson(bench.sandbox.snapshot().pipelines);
    await apply(bench);
    const added = ',{"email_recipients":["oncall@company.test"],"alerts":["on-update-failure"]}';
    expect(printJson(bench.sandbox.snapshot().pipelines).replace(added, '')).toBe(before);
  });
});

describe('what was applied to a pipeline', () => {
  const FORM = `version: 1
pipelines:
  ingest:
    notifications:
      # the night shift
      - email_recipients:
          - oncall@company.test
        alerts: [${ALERTS.join(', ')}]
    notify: { on-update-success: [team@company.test] }
`;

  async function applied(text: string): Promise<Bench> {
    const bench = await openBench({ seed: { pipelines: [aPipeline()] } }, text);
    await apply(bench);
    return bench;
  }

  test('is shown, and stands in the history', async () => {
    const bench = await applied(FORM);
    const { out } = await bench.lakebell('show');
    expect(out).toContain(`pipeline/${ID}  ingest`);
    expect(out).toContain('notifications.on-flow-failure: oncall@company.test');
    expect(out).not.toContain('continuous');
    expect((await bench.lakebell('history', '--verbose')).out).toContain('notifications.on-update-success');
  });

  test('is rolled back', async () => {
    const bench = await applied(FORM);
    await bench.write(FORM.replace('- oncall@', '- second@'));
    await apply(bench);
    const { code, out, err } = await bench.lakebell('rollback', '--auto-approve');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('ingest');
    expect(blocksOf(bench)).toEqual([
      block(['oncall@company.test'], ...ALERTS.toSorted()),
      block(['team@company.test'], 'on-update-success'),
    ]);
  });

  test('and then changed by hand for all kinds of a block alike is taken over into the file', async () => {
    const bench = await applied(FORM);
    setBlocks(bench, [
      block(['boss@company.test'], ...ALERTS),
      block(['x@company.test'], 'on-update-success'),
    ]);
    const { code, err } = await bench.lakebell('drift', '--accept');
    expect([code, err]).toEqual([0, '']);
    expect(await bench.read('notifications.yml')).toBe(
      FORM.replace('oncall@company.test', 'boss@company.test').replace('team@', 'x@'),
    );
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('and then taken away by hand is taken over as an empty list', async () => {
    const bench = await applied(FORM);
    setBlocks(bench, null);
    expect((await bench.lakebell('drift', '--accept')).code).toBe(0);
    expect(await bench.read('notifications.yml')).toMatch(
      /- email_recipients: \[\]\n[^]*on-update-success: \[\]/,
    );
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('and then changed by hand for one kind of a block is left, with the reason, and the rest is taken over', async () => {
    const bench = await applied(FORM);
    setBlocks(bench, [
      block(['oncall@company.test'], 'on-update-failure', 'on-flow-failure'),
      block(['boss@company.test'], 'on-update-fatal-failure'),
      block(['x@company.test'], 'on-update-success'),
    ]);
    const { code, out } = await bench.lakebell('drift', '--accept');
    expect(code).toBe(2);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'the same lines state notifications.on-flow-failure and notifications.on-update-failure, which did not change',
    );
    expect(await bench.read('notifications.yml')).toBe(FORM.replace('team@', 'x@'));
  });

  test('and then changed by hand in a block of which another one states a kind too is left', async () => {
    const text = `version: 1
pipelines:
  ingest:
    notifications:
      - { email_recipients: [a@company.test], alerts: [on-update-failure] }
      - { email_recipients: [b@company.test], alerts: [on-update-failure, on-flow-failure] }
`;
    const bench = await applied(text);
    setBlocks(bench, [
      block(['a@company.test', 'b@company.test'], 'on-update-failure'),
      block(['b@company.test', 'c@company.test'], 'on-flow-failure'),
    ]);
    const { code, out } = await bench.lakebell('drift', '--accept');
    expect([code, await bench.read('notifications.yml')]).toEqual([2, text]);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('the same lines state notifications.on-update-failure');
  });

  test('and then changed by hand where `strict` emptied it is told in the form of the file', async () => {
    const bench = await applied(entry('{ strict: true, notify: { on-update-failure: [a@company.test] } }'));
    setBlocks(bench, [
      block(['a@company.test'], 'on-update-failure'),
      block(['b@company.test'], 'on-flow-failure'),
    ]);
    const { code, out } = await bench.lakebell('drift', '--accept');
    expect(code).toBe(2);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('notify: { on-flow-failure: [b@company.test] }');
  });
});
