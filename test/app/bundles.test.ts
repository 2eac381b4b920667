import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { ChangeDocument, OwnerDocument } from '../../src/core/document.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { mergedSettings } from '../../src/sandbox/poke.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';
import { UUID_A } from '../support/builders.ts';

const PATH = '/Users/sp@company.test/.bundle/etl/prod/state/metadata.json';
const TOKEN = 'ghp_thisMustNeverBePrinted';
const BUNDLE = {
  deployment: { kind: 'BUNDLE', metadata_file_path: `/Workspace${PATH}` },
  edit_mode: 'UI_LOCKED',
};

function metadata(jobs: Readonly<Record<string, string>>, git: object = {}): string {
  const told = {
    branch: 'main',
    origin_url: `https://deploy:${TOKEN}@github.com/acme/etl.git`,
    commit: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    bundle_root_path: '.',
  };
  const made = Object.entries(jobs).map(([key, id]) => [key, { id, relative_path: 'resources/etl.yml' }]);
  return JSON.stringify({
    version: 1,
    config: { bundle: { git: { ...told, ...git } }, resources: { jobs: Object.fromEntries(made) } },
  });
}

const ETL: JsonObject = {
  name: 'etl',
  ...BUNDLE,
  email_notifications: { on_failure: ['etl@company.test'] },
  tasks: [
    { task_key: 'load' },
    { task_key: 'each', for_each_task: { inputs: '[1]', task: { task_key: 'one' } } },
  ],
};

const SEED: Seed = {
  destinations: [
    { id: UUID_A, display_name: 'team-slack', config: { email: { addresses: ['t@company.test'] } } },
  ],
  jobs: [
    { job_id: '7', settings: ETL },
    { job_id: '8', settings: { name: 'hourly', ...BUNDLE } },
  ],
  files: [{ path: PATH, content: metadata({ etl: '7', hourly: '8' }) }],
};

const config = (settings = '', also = ''): string => `version: 1
settings: { ${settings} }
destinations: { team-slack: { existing: true } }
jobs:
  etl:
    mode: ensure
    notify: { on_failure: [team-slack, oncall@company.test] }
    health: { rules: [{ metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 3600 }] }
    tasks:
      load: { notification_settings: { alert_on_last_attempt: true } }
      each: { for_each: { webhook_notifications: { on_success: [{ id: "\${destinations.team-slack.id}" }] } } }
${also}`;

const reads = ({ sandbox }: Bench): number =>
  sandbox.requests.filter(({ path }) => path.includes('/export') && path.includes('metadata.json')).length;

const jobWrites = (bench: Bench): readonly string[] =>
  bench.writes().filter((line) => line.includes('/jobs/'));

async function ownerIn(bench: Bench): Promise<OwnerDocument> {
  const { changes } = await bench.document('plan');
  const owner = changes.find(({ key }) => key === 'etl')?.blocked?.owner;
  if (owner === undefined) throw new Error('the plan tells no owner');
  return owner;
}

describe('a job that a bundle deploys', () => {
  test('is not written, and the plan tells repository, branch, commit, file and key', async () => {
    const bench = await openBench({ seed: SEED }, config());
    expect(await ownerIn(bench)).toEqual({
      repository: 'github.com/acme/etl',
      url: 'https://github.com/acme/etl/blob/1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d/resources/etl.yml',
      branch: 'main',
      commit: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
      file: 'resources/etl.yml',
      key: 'etl',
      why: null,
      snippet: expect.stringContaining('resources:\n  jobs:\n    etl:\n'),
    });
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(jobWrites(bench)).toEqual([]);
  });

  test('has nothing left to be done once its bundle is deployed with the snippet', async () => {
    const bench = await openBench({ seed: SEED }, config());
    const { snippet } = await ownerIn(bench);
    const { resources } = parse(snippet ?? '') as { resources: { jobs: { etl: JsonObject } } };
    bench.sandbox.poke.setJob('7', (settings) =>
      mergedSettings(settings, deployed(settings, resources.jobs.etl)),
    );
    const { summary } = await bench.document('plan');
    expect([summary.blocked, summary.update]).toEqual([0, 0]);
  });

  test('has a snippet that an entry of ours takes as it is', async () => {
    const bench = await openBench({ seed: SEED }, config());
    const { snippet } = await ownerIn(bench);
    const { tasks, ...blocks } = (parse(snippet ?? '') as { resources: { jobs: { etl: Pasted } } }).resources
      .jobs.etl;
    const ofTasks = Object.fromEntries(
      tasks.map(({ task_key, for_each_task, ...own }) => [
        task_key,
        for_each_task === undefined ? own : { ...own, for_each: for_each_task.task },
      ]),
    );
    await bench.write(stringify({ version: 1, jobs: { etl: { ...blocks, tasks: ofTasks } } }));
    const { code, out, err } = await bench.lakebell('validate');
    expect(code === 0 ? '' : out + err).toBe('');
  });

  test.each(['text', 'markdown', 'json'])('keeps the token of its repository out of %s', async (format) => {
    const bench = await openBench({ seed: SEED }, config());
    const { out, err } = await bench.lakebell(
      'plan',
      '--format',
      format,
      ...(format === 'text' ? ['--verbose'] : []),
    );
    expect(out).toContain('github.com/acme/etl');
    expect(out + err).not.toContain(TOKEN);
  });

  test('has the digest of the plan on nothing that its metadata say', async () => {
    const bench = await openBench({ seed: SEED }, config());
    const { digest } = await bench.document('plan');
    bench.sandbox.poke.writeFile(PATH, metadata({ etl: '7' }, { commit: 'ffffffff' }));
    expect((await bench.document('plan')).digest).toBe(digest);
    bench.sandbox.poke.deleteFile(PATH);
    expect((await bench.document('plan')).digest).toBe(digest);
  });
});

