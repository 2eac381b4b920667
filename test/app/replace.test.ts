import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../src/sandbox/faults.ts';
import { type Bench, openBench } from '../support/cli.ts';

const config = (type: string, list = '[d, x@company.test]', mode = 'exact'): string => `version: 1
settings: { limits: { max_delete_percent: 100 } }
destinations: { d: { ${type} } }
jobs: { etl: { mode: ${mode}, notify: { on_failure: ${list} } } }
`;
const OLD = 'email: { addresses: [d@company.test] }';
const NEW = 'generic_webhook: { url: "https://hook.test" }';

describe('a replace', () => {
  test('makes the new one, rewires, and deletes the old one last', async () => {
    const bench = await replacing();
    const plan = await bench.document('plan');
    expect(plan.changes.map(({ address, verb }) => `${address} ${verb}`)).toEqual([
      'destination/d replace',
      'job/7 update',
    ]);
    expect((await bench.lakebell('apply', '--approve', plan.digest)).code).toBe(0);
    const steps = bench.writes().filter((line) => !line.includes('/workspace'));
    expect(steps.map((line) => line.replace(/[0-9a-f-]{36}/, 'ID'))).toEqual([
      'POST /api/2.0/notification-destinations',
      'POST /api/2.2/jobs/update',
      'DELETE /api/2.0/notification-destinations/ID',
    ]);
    expectReplaced(bench);
  });

  test('moves the reference of a job that only ensures it', async () => {
    const bench = await replacing('ensure');
    const plan = await bench.lakebell('plan');
    expect(plan.code === 0 ? '' : plan.out).toBe('');
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expectReplaced(bench);
  });

  test('is no drift: nobody changed anything by hand', async () => {
    const bench = await replacing();
    const { summary, changes } = await bench.document('plan');
    expect(changes.flatMap(({ fields }) => fields.filter(({ drifted }) => drifted))).toEqual([]);
    expect(summary.drifted).toBe(0);
  });

  test.each<[string, Fault]>([
    [
      'the new one is refused',
      { kind: 'status', status: 400, method: 'POST', path: '*/notification-destinations' },
    ],
    ['the job cannot be rewired', { kind: 'status', status: 403, path: '*/jobs/update' }],
    ['the old one cannot be deleted', { kind: 'status', status: 403, method: 'DELETE' }],
    [
      'the record cannot be saved after the create',
      { kind: 'status', status: 400, path: '*import-file*default.json?overwrite=true', skip: 1 },
    ],
    [
      'the answer of the create is lost',
      { kind: 'drop-after', method: 'POST', path: '*/notification-destinations' },
    ],
    ['the answer of the delete is lost', { kind: 'drop-after', method: 'DELETE' }],
  ])('goes on under the same digest when %s', async (_what, fault) => {
    const bench = await replacing();
    const { digest } = await bench.document('plan');
    bench.sandbox.fault(fault);
    const first = await bench.lakebell('apply', '--approve', digest);
    bench.sandbox.clearFaults();
    if (first.code !== 0) expect(failureOf(bench)).not.toEqual([]);
    const second = await bench.lakebell('apply', '--approve', digest);
    expect(second.code === 0 ? '' : second.out + second.err).toBe('');
    expectReplaced(bench);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('asked for by --replace makes one of the same kind anew', async () => {
    const bench = await replacing();
    await bench.write(config(OLD));
    const before = idsOf(bench);
    expect((await bench.lakebell('apply', '--auto-approve', '--replace', 'destination/d')).code).toBe(0);
    const after = idsOf(bench);
    expect([before.length, after.length, after[0] === before[0]]).toEqual([1, 1, false]);
    expect(failureOf(bench)).toEqual(after);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test.each(['destination/dd', 'job/etl', 'job/7', 'd'])(
    'is not asked for by --replace %s',
    async (address) => {
      const bench = await replacing();
      const { code, err } = await bench.lakebell('plan', '--replace', address);
      expect([code, err.includes('destination/d')]).toEqual([1, true]);
    },
  );

  test('of an object whose old one somebody renamed meanwhile leaves that one alone and comes to an end', async () => {
    const bench = await replacing();
    const { digest } = await bench.document('plan');
    bench.sandbox.fault({ kind: 'status', status: 403, method: 'DELETE' });
    expect((await bench.lakebell('apply', '--approve', digest)).code).toBe(6);
    bench.sandbox.poke.renameDestination(idsOf(bench)[0]!, 'Kept by hand');
    await bench.lakebell('apply', '--approve', digest);
    expect(
      bench.sandbox
        .snapshot()
        .destinations.map(({ display_name: name }) => name)
        .sort(),
    ).toEqual(['Kept by hand', 'd']);
    const { code, out } = await bench.lakebell('plan', '--detailed-exitcode');
    expect(code === 0 ? '' : out).toBe('');
  });

  test('that is held back holds back the job that waits for it', async () => {
    const bench = await replacing();
    await bench.lakebell('plan', '--only', 'job/7', '--out', bench.path('plan.json'));
    const { outcomes } = await bench.document('apply', '--plan', bench.path('plan.json'));
    expect(outcomes?.map(({ state }) => state)).toEqual(['held-back', 'held-back']);
    expect(bench.writes()).toEqual([]);
  });
});

/** Applied with the old type; the file now says the new one. */
async function replacing(mode = 'exact'): Promise<Bench> {
  const bench = await openBench(
    { seed: { jobs: [{ job_id: '7', settings: { name: 'etl' } }] } },
    config(OLD, undefined, mode),
  );
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  expect(code === 0 ? '' : out + err).toBe('');
  await bench.write(config(NEW, undefined, mode));
  return bench;
}

function expectReplaced(bench: Bench): void {
  const { destinations } = bench.sandbox.snapshot();
  expect(destinations.map(({ display_name: name, config: of }) => [name, of])).toEqual([
    ['d', { generic_webhook: { url: 'https://hook.test' } }],
  ]);
  expect(failureOf(bench)).toEqual(idsOf(bench));
}

function idsOf({ sandbox }: Bench): readonly string[] {
  return sandbox.snapshot().destinations.map(({ id }) => String(id));
}

function failureOf({ sandbox }: Bench): readonly string[] {
  const settings = sandbox.snapshot().jobs[0]?.settings as {
    webhook_notifications?: { on_failure?: { id: string }[] };
  };
  return (settings.webhook_notifications?.on_failure ?? []).map(({ id }) => id);
}
