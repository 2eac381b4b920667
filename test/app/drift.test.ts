import { describe, expect, test } from '@jest/globals';
import type { PlanDocument } from '../../src/core/document.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { type Bench, openBench } from '../support/cli.ts';

const SEED: Seed = {
  jobs: [
    {
      job_id: '7',
      settings: { name: 'etl', email_notifications: { on_success: ['theirs@company.test'] } },
    },
    { job_id: '8', settings: { name: 'billing' } },
  ],
};
const CONFIG = `version: 1
destinations:
  leads: { email: { addresses: [leads@company.test] } }
jobs:
  etl:
    notify: { on_failure: [leads, oncall@company.test] }
    notification_settings: { no_alert_for_skipped_runs: true }
  billing: { mode: ensure, notify: { on_failure: [billing@company.test] } }
`;

async function applied(text = CONFIG): Promise<Bench> {
  const bench = await openBench({ seed: SEED }, text);
  const { code, err } = await bench.lakebell('apply', '--auto-approve');
  if (code !== 0) throw new Error(err);
  return bench;
}

async function driftOf(bench: Bench): Promise<{ readonly code: number; readonly document: PlanDocument }> {
  const { code, out, err } = await bench.lakebell('drift', '--format', 'json');
  if (out === '') throw new Error(err);
  return { code, document: JSON.parse(out) as PlanDocument };
}

/** As somebody in the UI would: notification blocks are merged, null takes an event away. */
function edit({ sandbox }: Bench, job: string, blocks: Readonly<Record<string, JsonObject>>): void {
  sandbox.poke.setJob(job, (settings) => ({
    ...settings,
    ...Object.fromEntries(
      Object.entries(blocks).map(([name, events]) => [
        name,
        Object.fromEntries(
          Object.entries({ ...(settings[name] as JsonObject | undefined), ...events }).filter(
            ([, value]) => value !== null,
          ),
        ),
      ]),
    ),
  }));
}

const told = ({ changes }: PlanDocument) =>
  changes.map(({ verb, address, fields }) => [
    verb,
    address,
    ...fields.map(({ path, before, after, origin }) => ({ path, before, after, origin })),
  ]);