type Pasted = JsonObject & {
  readonly tasks: readonly (JsonObject & {
    readonly task_key: string;
    readonly for_each_task?: { readonly task: JsonObject };
  })[];
};

/** What a bundle makes of a job's settings: blocks are merged into its YAML, tasks by their keys. */
function deployed(settings: JsonObject, snippet: JsonObject): JsonObject {
  const { tasks: wanted, ...blocks } = snippet as Pasted;
  const tasks = (settings as Pasted).tasks.map((task) => {
    const own = wanted.find(({ task_key }) => task_key === task.task_key);
    const { for_each_task: outer, ...rest } = task;
    const inner = own?.for_each_task;
    if (outer === undefined || inner === undefined) return { ...task, ...own };
    return { ...rest, for_each_task: { ...outer, task: { ...outer.task, ...inner.task } } };
  });
  return { ...blocks, tasks };
}

describe('the metadata of a bundle', () => {
  test('are read once for all its jobs', async () => {
    const bench = await openBench(
      { seed: SEED },
      config('', '  hourly: { notify: { on_start: [a@company.test] } }\n'),
    );
    const { changes } = await bench.document('plan');
    const keyOf = ({ blocked }: ChangeDocument): string | null | undefined => blocked?.owner?.key;
    expect(changes.map(keyOf)).toEqual(['etl', 'hourly']);
    expect(reads(bench)).toBe(1);
  });

  test.each([
    [
      'nothing is to be changed',
      `version: 1\njobs: { etl: { email_notifications: { on_failure: [etl@company.test] } } }\n`,
    ],
    ['its jobs are skipped', config('bundle_jobs: skip')],
    ['its jobs are written', config('bundle_jobs: manage')],
  ])('are not read where %s', async (_what, text) => {
    const bench = await openBench({ seed: SEED }, text);
    expect((await bench.document('plan')).summary.blocked).toBe(0);
    expect(reads(bench)).toBe(0);
  });

  test('are not read for what --only leaves out', async () => {
    const bench = await openBench({ seed: SEED }, config());
    await bench.document('plan', '--only', 'destination/*');
    expect(reads(bench)).toBe(0);
  });

  test('may take 1 MiB and no more', async () => {
    const bench = await openBench({ seed: SEED }, config());
    const text = metadata({ etl: '7' });
    const full = text + ' '.repeat(1024 * 1024 - text.length);
    bench.sandbox.poke.writeFile(PATH, full);
    expect(await ownerIn(bench)).toMatchObject({ key: 'etl', why: null });
    bench.sandbox.poke.writeFile(PATH, `${full} `);
    expect(await ownerIn(bench)).toMatchObject({
      key: null,
      why: `${PATH} is larger than 1 MiB, so it was not read`,
    });
    // Once, and not again and again.
    expect(reads(bench)).toBe(1);
  });

  test.each([
    [403, 'PERMISSION_DENIED', 'this identity may not read'],
    [404, 'RESOURCE_DOES_NOT_EXIST', 'is not there, or this identity may not see it'],
    [500, 'INTERNAL_ERROR', 'could not be read'],
    [503, 'TEMPORARILY_UNAVAILABLE', 'could not be read'],
    [401, 'UNAUTHENTICATED', 'could not be read'],
  ])('stop no plan where they are answered with %d', async (status, error_code, why) => {
    const bench = await openBench({ seed: SEED }, config());
    const body = { error_code, message: 'as it was asked for' };
    bench.sandbox.fault({ kind: 'status', status, body, path: '*/export?*metadata.json*', times: Infinity });
    const { code } = await bench.lakebell('plan');
    expect(code).toBe(0);
    expect(await ownerIn(bench)).toMatchObject({ repository: null, why: expect.stringContaining(why) });
  });

  test.each(['/Workspace/Users/boss@company.test/salaries.json', '/Users/x/../boss/state/metadata.json', ''])(
    'are not read at %j',
    async (metadata_file_path) => {
      const bench = await openBench({ seed: SEED }, config());
      bench.sandbox.poke.writeFile('/Users/boss@company.test/salaries.json', metadata({ etl: '7' }));
      bench.sandbox.poke.setJob('7', (settings) => ({
        ...settings,
        deployment: { kind: 'BUNDLE', metadata_file_path },
      }));
      expect((await ownerIn(bench)).why).not.toBeNull();
      const exported = bench.sandbox.requests.filter(({ path }) => path.includes('/export'));
      expect(exported.filter(({ path }) => !path.includes('.lakebell'))).toEqual([]);
    },
  );
});

