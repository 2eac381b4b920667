import { describe, expect, test } from '@jest/globals';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const JOBS = [{ job_id: '77', settings: { name: 'retrain' } }];
/** Tells by its host that it is a secret. */
const SLACK = 'https://hooks.slack.com/services/T0/B0/hidden';

/** The module's inputs, as its README writes them. */
const MODULE = `version: 1
registry_webhooks:
  mlflow_webhook:
    events: [MODEL_VERSION_CREATED, REGISTERED_MODEL_CREATED]
    description: Notify when new models are registered
    http_url_spec:
      url: https://example.com/webhook
      authorization_header: "Bearer \${secrets.HOOK_TOKEN}"
  notification_webhook:
    events: [MODEL_VERSION_TRANSITIONED_STAGE]
    description: Send notification when model stage changes
    http_url_spec:
      url: https://api.notification-service.test/mlflow
      enable_ssl_verification: true
      authorization_header: "Bearer \${secrets.API_TOKEN}"
  retraining_webhook:
    events: [MODEL_VERSION_TRANSITIONED_STAGE]
    description: Trigger model retraining on production deployment
    job_spec:
      job_id: "77"
      access_token: \${secrets.RETRAIN_PAT}
`;

const ENTRY = {
  model_name: 'churn',
  events: ['COMMENT_CREATED'],
  http_url_spec: { url: 'https://hook.test', authorization: '${secrets.HOOK_TOKEN}' },
};
const JOB_ENTRY = {
  model_name: 'churn',
  events: ['COMMENT_CREATED'],
  job_spec: { job: 'retrain', access_token: '${secrets.RETRAIN_PAT}' },
};

/** JSON is YAML. */
function configOf(entry: object, settings: object = {}): string {
  return JSON.stringify({ version: 1, settings, registry_webhooks: { hook: entry } });
}

async function open(config: string, seed: Seed = { jobs: JOBS }): Promise<Bench> {
  const bench = await openBench({ seed }, config);
  Object.assign(bench.env, {
    HOOK_TOKEN: 'first-token',
    API_TOKEN: 'api-token',
    RETRAIN_PAT: 'dapi-retrain',
    HOOK_URL: SLACK,
  });
  return bench;
}

async function applied(config: string, seed?: Seed): Promise<Bench> {
  const bench = await open(config, seed);
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  if (code !== 0) throw new Error(out + err);
  return bench;
}

const webhooksOf = ({ sandbox }: Bench) => sandbox.snapshot().registry_webhooks;
const ownWrites = (bench: Bench) => bench.writes().filter((line) => line.includes('registry-webhooks'));
const verbsIn = async (bench: Bench) => (await bench.document('plan')).changes.map(({ verb }) => verb);
const isSettled = async (bench: Bench) => (await bench.lakebell('plan', '--detailed-exitcode')).code === 0;
const idOf = (bench: Bench) => String(webhooksOf(bench)[0]?.id);

