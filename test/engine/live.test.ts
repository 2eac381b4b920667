import { describe, expect, test } from '@jest/globals';
import { type Bench, openBench } from '../support/cli.ts';
import { UUID_A, UUID_B } from '../support/builders.ts';

const SLACK = 'https://slack.company.test/hidden';

type Sections = Record<string, unknown>;

/** A bench on which a configuration was applied once. */
async function applied(sections: Sections, seed: Parameters<typeof openBench>[0] = {}): Promise<Bench> {
  const bench = await openBench(seed);
  Object.assign(bench.env, { SLACK });
  await change(bench, sections);
  await apply(bench);
  return bench;
}

const change = (bench: Bench, sections: Sections): Promise<void> =>
  bench.write(JSON.stringify({ version: 1, ...sections }));

async function apply(bench: Bench, ...allowed: string[]): Promise<void> {
  const { code, out, err } = await bench.lakebell(
    'apply',
    '--auto-approve',
    ...allowed.flatMap((guard) => ['--allow', guard]),
  );
  if (code !== 0) throw new Error(`apply ended with ${code}:\n${out}${err}`);
}

const verbs = async (bench: Bench): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await bench.document('plan')).changes.map(({ address, verb, blocked }) => [
      address,
      blocked?.reason ?? verb,
    ]),
  );

const settings = { prune: true };
const slack = { slack: { url: '${secrets.SLACK}' } };
const leads = { email: { addresses: ['leads@company.test'] } };
const etl = {
  job_id: '1',
  settings: { name: 'etl', email_notifications: { on_failure: ['theirs@company.test'] } },
};
const seed = { seed: { jobs: [etl] } };
const recipients = (bench: Bench): unknown =>
  bench.sandbox.snapshot().jobs[0]?.settings['email_notifications'];

describe('an entry whose key is renamed', () => {
  const statement = { name: 'etl', mode: 'ensure', notify: { on_failure: ['ours@company.test'] } };

  test('keeps what it added to a job, with prune', async () => {
    const bench = await applied({ settings, jobs: { old: statement } }, seed);
    const before = recipients(bench);
    await change(bench, { settings, jobs: { renamed: statement } });
    expect(await verbs(bench)).toEqual({});
    await apply(bench);
    expect(recipients(bench)).toEqual(before);
    await change(bench, { settings, jobs: {} });
    await apply(bench, 'empty_config');
    expect(recipients(bench)).toEqual({ on_failure: ['theirs@company.test'] });
  });

  test('keeps its destination, with prune', async () => {
    const bench = await applied({
      settings,
      destinations: { old: { display_name: 'Slack', ...slack }, leads },
    });
    const [before] = bench.sandbox.snapshot().destinations;
    await change(bench, { settings, destinations: { renamed: { display_name: 'Slack', ...slack }, leads } });
    expect(await verbs(bench)).toEqual({ 'destination/renamed': 'adopt' });
    await apply(bench);
    expect(bench.sandbox.snapshot().destinations.map(({ id }) => id)).toContain(before?.id);
  });

  test('keeps its destination where its name has come to be ambiguous', async () => {
    const bench = await applied({
      settings,
      destinations: { old: { display_name: 'Slack', ...slack }, leads },
    });
    const twin = { id: UUID_A, display_name: 'Slack', config: { slack: { url: 'https://twin.test' } } };
    const before = bench.sandbox.snapshot().destinations;
    const again = await openBench({ seed: { ...bench.sandbox.snapshot(), destinations: [...before, twin] } });
    Object.assign(again.env, { SLACK });
    await change(again, { settings, destinations: { renamed: { display_name: 'Slack', ...slack }, leads } });
    expect(await verbs(again)).toEqual({ 'destination/old': 'noop', 'destination/renamed': 'ambiguous' });
    await apply(again);
    expect(again.sandbox.snapshot().destinations.length).toBe(before.length + 1);
  });
});

describe('entries that are dropped together', () => {
  test('free a destination before it is deleted', async () => {
    const sections = {
      destinations: { slack, leads },
      jobs: { etl: { name: 'etl', mode: 'ensure', notify: { on_failure: ['slack'] } } },
    };
    const bench = await applied({ settings, ...sections }, seed);
    await change(bench, { settings, destinations: { leads } });
    expect(await verbs(bench)).toEqual({ 'destination/slack': 'delete', 'job/1': 'update' });
    await apply(bench);
    const { destinations, jobs } = bench.sandbox.snapshot();
    expect(destinations.map(({ display_name }) => display_name)).toEqual(['leads']);
    expect(JSON.stringify(jobs)).not.toContain('webhook_notifications":{"on');
    expect(recipients(bench)).toEqual({ on_failure: ['theirs@company.test'] });
  });
});

describe('an object that has taken the place of ours', () => {
  test('is not believed to hold our secret', async () => {
    const bench = await applied({ destinations: { slack } });
    const [ours] = bench.sandbox.snapshot().destinations;
    bench.sandbox.poke.deleteDestination(ours?.id ?? '');
    const impostor = {
      id: UUID_B,
      display_name: 'slack',
      config: { slack: { url: 'https://impostor.test' } },
    };
    const again = await openBench({ seed: { ...bench.sandbox.snapshot(), destinations: [impostor] } });
    Object.assign(again.env, { SLACK });
    await again.write(await bench.read('notifications.yml'));
    expect(await verbs(again)).toEqual({ 'destination/slack': 'adopt' });
    await apply(again);
    expect(again.sandbox.snapshot().destinations).toEqual([
      { ...impostor, config: { slack: { url: SLACK } } },
    ]);
    expect(await verbs(again)).toEqual({});
  });
});

