import { describe, expect, test } from '@jest/globals';
import type { PlanDocument } from '../../src/core/document.ts';
import type { RecordDocument } from '../../src/core/record.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { type Bench, openBench } from '../support/cli.ts';

const jobOf = (id: string, name: string) => ({ job_id: id, settings: { name } });
const seed = { jobs: [jobOf('1', 'needs'), jobOf('2', 'needs not'), jobOf('3', 'needs the hook')] };

/** Destinations are made in the order of the file, so a fault can be aimed at one of them by its address. */
const CONFIG = `version: 1
destinations:
  good: { email: { addresses: [good@company.test] } }
  bad: { generic_webhook: { url: "https://hook.test" } }
jobs:
  needs: { notify: { on_failure: [bad, good] } }
  needs not: { notify: { on_failure: [good] } }
  needs the hook: { notify: { on_failure: [b@company.test] } }
registry_webhooks:
  hook: { model_name: m, events: [COMMENT_CREATED], http_url_spec: { url: "https://registry.test" } }
`;

const CREATE: Fault = { kind: 'status', status: 400, method: 'POST', path: '*/notification-destinations' };
/** What must not stop because of it. */
const INDEPENDENT = ['destination/good', 'job/2', 'job/3', 'registry_webhook/hook'];

describe('an apply of which one change fails', () => {
  test('goes on with what does not depend on it, and tells what became of every change', async () => {
    const { bench, digest } = await planned();
    const { code, out } = await failOn(bench, digest, 'bad');
    expect(code).toBe(6);
    const { outcomes = [] } = JSON.parse(out) as PlanDocument;
    expect(outcomes.map(({ address, state, wrote }) => [address, state, wrote])).toEqual([
      ['destination/bad', 'failed', false],
      ['destination/good', 'done', true],
      ['job/1', 'skipped', false],
      ['job/2', 'done', true],
      ['job/3', 'done', true],
      ['registry_webhook/hook', 'done', true],
    ]);
    expect(outcomes.find(({ address }) => address === 'job/1')?.message).toBe(
      'it needs destination/bad, which failed',
    );
    expect(outcomes.find(({ address }) => address === 'destination/bad')?.message).toContain('400');
  });

  test('prints each of them, the reason beside it', async () => {
    const { bench, digest } = await planned();
    aim(bench, 'bad');
    const { out } = await bench.lakebell('apply', '--approve', digest, '--verbose');
    for (const name of ['good', 'bad', 'needs', 'needs not', 'needs the hook']) expect(out).toContain(name);
    expect(out).toContain('it needs destination/bad, which failed');
  });

  test('remembers what was done, and nothing else', async () => {
    const { bench, digest } = await planned();
    await failOn(bench, digest, 'bad');
    const { objects, intents, history } = recordOf(bench);
    expect(Object.keys(objects).sort()).toEqual(INDEPENDENT);
    expect(intents).toEqual({});
    expect(
      history
        .at(-1)
        ?.changes.map(({ address }) => address)
        .sort(),
    ).toEqual(INDEPENDENT);
  });

  test.each(['digest', 'file'])('is finished by the next one under the same approval (by %s)', async (by) => {
    const { bench, digest } = await planned();
    const approval = by === 'digest' ? ['--approve', digest] : ['--plan', bench.path('plan.json')];
    await failOn(bench, digest, 'bad');
    const again = await bench.lakebell('apply', ...approval, '--format', 'json');
    const { outcomes = [] } = JSON.parse(again.out) as PlanDocument;
    expect([again.code, outcomes.map(({ address, state }) => [address, state])]).toEqual([
      0,
      [
        ['destination/bad', 'done'],
        ['job/1', 'done'],
      ],
    ]);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    expect(
      bench.sandbox
        .snapshot()
        .destinations.map(({ display_name: name }) => name)
        .sort(),
    ).toEqual(['bad', 'good']);
  });

  test.each<[string, Fault]>([
    ['a job is refused', { kind: 'status', status: 400, path: '*/jobs/update' }],
    ['a job stays unreachable', { kind: 'drop', path: '*/jobs/update', times: 5 }],
    [
      'a webhook is refused',
      { kind: 'status', status: 400, method: 'POST', path: '*/registry-webhooks/create' },
    ],
  ])('keeps everything else when %s', async (_what, fault) => {
    const { bench, digest } = await planned();
    bench.sandbox.fault(fault);
    const first = await bench.lakebell('apply', '--approve', digest, '--format', 'json');
    bench.sandbox.clearFaults();
    const { outcomes = [] } = JSON.parse(first.out) as PlanDocument;
    expect(first.code).toBe(6);
    expect(outcomes.length).toBe(6);
    expect(outcomes.filter(({ state }) => state === 'failed').length).toBe(1);
    expect(outcomes.filter(({ state }) => state === 'done').length).toBe(5);
    expect((await bench.lakebell('apply', '--approve', digest)).code).toBe(0);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('and nothing else was approved is no partial one: nothing was written', async () => {
    const { bench } = await planned();
    await bench.lakebell('plan', '--only', 'registry_webhook/hook', '--out', bench.path('one.json'));
    bench.sandbox.fault({ kind: 'status', status: 400, path: '*/registry-webhooks/create' });
    const { code } = await bench.lakebell('apply', '--plan', bench.path('one.json'));
    expect(code).toBe(4);
    expect(bench.sandbox.snapshot().registry_webhooks).toEqual([]);
  });
});

async function planned(): Promise<{ bench: Bench; digest: string }> {
  const bench = await openBench({ seed }, CONFIG);
  const { digest } = await bench.document('plan', '--out', bench.path('plan.json'));
  return { bench, digest };
}

async function failOn(bench: Bench, digest: string, name: string) {
  aim(bench, name);
  const ran = await bench.lakebell('apply', '--approve', digest, '--format', 'json');
  bench.sandbox.clearFaults();
  return ran;
}

/** Destinations are made in the order of their addresses. */
function aim({ sandbox }: Bench, name: string): void {
  sandbox.fault({ ...CREATE, skip: ['bad', 'good'].indexOf(name) });
}

function recordOf({ sandbox }: Bench): RecordDocument {
  const file = sandbox.snapshot().files.find(({ path }) => path.endsWith('/default.json'));
  return JSON.parse(file?.content ?? '{}') as RecordDocument;
}
