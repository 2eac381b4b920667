import { afterEach, describe, expect, test } from '@jest/globals';
import { openBench, type Ran } from '../support/cli.ts';
import { startIdTokens } from '../support/id-tokens.ts';
import { signInKit, WATCHED } from '../support/sign-ins.ts';
import { virtualTime } from '../support/virtual-time.ts';

const JOBS = Array.from({ length: 30 }, (_none, at) => ({
  job_id: 1000 + at,
  settings: { name: `job-${at}` },
}));
const CONFIG = [
  'version: 1',
  'jobs:',
  ...JOBS.map(({ settings: { name } }) => `  ${name}: { notify: { on_failure: [a@b.test] } }`),
].join('\n');
/** Enough for a request to come and an answer to go. */
const QUIET_TURNS = 20;
/** Two requests in a minute. */
const SLOW = String(1 / 30);

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A workspace, GitHub and a command on one clock, which goes on only while somebody waits. */
async function openSlow(method: string) {
  const time = virtualTime(Date.UTC(2026, 0, 1), QUIET_TURNS);
  const now = time.clock;
  const bench = await openBench({ seed: { ...WATCHED, jobs: JOBS }, now }, CONFIG, time);
  const idTokens = await startIdTokens({}, now);
  closing.push(idTokens.close);
  const kit = signInKit(method, { idTokens, workspaceUrl: bench.sandbox.url });
  delete bench.env['DATABRICKS_TOKEN'];
  Object.assign(bench.env, kit.env, { DATABRICKS_RATE_LIMIT: SLOW });
  Object.assign(bench.machine, kit.machine);
  const countOf = (isMeant: (path: string) => boolean): number =>
    bench.sandbox.requests.filter(({ path }) => isMeant(path)).length;
  const apply = (): Promise<Ran> => time.run(bench.lakebell('apply', '--auto-approve'));
  return { bench, now, apply, countOf };
}

const isToken = (path: string): boolean => path === '/oidc/v1/token' || path.endsWith('/oauth2/token');
const isUpdate = (path: string): boolean => path === '/api/2.2/jobs/update';

describe('an apply that outlives its token', () => {
  test.each([
    ['github-oidc', 300],
    ['oauth-m2m', 3600],
    ['azure-client-secret', 3600],
  ])(
    'goes on with another, by %s',
    async (method, lifeSeconds) => {
      const { bench, now, apply, countOf } = await openSlow(method);
      const startMs = now();
      const { code } = await apply();
      const spentSeconds = (now() - startMs) / 1000;
      expect([code, countOf(isUpdate)]).toEqual([0, JOBS.length]);
      expect(spentSeconds).toBeGreaterThan(lifeSeconds / 2);
      expect(bench.sandbox.requests.filter(({ status }) => status === 401)).toEqual([]);
      // For each life one, begun a minute before the end of the one before; Azure's come in pairs.
      const renewals = Math.floor(spentSeconds / lifeSeconds);
      const perLife = method === 'azure-client-secret' ? 2 : 1;
      expect(countOf(isToken)).toBeGreaterThanOrEqual(renewals * perLife);
      expect(countOf(isToken)).toBeLessThanOrEqual((spentSeconds / (lifeSeconds - 75) + 1) * perLife);
    },
    30_000,
  );

  test('renews one that is withdrawn, once, and repeats what was refused', async () => {
    const { bench, apply, countOf } = await openSlow('oauth-m2m');
    bench.sandbox.fault({ kind: 'status', status: 401, path: '/api/2.2/jobs/update', skip: 3 });
    expect((await apply()).code).toBe(0);
    expect(countOf(isUpdate)).toBe(JOBS.length + 1);
  }, 30_000);

  test('says what was done where no other is to be had', async () => {
    const { bench, apply } = await openSlow('oauth-m2m');
    bench.sandbox.fault({
      kind: 'status',
      status: 401,
      path: '/api/2.2/jobs/update',
      skip: 3,
      times: Infinity,
    });
    bench.sandbox.fault({
      kind: 'status',
      status: 401,
      path: '/oidc/v1/token',
      skip: 1,
      times: Infinity,
      body: { error: 'invalid_client', error_description: 'The secret is over.' },
    });
    const { code, out, err } = await apply();
    expect(code).toBe(6);
    expect(out + err).toContain('The secret is over');
  }, 30_000);
});
