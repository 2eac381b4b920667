import { describe, expect, test } from '@jest/globals';
import type { RecordDocument } from '../../src/core/record.ts';
import { type Bench, openBench } from '../support/cli.ts';

const JOB = {
  job_id: '9007199254740993',
  settings: { name: 'etl', email_notifications: { on_start: ['theirs@company.test'] } },
};
const HOOK = 'webhook_notifications';

const FILE = (rest = '', more = ''): string => `version: 1
${rest}destinations:
  kept: { email: { addresses: [kept@company.test] } }
${more}`;

const BOTH = FILE(
  '',
  `  chat: { slack: { url: "\${secrets.CHAT}" } }
jobs: { etl: { notify: { on_failure: [chat, oncall@company.test] } } }
`,
);

describe('removed', () => {
  test('lets go of an object: it stays as it is, without a write, and is forgotten', async () => {
    const bench = await applied(BOTH);
    const before = bench.sandbox.snapshot().destinations;
    await bench.write(FILE('removed: [destination/chat, job/etl]\n'));
    const plan = await bench.document('plan');
    expect(
      plan.changes.map(({ address, verb, source, fields }) => [address, verb, source?.line, fields]),
    ).toEqual([
      ['destination/chat', 'detach', 2, []],
      ['job/9007199254740993', 'detach', 2, []],
    ]);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(2);
    expect((await bench.lakebell('apply', '--approve', plan.digest)).code).toBe(0);
    expect(writesBesideRecord(bench)).toEqual([]);
    expect(bench.sandbox.snapshot().destinations).toEqual(before);
    expect(bench.sandbox.snapshot().jobs[0]?.settings['email_notifications']).toMatchObject({
      on_failure: ['oncall@company.test'],
    });
    expect(Object.keys(recordOf(bench).objects)).toEqual(['destination/kept']);
  });

  test('is a warning once it has happened, until the line is taken out', async () => {
    const bench = await applied(BOTH);
    await bench.write(FILE('removed: [destination/chat, job/etl]\n'));
    await bench.lakebell('apply', '--auto-approve');
    const again = await bench.document('plan', '--detailed-exitcode');
    expect(again.changes).toEqual([]);
    expect(again.diagnostics.map(({ code, severity, line }) => [code, severity, line])).toEqual([
      ['removed-nothing', 'warning', 2],
      ['removed-nothing', 'warning', 2],
    ]);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.writes()).toEqual([]);
    await bench.write(FILE());
    expect((await bench.document('plan')).diagnostics).toEqual([]);
  });

  test('suggests what is on record for an address that is misspelt', async () => {
    const bench = await applied(BOTH);
    await bench.write(FILE('removed: [destination/chatt]\n'));
    const { diagnostics, changes } = await bench.document('plan');
    expect(diagnostics).toMatchObject([
      {
        message: 'nothing on record is called "destination/chatt"',
        hint: 'did you mean "destination/chat"?',
      },
    ]);
    expect(changes.map(({ verb }) => verb)).toEqual(['noop', 'noop']);
  });

  test.each(['job/etl', 'job/9007199254740993'])(
    'finds a job by %s, and takes nothing of it back',
    async (address) => {
      const bench = await applied(BOTH);
      await bench.write(FILE(`settings: { prune: true }\nremoved: [destination/chat, ${address}]\n`));
      expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
      expect(writesBesideRecord(bench)).toEqual([]);
      expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    },
  );

  test('keeps `prune` from deleting, and needs an approval like any change', async () => {
    const bench = await applied(BOTH);
    const prune = 'settings: { prune: true, limits: { max_delete_percent: 100, silenced: 1 } }\n';
    await bench.write(FILE(prune));
    expect((await bench.document('plan')).summary).toMatchObject({ delete: 1, update: 1, detach: 0 });
    await bench.write(FILE(`${prune}removed: [destination/chat, job/etl]\n`));
    expect((await bench.document('plan')).summary).toMatchObject({ delete: 0, update: 0, detach: 2 });
    expect((await bench.lakebell('apply')).code).toBe(5);
    expect(Object.keys(recordOf(bench).objects)).toHaveLength(3);
  });

  test('of everything leaves nothing that an empty file could lose', async () => {
    const bench = await applied(BOTH);
    await bench.write('version: 1\nremoved: [destination/chat, destination/kept, job/etl]\n');
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(recordOf(bench).objects).toEqual({});
  });

  test('warns where an entry of another key means the object', async () => {
    const bench = await applied(BOTH);
    await bench.write(
      BOTH.replace('etl: {', 'main: { name: etl,').replace(
        'version: 1\n',
        'version: 1\nremoved: [job/etl]\n',
      ),
    );
    const { diagnostics, changes } = await bench.document('plan');
    expect(diagnostics).toMatchObject([
      { message: 'job/9007199254740993 is not let go of: job/main means it', line: 2 },
    ]);
    expect(changes.map(({ verb }) => verb)).not.toContain('detach');
  });

  test('is refused where the file still declares it, and names both lines', async () => {
    const bench = await openBench({}, `removed: [destination/kept]\n${FILE()}`);
    const { code, err } = await bench.lakebell('validate');
    expect(code).toBe(1);
    expect(err).toContain(
      `destination/kept is under \`removed\` (${bench.path('notifications.yml')}:1) and still declared (${bench.path('notifications.yml')}:4)`,
    );
  });

  test('leaves what was added to a job with the let go destination to be taken back', async () => {
    const ensure = (notify: string, rest = ''): string =>
      FILE(rest, `jobs: { etl: { mode: ensure, notify: { on_start: [kept], on_failure: [${notify}] } } }\n`);
    const chat = ensure('chat, oncall@company.test').replace(
      'jobs:',
      '  chat: { slack: { url: "${secrets.CHAT}" } }\njobs:',
    );
    const bench = await applied(chat);
    await bench.write(ensure('oncall@company.test', 'removed: [destination/chat]\n'));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.sandbox.snapshot().jobs[0]?.settings[HOOK]).toMatchObject({ on_failure: [{}] });
    expect((await bench.document('plan')).summary.drifted).toBe(0);
    await bench.write(FILE('settings: { prune: true }\n'));
    expect((await bench.lakebell('apply', '--auto-approve', '--allow', 'silenced')).code).toBe(0);
    const settings = bench.sandbox.snapshot().jobs[0]?.settings;
    expect([settings?.[HOOK] ?? {}, settings?.['email_notifications']]).toEqual([
      {},
      { on_start: ['theirs@company.test'] },
    ]);
  });
});

async function applied(text: string): Promise<Bench> {
  const bench = await openBench({ seed: { jobs: [JOB] } }, text);
  bench.env['CHAT'] = 'https://hooks.slack.test/services/T/B/one';
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  expect(code === 0 ? '' : out + err).toBe('');
  return bench;
}

function recordOf({ sandbox }: Bench): RecordDocument {
  const file = sandbox.snapshot().files.find(({ path }) => path.endsWith('.json'));
  return JSON.parse(file?.content ?? '') as RecordDocument;
}

function writesBesideRecord(bench: Bench): readonly string[] {
  return bench.writes().filter((line) => !line.includes('/workspace'));
}