describe('drift', () => {
  test('is none right after an apply', async () => {
    const bench = await applied();
    const { code, document } = await driftOf(bench);
    expect([code, document.changes, document.drift]).toEqual([
      0,
      [],
      { edited: 0, deleted: 0, uncovered: 0 },
    ]);
    expect((await bench.lakebell('drift')).out).toContain('No drift in');
  });

  test('tells what was edited by hand, from what was applied to what is there now', async () => {
    const bench = await applied();
    edit(bench, '7', { email_notifications: { on_failure: ['boss@company.test'] } });
    const { code, document } = await driftOf(bench);
    expect([code, told(document)]).toEqual([
      2,
      [
        [
          'update',
          'job/7',
          {
            path: 'email_notifications.on_failure',
            before: ['oncall@company.test'],
            after: ['boss@company.test'],
            origin: 'workspace',
          },
        ],
      ],
    ]);
    const { out } = await bench.lakebell('drift');
    const page = (await bench.lakebell('drift', '--format', 'markdown')).out;
    expect(page).toMatch(/^### Drift in `.*`: 1 object edited by hand\n/);
    expect(page).toContain('**Edited by hand 1**');
    expect(page).toContain('-  oncall@company.test\n+  boss@company.test');
    expect(out).toContain('Edited by hand 1');
    expect(out).toMatch(/- oncall@company\.test\n\s+\+ boss@company\.test/);
  });

  test('leaves a change of the file out, and calls both at once a conflict', async () => {
    const bench = await applied();
    await bench.write(CONFIG.replace('oncall@', 'duty@').replace('billing@company', 'bills@company'));
    expect((await driftOf(bench)).code).toBe(0);
    edit(bench, '7', { email_notifications: { on_failure: ['boss@company.test'] } });
    const { document } = await driftOf(bench);
    expect(told(document)).toEqual([
      ['update', 'job/7', expect.objectContaining({ before: ['oncall@company.test'], origin: 'both' })],
    ]);
    expect(document.notes.join()).toContain('1 change of the file is not applied yet');
    const plan = await bench.lakebell('plan');
    expect(plan.out.replaceAll(/\s+/g, ' ')).toContain(
      'conflict: changed by hand and in the file; last applied: oncall@company.test',
    );
  });

  test('of what a statement ensures is only what is missing', async () => {
    const bench = await applied();
    edit(bench, '8', { email_notifications: { on_failure: ['billing@company.test', 'more@company.test'] } });
    expect((await driftOf(bench)).code).toBe(0);
    edit(bench, '8', { email_notifications: { on_failure: ['more@company.test'] } });
    expect((await driftOf(bench)).code).toBe(2);
  });

  test('tells objects that were deleted by hand, ours and other people’s', async () => {
    const bench = await applied();
    const [leads] = bench.sandbox.snapshot().destinations;
    edit(bench, '7', { webhook_notifications: { on_failure: null } });
    bench.sandbox.poke.deleteDestination(String(leads?.id));
    bench.sandbox.poke.deleteJob('8');
    const { code, document } = await driftOf(bench);
    expect([code, document.drift]).toEqual([2, { edited: 1, deleted: 2, uncovered: 0 }]);
    expect(document.changes.filter(({ verb }) => verb === 'delete').map(({ address }) => address)).toEqual([
      'destination/leads',
      'job/billing',
    ]);
  });

  test('counts what is somebody else’s and touches nothing', async () => {
    const bench = await applied();
    edit(bench, '7', { email_notifications: { on_success: ['new@company.test'] } });
    expect((await driftOf(bench)).code).toBe(0);
    expect(bench.writes()).toEqual([]);
  });

  test('that is muted is left alone until its last day is over, and the plan says why', async () => {
    const mute = (until: string): string =>
      `${CONFIG}settings:\n  mutes: [{ address: job/etl, fields: ['*.on_failure'], until: ${until}, why: the boss asked }]\n`;
    const bench = await applied();
    edit(bench, '7', { email_notifications: { on_failure: ['boss@company.test'] } });
    await bench.write(mute('2026-01-01'));
    expect((await driftOf(bench)).code).toBe(0);
    const plan = await bench.document('plan');
    expect([plan.summary.update, plan.changes.map(({ notes }) => notes)]).toEqual([
      0,
      [['email_notifications.on_failure: changed by hand, and muted until 2026-01-01: the boss asked']],
    ]);
    // A write beside it leaves it what it is: drift, and not what was applied.
    await bench.write(mute('2026-01-01').replace('skipped_runs: true', 'skipped_runs: false'));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(
      bench.sandbox.snapshot().jobs.find(({ settings }) => settings['name'] === 'etl')?.settings,
    ).toMatchObject({
      email_notifications: { on_failure: ['boss@company.test'] },
    });
    await bench.write(mute('2025-12-31').replace('skipped_runs: true', 'skipped_runs: false'));
    const { code, document } = await driftOf(bench);
    expect([code, document.diagnostics.map(({ code: of }) => of)]).toEqual([2, ['mute-expired']]);
  });

  test('without a record is whatever is not as the file says, and that is said', async () => {
    const bench = await openBench({ seed: SEED }, CONFIG);
    const { code, document } = await driftOf(bench);
    expect([code, document.drift]).toEqual([2, { edited: 2, deleted: 1, uncovered: 0 }]);
    expect(document.notes.join()).toContain('no record to compare with');
  });

  test('that could not be read is not "no drift"', async () => {
    const bench = await applied();
    bench.sandbox.fault({
      kind: 'status',
      path: '/api/2.0/notification-destinations',
      status: 403,
      times: Infinity,
    });
    const { code, out } = await bench.lakebell('drift');
    expect(code).toBe(3);
    expect(out).toContain('No conclusion');
  });
});