describe('settings.bundle_jobs', () => {
  test('manage writes, and says that the next deploy undoes it', async () => {
    const bench = await openBench({ seed: SEED }, config('bundle_jobs: manage'));
    const { changes } = await bench.document('plan');
    expect(changes.map(({ verb, notes }) => [verb, notes])).toEqual([
      ['update', ['a bundle owns this job, and its next deploy would undo our change']],
    ]);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(jobWrites(bench)).toEqual(['POST /api/2.2/jobs/update']);
  });

  test('skip leaves it alone, and says so', async () => {
    const bench = await openBench({ seed: SEED }, config('bundle_jobs: skip'));
    const { changes } = await bench.document('apply', '--auto-approve');
    expect(changes.map(({ verb, notes }) => [verb, notes[0]])).toEqual([
      ['noop', 'left alone: a bundle owns this job, and its next deploy would undo our change'],
    ]);
    expect(jobWrites(bench)).toEqual([]);
  });

  test.each(['report', 'manage', 'skip'])(
    '%s never writes what Databricks itself manages',
    async (choice) => {
      const bench = await openBench({ seed: SEED }, config(`bundle_jobs: ${choice}`));
      const deployment = { kind: 'SYSTEM_MANAGED', metadata_file_path: BUNDLE.deployment.metadata_file_path };
      bench.sandbox.poke.setJob('7', (settings) => ({ ...settings, deployment }));
      const { changes } = await bench.document('apply', '--auto-approve');
      expect(changes.map(({ blocked }) => [blocked?.reason, blocked?.owner])).toEqual([
        ['system-managed', undefined],
      ]);
      expect([jobWrites(bench), reads(bench)]).toEqual([[], 0]);
    },
  );
});

describe('a job that is taken over between plan and write', () => {
  test.each([
    ['report', 'BUNDLE', 'a bundle owns this job'],
    ['manage', 'BUNDLE', 'a bundle owns this job'],
    ['skip', 'BUNDLE', 'a bundle owns this job'],
    ['manage', 'SYSTEM_MANAGED', 'Databricks itself manages this job'],
  ])('with bundle_jobs: %s by %s is left alone, and the rest goes on', async (choice, kind, why) => {
    const bench = await meddled(
      config(`bundle_jobs: ${choice}`, '  free: { notify: { on_start: [a@company.test] } }\n'),
      kind,
    );
    const { outcomes } = await bench.document('apply', '--auto-approve');
    expect(outcomes?.map(({ address, state, wrote }) => [address, state, wrote])).toEqual([
      ['job/7', 'changed-meanwhile', false],
      ['job/9', 'done', true],
    ]);
    expect(outcomes?.[0]?.message).toContain(why);
    expect(jobWrites(bench)).toEqual(['POST /api/2.2/jobs/update']);
    expect((await bench.lakebell('plan')).out).toContain(
      choice === 'skip' ? 'left alone' : choice === 'manage' && kind === 'BUNDLE' ? '~ etl' : '! etl',
    );
  });

  /** It happens just as the lock is taken: the plan is made, nothing is written. */
  async function meddled(text: string, kind: string): Promise<Bench> {
    const state: { bench?: Bench; isDone: boolean } = { isDone: false };
    const jobs = [
      { job_id: '7', settings: mergedSettings(ETL, { deployment: null }) },
      { job_id: '9', settings: { name: 'free' } },
    ];
    const bench = await openBench(
      {
        seed: { ...SEED, jobs },
        behaviour: { latencyMs: 1 },
        sleep: () => {
          const isLocking = state.bench?.sandbox.requests.at(-1)?.path.includes('default.json.lock') === true;
          if (isLocking && !state.isDone)
            state.bench?.sandbox.poke.setJob('7', (settings) => ({ ...settings, deployment: { kind } }));
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
