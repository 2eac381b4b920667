import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type FakeGitHub, shaOf, startFakeGitHub } from '../github/fake.ts';
import { type Prism, startPrism } from '../github/prism.ts';
import { type Inputs, type Trigger, dispatchTrigger, pullTrigger, pushTrigger } from '../support/action.ts';
import { GITHUB_ISSUER, type IdTokens, startIdTokens } from '../support/id-tokens.ts';
import { type BundledStep, buildAction, runStep } from './support/bundled.ts';

const SUBJECT = 'repo:acme/notifications:environment:databricks-apply';
const ACCOUNT = '7f1d9f0e-0000-4000-8000-00000000acc0';
const SECRET = 'https://hooks.slack.com/services/T000/B000/superSecretPart';
const CONFIG = `version: 1
name: data-platform
targets:
  prod: {}
destinations:
  team-slack: { display_name: Data Team Slack, slack: { url: '\${secrets.SLACK_WEBHOOK_URL}' } }
jobs:
  etl: { notify: { on_failure: [team-slack, oncall@company.test] } }
`;

/** The shipped bundle, a workspace that federates with a GitHub job, and a GitHub that every message is checked against. */
const world: {
  entry: string;
  github: FakeGitHub;
  prism: Prism;
  idTokens: IdTokens;
  sandbox: Sandbox;
  folder: string;
  runs: number;
} = {} as never;

beforeAll(async () => {
  world.entry = await buildAction();
  world.github = await startFakeGitHub();
  world.prism = await startPrism(world.github.url);
  world.github.servePublicly(world.prism.url);
  world.idTokens = await startIdTokens({ subject: SUBJECT });
  world.runs = 0;
}, 60_000);

afterAll(async () => {
  await world.prism?.close();
  await world.github?.close();
  await world.idTokens?.close();
  await rm(dirname(world.entry), { recursive: true, force: true });
});

beforeEach(async () => {
  world.github.reset();
  world.sandbox = await startSandbox({
    seed: {
      account_id: ACCOUNT,
      identities: [
        {
          token: 'not-used',
          user_name: '11111111-2222-4333-8444-555555555555',
          admin: true,
          client_id: '11111111-2222-4333-8444-555555555555',
          federation: [{ issuer: GITHUB_ISSUER, subject: SUBJECT }],
        },
      ],
      jobs: [{ job_id: '9007199254740993', settings: { name: 'etl' } }],
    },
  });
  world.folder = await mkdtemp(join(tmpdir(), 'lakebell-repository-'));
  await writeFile(join(world.folder, 'notifications.yml'), CONFIG);
});

afterEach(async () => {
  await world.sandbox.close();
  await rm(world.folder, { recursive: true, force: true });
});

function step(
  trigger: Trigger,
  inputs: Inputs = {},
  env: Readonly<Record<string, string>> = {},
): Promise<BundledStep> {
  world.runs += 1;
  const job = {
    entry: world.entry,
    folder: world.folder,
    apiUrl: world.prism.url,
    env: {
      ...world.idTokens.env,
      SLACK_WEBHOOK_URL: SECRET,
      DATABRICKS_TOKEN_AUDIENCE: ACCOUNT,
      ...env,
    },
  };
  return runStep(job, trigger, {
    id: world.runs,
    inputs: {
      host: world.sandbox.url,
      'auth-type': 'github-oidc',
      'client-id': '11111111-2222-4333-8444-555555555555',
      ...inputs,
    },
  });
}