describe('registry webhooks', () => {
  test('do what the Terraform module did, target by target, and then there is nothing to do', async () => {
    const bench = await open(MODULE);
    expect(await verbsIn(bench)).toEqual(['create', 'create', 'create']);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(webhooksOf(bench)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          status: 'ACTIVE',
          description: 'Notify when new models are registered',
          http_url_spec: {
            url: 'https://example.com/webhook',
            authorization: 'Bearer first-token',
            enable_ssl_verification: true,
          },
        }),
        expect.objectContaining({
          events: ['MODEL_VERSION_TRANSITIONED_STAGE'],
          job_spec: { job_id: '77', access_token: 'dapi-retrain' },
        }),
      ]),
    );
    expect(webhooksOf(bench).length).toBe(3);
    expect(await bench.document('plan')).toMatchObject({ changes: [], summary: { noop: 3, drifted: 0 } });
  });

  test('are not asked for where the file and the record name none', async () => {
    const bench = await open('version: 1\ndestinations: { d: { email: { addresses: [a@company.test] } } }\n');
    expect((await bench.lakebell('plan')).code).toBe(0);
    expect(bench.sandbox.requests.filter(({ path }) => path.includes('registry-webhooks'))).toEqual([]);
  });

  test('with the same model and kind of target are several, each with its own address', async () => {
    const entries = Object.fromEntries(
      ['a', 'b'].map((name) => [name, { ...ENTRY, http_url_spec: { url: `https://${name}.test` } }]),
    );
    const bench = await applied(JSON.stringify({ version: 1, registry_webhooks: entries }));
    expect(webhooksOf(bench).length).toBe(2);
    expect(await isSettled(bench)).toBe(true);
  });

  test.each(['DISABLED', 'TEST_MODE'])(
    'are switched to %s in place, without their secrets',
    async (status) => {
      const bench = await applied(configOf(ENTRY));
      await bench.write(configOf({ ...ENTRY, status }));
      const { changes } = await bench.document('plan');
      expect(changes.map(({ verb, fields }) => [verb, fields.map(({ path }) => path)])).toEqual([
        ['update', ['status']],
      ]);
      expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
      const sent = bench.sandbox.requests.find(({ method }) => method === 'PATCH');
      expect(JSON.parse(sent?.body ?? '')).toEqual({ id: idOf(bench), status });
      expect(webhooksOf(bench)[0]).toMatchObject({ status });
    },
  );

  test('keep what the API would drop: a change of the target sends every secret of it', async () => {
    const bench = await applied(configOf(ENTRY));
    await bench.write(
      configOf({ ...ENTRY, http_url_spec: { ...ENTRY.http_url_spec, url: 'https://b.test' } }),
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(ownWrites(bench)).toEqual(['PATCH /api/2.0/mlflow/registry-webhooks/update']);
    expect(webhooksOf(bench)[0]?.['http_url_spec']).toMatchObject({ authorization: 'first-token' });
  });

  test.each(['cleared', 'kept'] as const)(
    'lose a header that the file no longer has (left out secrets are %s)',
    async (omittedSecrets) => {
      const bench = await applied(configOf(ENTRY));
      bench.sandbox.behave({ omittedSecrets });
      await bench.write(configOf({ ...ENTRY, http_url_spec: { url: 'https://hook.test' } }));
      expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
      expect(webhooksOf(bench)[0]?.['http_url_spec']).not.toHaveProperty('authorization');
      expect(await isSettled(bench)).toBe(true);
    },
  );

  test('that somebody changed by hand are drift', async () => {
    const bench = await applied(configOf(ENTRY));
    bench.sandbox.poke.patchRegistryWebhook(idOf(bench), { status: 'DISABLED' });
    const { changes, summary } = await bench.document('plan');
    expect(changes.flatMap(({ fields }) => fields.map(({ path, drifted }) => [path, drifted]))).toEqual([
      ['status', true],
    ]);
    expect(summary.drifted).toBe(1);
  });

  test('move to another model by a replace, and not before the new one is there', async () => {
    const bench = await applied(configOf(ENTRY, { limits: { max_delete_percent: 100 } }));
    const old = idOf(bench);
    await bench.write(configOf({ ...ENTRY, model_name: 'fraud' }, { limits: { max_delete_percent: 100 } }));
    expect(await verbsIn(bench)).toEqual(['replace']);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(ownWrites(bench)).toEqual([
      'POST /api/2.0/mlflow/registry-webhooks/create',
      `DELETE /api/2.0/mlflow/registry-webhooks/delete?id=${old}`,
    ]);
    expect(webhooksOf(bench)).toMatchObject([{ model_name: 'fraud' }]);
  });

  test('move from an endpoint to a job by a replace', async () => {
    const bench = await applied(configOf(ENTRY, { limits: { max_delete_percent: 100 } }));
    await bench.write(configOf(JOB_ENTRY, { limits: { max_delete_percent: 100 } }));
    expect(await verbsIn(bench)).toEqual(['replace']);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(webhooksOf(bench)).toMatchObject([{ job_spec: { job_id: '77' } }]);
    expect(await isSettled(bench)).toBe(true);
  });

  test('that the file drops are deleted with prune, also where another description was given since', async () => {
    const prune = { prune: true };
    const mail = { destinations: { d: { email: { addresses: ['a@company.test'] } } } };
    const bench = await applied(configOf({ ...ENTRY, description: 'one' }, prune));
    await bench.write(configOf({ ...ENTRY, description: 'two' }, prune));
    await bench.lakebell('apply', '--auto-approve');
    await bench.write(JSON.stringify({ version: 1, settings: prune, ...mail }));
    const plan = await bench.document('plan');
    expect(plan.changes.map(({ address, verb }) => [address, verb])).toContainEqual([
      'registry_webhook/hook',
      'delete',
    ]);
    expect((await bench.lakebell('apply', '--approve', plan.digest)).code).toBe(0);
    expect(webhooksOf(bench)).toEqual([]);
  });
});

