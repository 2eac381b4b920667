import { describe, expect, test } from '@jest/globals';
import { type Bench, openBench } from '../../support/cli.ts';
import { GITHUB_ISSUER, startIdTokens, SUBJECT } from '../../support/id-tokens.ts';
import { CLIENT_ID, CLIENT_SECRET, PRINCIPAL } from './support/sign-in.ts';

const CONFIG = `version: 1
destinations:
  team: { email: { addresses: [team@company.test] } }
`;

/** A bench whose environment holds no token. */
async function openTokenless(): Promise<Bench> {
  const seed = { identities: [{ ...PRINCIPAL, admin: true }] };
  const bench = await openBench({ seed }, CONFIG);
  Object.assign(bench.env, { DATABRICKS_TOKEN: '', DATABRICKS_CLIENT_ID: CLIENT_ID });
  return bench;
}

/** The methods that requests to the workspace name. */
function namedMethods({ sandbox }: Bench): readonly (string | undefined)[] {
  const agents = sandbox.requests.map(({ headers }) => headers['user-agent'] ?? '');
  return [...new Set(agents.map((agent) => / auth\/(\S+)/.exec(agent)?.[1]))];
}

describe('a command without a stored token', () => {
  test('applies as the service principal of a secret', async () => {
    const bench = await openTokenless();
    bench.env['DATABRICKS_CLIENT_SECRET'] = CLIENT_SECRET;
    expect(await bench.lakebell('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(namedMethods(bench)).toEqual(['oauth-m2m']);
    expect(bench.sandbox.snapshot().destinations).toHaveLength(1);
  });

  test('plans, with a client that cannot write, as what GitHub says that the job is', async () => {
    const bench = await openTokenless();
    const idTokens = await startIdTokens();
    Object.assign(bench.env, idTokens.env);
    const { code, out } = await bench.lakebell('plan');
    await idTokens.close();
    expect([code, out.includes('1 to create')]).toEqual([0, true]);
    expect(namedMethods(bench)).toEqual(['github-oidc']);
    expect(bench.writes()).toEqual(['POST /oidc/v1/token']);
  });

  test('names the workspace with each request, but where a token is asked for', async () => {
    const bench = await openTokenless();
    bench.env['DATABRICKS_CLIENT_SECRET'] = CLIENT_SECRET;
    const { workspace_id: id } = bench.sandbox.snapshot();
    bench.env['DATABRICKS_HOST'] = `${bench.sandbox.url}/?o=${id}`;
    expect(await bench.lakebell('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const isOfApi = ({ path }: { readonly path: string }): boolean => path.startsWith('/api/');
    const named = bench.sandbox.requests.filter(({ headers }) => headers['x-databricks-workspace-id'] === id);
    expect(named).toEqual(bench.sandbox.requests.filter(isOfApi));
    expect(named.length).toBeGreaterThan(2);
  });

  test('says which federation policy is missing', async () => {
    const bench = await openTokenless();
    const idTokens = await startIdTokens({ subject: `${SUBJECT}-2` });
    Object.assign(bench.env, idTokens.env);
    const { code, err } = await bench.lakebell('plan');
    await idTokens.close();
    expect(code).toBe(3);
    expect(err).toContain(`subject ${SUBJECT}-2`);
    expect(err).toContain(`issuer ${GITHUB_ISSUER}`);
  });

  test('says that there is nothing to sign in with', async () => {
    const bench = await openTokenless();
    bench.env['GITHUB_ACTIONS'] = 'true';
    const { code, err } = await bench.lakebell('plan');
    expect([code, bench.sandbox.requests]).toEqual([3, []]);
    expect(err).toContain('add `permissions: id-token: write` to the job');
  });
});