describe('two entries that mean one job', () => {
  test('are both left alone, by name and by id', async () => {
    const bench = await openBench(seed);
    const [byName, byId] = [
      { name: 'etl', notify: { on_start: ['a@company.test'] } },
      { id: '1', notify: { on_start: ['b@company.test'] } },
    ];
    await change(bench, { jobs: { byName, byId } });
    expect(await verbs(bench)).toEqual({ 'job/byId': 'ambiguous', 'job/byName': 'ambiguous' });
    await apply(bench);
    expect(bench.sandbox.snapshot().jobs[0]?.settings['email_notifications']).toEqual(
      etl.settings.email_notifications,
    );
  });
});

describe('somebody else’s trouble', () => {
  test('does not change the outcome for a job of ours', async () => {
    const statement = { notify: { on_failure: ['ours@company.test'] } };
    const others = ['a', 'b', 'c'].map((name, at) => ({ job_id: String(at + 2), settings: { name } }));
    const dangling = {
      job_id: '9',
      settings: { name: 'broken', webhook_notifications: { on_failure: [{ id: UUID_A }] } },
    };
    const bench = await openBench({ seed: { jobs: [dangling, etl, ...others] } });
    await change(bench, {
      jobs: { etl: statement, broken: statement, gone: statement, a: statement, b: statement },
    });
    const body = { error_code: 'PERMISSION_DENIED', message: 'no' };
    bench.sandbox.fault({ kind: 'status', status: 403, path: '*?job_id=9*', times: Infinity, body });
    const plan = await verbs(bench);
    expect(plan).toMatchObject({
      'job/1': 'update',
      'job/2': 'update',
      'job/3': 'update',
      'job/gone': 'missing',
    });
    await apply(bench, 'silenced');
    expect(recipients(bench)).toEqual({ on_failure: ['ours@company.test'] });
  });
});

describe('a webhook whose address stands in the file', () => {
  test('does not move without an approval', async () => {
    const at = (path: string) => ({
      destinations: { hook: { generic_webhook: { url: `https://hooks.slack.com/services/${path}` } } },
    });
    const bench = await applied(at('first'));
    await change(bench, at('second'));
    const [moved] = (await bench.document('plan')).changes;
    expect(moved).toMatchObject({ verb: 'update', op: expect.stringMatching(/^sha256:/) });
    const { out } = await bench.lakebell('plan');
    expect(out).not.toContain('second');
    await apply(bench);
    expect(await verbs(bench)).toEqual({});
  });
});

describe('a destination whose key is renamed', () => {
  test('is no drift of the jobs that it is in', async () => {
    const hook = { display_name: 'Slack', ...slack };
    const job = (...on_failure: string[]) => ({ etl: { name: 'etl', notify: { on_failure } } });
    const bench = await applied({ destinations: { old: hook }, jobs: job('old') }, seed);
    await change(bench, { destinations: { renamed: hook }, jobs: job('renamed', 'more@company.test') });
    const { changes } = await bench.document('plan');
    expect(
      changes.flatMap(({ address, fields }) => fields.map(({ path, drifted }) => [address, path, drifted])),
    ).toEqual([
      ['destination/renamed', 'slack.url', false],
      ['job/1', 'email_notifications.on_failure', false],
    ]);
    await change(bench, {
      destinations: { renamed: hook, second: { email: { addresses: ['s@company.test'] } } },
      jobs: job('renamed', 'second'),
    });
    expect((await bench.document('plan')).summary.drifted).toBe(0);
    await change(bench, { destinations: { renamed: hook }, jobs: job('renamed') });
    await apply(bench);
    await change(bench, { destinations: { renamed: hook }, jobs: job() });
    expect((await bench.document('plan')).summary).toMatchObject({ update: 1, drifted: 0 });
  });
});

describe('a destination that is handed over to somebody else', () => {
  test('is not deleted once the file drops it', async () => {
    const bench = await applied({ settings, destinations: { slack, leads } });
    await change(bench, { settings, destinations: { slack: { existing: true }, leads } });
    await apply(bench);
    await change(bench, { settings, destinations: { leads } });
    expect(await verbs(bench)).not.toMatchObject({ 'destination/slack': 'delete' });
  });
});

describe('an entry that is pointed at another job', () => {
  test('does not forget what it added to the first', async () => {
    const jobs = [etl, { job_id: '2', settings: { name: 'other' } }];
    const statement = (name: string) => ({
      etl: { name, mode: 'ensure', notify: { on_failure: ['ours@company.test'] } },
    });
    const bench = await applied({ settings, jobs: statement('etl') }, { seed: { jobs } });
    await change(bench, { settings, jobs: statement('other') });
    expect(await verbs(bench)).toEqual({ 'job/1': 'update', 'job/2': 'update' });
    await apply(bench, 'silenced');
    expect(recipients(bench)).toEqual({ on_failure: ['theirs@company.test'] });
  });
});
