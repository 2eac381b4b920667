import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { explanationsText } from '../../src/report/explain.ts';
import { pageOf } from '../../src/report/page.ts';
import { textOf } from '../architecture/source.ts';
import { EXAMPLES, openExample, secretsIn, shown, shownPlan } from './support/example.ts';
import { expectQuoted } from './support/quoted.ts';

/** What an apply leaves as it was: blocked jobs, and destinations that the file does not name. */
const LEFT_ALONE: Readonly<Record<string, readonly [number, number]>> = {
  job: [1, 0],
  pipeline: [1, 0],
  rules: [2, 1],
};

describe('examples', () => {
  test('are the ones that the pages speak of', () => {
    expect(EXAMPLES).toEqual(['destination', 'job', 'pipeline', 'registry_webhook', 'rules', 'whole']);
  });

  test.each(EXAMPLES)('%s is valid without a remark', async (name) => {
    const { lakebell } = await openExample(name);
    const { code, out, err } = await lakebell('validate', '--all-targets');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('valid');
  });

  test.each(EXAMPLES)('%s gives the plan that its README shows', async (name) => {
    const { document } = await openExample(name);
    expectQuoted(`examples/${name}/README.md`, shownPlan(name, await document('plan')));
  });

  test.each(EXAMPLES)('%s is applied in one go, and then there is nothing to do', async (name) => {
    const { lakebell, document, writes } = await openExample(name);
    expect((await lakebell('apply', '--auto-approve')).code).toBe(0);
    const { summary } = await document('plan');
    const { noop, blocked, foreign, ...pending } = summary;
    expect(Object.values(pending).every((count) => count === 0)).toBe(true);
    expect([noop > 0, [blocked, foreign]]).toEqual([true, LEFT_ALONE[name] ?? [0, 0]]);
    expect(writes()).toEqual([]);
  });

  test.each(EXAMPLES)('%s has its README set every secret that it needs', (name) => {
    const exported = [...textOf(`examples/${name}/README.md`).matchAll(/\b([A-Z][A-Z_]+)=/g)].map(
      ([, variable]) => String(variable),
    );
    const needed = secretsIn(textOf(`examples/${name}/notifications.yml`));
    expect(new Set(exported)).toEqual(new Set(needed));
  });

  test('destination leaves the destination of somebody else alone and adopts two', async () => {
    const { document, sandbox } = await openExample('destination');
    const finance = sandbox
      .snapshot()
      .destinations.find(({ display_name }) => display_name === 'Finance Teams');
    expect((await document('plan')).summary).toMatchObject({ create: 4, adopt: 2, noop: 1 });
    await document('apply', '--auto-approve');
    expect(sandbox.snapshot().destinations).toContainEqual(finance);
  });

  test('registry_webhook finds its job by name and adopts the webhook that is there', async () => {
    const { document, sandbox } = await openExample('registry_webhook');
    expect((await document('plan')).summary).toMatchObject({ create: 4, adopt: 1 });
    await document('apply', '--auto-approve');
    const webhooks = sandbox.snapshot().registry_webhooks;
    expect(webhooks.length).toBe(5);
    expect(webhooks.flatMap(({ job_spec }) => job_spec ?? [])).toMatchObject([{ job_id: '300000000000001' }]);
  });

  test('job keeps what the file does not name', async () => {
    const { document, sandbox } = await openExample('job');
    await document('apply', '--auto-approve');
    const settingsOf = (name: string): unknown =>
      sandbox.snapshot().jobs.find(({ settings }) => settings['name'] === name)?.settings;
    expect(settingsOf('etl-pipeline')).toMatchObject({
      email_notifications: { on_start: ['team@company.test'], on_failure: ['oncall@company.test'] },
    });
    expect(settingsOf('nightly-report')).toMatchObject({
      email_notifications: { on_failure: ['analyst@company.test'] },
    });
    expect(settingsOf('bundle-report')).not.toHaveProperty('webhook_notifications.on_failure');
  });
});

describe('the example of pipelines', () => {
  test('keeps what the file does not name, and whom a pipeline runs as', async () => {
    const { document, sandbox } = await openExample('pipeline');
    const before = sandbox.snapshot().pipelines;
    await document('apply', '--auto-approve');
    const { pipelines } = sandbox.snapshot();
    const rest = (all: typeof pipelines) =>
      all.map(({ spec: { notifications: _ours, ...spec }, ...beside }) => ({ ...beside, spec }));
    expect(rest(pipelines)).toEqual(rest(before));
    expect(pipelines.map(({ spec }) => spec['notifications'])).toEqual([
      [
        { email_recipients: ['someone.who.left@company.test'], alerts: ['on-update-success'] },
        {
          email_recipients: ['oncall@company.test'],
          alerts: ['on-flow-failure', 'on-update-failure', 'on-update-fatal-failure'],
        },
      ],
      [
        {
          email_recipients: ['oncall@company.test', 'stream-team@company.test'],
          alerts: ['on-update-failure'],
        },
      ],
      [{ email_recipients: ['finance@company.test', 'oncall@company.test'], alerts: ['on-update-failure'] }],
      before[3]?.spec['notifications'],
    ]);
  });
});

describe('the example of rules', () => {
  test('says why as its README shows it', async () => {
    const { document } = await openExample('rules');
    const { explanations = [] } = shown('rules', await document('plan', '--explain', 'job/billing'));
    const lines = explanationsText(explanations, pageOf({ width: 80 }));
    expectQuoted('examples/rules/README.md', `${lines.join('\n')}\n`, 1);
  });

  test('leaves alone what no rule selects, what a rule excludes, and what cannot be written', async () => {
    const { document, sandbox } = await openExample('rules');
    const jobs = () => sandbox.snapshot().jobs.map(({ settings }) => [settings['name'], settings] as const);
    const before = new Map(jobs());
    await document('apply', '--auto-approve');
    const changed = jobs().filter(([name, settings]) => !isDeepStrictEqual(before.get(name), settings));
    expect(changed.map(([name]) => name)).toEqual([
      'orders-ingest',
      'orders-export',
      'finance-close',
      'billing',
    ]);
  });

  test('covers a job that is new', async () => {
    const { document, sandbox } = await openExample('rules');
    await document('apply', '--auto-approve');
    sandbox.poke.addJob({ job_id: '600000000000009', settings: { name: 'new', tags: { env: 'prod' } } });
    expect((await document('drift')).drift).toEqual({ edited: 0, deleted: 0, uncovered: 1 });
  });
});

describe('the worked example of a kind', () => {
  test.each(['destination', 'job', 'pipeline', 'registry_webhook'])(
    '%s is what the tool prints',
    async (name) => {
      const { document } = await openExample(name);
      expectQuoted(`docs/kinds/${name}.md`, shownPlan(name, await document('plan')));
    },
  );
});