describe('a webhook that runs a job by its name', () => {
  test('is made with the job’s id', async () => {
    const bench = await applied(configOf(JOB_ENTRY));
    expect(webhooksOf(bench)).toMatchObject([{ job_spec: { job_id: '77' } }]);
    expect(await isSettled(bench)).toBe(true);
  });

  test('is the same whether the file declares the job or not', async () => {
    const bench = await applied(configOf(JOB_ENTRY));
    const jobs = { retrain: { notify: { on_failure: ['a@company.test'] } } };
    await bench.write(JSON.stringify({ version: 1, jobs, registry_webhooks: { hook: JOB_ENTRY } }));
    expect((await bench.document('plan')).changes.map(({ address }) => address)).toEqual(['job/77']);
  });

  test.each([
    ['missing', 'no job has that name', []],
    ['ambiguous', 'two jobs have it', [...JOBS, { job_id: '78', settings: { name: 'retrain' } }]],
  ])('is blocked as %s where %s', async (reason, _case, jobs) => {
    const bench = await open(configOf(JOB_ENTRY), { jobs });
    const { changes } = await bench.document('plan');
    expect(changes.map(({ verb, blocked }) => [verb, blocked?.reason])).toEqual([['blocked', reason]]);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(webhooksOf(bench)).toEqual([]);
  });

  test('is made once where the answer of its create is lost', async () => {
    const bench = await open(configOf(JOB_ENTRY));
    bench.sandbox.fault({ kind: 'drop-after', method: 'POST', path: '*/registry-webhooks/create' });
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(webhooksOf(bench).length).toBe(1);
    expect(await isSettled(bench)).toBe(true);
  });
});

