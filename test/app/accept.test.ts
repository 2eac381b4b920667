import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { acceptPreview } from '../../src/app/accept.ts';
import { driftTarget } from '../../src/app/drift.ts';
import type { PlanOptions } from '../../src/app/options.ts';
import { run } from '../../src/app/program.ts';
import type { PlanDocument } from '../../src/core/document.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import type { Host } from '../../src/host/host.ts';
import { type Bench, type Ran, hostOf, openBench } from '../support/cli.ts';

const SEED: Seed = {
  jobs: ['etl', 'billing', 'load'].map((name, at) => ({
    job_id: String(at + 7),
    settings: { name, tasks: [{ task_key: 'first' }] },
  })),
};
const FOREIGN = 'f0000000-0000-4000-8000-00000000000f';

async function applied(text: string, files: Readonly<Record<string, string>> = {}): Promise<Bench> {
  const bench = await openBench({ seed: SEED }, text);
  bench.env['SLACK'] = 'https://hooks.slack.com/services/T/B/x';
  for (const [name, content] of Object.entries(files)) await bench.write(content, name);
  const { code, err } = await bench.lakebell('apply', '--auto-approve');
  if (code !== 0) throw new Error(err);
  return bench;
}

type Blocks = Readonly<Record<string, JsonObject | null>>;

/** As somebody in the UI would: blocks are merged, null takes away. */
function edit({ sandbox }: Bench, job: string, blocks: Blocks): void {
  sandbox.poke.setJob(job, (settings) => merged(settings, blocks));
}

function merged(old: JsonObject, by: Blocks): JsonObject {
  const whole: Record<string, unknown> = { ...old };
  for (const [name, block] of Object.entries(by)) {
    const fields = { ...(old[name] as JsonObject | undefined), ...block };
    whole[name] = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  }
  return whole as JsonObject;
}

const idOf = ({ sandbox }: Bench, name: string): string =>
  String(sandbox.snapshot().destinations.find(({ display_name }) => display_name === name)?.id);

async function accept(bench: Bench, ...argv: string[]): Promise<Ran & { readonly text: string }> {
  const ran = await bench.lakebell('drift', '--accept', ...argv);
  return { ...ran, text: await bench.read('notifications.yml') };
}

/** Accept, then plan, is empty; and so is drift. */
async function expectSettled(bench: Bench, ...argv: string[]): Promise<PlanDocument> {
  const plan = await bench.document('plan', ...argv);
  expect([plan.summary.create, plan.summary.update, plan.summary.blocked, plan.summary.replace]).toEqual([
    0, 0, 0, 0,
  ]);
  const drift = await bench.lakebell('drift', ...argv);
  expect([drift.code, drift.err]).toEqual([0, '']);
  return plan;
}

