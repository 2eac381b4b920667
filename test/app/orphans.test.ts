import { describe, expect, test } from '@jest/globals';
import type { ShowDocument } from '../../src/core/document.ts';
import { type Bench, openBench } from '../support/cli.ts';

const SKIPPED = { no_alert_for_skipped_runs: false };
const JOB = {
  job_id: '9007199254740993',
  settings: {
    name: 'etl',
    email_notifications: { on_failure: ['removed@company.test'], on_start: ['theirs@company.test'] },
    notification_settings: SKIPPED,
  },
};

const FILE = (settings = '', rest = ''): string => `version: 1
${settings}destinations:
  kept: { email: { addresses: [kept@company.test] } }
${rest}`;

const DROPPED = `  dropped: { email: { addresses: [dropped@company.test] } }
jobs:
  etl:
    notify: { on_failure: [ours@company.test, dropped] }
    notification_settings: { no_alert_for_skipped_runs: true }
`;

const PRUNE = 'settings: { prune: true, limits: { max_delete_percent: 100, silenced: 1 } }\n';

describe('an entry that the file drops', () => {
  test('is a note without prune, and nothing is written', async () => {
    const bench = await applied(FILE('', DROPPED));
    await bench.write(FILE());
    const { changes } = await bench.document('plan');
    expect(changes.map(({ address, verb, notes }) => [address, verb, notes])).toEqual([
      ['destination/dropped', 'noop', ['no longer in the file; it stays as it is, and on record']],
      ['job/9007199254740993', 'noop', ['no longer in the file; it stays as it is, and on record']],
    ]);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.writes()).toEqual([]);
  });

  test('is shown as an orphan, in text and in JSON', async () => {
    const bench = await applied(FILE('', DROPPED));
    expect(await orphansOf(bench)).toEqual([]);
    await bench.write(FILE());
    expect(await orphansOf(bench)).toEqual(['destination/dropped', 'job/9007199254740993']);
    const { out } = await bench.lakebell('show');
    expect(out).toContain('3 objects on record');
    expect(out).toContain('2 orphans among them');
    expect((await bench.lakebell('show', 'destination/dropped')).out).toContain(
      'orphan: on record, and no longer in the file',
    );
    expect((await bench.lakebell('show', 'destination/kept')).out).not.toContain('orphan');
  });

  test('is shown as an orphan where its entry was pointed at another job', async () => {
    const bench = await applied(FILE('', DROPPED));
    await bench.write(FILE('', DROPPED.replace('etl:', 'etl:\n    id: 7')));
    expect(await orphansOf(bench)).toEqual(['job/9007199254740993']);
  });

  test('is no orphan any more once the file names it again', async () => {
    const bench = await applied(FILE('', DROPPED));
    await bench.write(FILE());
    await bench.lakebell('plan');
    await bench.write(FILE('', DROPPED));
    expect(await orphansOf(bench)).toEqual([]);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });
});

describe('prune', () => {
  test('deletes what is ours and takes back what we added; who was removed is not restored', async () => {
    const bench = await applied(FILE('', DROPPED));
    await bench.write(FILE(PRUNE));
    const { summary } = await bench.document('plan');
    expect(summary).toMatchObject({ delete: 1, update: 1 });
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(bench.sandbox.snapshot().destinations.map(({ display_name }) => display_name)).toEqual(['kept']);
    const settings = bench.sandbox.snapshot().jobs[0]?.settings;
    expect(settings?.['email_notifications']).toEqual({ on_start: ['theirs@company.test'] });
    expect(settings?.['webhook_notifications'] ?? {}).toEqual({});
    expect(settings?.['notification_settings'] ?? {}).not.toMatchObject({ no_alert_for_skipped_runs: true });
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    expect(await orphansOf(bench)).toEqual([]);
  });

  test('leaves a flag that no longer has our value, and recipients of others', async () => {
    const bench = await applied(FILE('', DROPPED));
    bench.sandbox.poke.setJob(JOB.job_id, (all) => ({
      ...all,
      notification_settings: { ...SKIPPED, no_alert_for_canceled_runs: true },
      email_notifications: { on_failure: ['ours@company.test', 'by-hand@company.test'] },
    }));
    await bench.write(FILE(PRUNE));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    const settings = bench.sandbox.snapshot().jobs[0]?.settings;
    expect(settings?.['notification_settings']).toMatchObject({ no_alert_for_canceled_runs: true });
    expect(settings?.['email_notifications']).toEqual({ on_failure: ['by-hand@company.test'] });
  });

  test('turned on later prunes what was dropped before', async () => {
    const bench = await applied(FILE('', DROPPED));
    await bench.write(FILE());
    await bench.lakebell('apply', '--auto-approve');
    await bench.write(FILE(PRUNE));
    expect((await bench.document('plan')).summary).toMatchObject({ delete: 1, update: 1 });
  });
});

async function applied(text: string): Promise<Bench> {
  const bench = await openBench({ seed: { jobs: [JOB] } }, text);
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  expect(code === 0 ? '' : out + err).toBe('');
  return bench;
}

async function orphansOf(bench: Bench): Promise<readonly string[]> {
  const { out } = await bench.lakebell('show', '--format', 'json');
  const { objects } = JSON.parse(out) as ShowDocument;
  return objects.filter(({ orphan }) => orphan).map(({ address }) => address);
}
