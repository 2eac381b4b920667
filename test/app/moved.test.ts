import { describe, expect, test } from '@jest/globals';
import type { RecordDocument } from '../../src/core/record.ts';
import { type Bench, openBench } from '../support/cli.ts';

const JOB = { job_id: '9007199254740993', settings: { name: 'etl' } };

/** A destination under a key of choice, whose name in the workspace stays, and a job that points at it. */
const FILE = (key: string, rest = '', job = 'etl'): string => `version: 1
${rest}destinations:
  ${key}: { display_name: Chat, slack: { url: "\${secrets.CHAT}" } }
jobs: { ${job}: { name: etl, notify: { on_failure: [${key}] } } }
`;

const MOVE = 'moved: [{ from: destination/chat, to: destination/team-chat }]\n';

describe('moved', () => {
  test('renames a key in the record alone: nothing is adopted, no secret is written', async () => {
    const bench = await applied(FILE('chat'));
    await bench.write(FILE('team-chat', MOVE));
    const plan = await bench.document('plan');
    expect(plan.changes.map(({ address, verb, notes }) => [address, verb, notes])).toEqual([
      ['destination/team-chat', 'noop', ['moved from destination/chat: only the record is written']],
    ]);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(writesBesideRecord(bench)).toEqual([]);
    const { objects } = recordOf(bench);
    expect(Object.keys(objects)).toEqual(['destination/team-chat', 'job/9007199254740993']);
    expect(objects['destination/team-chat']).toMatchObject({ key: 'team-chat', name: 'Chat' });
    expect(objects['job/9007199254740993']).toMatchObject({
      applied: { 'webhook_notifications.on_failure': ['${destination/team-chat}'] },
      added: { 'webhook_notifications.on_failure': ['${destination/team-chat}'] },
    });
  });

  test('needs nobody to approve it, as nothing is written to the workspace', async () => {
    const bench = await applied(FILE('chat'));
    await bench.write(FILE('team-chat', MOVE));
    expect((await bench.lakebell('apply')).code).toBe(0);
    expect(Object.keys(recordOf(bench).objects)).toContain('destination/team-chat');
  });

  test('has no effect and no word once it has happened, with the line or without', async () => {
    const bench = await applied(FILE('chat'));
    for (const rest of [MOVE, MOVE, '']) {
      await bench.write(FILE('team-chat', rest));
      await bench.lakebell('apply', '--auto-approve');
    }
    expect(bench.writes()).toEqual([]);
    await bench.write(FILE('team-chat', MOVE));
    const { changes, diagnostics } = await bench.document('plan');
    expect([changes, diagnostics]).toEqual([[], []]);
  });

  test('has no effect where nothing is on record', async () => {
    const bench = await openBench({ seed: { jobs: [JOB] } }, FILE('team-chat', MOVE));
    bench.env['CHAT'] = 'https://hooks.slack.test/services/T/B/one';
    expect((await bench.document('plan')).changes.map(({ verb }) => verb)).toEqual(['create', 'update']);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('goes along with a change of the same entry, and is outside the digest', async () => {
    const bench = await applied(FILE('chat'));
    const changed = FILE('team-chat', MOVE).replace('on_failure', 'on_success');
    await bench.write(changed);
    const plan = await bench.document('plan');
    expect(plan.changes.map(({ address, verb }) => [address, verb])).toEqual([
      ['destination/team-chat', 'noop'],
      ['job/9007199254740993', 'update'],
    ]);
    expect((await bench.lakebell('apply', '--approve', plan.digest)).code).toBe(0);
    expect(writesBesideRecord(bench)).toEqual(['POST /api/2.2/jobs/update']);
    expect(Object.keys(recordOf(bench).objects)).toContain('destination/team-chat');
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('with a new name in the workspace is a rename there, without the secret', async () => {
    const bench = await applied(FILE('chat').replace('display_name: Chat, ', ''));
    await bench.write(FILE('team-chat', MOVE).replace('display_name: Chat, ', ''));
    const { changes } = await bench.document('plan');
    expect(changes.map(({ verb, fields, notes }) => [verb, fields.map(({ path }) => path), notes])).toEqual([
      ['update', ['display_name'], ['moved from destination/chat']],
    ]);
    bench.env['CHAT'] = undefined;
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.sandbox.snapshot().destinations).toMatchObject([{ display_name: 'team-chat' }]);
  });

  test('keeps knowing a secret by its fingerprint', async () => {
    const bench = await applied(FILE('chat'));
    await bench.write(FILE('team-chat', MOVE));
    bench.env['CHAT'] = 'https://hooks.slack.test/services/T/B/two';
    expect((await bench.document('plan')).changes.map(({ verb }) => verb)).toEqual(['rotate']);
  });

  test('of a job renames the key beside its id, so that it is no orphan', async () => {
    const bench = await applied(FILE('chat'));
    await bench.write(FILE('chat', 'moved: [{ from: job/etl, to: job/main }]\n', 'main'));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(writesBesideRecord(bench)).toEqual([]);
    expect(recordOf(bench).objects['job/9007199254740993']).toMatchObject({ key: 'main' });
  });

  test('leaves both alone where the new key is another object on record, also with prune', async () => {
    const two = FILE('chat').replace('jobs:', '  other: { email: { addresses: [a@company.test] } }\njobs:');
    const bench = await applied(two);
    const settings = 'settings: { prune: true, limits: { max_delete_percent: 100 } }\n';
    await bench.write(
      `version: 1\n${settings}moved: [{ from: destination/chat, to: destination/other }]\n` +
        'destinations: { other: { email: { addresses: [a@company.test] } } }\n' +
        'jobs: { etl: { notify: { on_failure: [] } } }\n',
    );
    const { changes } = await bench.document('plan');
    expect(changes.find(({ address }) => address === 'destination/chat')).toMatchObject({
      verb: 'noop',
      notes: [expect.stringContaining('cannot make it destination/other')],
    });
  });

  test('is shown under the new key at once', async () => {
    const bench = await applied(FILE('chat'));
    await bench.write(FILE('team-chat', MOVE));
    const { out } = await bench.lakebell('show', 'destination/team-chat');
    expect(out).toContain('destination/team-chat  Chat');
    expect(out).not.toContain('orphan');
  });

  test('is saved with the other changes of an apply that --only narrows to it, and not otherwise', async () => {
    const bench = await applied(FILE('chat'));
    await bench.write(FILE('team-chat', MOVE));
    await bench.lakebell('apply', '--auto-approve', '--only', 'job/etl');
    expect(Object.keys(recordOf(bench).objects)).toContain('destination/chat');
    await bench.lakebell('apply', '--auto-approve', '--only', 'destination/*');
    expect(Object.keys(recordOf(bench).objects)).toContain('destination/team-chat');
  });

  test('can be said for one target alone', async () => {
    const bench = await applied(FILE('chat', 'targets: { dev: {} }\n'));
    await bench.write(FILE('team-chat', `targets: { dev: { ${MOVE.trim()} } }\n`));
    const { changes } = await bench.document('plan');
    expect(changes.map(({ address, verb }) => [address, verb])).toEqual([['destination/team-chat', 'noop']]);
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