describe('recipients', () => {
  const CONFIG = `version: 1
# Who is told
destinations:
  leads: { email: { addresses: [leads@company.test] } }
  chat: { slack: { url: "\${secrets.SLACK}" } }
jobs:
  etl:
    notify:
      on_failure: # the night shift
        - leads
        - oncall@company.test   # phones
  billing:
    email_notifications: { on_failure: ['bills@company.test'] }
    webhook_notifications:
      on_failure:
        - id: \${destinations.leads.id}
  load: { webhook_notifications: { on_success: [] }, notification_settings: { no_alert_for_skipped_runs: true } }
`;

  test('of the short form stand side by side', async () => {
    const bench = await applied(CONFIG);
    edit(bench, '7', {
      email_notifications: { on_failure: ['boss@company.test'] },
      webhook_notifications: { on_failure: [{ id: idOf(bench, 'leads') }, { id: idOf(bench, 'chat') }] },
    });
    const { code, out, err, text } = await accept(bench);
    expect([code, err]).toEqual([0, '']);
    expect(text).toBe(
      CONFIG.replace(
        '        - oncall@company.test   # phones\n',
        '        - boss@company.test\n        - chat\n',
      ),
    );
    expect(out).toMatch(/-\s+- oncall@company\.test {3}# phones\n\+\s+- boss@company\.test\n\+\s+- chat/);
    expect(out).toContain('Wrote ');
    await expectSettled(bench);
  });

  test('of both blocks stand in the form of their block', async () => {
    const bench = await applied(CONFIG);
    const [leads, chat] = [idOf(bench, 'leads'), idOf(bench, 'chat')];
    edit(bench, '8', {
      email_notifications: { on_failure: null },
      webhook_notifications: { on_failure: [{ id: chat }] },
    });
    edit(bench, '9', { webhook_notifications: { on_success: [{ id: leads }] } });
    const { code, text } = await accept(bench);
    expect(code).toBe(0);
    expect(text).toBe(
      CONFIG.replace("['bills@company.test']", '[]')
        .replace('id: ${destinations.leads.id}', 'id: "${destinations.chat.id}"')
        .replace('on_success: []', 'on_success: [{ id: "${destinations.leads.id}" }]'),
    );
    await expectSettled(bench);
  });

  test('that the file does not declare are named by id', async () => {
    const bench = await openBench(
      {
        seed: {
          ...SEED,
          destinations: [
            { id: FOREIGN, display_name: 'theirs', config: { email: { addresses: ['x@company.test'] } } },
          ],
        },
      },
      CONFIG,
    );
    bench.env['SLACK'] = 'https://hooks.slack.com/services/T/B/x';
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    edit(bench, '7', { webhook_notifications: { on_failure: [{ id: FOREIGN }] } });
    edit(bench, '9', { webhook_notifications: { on_success: [{ id: FOREIGN }] } });
    const { text } = await accept(bench);
    expect(text).toContain(`        - oncall@company.test   # phones\n        - ${FOREIGN}\n`);
    expect(text).toContain(`on_success: [{ id: ${FOREIGN} }]`);
    await expectSettled(bench);
  });

  test('of a statement that only ensures are taken out, and others are not put in', async () => {
    const text = CONFIG.replace('  etl:\n', '  etl:\n    mode: ensure\n');
    const bench = await applied(text);
    edit(bench, '7', { email_notifications: { on_failure: ['boss@company.test'] } });
    expect((await accept(bench)).text).toBe(text.replace('        - oncall@company.test   # phones\n', ''));
    await expectSettled(bench);
  });

  test('that a variable stands for are found by what it stands for', async () => {
    const text = `version: 1
variables: { night: oncall@company.test, team: [a@company.test] }
jobs:
  etl: { notify: { on_failure: ["\${var.night}", b@company.test], on_start: "\${var.team}" } }
`;
    const bench = await applied(text);
    edit(bench, '7', { email_notifications: { on_failure: ['b@company.test'], on_start: [] } });
    const { code, out, text: after } = await accept(bench);
    expect(after).toBe(text.replace('"${var.night}", ', ''));
    expect(code).toBe(2);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      /cannot be taken over: email_notifications\.on_start of job\/7 \(.*:4\): it is not written out there hint: write it by hand: on_start: \[\]/,
    );
    expect((await bench.document('plan')).summary.update).toBe(1);
  });

  test('of a target are changed there, and what all targets read is said to be', async () => {
    const text = `version: 1
jobs:
  etl: { notify: { on_failure: [all@company.test], on_start: [all@company.test] } }
targets:
  dev: {}
  prod:
    default: true
    jobs: { etl: { notify: { on_failure: [prod@company.test] } } }
`;
    const bench = await applied(text);
    edit(bench, '7', { email_notifications: { on_failure: ['boss@company.test'], on_start: null } });
    const { code, out, text: after } = await accept(bench);
    expect([code, after]).toEqual([
      0,
      text.replace('[prod@', '[boss@').replace('on_start: [all@company.test]', 'on_start: []'),
    ]);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/note: \S+:3 is read by dev too/);
    await expectSettled(bench);
  });

  test('of an included file are changed there', async () => {
    const part = 'jobs:\r\n  etl: # unter uns\r\n    notify: { on_failure: [a@company.test] }\r\n';
    const bench = await applied('version: 1\ninclude: [teams/*.yml, part.yml]\n', { 'part.yml': part });
    edit(bench, '7', { email_notifications: { on_failure: ['a@company.test', 'b@company.test'] } });
    const { code, text } = await accept(bench);
    expect([code, text]).toEqual([0, 'version: 1\ninclude: [teams/*.yml, part.yml]\n']);
    expect(await bench.read('part.yml')).toBe(
      part.replace('[a@company.test]', '[a@company.test, b@company.test]'),
    );
    await expectSettled(bench);
  });

  test('behind an anchor, or emptied by `strict`, are left with what to write', async () => {
    const text = `version: 1
jobs:
  etl: { notify: { on_failure: &all [a@company.test] } }
  billing: { strict: true, notify: { on_failure: *all } }
`;
    const bench = await applied(text);
    edit(bench, '7', { email_notifications: { on_failure: ['b@company.test'] } });
    edit(bench, '8', { email_notifications: { on_success: ['c@company.test'] } });
    const { code, out, text: after } = await accept(bench);
    expect([code, after]).toEqual([2, text]);
    expect(out).toContain('Nothing was written; 2 things left');
    expect(out).toContain('write it by hand: on_failure: [b@company.test]');
    expect(out).toContain('write it by hand: email_notifications: { on_success: [c@company.test] }');
  });
});