describe('the secrets of a webhook', () => {
  const SECRET_URL = { ...ENTRY, http_url_spec: { url: '${secrets.HOOK_URL}' } };

  test('are written again once they have a new value', async () => {
    const bench = await applied(configOf(ENTRY));
    bench.env['HOOK_TOKEN'] = 'second-token';
    const plan = await bench.document('plan');
    expect(plan.changes.map(({ verb, op }) => [verb, op])).toEqual([['rotate', null]]);
    expect((await bench.lakebell('apply', '--approve', plan.digest)).code).toBe(0);
    expect(webhooksOf(bench)[0]?.['http_url_spec']).toMatchObject({
      url: 'https://hook.test',
      authorization: 'second-token',
    });
    expect(await isSettled(bench)).toBe(true);
  });

  test('include a URL that the API shows: it is compared, rotated, and never printed', async () => {
    const bench = await applied(configOf(SECRET_URL));
    bench.env['HOOK_URL'] = `${SLACK}-rotated`;
    const plan = await bench.lakebell('plan');
    const json = await bench.lakebell('plan', '--format', 'json');
    const apply = await bench.lakebell('apply', '--auto-approve', '--verbose');
    expect(webhooksOf(bench)[0]?.['http_url_spec']).toMatchObject({ url: `${SLACK}-rotated` });
    bench.sandbox.poke.patchRegistryWebhook(idOf(bench), { http_url_spec: { url: `${SLACK}-by-hand` } });
    const drift = await bench.lakebell('plan');
    expect(drift.out).toContain('(secret url at hooks.slack.com) -> (secret HOOK_URL)');
    for (const { out, err } of [plan, json, apply, drift]) expect(out + err).not.toContain('hidden');
    expect(JSON.stringify(bench.sandbox.snapshot().files)).not.toContain('hidden');
  });

  test('that are not set leave the plan without a conclusion, and stop an apply that needs them', async () => {
    const bench = await applied(configOf(ENTRY));
    delete bench.env['HOOK_TOKEN'];
    expect(await isSettled(bench)).toBe(true);
    await bench.write(
      configOf({ ...ENTRY, http_url_spec: { ...ENTRY.http_url_spec, url: 'https://b.test' } }),
    );
    const { code, err } = await bench.lakebell('apply', '--auto-approve');
    expect([code, ownWrites(bench)]).toEqual([1, []]);
    expect(err).toContain('HOOK_TOKEN');
  });
});

describe('a webhook that is there already', () => {
  const live = { model_name: 'churn', events: ['COMMENT_CREATED'] };
  const theirs = (url: string) => ({ ...live, http_url_spec: { url, authorization: 'theirs' } });

  test.each([
    ['by its address', ENTRY, theirs('https://hook.test')],
    ['by its job', JOB_ENTRY, { ...live, job_spec: { job_id: '77', access_token: 'theirs' } }],
    ['by a secret address', { ...ENTRY, http_url_spec: { url: '${secrets.HOOK_URL}' } }, theirs(SLACK)],
  ])('is adopted: known %s and its model', async (_how, entry, webhook) => {
    const other = { ...webhook, model_name: 'fraud' };
    const bench = await open(configOf(entry), { jobs: JOBS, registry_webhooks: [webhook, other] });
    expect(await verbsIn(bench)).toEqual(['adopt']);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(webhooksOf(bench).length).toBe(2);
    expect(await isSettled(bench)).toBe(true);
  });

  test('keeps its secrets with `adopt: keep`', async () => {
    const bench = await open(configOf({ ...ENTRY, adopt: 'keep' }), {
      registry_webhooks: [theirs('https://hook.test')],
    });
    const { code, out } = await bench.lakebell('apply', '--auto-approve');
    expect([code, out.includes('not verified'), ownWrites(bench)]).toEqual([0, true, []]);
    expect(webhooksOf(bench)[0]?.['http_url_spec']).toMatchObject({ authorization: 'theirs' });
  });

  test('is blocked where several are alike, and named by its id', async () => {
    const twins = [theirs('https://hook.test'), theirs('https://hook.test')];
    const bench = await open(configOf(ENTRY), { registry_webhooks: twins });
    const [change] = (await bench.document('plan')).changes;
    expect([change?.verb, change?.blocked?.reason]).toEqual(['blocked', 'ambiguous']);
    await bench.write(configOf({ ...ENTRY, id: idOf(bench) }));
    expect(await verbsIn(bench)).toEqual(['adopt']);
  });
});