describe('the bundled action', () => {
  test('goes from the pull request to the applied merge, and every message is as GitHub describes it', async () => {
    const { github, sandbox } = world;
    github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'change' });
    const opened = await step(pullTrigger(1, 'first', { headRef: 'change' }));
    expect([opened.code, opened.commands]).toEqual([0, []]);
    expect(opened.outputs).toMatchObject({
      changed: 'true',
      create: '1',
      update: '1',
      pending: '2',
      refused: 'false',
    });
    expect(opened.summary).toContain('2 changes');

    await writeFile(join(world.folder, 'notifications.yml'), CONFIG.replace('oncall@', 'duty@'));
    github.pushToPull(1, shaOf('second'));
    const pushed = await step(pullTrigger(1, 'second', { action: 'synchronize', headRef: 'change' }));
    expect([pushed.code, pushed.commands]).toEqual([0, []]);
    expect(pushed.outputs['comment-url']).toBe(opened.outputs['comment-url']);
    const [comment, ...others] = github.comments(1);
    expect([others.length, comment?.edits]).toEqual([0, 1]);
    expect(comment?.body).toContain('duty@company.test');

    const again = await step(pullTrigger(1, 'second', { action: 'synchronize', headRef: 'change' }));
    expect([again.code, github.comments(1)[0]?.edits]).toEqual([0, 1]);

    github.mergePull(1, { sha: shaOf('squash'), method: 'squash' });
    const merged = await step(pushTrigger('squash'));
    expect([merged.code, merged.commands]).toEqual([0, []]);
    expect(merged.outputs).toMatchObject({ changed: 'true', pending: '0' });
    expect(sandbox.snapshot().destinations).toHaveLength(1);
    expect(github.comments(1)[0]?.body).toMatch(/^✅ \*\*Applied to /m);
    expect(github.comments(1)).toHaveLength(1);
    expect(github.checks().map(({ name, headSha }) => [name, headSha])).toEqual([
      ['lakebell/data-platform/prod', shaOf('first')],
      ['lakebell/data-platform/prod', shaOf('second')],
      ['lakebell/data-platform/prod', shaOf('second')],
    ]);

    const rerun = await step(pushTrigger('squash'));
    expect([rerun.code, rerun.outputs['changed']]).toEqual([0, 'false']);
    expect(github.comments(1)[0]?.body).toMatch(/^✅ \*\*Applied to /m);
  }, 60_000);

  test('says no secret and no token anywhere', async () => {
    const { github, idTokens } = world;
    github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'change' });
    const steps = [await step(pullTrigger(1, 'first', { headRef: 'change' }))];
    github.mergePull(1, { sha: shaOf('squash'), method: 'squash' });
    steps.push(await step(pushTrigger('squash')));
    const said = JSON.stringify([steps, github.comments(1), github.checks(), github.requests]);
    const secrets = [
      SECRET,
      'superSecretPart',
      'not-used',
      idTokens.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
      ...idTokens.issued,
    ];
    expect(idTokens.issued.length).toBeGreaterThan(0);
    expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
    expect(said).toContain('(secret SLACK_WEBHOOK_URL)');
  }, 60_000);

  test('marks what is wrong with the file where it is wrong, and fails', async () => {
    world.github.openPull({ number: 1, headSha: shaOf('first'), headRef: 'change' });
    await writeFile(join(world.folder, 'notifications.yml'), CONFIG.replace('on_failure', 'on_failur'));
    const broken = await step(pullTrigger(1, 'first', { headRef: 'change' }));
    expect(broken.code).toBe(1);
    expect(broken.commands).toEqual([
      {
        name: 'error',
        text: expect.stringMatching(/ title=lakebell .*,file=notifications\.yml,line=8,col=\d+::/),
      },
    ]);
    expect(world.github.checks()[0]?.conclusion).toBe('failure');
  }, 60_000);

  test('tells the runner nothing in the name of a job', async () => {
    const name =
      'etl\n::error::owned\r\n::set-output name=digest::x\u001b[2J ##[error]y %0A::stop-commands::z';
    await world.sandbox.close();
    world.sandbox = await startSandbox({ seed: { jobs: [{ job_id: '7', settings: { name } }] } });
    const config = `version: 1\nname: data-platform\njobs:\n  etl: { id: "7", notify: { on_failure: [a@company.test] } }\n`;
    await writeFile(join(world.folder, 'notifications.yml'), config);
    const { code, commands, out, outputs, summary } = await step(dispatchTrigger(), {
      mode: 'plan',
      'auth-type': 'pat',
      token: 'sandbox-token',
    });
    expect([code, commands]).toEqual([0, []]);
    expect(Array.from(out + summary).filter((character) => character < ' ' && character !== '\n')).toEqual(
      [],
    );
    expect(out + summary).not.toMatch(/##\[|^::/m);
    expect(outputs['digest']).toMatch(/^sha256:/);
  }, 60_000);

  test('ends with the contract’s exit code and one sentence where the event must not apply', async () => {
    const refused = await step(pullTrigger(1, 'first'), { mode: 'apply' });
    expect(refused.code).toBe(5);
    expect(refused.commands).toEqual([{ name: 'error', text: expect.stringContaining('not merged') }]);
    expect(world.sandbox.requests).toEqual([]);
  }, 60_000);
});