describe('flags, rules and texts', () => {
  const CONFIG = `version: 1
destinations:
  leads: { email: { addresses: [leads@company.test, x@company.test] } }
jobs:
  etl:
    notification_settings:
      no_alert_for_skipped_runs: true # quiet
      no_alert_for_canceled_runs: true
    health:
      rules:
        - { metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 3600 }
    tasks:
      first: { notify: { on_failure: [a@company.test] } }
  billing: { notification_settings: { no_alert_for_skipped_runs: false }, notify: { on_start: [] } }
`;
  const health = (value: number): JsonObject => ({
    rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value }],
  });

  test('take the live value', async () => {
    const bench = await applied(CONFIG);
    edit(bench, '7', {
      notification_settings: { no_alert_for_skipped_runs: false },
      health: health(60),
    });
    edit(bench, '8', { notification_settings: { no_alert_for_skipped_runs: true } });
    const { code, text } = await accept(bench);
    expect([code, text]).toEqual([
      0,
      CONFIG.replace('no_alert_for_skipped_runs: false', 'no_alert_for_skipped_runs: true')
        .replace('true # quiet', 'false # quiet')
        .replace('value: 3600', 'value: 60'),
    ]);
    await expectSettled(bench);
  });

  test('go where they are unset', async () => {
    const bench = await applied(CONFIG);
    edit(bench, '7', {
      notification_settings: { no_alert_for_skipped_runs: null },
      health: { rules: null },
    });
    const { code, text } = await accept(bench);
    expect([code, text]).toEqual([
      0,
      CONFIG.replace('      no_alert_for_skipped_runs: true # quiet\n', '').replace(
        / {4}health:[^}]*\}\n/,
        '',
      ),
    ]);
    await expectSettled(bench);
  });

  test('of a task are found below it', async () => {
    const bench = await applied(CONFIG);
    bench.sandbox.poke.setJob('7', (settings) => ({
      ...settings,
      tasks: [{ task_key: 'first', email_notifications: { on_failure: ['b@company.test'] } }],
    }));
    expect((await accept(bench)).text).toBe(CONFIG.replace('[a@company.test]', '[b@company.test]'));
    await expectSettled(bench);
  });

  test('of a destination are its addresses and its name', async () => {
    const bench = await applied(CONFIG);
    bench.sandbox.poke.patchDestination(idOf(bench, 'leads'), {
      display_name: 'The Leads, all',
      config: { email: { addresses: ['leads@company.test', 'y@company.test'] } },
    });
    const { code, text } = await accept(bench);
    expect([code, text]).toEqual([
      0,
      CONFIG.replace(
        '{ email: { addresses: [leads@company.test, x@company.test] } }',
        '{ email: { addresses: [leads@company.test, y@company.test] }, display_name: "The Leads, all" }',
      ),
    ]);
    await expectSettled(bench);
  });

  test('of a registry webhook are what it tells', async () => {
    const text = `version: 1
registry_webhooks:
  hook:
    events: [MODEL_VERSION_CREATED]
    http_url_spec: { url: 'https://example.com/hook' }
  other: { events: [COMMENT_CREATED], status: DISABLED, description: old, http_url_spec: { url: https://example.com/other } }
`;
    const bench = await applied(text);
    const { registry_webhooks: hooks } = bench.sandbox.snapshot();
    const idWith = (event: string) =>
      String(hooks.find(({ events }) => JSON.stringify(events).includes(event))?.id);
    bench.sandbox.poke.patchRegistryWebhook(idWith('MODEL_VERSION_CREATED'), {
      events: ['MODEL_VERSION_CREATED', 'MODEL_VERSION_TAG_SET'],
      status: 'DISABLED',
      http_url_spec: { url: 'https://example.com/elsewhere', enable_ssl_verification: false },
    });
    bench.sandbox.poke.patchRegistryWebhook(idWith('COMMENT_CREATED'), {
      status: 'ACTIVE',
      description: null,
    });
    const { out, code, text: after } = await accept(bench);
    expect(out).not.toContain('cannot');
    expect([code, after]).toEqual([
      0,
      text
        .replace('[MODEL_VERSION_CREATED]', '[MODEL_VERSION_CREATED, MODEL_VERSION_TAG_SET]')
        .replace(
          "{ url: 'https://example.com/hook' }",
          "{ url: 'https://example.com/elsewhere', enable_ssl_verification: false }\n    status: DISABLED",
        )
        .replace('DISABLED, description: old,', 'ACTIVE,'),
    ]);
    await expectSettled(bench);
  });
});