describe('an identity that is no admin', () => {
  const identities = [
    { token: 'admin-token', user_name: 'admin@company.test', admin: true },
    { token: 'reader-token', user_name: 'reader@company.test' },
  ];
  const settings = { record: { workspace: '/Workspace/Team/r.json' } };

  test.each([
    ['the events', { ...ENTRY, events: ['MODEL_VERSION_CREATED'] }],
    ['the description', { ...ENTRY, description: 'new' }],
    ['the target', { ...ENTRY, http_url_spec: { ...ENTRY.http_url_spec, enable_ssl_verification: false } }],
  ])('compares with the record and comes to the digest of an admin: %s', async (_what, entry) => {
    const bench = await applied(configOf(ENTRY, settings), { identities });
    await bench.write(configOf(entry, settings));
    const admin = await bench.document('plan');
    bench.env['DATABRICKS_TOKEN'] = 'reader-token';
    const reader = await bench.document('plan');
    expect(reader.changes.flatMap(({ fields }) => fields.map(({ verdict }) => verdict))).toContain('assumed');
    expect([reader.digest, reader.complete]).toEqual([admin.digest, true]);
  });

  test('concludes nothing about a webhook that is on no record', async () => {
    const bench = await open(configOf(ENTRY, settings), { identities });
    bench.env['DATABRICKS_TOKEN'] = 'reader-token';
    const { changes, complete } = await bench.document('plan');
    expect(changes.map(({ blocked }) => blocked?.reason)).toEqual(['no-permission']);
    expect(complete).toBe(false);
  });
});

describe('a mistake in an entry', () => {
  test('is shown with its place, and nothing is asked of the workspace', async () => {
    const bench = await open(
      configOf({ ...ENTRY, model_name: 'main.ml.churn', job_spec: JOB_ENTRY.job_spec }),
    );
    const { code, err, out } = await bench.lakebell('plan');
    expect(code).toBe(1);
    expect(err + out).toContain('Unity Catalog');
    expect(err + out).toContain('one target');
    expect(bench.sandbox.requests).toEqual([]);
  });
});

describe('a secret URL that does not look like one', () => {
  const URL = 'https://hooks.internal.test/very-secret-path';
  const ENTRY_OF = (url: string): string =>
    `version: 1\nregistry_webhooks:\n  hook:\n    description: Tell the team\n    events: [MODEL_VERSION_CREATED]\n    http_url_spec: { url: "${url}" }\n`;

  test('is printed by no command, format or later plan', async () => {
    const bench = await openBench({}, ENTRY_OF('${secrets.HOOK_URL}'));
    bench.env['HOOK_URL'] = URL;
    const printed = [
      await bench.lakebell('apply', '--auto-approve', '--format', 'json'),
      await bench.lakebell('show'),
    ];
    delete bench.env['HOOK_URL'];
    printed.push(await bench.lakebell('show', '--format', 'json'), await bench.lakebell('plan'));
    await bench.write(ENTRY_OF('${secrets.OTHER_URL}'));
    bench.env['OTHER_URL'] = `${URL}/other`;
    printed.push(await bench.lakebell('plan'));
    await bench.write(ENTRY_OF('https://literal.test/hook'));
    printed.push(await bench.lakebell('plan'), await bench.lakebell('plan', '--format', 'markdown'));
    expect(printed.map(({ code }) => code)).toEqual(printed.map(() => 0));
    expect(printed.map(({ out, err }) => out + err).join('\n')).not.toContain('very-secret-path');
    expect(printed[4]?.out).toContain('(secret HOOK_URL) -> (secret OTHER_URL)');
    expect(printed[0]?.out).toContain('Tell the team');
  });

  test('is tried out after it was made, where the settings ask for it', async () => {
    const bench = await openBench(
      {},
      `${ENTRY_OF('https://literal.test/hook')}settings: { test_webhooks: true }\n`,
    );
    const { outcomes } = await bench.document('apply', '--auto-approve');
    expect(outcomes?.[0]).toMatchObject({ state: 'done', message: 'the test was answered with status 200' });
    expect(outcomes?.[0]?.outputs).toMatchObject({ status: 'ACTIVE', url: 'https://literal.test/hook' });
    expect((bench.sandbox.snapshot().registry_webhooks ?? [])[0]).toMatchObject({
      fired: ['MODEL_VERSION_CREATED'],
    });
  });
});
