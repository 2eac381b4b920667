import { afterEach, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { DoctorDocument, FindingDocument } from '../../src/core/doctor.ts';
import { doctorSchema } from '../../src/report/doctor.ts';
import { columns } from '../../src/report/wrap.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import type { SeedIdentity } from '../../src/sandbox/seed.ts';
import { textOf } from '../architecture/source.ts';
import { type FakeGitHub, GITHUB_ACTIONS, startFakeGitHub } from '../github/fake.ts';
import { expectGolden } from '../report/support/golden.ts';
import { pullTrigger, runnerEnvironment, scheduleTrigger, type Trigger } from '../support/action.ts';
import { type Bench, openBench } from '../support/cli.ts';
import { GITHUB_ISSUER, type IdTokenClaims, startIdTokens, SUBJECT } from '../support/id-tokens.ts';

const NOW = Date.UTC(2026, 0, 1);
const PRINCIPAL = '0f3a9c1e-77d2-4a51-9a8e-3c5b2f60d1aa';
const ADMIN: SeedIdentity = { token: 'dapi-admin-token', user_name: 'boss@company.test', admin: true };
const PLANNER: SeedIdentity = {
  token: 'dapi-planner-token',
  user_name: PRINCIPAL,
  client_id: PRINCIPAL,
  client_secret: 'dose-secret-of-the-planner',
  federation: [{ issuer: GITHUB_ISSUER, subject: SUBJECT }],
  can_manage_jobs: ['7'],
};
const JOBS = [
  { job_id: '7', creator_user_name: 'boss@company.test', settings: { name: 'etl' } },
  { job_id: '8', creator_user_name: 'boss@company.test', settings: { name: 'job-8' } },
  { job_id: '9', creator_user_name: 'boss@company.test', settings: { name: 'job-9' } },
];
const CONFIG = `version: 1
destinations:
  team: { email: { addresses: [team@company.test] } }
jobs:
  etl: { notify: { on_failure: [team] } }
rules:
  all: { select: { name: "job-*" }, notify: { on_failure: [oncall@company.test] } }
registry_webhooks:
  churn: { model_name: churn, events: [MODEL_VERSION_CREATED], http_url_spec: { url: "https://hook.test/x" } }
`;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(as: SeedIdentity = ADMIN, options: SandboxOptions = {}, config = CONFIG): Promise<Bench> {
  const identities = [as, ...[ADMIN, PLANNER].filter(({ token }) => token !== as.token)];
  const { seed, ...rest } = options;
  return openBench({ now: () => NOW, ...rest, seed: { identities, jobs: JOBS, ...seed } }, config);
}

type Seen = { readonly code: number; readonly document: DoctorDocument };

async function examined(bench: Bench, ...argv: string[]): Promise<Seen> {
  const { code, out, err } = await bench.lakebell('doctor', ...argv, '--format', 'json');
  if (out === '') throw new Error(err);
  expectWholesome(bench, out);
  return { code, document: JSON.parse(out) as DoctorDocument };
}

function found({ document }: Seen, code: string): FindingDocument | undefined {
  return document.findings.find((finding) => finding.code === code);
}

function statuses({ document }: Seen): Readonly<Record<string, string>> {
  return Object.fromEntries(document.findings.map(({ code, status }) => [code, status]));
}

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(doctorSchema());

/** What holds of every report, whatever is wrong. */
function expectWholesome(bench: Bench, out: string): void {
  const document = JSON.parse(out) as DoctorDocument;
  expect([validate(document), validate.errors]).toEqual([true, null]);
  const loud = document.findings.filter(({ status }) => status !== 'ok');
  expect(loud.filter(({ remedy }) => remedy === null || remedy.length < 10)).toEqual([]);
  expect(document.healthy).toBe(document.summary.problem === 0);
  const writes = bench.writes().filter((line) => !line.startsWith('POST /oidc/'));
  expect(writes).toEqual([]);
  for (const secret of secretsOf(bench)) expect(out).not.toContain(secret);
}

function secretsOf({ env }: Bench): readonly string[] {
  const tokens = [ADMIN.token, PLANNER.token, String(PLANNER.client_secret), 'access-', 'eyJ', 'wrong-token'];
  return [
    ...tokens,
    ...['GITHUB_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'].flatMap((name) => env[name] ?? []),
  ];
}

describe('doctor', () => {
  test('finds everything in order for an admin who has applied', async () => {
    const bench = await open();
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    const seen = await examined(bench);
    expect([seen.code, seen.document.summary.problem, seen.document.summary.unknown]).toEqual([0, 0, 0]);
    expect(statuses(seen)).toMatchObject({
      'sign-in': 'ok',
      identity: 'ok',
      destinations: 'ok',
      'jobs-seen': 'ok',
      'jobs-managed': 'ok',
      'registry-webhooks': 'ok',
      alerts: 'ok',
      'system-tables': 'ok',
      record: 'ok',
      clock: 'ok',
    });
    expect(found(seen, 'jobs-seen')?.detail).toBe('3; the last apply saw 3, as boss@company.test');
    expect(seen.document.workspace).toMatchObject({ host: bench.sandbox.url, identity: 'boss@company.test' });
  });

  test('sends nothing but reads', async () => {
    const bench = await open();
    await bench.lakebell('doctor');
    expect(new Set(bench.sandbox.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  test('works without a configuration', async () => {
    const bench = await open();
    const ran = await bench.lakebellOn(bench.path('absent.yml'), 'doctor', '--format', 'json');
    expectWholesome(bench, ran.out);
    const seen = { code: ran.code, document: JSON.parse(ran.out) as DoctorDocument };
    expect([ran.code, found(seen, 'config-absent')?.status]).toEqual([0, 'warning']);
    expect(statuses(seen)).toMatchObject({ identity: 'ok', destinations: 'ok', 'registry-webhooks': 'ok' });
  });

  test('says that the configuration is wrong, and goes on', async () => {
    const bench = await open(ADMIN, {}, 'version: 1\nnonsense: 1\n');
    const seen = await examined(bench);
    expect([seen.code, found(seen, 'config-invalid')?.status]).toEqual([1, 'problem']);
    expect(found(seen, 'identity')?.status).toBe('ok');
  });

  test('gives one report for each target', async () => {
    const bench = await open();
    const { url } = bench.sandbox;
    await bench.write(`version: 1\ntargets: { one: { host: "${url}" }, two: { host: "${url}" } }\n`);
    const { out } = await bench.lakebell('doctor', '--all-targets', '--format', 'json');
    const { reports } = JSON.parse(out) as { readonly reports: readonly DoctorDocument[] };
    expect([validate(JSON.parse(out)), validate.errors]).toEqual([true, null]);
    expect(reports.map(({ workspace }) => workspace.target)).toEqual(['one', 'two']);
  });

  test('has its schema committed', () => {
    expect(JSON.parse(textOf('schemas/doctor.schema.json'))).toEqual(
      JSON.parse(JSON.stringify(doctorSchema())),
    );
  });
});

describe('signing in', () => {
  test('a wrong token is a problem, and what can be said without it is said', async () => {
    const bench = await open();
    bench.env['DATABRICKS_TOKEN'] = 'dapi-wrong-token';
    const seen = await examined(bench);
    expect([seen.code, seen.document.healthy]).toEqual([3, false]);
    expect(found(seen, 'identity')).toMatchObject({
      status: 'problem',
      remedy: expect.stringContaining('token'),
    });
    expect(statuses(seen)).toMatchObject({ address: 'ok', 'not-examined': 'unknown', config: 'ok' });
  });

  test('no credentials are a problem, with what each method lacks', async () => {
    const bench = await open();
    bench.env['DATABRICKS_TOKEN'] = undefined;
    const seen = await examined(bench);
    expect([seen.code, found(seen, 'sign-in')?.status, found(seen, 'address')?.status]).toEqual([
      3,
      'problem',
      'ok',
    ]);
    const { considered } = seen.document.sign_in;
    expect(considered.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['pat', 'oauth-m2m', 'github-oidc']),
    );
    expect(considered.filter(({ chosen, why }) => chosen || why === '')).toEqual([]);
    const { out } = await bench.lakebell('doctor');
    expect(out).toContain('Methods, in the order in which they are tried');
  });

  test('a method that is asked for and lacks something is named', async () => {
    const bench = await open();
    bench.env['DATABRICKS_AUTH_TYPE'] = 'oauth-m2m';
    const seen = await examined(bench);
    expect([seen.code, found(seen, 'sign-in')?.detail]).toEqual([3, expect.stringContaining('oauth-m2m')]);
  });

  test('no workspace, an address that is none, and one where nobody listens', async () => {
    const bench = await open();
    bench.env['DATABRICKS_HOST'] = undefined;
    expect((await examined(bench)).code).toBe(3);
    bench.env['DATABRICKS_HOST'] = 'not a host';
    expect((await examined(bench)).code).toBe(1);
    bench.env['DATABRICKS_HOST'] = 'http://127.0.0.1:1';
    const seen = await examined(bench);
    expect([seen.code, found(seen, 'address')?.status]).toEqual([4, 'problem']);
  });

  test('a proxy is named without its password, and an account console by its name alone', async () => {
    const bench = await open();
    bench.env['DATABRICKS_HOST'] = 'https://accounts.cloud.databricks.com';
    bench.env['HTTPS_PROXY'] = 'http://me:proxy-password@127.0.0.1:9';
    const seen = await examined(bench);
    expect(found(seen, 'address')).toMatchObject({
      status: 'problem',
      detail: expect.stringContaining('through the proxy 127.0.0.1:9'),
      remedy: expect.stringContaining('NO_PROXY'),
    });
    expect(found(seen, 'host-kind')).toMatchObject({ status: 'problem', detail: 'account console, AWS' });
    expect(JSON.stringify(seen)).not.toContain('proxy-password');
  });

  test('a limit that is none is a wrong setting', async () => {
    const bench = await open();
    bench.env['DATABRICKS_RATE_LIMIT'] = 'fast';
    const seen = await examined(bench);
    expect([seen.code, found(seen, 'rate')]).toEqual([
      1,
      expect.objectContaining({ status: 'problem', remedy: expect.stringContaining('set it right') }),
    ]);
  });

  test('sends nothing to a host that only the file names', async () => {
    const bench = await open();
    bench.env['DATABRICKS_HOST'] = undefined;
    await bench.write('version: 1\ntargets: { one: { host: "https://look-alike.test" } }\n');
    const seen = await examined(bench);
    expect([seen.code, found(seen, 'address')]).toEqual([3, undefined]);
    expect(found(seen, 'sign-in')?.detail).toContain('only the configuration file names');
  });

  test('an identity that was switched off is a problem', async () => {
    const seen = await examined(await open({ ...ADMIN, inactive: true }));
    expect([seen.code, found(seen, 'inactive')?.status]).toEqual([3, 'problem']);
  });
});

describe('the clock', () => {
  test.each([
    [59_000, 'pat', 'ok', 0],
    [-90_000, 'pat', 'warning', 0],
    [400_000, 'pat', 'warning', 0],
    [400_000, 'oauth-m2m', 'problem', 3],
  ])('of a host that is %i ms ahead, with %s, is %s', async (ahead, method, status, code) => {
    const bench = await open(
      { ...ADMIN, client_id: 'id', client_secret: 'dose' },
      { now: () => NOW + ahead },
    );
    if (method === 'oauth-m2m')
      Object.assign(bench.env, {
        DATABRICKS_TOKEN: '',
        DATABRICKS_CLIENT_ID: 'id',
        DATABRICKS_CLIENT_SECRET: 'dose',
      });
    const seen = await examined(bench);
    expect([found(seen, 'clock')?.status, seen.code]).toEqual([status, code]);
  });
});

describe('what it may do', () => {
  test('an admin through a group that holds another is one', async () => {
    const seen = await examined(await open({ ...ADMIN, admin_by_nested_group: true }));
    expect(found(seen, 'admin')?.detail).toBe('yes, through a group that holds another');
    expect([seen.code, found(seen, 'destinations')?.status]).toEqual([0, 'ok']);
  });

  test('whether it is an admin stays unknown where nothing tells', async () => {
    const bench = await open(PLANNER);
    bench.sandbox.fault({ kind: 'status', status: 400, path: '*/workspace-conf', times: Infinity });
    const seen = await examined(bench);
    expect(statuses(seen)).toMatchObject({ admin: 'unknown', destinations: 'unknown' });
  });

  test('who is no admin cannot change destinations, which is no matter where the file makes none', async () => {
    const bench = await open(PLANNER);
    expect(found(await examined(bench), 'destinations')?.status).toBe('problem');
    await bench.write('version: 1\njobs: { etl: { notify: { on_failure: [a@company.test] } } }\n');
    const seen = await examined(bench);
    expect([seen.code, found(seen, 'destinations')?.status]).toEqual([0, 'ok']);
    expect(found(seen, 'jobs-managed')?.detail).toBe('all 1 that the configuration is about');
  });

  test('jobs that it cannot manage are named where that is told, and unknown where it is not', async () => {
    const bench = await open(PLANNER);
    expect(found(await examined(bench), 'jobs-untold')).toMatchObject({
      status: 'unknown',
      detail: expect.stringContaining('job-8 (8), job-9 (9)'),
    });
    bench.sandbox.behave({ permissionsShown: 'viewers' });
    expect(found(await examined(bench), 'jobs-managed')).toMatchObject({
      status: 'problem',
      detail: expect.stringContaining('2 of the 3'),
    });
  });

  test('a list of permissions condemns nobody who may be an admin', async () => {
    const bench = await open(PLANNER, { behaviour: { permissionsShown: 'viewers' } });
    bench.sandbox.fault({ kind: 'status', status: 400, path: '*/workspace-conf', times: Infinity });
    const told = statuses(await examined(bench));
    expect([told['jobs-managed'], told['jobs-untold']]).toEqual([undefined, 'unknown']);
  });

  test('pipelines of the file are told as jobs are', async () => {
    const config = 'version: 1\npipelines: { a: {ON}, b: {ON}, c: {ON} }\n'.replaceAll(
      '{ON}',
      '{ notify: { on-update-failure: [a@company.test] } }',
    );
    const pipelines = ['a', 'b'].map((name) => ({ pipeline_id: `id-of-${name}`, spec: { name } }));
    const as = { ...PLANNER, can_manage_pipelines: ['id-of-a'] };
    const owner = { ...ADMIN };
    const bench = await openBench(
      {
        now: () => NOW,
        behaviour: { permissionsShown: 'viewers' },
        seed: { identities: [owner, as], pipelines },
      },
      config,
    );
    expect(found(await examined(bench), 'pipelines-managed')?.status).toBe('ok');
    bench.env['DATABRICKS_TOKEN'] = as.token;
    const seen = await examined(bench);
    expect(found(seen, 'pipelines-missing')?.detail).toContain('"c"');
    expect([seen.code, found(seen, 'pipelines-managed')]).toEqual([
      3,
      expect.objectContaining({
        status: 'problem',
        detail: '1 of the 2 that the configuration is about may not be: b (id-of-b)',
      }),
    ]);
    bench.sandbox.behave({ permissionsShown: 'managers' });
    expect(found(await examined(bench), 'pipelines-untold')?.status).toBe('unknown');
  });

  test('fewer jobs than the last apply saw are told, and jobs of the file that are not seen', async () => {
    const record = 'settings: { record: { workspace: /Workspace/Team/notifications.json } }\n';
    const bench = await open(ADMIN, {}, CONFIG + record);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    const few = await open({ ...PLANNER, can_view_jobs: [] }, {}, CONFIG.replace('etl:', 'elt:') + record);
    const [saved] = bench.sandbox.snapshot().files;
    few.sandbox.poke.writeFile('/Team/notifications.json', String(saved?.content));
    const seen = await examined(few);
    expect(found(seen, 'jobs-seen')).toMatchObject({
      status: 'warning',
      detail: '1; the last apply saw 3, as boss@company.test',
    });
    expect(found(seen, 'jobs-missing')?.detail).toContain('"elt"');
  });

  test('of many jobs that rules select some are asked about', async () => {
    const jobs = Array.from({ length: 90 }, (_none, at) => ({
      job_id: String(at + 1),
      creator_user_name: 'boss@company.test',
      settings: { name: `job-${at}` },
    }));
    const bench = await open({ ...PLANNER, can_manage_jobs: 'all' }, { seed: { jobs } }, CONFIG);
    const seen = await examined(bench);
    expect(found(seen, 'jobs-managed')?.detail).toContain('18 of the 90 that rules select were looked at');
    const asked = bench.sandbox.requests.filter(({ path }) => path.includes('/permissions/jobs/'));
    expect(asked).toHaveLength(18);
  });

  test('webhooks of a model that it does not manage are a problem', async () => {
    const seen = await examined(await open(PLANNER));
    expect(found(seen, 'registry-webhooks')).toMatchObject({
      status: 'problem',
      detail: expect.stringContaining('the model churn'),
    });
    const allowed = await examined(await open({ ...PLANNER, can_manage_models: ['churn'] }));
    expect(found(allowed, 'registry-webhooks')?.status).toBe('ok');
  });

  test('system tables: the grants that are missing, and a workspace without a metastore', async () => {
    const missing = found(await examined(await open(PLANNER)), 'system-tables');
    expect(missing?.snippets[0]?.text).toContain(
      `GRANT SELECT ON SCHEMA system.lakeflow TO \`${PRINCIPAL}\`;`,
    );
    const without = await open(ADMIN, { seed: { has_metastore: false } });
    expect(found(await examined(without), 'system-tables')?.detail).toContain('no Unity Catalog metastore');
    const granted = await open({ ...PLANNER, can_read_system_tables: true });
    expect(found(await examined(granted), 'system-tables')?.status).toBe('ok');
  });

  test('a record where all users may write is refused, one that is damaged too', async () => {
    const shared = 'version: 1\nsettings: { record: { workspace: /Workspace/Shared/n.json } }\n';
    const seen = await examined(await open(ADMIN, {}, shared));
    expect([seen.code, found(seen, 'record')?.status]).toEqual([3, 'problem']);
    const damaged = await open(ADMIN, {}, shared.replace('Shared', 'Team'));
    damaged.sandbox.poke.writeFile('/Team/n.json', 'no record');
    expect(found(await examined(damaged), 'record')?.status).toBe('problem');
    const none = await open(ADMIN, {}, 'version: 1\nsettings: { record: none }\n');
    expect(found(await examined(none), 'record')?.status).toBe('ok');
  });

  test.each([
    ['*/notification-destinations*', 'destinations'],
    ['*/jobs/list*', 'jobs-seen'],
    ['*/alerts*', 'alerts'],
    ['*/registry-webhooks/*', 'registry-webhooks'],
    ['*/unity-catalog/*', 'system-tables'],
    ['*/workspace/get-status*', 'record'],
  ])('what fails at %s leaves the rest', async (path, code) => {
    const bench = await open();
    bench.sandbox.fault({ kind: 'status', status: 501, path, times: Infinity });
    const seen = await examined(bench);
    expect([seen.code, found(seen, code)?.status]).toEqual([0, 'unknown']);
    expect(seen.document.summary.unknown).toBe(1);
  });

  test('refusals for too many requests are told', async () => {
    const bench = await open();
    bench.env['DATABRICKS_RATE_LIMIT'] = '10';
    bench.sandbox.fault({ kind: 'status', status: 429, path: '*/alerts*', times: 2 });
    const rate = found(await examined(bench), 'rate');
    expect(rate).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('2 answers were a refusal'),
    });
    expect(rate?.detail).toContain('at most 10 requests a second (DATABRICKS_RATE_LIMIT)');
    expect(rate?.detail).toContain('not told');
  });
});

type Workflow = { readonly claims?: IdTokenClaims; readonly trigger?: Trigger; readonly github?: FakeGitHub };

async function inWorkflow(
  bench: Bench,
  { claims, trigger = pullTrigger(7, 'head'), github }: Workflow,
): Promise<void> {
  await bench.write(JSON.stringify(trigger.payload), 'event.json');
  const place = { folder: bench.folder, apiUrl: github?.url ?? 'http://127.0.0.1:1', id: 1 };
  Object.assign(bench.env, runnerEnvironment(trigger, place), {
    GITHUB_EVENT_PATH: bench.path('event.json'),
  });
  if (github !== undefined) bench.env['GITHUB_TOKEN'] = 'github-token';
  if (claims === undefined) return;
  const idTokens = await startIdTokens(claims, () => NOW);
  closing.push(idTokens.close);
  Object.assign(bench.env, idTokens.env, { DATABRICKS_TOKEN: '', DATABRICKS_CLIENT_ID: PRINCIPAL });
}

async function fakeGitHub(permissions: (typeof GITHUB_ACTIONS)['permissions'] = {}): Promise<FakeGitHub> {
  const github = await startFakeGitHub({
    tokens: { 'github-token': { ...GITHUB_ACTIONS, permissions } },
    startedAt: NOW,
  });
  closing.push(github.close);
  return github;
}

describe('the identity of a job', () => {
  test('that is accepted is told with its policy', async () => {
    const bench = await open(PLANNER);
    await inWorkflow(bench, { claims: {} });
    const seen = await examined(bench);
    expect(found(seen, 'federation')).toMatchObject({
      status: 'ok',
      detail: expect.stringContaining(SUBJECT),
    });
    expect(found(seen, 'identity')?.status).toBe('ok');
  });

  test('that is refused comes with exactly the policy that would let it in, three times', async () => {
    const subject = "repo:acme@12/notifi'cations@34:environment:${prod}";
    const bench = await open(PLANNER);
    await inWorkflow(bench, { claims: { subject } });
    const seen = await examined(bench);
    const finding = found(seen, 'federation');
    expect([seen.code, finding?.status]).toEqual([3, 'problem']);
    expect(finding?.detail).toContain('with the ids of owner and repository');
    const { account_id: audience } = bench.sandbox.snapshot();
    const policy = { oidc_policy: { issuer: GITHUB_ISSUER, audiences: [audience], subject } };
    const [command, terraform, rest] = finding?.snippets ?? [];
    const json = /--json '(.*)'$/.exec(command?.text ?? '')?.[1]?.replaceAll(String.raw`'\''`, "'");
    expect(JSON.parse(String(json))).toEqual(policy);
    expect(JSON.parse(String(rest?.text))).toEqual(policy);
    expect(terraform?.text).toContain('subject   = "repo:acme@12/notifi\'cations@34:environment:$${prod}"');
    expect(rest?.title).toContain(`/api/2.0/accounts/${audience}/servicePrincipals/`);
  });

  test('of which the policy accepts another audience says so, until it is set', async () => {
    const federation = [{ issuer: GITHUB_ISSUER, subject: SUBJECT, audience: 'of-the-policy' }];
    const bench = await open({ ...PLANNER, federation });
    await inWorkflow(bench, { claims: {} });
    expect(statuses(await examined(bench))).toMatchObject({
      federation: 'problem',
      'federation-audience': 'warning',
    });
    bench.env['DATABRICKS_TOKEN_AUDIENCE'] = 'of-the-policy';
    const seen = await examined(bench);
    expect(statuses(seen)).toMatchObject({ federation: 'ok' });
    expect(found(seen, 'federation-audience')).toBeUndefined();
  });

  test('of any pull request is warned of', async () => {
    const subject = 'repo:acme/notifications:pull_request';
    const bench = await open({ ...PLANNER, federation: [{ issuer: GITHUB_ISSUER, subject }] });
    await inWorkflow(bench, { claims: { subject } });
    expect(found(await examined(bench), 'federation-subject')?.status).toBe('warning');
  });

  test('is offered where a stored token signs in, and where nothing does', async () => {
    const bench = await open();
    await inWorkflow(bench, { claims: {} });
    Object.assign(bench.env, { DATABRICKS_TOKEN: ADMIN.token, DATABRICKS_CLIENT_ID: '' });
    expect(found(await examined(bench), 'federation')).toMatchObject({
      status: 'ok',
      detail: expect.stringContaining('another method signs in'),
    });
    bench.env['DATABRICKS_TOKEN'] = '';
    expect(found(await examined(bench), 'federation')).toMatchObject({
      status: 'warning',
      remedy: expect.stringContaining('DATABRICKS_CLIENT_ID'),
    });
  });

  test('that GitHub does not give is unknown', async () => {
    const bench = await open(PLANNER);
    await inWorkflow(bench, { claims: {} });
    bench.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = 'another-request-token';
    expect(found(await examined(bench), 'federation')?.status).toBe('unknown');
  });
});

describe('in a workflow', () => {
  test('a job without an identity token is told which permission it lacks', async () => {
    const bench = await open();
    await inWorkflow(bench, {});
    bench.env['DATABRICKS_TOKEN'] = '';
    const seen = await examined(bench);
    expect(found(seen, 'id-token')?.snippets[0]?.text).toContain('id-token: write');
    expect(statuses(seen)).toMatchObject({
      'id-token': 'warning',
      'github-permissions': 'unknown',
      event: 'ok',
    });
  });

  test('what may not be read is a problem where the event needs it', async () => {
    const bench = await open();
    const github = await fakeGitHub({ issues: 'none', checks: 'none' });
    await inWorkflow(bench, { github });
    const seen = await examined(bench);
    expect([seen.code, found(seen, 'github-permissions')]).toEqual([
      3,
      expect.objectContaining({ status: 'problem', detail: 'checks may not even be read' }),
    ]);
    expect(github.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('what may be read is told, that writing is not told is said, and how many requests are left', async () => {
    const bench = await open();
    const github = await fakeGitHub();
    await inWorkflow(bench, { github, trigger: scheduleTrigger() });
    const seen = await examined(bench);
    expect(found(seen, 'github-permissions')).toMatchObject({
      status: 'unknown',
      detail: expect.stringContaining('issues can be read'),
    });
    expect(found(seen, 'github-permissions')?.snippets[0]?.text).toContain('issues: write');
    expect(found(seen, 'github-rate')?.detail).toMatch(/^987 of 1000 are left until 2026-01-01 01:00 UTC$/);
  });

  test('few requests are warned of, and a token that GitHub does not know is a problem', async () => {
    const bench = await open();
    const github = await startFakeGitHub({ requestsLeft: 3 });
    closing.push(github.close);
    await inWorkflow(bench, { github });
    expect(found(await examined(bench), 'github-rate')?.status).toBe('warning');
    bench.env['GITHUB_TOKEN'] = 'wrong-token';
    expect(found(await examined(bench), 'github-permissions')?.detail).toBe('GitHub does not know the token');
  });

  test('a GitHub that does not answer leaves the rest', async () => {
    const bench = await open();
    await inWorkflow(bench, {});
    bench.env['GITHUB_TOKEN'] = 'github-token';
    const seen = await examined(bench);
    expect([
      seen.code,
      found(seen, 'github-permissions')?.status,
      found(seen, 'github-rate')?.status,
    ]).toEqual([0, 'unknown', 'unknown']);
  });

  test('what follows from a fork is said, and pull_request_target is refused', async () => {
    const bench = await open();
    await inWorkflow(bench, {
      trigger: pullTrigger(7, 'head', { headRepo: 'stranger/notifications' }),
    });
    expect(found(await examined(bench), 'event')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('no secrets'),
    });
    bench.env['GITHUB_EVENT_NAME'] = 'pull_request_target';
    expect(found(await examined(bench), 'event')?.status).toBe('problem');
    bench.env['GITHUB_EVENT_PATH'] = bench.path('gone.json');
    expect(found(await examined(bench), 'event')?.status).toBe('unknown');
  });
});

describe('what a person reads', () => {
  /** Ports, folders and versions differ from run to run; as long ones stand for them. */
  function steady(bench: Bench, text: string): string {
    const { port } = new URL(bench.sandbox.url);
    return text
      .replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${'50000'.slice(0, port.length)}`)
      .replaceAll(/request [0-9a-f-]{36}/g, `request ${PRINCIPAL}`)
      .replaceAll(process.versions.node, '24.0.0');
  }

  async function refused(): Promise<Bench> {
    const bench = await open(PLANNER);
    const github = await fakeGitHub({ issues: 'none' });
    await inWorkflow(bench, { claims: { subject: 'repo:acme/notifications:pull_request' }, github });
    return bench;
  }

  async function planner(): Promise<Bench> {
    const bench = await open(PLANNER, { behaviour: { permissionsShown: 'viewers' } });
    return bench;
  }

  async function rendered(bench: Bench, ...argv: string[]): Promise<string> {
    const before = process.cwd();
    process.chdir(bench.folder);
    try {
      return steady(bench, (await bench.lakebellOn('notifications.yml', 'doctor', ...argv)).out);
    } finally {
      process.chdir(before);
    }
  }

  test('of an identity that is refused', async () => {
    const bench = await refused();
    expectGolden('doctor-refused.txt', await rendered(bench));
    expectGolden('doctor-refused.md', await rendered(bench, '--format', 'markdown'));
    expectGolden('doctor-refused.json', await rendered(bench, '--format', 'json'));
  });

  test('of an identity that may not do all', async () => {
    const bench = await planner();
    expectGolden('doctor-planner.txt', await rendered(bench, '--verbose'));
    expectGolden('doctor-planner.md', await rendered(bench, '--format', 'markdown'));
    expectGolden('doctor-planner.json', await rendered(bench, '--format', 'json'));
  });

  test('fits into the width but for what is to be copied, and names no secret', async () => {
    for (const bench of [await refused(), await planner()]) {
      const texts = [await rendered(bench), await rendered(bench, '--format', 'markdown')];
      const long = String(texts[0])
        .split('\n')
        .filter((line) => columns(line) > 100 && !line.startsWith('        ') && line.trim().includes(' '));
      expect(long).toEqual([]);
      for (const secret of secretsOf(bench)) expect(texts.join('')).not.toContain(secret);
    }
  });

  test('stays one line where a workspace answers with line breaks, colours and commands', async () => {
    const bench = await open(ADMIN, {
      seed: { jobs: [{ job_id: '7', settings: { name: 'a\n::error::x\u001b[31m' } }] },
    });
    const body = { error_code: 'X', message: 'one\n::error::two \u001b[31m ##[group]' };
    bench.sandbox.fault({ kind: 'status', status: 400, body, path: '*/alerts*', times: Infinity });
    for (const format of ['text', 'markdown', 'json']) {
      const { out } = await bench.lakebell('doctor', '--format', format);
      expect(out).not.toMatch(/^\s*::/m);
      expect(out).not.toContain('\u001b');
      expect(out).not.toContain('##[group]');
    }
  });
});