describe('what was deleted by hand', () => {
  const CONFIG = `version: 1
destinations:
  # Ours
  leads: { email: { addresses: [leads@company.test] } }
  chat:
    slack:
      url: \${secrets.SLACK}
jobs:
  etl: { notify: { on_failure: [leads, a@company.test] } }
  billing: { notify: { on_failure: [b@company.test] } }
`;

  test('loses its entry', async () => {
    const bench = await applied(CONFIG);
    bench.sandbox.poke.deleteDestination(idOf(bench, 'chat'));
    bench.sandbox.poke.deleteJob('8');
    const { code, text } = await accept(bench);
    expect([code, text]).toEqual([
      0,
      CONFIG.replace(/ {2}chat:[^}]*\}\n/, '').replace(/ {2}billing:.*\n/, ''),
    ]);
    await expectSettled(bench);
  });

  test('keeps its entry while somebody refers to it, who is named', async () => {
    const bench = await applied(CONFIG);
    bench.sandbox.poke.deleteDestination(idOf(bench, 'leads'));
    const { code, out, text } = await accept(bench);
    expect([code, text]).toEqual([2, CONFIG]);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      /cannot be taken over: destination\/leads \(\S+:4\): it is still referred to by job\/etl \(\S+:9\)/,
    );
  });

  test('goes together with the recipient that was taken out by hand as well', async () => {
    const bench = await applied(CONFIG);
    bench.sandbox.poke.deleteDestination(idOf(bench, 'leads'));
    edit(bench, '7', { webhook_notifications: { on_failure: null } });
    const { code, text } = await accept(bench);
    expect([code, text]).toEqual([
      0,
      CONFIG.replace(
        '  # Ours\n  leads: { email: { addresses: [leads@company.test] } }\n',
        '  # Ours\n',
      ).replace('[leads, a@', '[a@'),
    ]);
    await expectSettled(bench);
  });

  test('stays for other targets', async () => {
    const text = `${CONFIG}targets:\n  dev: {}\n  prod: { default: true }\n`;
    const bench = await applied(text);
    bench.sandbox.poke.deleteJob('8');
    expect((await accept(bench)).text).toBe(
      text.replace('prod: { default: true }', 'prod: { default: true, jobs: { billing: null } }'),
    );
    await expectSettled(bench);
  });

  test('was not deleted where it was only renamed', async () => {
    const bench = await applied(CONFIG);
    bench.sandbox.poke.setJob('8', (settings) => ({ ...settings, name: 'bills' }));
    const { code, out, text } = await accept(bench);
    expect([code, text]).toEqual([2, CONFIG]);
    expect(out).toMatch(
      /it may only have\s+been renamed\n {2}hint: job 8, applied as "billing", is now called "bills"/,
    );
  });
});

