import { afterEach, describe, expect, test } from '@jest/globals';
import { type Bench, openBench } from '../support/cli.ts';
import { type IdTokens, startIdTokens } from '../support/id-tokens.ts';
import { METHODS, SECRETS, signInKit, WATCHED } from '../support/sign-ins.ts';

const CONFIG = `version: 1
name: packets
destinations:
  chat: { generic_webhook: { url: https://hook.test/a } }
jobs:
  etl: { notify: { on_failure: [chat] } }
`;

/** Each with what it ends with when all is well. */
const COMMANDS: readonly (readonly [readonly string[], number])[] = [
  [['validate', '--verbose'], 0],
  [['plan', '--verbose'], 0],
  [['plan', '--format', 'json'], 0],
  [['plan', '--format', 'markdown'], 0],
  [['apply', '--auto-approve', '--verbose'], 0],
  [['drift', '--verbose'], 0],
  [['drift', '--accept', '--verbose'], 0],
  [['show', '--verbose'], 0],
  [['history', '--verbose'], 0],
  [['doctor', '--verbose'], 0],
  [['doctor', '--format', 'json'], 0],
  [['doctor', '--format', 'markdown'], 0],
  // It would leave nobody to tell of a failure.
  [['rollback', '--auto-approve', '--verbose'], 5],
  [['unlock', 'no-such-lock'], 5],
];

const services: IdTokens[] = [];

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});

/** Where the clock of commands begins. */
const now = (): number => Date.UTC(2026, 0, 1);

type Watched = {
  readonly bench: Bench;
  readonly idTokens: IdTokens;
  /** Runs a command, and looks through all that it printed and sent; gives its exit code. */
  readonly watch: (...argv: readonly string[]) => Promise<number>;
};

async function open(method: string): Promise<Watched> {
  const seed = { ...WATCHED, jobs: [{ job_id: 7, settings: { name: 'etl' } }] };
  const bench = await openBench({ seed, now }, CONFIG);
  const idTokens = await startIdTokens({}, now);
  services.push(idTokens);
  const kit = signInKit(method, { idTokens, workspaceUrl: bench.sandbox.url });
  delete bench.env['DATABRICKS_TOKEN'];
  Object.assign(bench.env, kit.env);
  Object.assign(bench.machine, kit.machine);
  const obtained = new Set<string>();
  const watch = async (...argv: readonly string[]): Promise<number> => {
    const { code, out, err } = await bench.lakebell(...argv);
    for (const { headers } of bench.sandbox.requests) for (const one of tokensIn(headers)) obtained.add(one);
    const credentials = [...Object.values(SECRETS), ...idTokens.issued, ...obtained];
    expect(found(credentials, { out, err })).toEqual([]);
    const packets = bench.sandbox.requests.map(({ path, body, headers }) => ({ path, body, ...headers }));
    expect(packets.flatMap((packet) => found(credentials, withoutItsPlace(packet)))).toEqual([]);
    const asked = idTokens.requests.map(({ url, headers: { authorization: _its, ...rest } }) => ({
      url,
      rest: JSON.stringify(rest),
    }));
    expect(asked.flatMap((packet) => found(credentials, packet))).toEqual([]);
    return code;
  };
  return { bench, idTokens, watch };
}

const MANAGEMENT = 'x-databricks-azure-sp-management-token';

/** What a request was signed with is a credential, whoever made it. */
function tokensIn(headers: Readonly<Record<string, string>>): readonly string[] {
  const { authorization = '', [MANAGEMENT]: management = '' } = headers;
  return [authorization.replace(/^\w+ /, ''), management].filter((text) => text !== '');
}

type Packet = { readonly [place: string]: string };

/** The one place in which each sort of request may carry a credential. */
function withoutItsPlace(packet: Packet): Packet {
  const { path = '' } = packet;
  const own = /^\/oidc\/v1\/token$/.test(path)
    ? ['authorization', 'body']
    : /^\/[^/]+\/oauth2\/token$/.test(path)
      ? ['body']
      : path.startsWith('/api/')
        ? ['authorization', MANAGEMENT]
        : [];
  return Object.fromEntries(Object.entries(packet).filter(([place]) => !own.includes(place)));
}

/** Where one of them stands, in any spelling. */
function found(credentials: readonly string[], texts: Packet): readonly string[] {
  return Object.entries(texts).flatMap(([place, text]) =>
    credentials.flatMap((credential) =>
      spellings(credential).some((spelling) => text.includes(spelling)) ? [`${place}: ${text}`] : [],
    ),
  );
}

function spellings(credential: string): readonly string[] {
  const base64 = Buffer.from(credential).toString('base64');
  const signature = credential.split('.').length === 3 ? [credential.split('.').at(-1) ?? credential] : [];
  return [credential, encodeURIComponent(credential), base64, ...signature];
}

describe.each(METHODS)('with %s, a credential stands nowhere but where it must', (method) => {
  test('in every command', async () => {
    const { bench, watch } = await open(method);
    for (const [argv, expected] of COMMANDS) {
      bench.sandbox.resetRequests();
      expect([argv, await watch(...argv)]).toEqual([argv, expected]);
      const isSigned = bench.sandbox.requests.some(
        ({ path, status }) => path.startsWith('/api/') && status === 200,
      );
      const isLocal = argv[0] === 'validate';
      expect(isSigned).toBe(!isLocal);
    }
    for (const { content } of bench.sandbox.snapshot().files)
      expect(found(Object.values(SECRETS), { content })).toEqual([]);
  }, 30_000);

  test.each([401, 403, 500])(
    'where what is asked answers %s and quotes it',
    async (status) => {
      const { bench, watch } = await open(method);
      for (const path of ['/api/*', '/oidc/*', '*/oauth2/token*']) {
        const words = quotable(path, method, bench.env).join(' ');
        const body = { error_code: status, error: 'invalid', error_description: words, message: words };
        bench.sandbox.clearFaults();
        bench.sandbox.fault({ kind: 'status', status, path, times: Infinity, body });
        await watch('plan', '--verbose');
        await watch('apply', '--auto-approve', '--verbose', '--format', 'json');
        await watch('doctor', '--verbose');
      }
    },
    30_000,
  );
});

/** No server can quote what it was not sent; tokens that are obtained on the way are tried elsewhere. */
function quotable(path: string, method: string, env: Bench['env']): readonly string[] {
  if (path === '/api/*')
    return ['pat', 'databricks-cli', 'azure-cli'].includes(method) ? [SECRETS.token] : [];
  const { DATABRICKS_CLIENT_SECRET, ARM_CLIENT_SECRET, DATABRICKS_OIDC_TOKEN } = env;
  return [DATABRICKS_CLIENT_SECRET, ARM_CLIENT_SECRET, DATABRICKS_OIDC_TOKEN].flatMap((text) => text ?? []);
}