describe('accepting', () => {
  const CONFIG = `version: 1
destinations:
  chat: { slack: { url: "\${secrets.SLACK}" } }
jobs:
  etl: { notify: { on_failure: [chat, a@company.test] } }
`;

  test('writes nothing where there is no drift, nor where too little could be read', async () => {
    const bench = await applied(CONFIG);
    const { code, out, text } = await accept(bench);
    expect([code, text]).toEqual([0, CONFIG]);
    expect(out).toContain('No drift in');
    edit(bench, '7', { email_notifications: { on_failure: null } });
    bench.sandbox.fault({ kind: 'status', path: '/api/2.2/jobs/list', status: 500, times: Infinity });
    bench.sandbox.fault({ kind: 'status', path: '/api/2.2/jobs/get', status: 500, times: Infinity });
    const blind = await accept(bench);
    expect([blind.code, blind.text]).toEqual([4, CONFIG]);
  });

  test('leaves secrets alone, and says how to put them back', async () => {
    const bench = await applied(CONFIG);
    bench.sandbox.poke.patchDestination(idOf(bench, 'chat'), { config: { slack: {} } });
    edit(bench, '7', { email_notifications: { on_failure: null } });
    const { code, out, text } = await accept(bench);
    expect([code, text]).toEqual([2, CONFIG.replace(', a@company.test', '')]);
    expect(out).toMatch(/slack\.url of destination\/chat \(\S+:3\):\s+a\s+secret cannot be read/);
    expect(out).toContain('hint: put it back: lakebell apply --rotate destination/chat');
    expect(out).toContain('1 thing left');
  });

  test('gives the document of drift as JSON, and says what it did beside it', async () => {
    const bench = await applied(CONFIG);
    edit(bench, '7', { email_notifications: { on_failure: ['b@company.test'] } });
    const before = await bench.lakebell('drift', '--format', 'json');
    const { code, out, err, text } = await accept(bench, '--format', 'json');
    const bare = (json: string) => ({ ...(JSON.parse(json) as PlanDocument), requests: null });
    expect([code, bare(out)]).toEqual([0, bare(before.out)]);
    expect(err).toContain('Wrote ');
    expect(text).toBe(CONFIG.replace('a@company', 'b@company'));
  });

  test('goes by the record, and refuses without one', async () => {
    const bench = await openBench({ seed: SEED }, CONFIG);
    bench.env['SLACK'] = 'https://hooks.slack.com/services/T/B/x';
    const { code, out, text } = await accept(bench);
    expect([code, text]).toEqual([2, CONFIG]);
    expect(out).toContain('there is no record');
  });

  test('takes the live side of a conflict', async () => {
    const bench = await applied(CONFIG);
    await bench.write(CONFIG.replace('a@company', 'c@company'));
    edit(bench, '7', { email_notifications: { on_failure: ['b@company.test'] } });
    expect((await accept(bench)).text).toBe(CONFIG.replace('a@company', 'b@company'));
    await expectSettled(bench);
  });

  test('takes targets one after the other', async () => {
    const text = `version: 1
jobs: { etl: { notify: { on_failure: [a@company.test] } } }
targets:
  dev: { jobs: { billing: { notify: { on_failure: [b@company.test] } } } }
  prod: { jobs: { load: { notify: { on_failure: [c@company.test] } } } }
`;
    const bench = await openBench({ seed: SEED }, text);
    expect((await bench.lakebell('apply', '--auto-approve', '--all-targets')).code).toBe(0);
    edit(bench, '8', { email_notifications: { on_failure: ['x@company.test'] } });
    edit(bench, '9', { email_notifications: { on_failure: ['y@company.test'] } });
    const after = await accept(bench, '--all-targets');
    expect([after.code, after.text]).toEqual([0, text.replace('[b@', '[x@').replace('[c@', '[y@')]);
  });

  const hostAt = ({ env }: Bench): Host =>
    hostOf(
      { env, answers: [] },
      { now: Date.UTC(2026, 0, 1), slept: 0, interrupted: new Set() },
      { out: '', err: '' },
    );
  const optionsFor = (bench: Bench): PlanOptions => ({
    config: bench.path('notifications.yml'),
    target: undefined,
    allTargets: false,
    format: 'text',
    profile: undefined,
    host: undefined,
    color: false,
    verbose: false,
    quiet: false,
    out: undefined,
    only: [],
    detailedExitcode: true,
    requireSecrets: false,
    explain: [],
    rotate: [],
    replace: [],
    allow: [],
  });

  test('can be looked at before, as the lines of a diff', async () => {
    const bench = await applied(CONFIG);
    const preview = async (): Promise<readonly string[]> => {
      const { planned } = await driftTarget(hostAt(bench), optionsFor(bench), undefined);
      return acceptPreview(hostAt(bench), optionsFor(bench), undefined, planned);
    };
    expect(await preview()).toEqual([]);
    edit(bench, '7', { email_notifications: { on_failure: ['b@company.test'] } });
    expect(await preview()).toEqual([
      `--- ${bench.path('notifications.yml')}`,
      `+++ ${bench.path('notifications.yml')}`,
      '@@ -2,4 +2,4 @@',
      ' destinations:',
      '   chat: { slack: { url: "${secrets.SLACK}" } }',
      ' jobs:',
      '-  etl: { notify: { on_failure: [chat, a@company.test] } }',
      '+  etl: { notify: { on_failure: [chat, b@company.test] } }',
    ]);
    expect(await bench.read('notifications.yml')).toBe(CONFIG);
  });

  test('tells of a file that cannot be written', async () => {
    const bench = await applied(CONFIG);
    edit(bench, '7', { email_notifications: { on_failure: ['b@company.test'] } });
    const printed = { err: '' };
    const host: Host = {
      ...hostAt(bench),
      err: (text) => {
        printed.err += text;
      },
      writeFile: () => Promise.reject(new Error('read-only')),
    };
    const code = await run(['drift', '--accept', '--config', bench.path('notifications.yml')], host);
    expect(code).toBe(1);
    expect(printed.err).toMatch(
      /notifications\.yml cannot be written\n {2}hint: check its permissions; nothing was/,
    );
  });
});

describe('accepting whatever was done by hand', () => {
  const CONFIG = `version: 1
# first
destinations:
  leads: { email: { addresses: [leads@company.test] } }
  pager: { email: { addresses: [pager@company.test] } } # second
jobs:
  etl:
    notify:
      on_start: [leads, a@company.test]   # third
      on_failure:
        - pager
        - b@company.test
    notification_settings: { no_alert_for_skipped_runs: true, no_alert_for_canceled_runs: false }
    health:
      rules: # fourth
        - metric: RUN_DURATION_SECONDS
          op: GREATER_THAN
          value: 3600
        - { metric: STREAMING_BACKLOG_BYTES, op: GREATER_THAN, value: 1 }
  billing:
    mode: ensure
    email_notifications:
      # fifth
      on_failure: [
        a@company.test,
        b@company.test
      ]
    webhook_notifications: { on_failure: [ { id: "\${destinations.leads.id}" } ], on_start: [] }
`;
  const lists = fc.subarray(['a@company.test', 'b@company.test', 'c@company.test']);
  const hooks = fc.subarray(['leads', 'pager']);
  const poke = fc.record({
    start: fc.tuple(lists, hooks),
    failure: fc.tuple(lists, hooks),
    flags: fc.record(
      { no_alert_for_skipped_runs: fc.boolean(), no_alert_for_canceled_runs: fc.boolean() },
      { requiredKeys: [] },
    ),
    health: fc.record(
      { RUN_DURATION_SECONDS: fc.nat(9999), STREAMING_BACKLOG_BYTES: fc.nat(99) },
      { requiredKeys: [] },
    ),
  });
  type Poke = typeof poke extends fc.Arbitrary<infer Value> ? Value : never;

  const settingsOf = (bench: Bench, { start, failure, flags, health }: Poke): JsonObject => {
    const ids = (names: readonly string[]) => names.map((name) => ({ id: idOf(bench, name) }));
    const rules = Object.entries(health).map(([metric, value]) => ({ metric, op: 'GREATER_THAN', value }));
    return {
      email_notifications: { on_start: start[0], on_failure: failure[0] },
      webhook_notifications: { on_start: ids(start[1]), on_failure: ids(failure[1]) },
      notification_settings: flags,
      ...(rules.length === 0 ? {} : { health: { rules } }),
    };
  };

  test('leaves nothing to do', async () => {
    const bench = await applied(CONFIG);
    const check = async (etl: Poke, billing: Poke): Promise<void> => {
      await bench.write(CONFIG);
      bench.sandbox.poke.setJob('7', () => ({ name: 'etl', ...settingsOf(bench, etl) }));
      bench.sandbox.poke.setJob('8', () => ({ name: 'billing', ...settingsOf(bench, billing) }));
      const { code, out, text } = await accept(bench);
      expect([code, out]).toEqual([0, expect.not.stringContaining('cannot be')]);
      await expectSettled(bench);
      for (const comment of ['# first', ' # second', '   # third', '      # fifth'])
        expect(text).toContain(`${comment}\n`);
    };
    await fc.assert(fc.asyncProperty(poke, poke, check), { numRuns: 30 });
  }, 120_000);
});
