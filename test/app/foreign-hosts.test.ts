import { afterEach, describe, expect, test } from '@jest/globals';
import { useServers } from '../databricks/support/servers.ts';
import { type Bench, openBench } from '../support/cli.ts';
import { type IdTokens, startIdTokens } from '../support/id-tokens.ts';
import { METHODS, SECRETS, signInKit, WATCHED } from '../support/sign-ins.ts';

const { serve } = useServers();
const services: IdTokens[] = [];

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});

/** What a pull request may write as a target's host, to be sent the token of the run that plans it. */
const FOREIGN = [
  'https://evil.test',
  'evil.test',
  'https://evil.test:443',
  'https://a.cloud.databricks.com.evil.test',
  'https://a.azuredatabricks.net-evil.test',
  'https://evilazuredatabricks.net',
  'https://azuredatabricks.net',
  'https://databricks.com',
  'https://a.cloud.databricks.com:8443',
  'https://a.databricksapps.com',
  'https://169.254.169.254',
  'https://localhost.evil.test',
  'https://127.0.0.1.evil.test',
  'https://evil.test/.cloud.databricks.com',
  'https://evil.test?o=1#.azuredatabricks.net',
];

/** Spellings that two programs could read as two hosts. */
const AMBIGUOUS = [
  'https://a.cloud.databricks.com@evil.test',
  'https://user:password@evil.test',
  'https://a.cloud.databricks.com:443@evil.test',
  'https://evil.test\\.cloud.databricks.com',
  'https://evil.test%2f.cloud.databricks.com',
  'https://a.cloud.dаtabricks.com',
  'https://a.cloud.databricks。com',
  'https://a.cloud.databricks.com.',
  'https://2130706433',
  'http://evil.test',
  'http://a.cloud.databricks.com',
];

const COMMANDS = [
  ['plan'],
  ['apply', '--auto-approve'],
  ['drift'],
  ['show'],
  ['history'],
  ['rollback', '--auto-approve'],
  ['unlock', 'some-id'],
  ['doctor', '--verbose'],
] as const;

/** Everything outside this machine goes through a proxy that writes down where to; what is on it is counted as well. */
type Trap = {
  readonly bench: Bench;
  /** Every request, tunnel and program. */
  readonly left: () => readonly string[];
};

async function openTrap(method: string): Promise<Trap> {
  const bench = await openBench({ seed: WATCHED });
  const idTokens = await startIdTokens();
  services.push(idTokens);
  const proxy = await serve({ status: 502 });
  const kit = signInKit(method, { idTokens, workspaceUrl: bench.sandbox.url });
  delete bench.env['DATABRICKS_HOST'];
  delete bench.env['DATABRICKS_TOKEN'];
  Object.assign(bench.machine, kit.machine);
  Object.assign(bench.env, kit.env, { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url });
  const left = (): readonly string[] => [
    ...proxy.received.map(({ method: verb, url }) => `${verb} ${url}`),
    ...bench.sandbox.requests.map(({ path }) => path),
    ...idTokens.requests.map(({ url }) => url),
    ...kit.ran,
  ];
  return { bench, left };
}

function fileNaming(host: string): string {
  return `version: 1\ntargets:\n  prod: { host: ${JSON.stringify(host)} }\njobs: { etl: { notify: { on_failure: [a@b.test] } } }\n`;
}

describe.each(METHODS)("with %s, a pull request's file that names", (method) => {
  test.each(FOREIGN)('%s gets nothing', async (host) => {
    const { bench, left } = await openTrap(method);
    await bench.write(fileNaming(host));
    const { code, out, err } = await bench.lakebell('plan', '--verbose');
    expect([code, left()]).toEqual([3, []]);
    expect(err).toContain('only the configuration file names https://');
    expectNoSecret(out + err);
  });

  test.each(AMBIGUOUS)('%s is told that it is no address', async (host) => {
    const { bench, left } = await openTrap(method);
    await bench.write(fileNaming(host));
    const { code, out, err } = await bench.lakebell('plan', '--verbose');
    expect([code, left()]).toEqual([1, []]);
    expectNoSecret(out + err);
  });

  test.each(COMMANDS)('another host gets nothing from %s', async (...argv) => {
    const { bench, left } = await openTrap(method);
    await bench.write(fileNaming('https://evil.test'));
    const { code, out, err } = await bench.lakebell(...argv);
    expect([code, left()]).toEqual([3, []]);
    expectNoSecret(out + err);
  });
});

describe.each(METHODS)('with %s, a workspace', (method) => {
  test.each([301, 302, 303, 307, 308])('that redirects (%s) sends nobody after it', async (status) => {
    const { bench } = await openTrap(method);
    const evil = await serve({ status: 200, text: '{}' });
    const host = await serve({ status, headers: { location: `${evil.url}/api/2.0/preview/scim/v2/Me` } });
    await bench.write('version: 1\njobs: { etl: { notify: { on_failure: [a@b.test] } } }\n');
    const { code, out, err } = await bench.lakebell('plan', '--host', host.url, '--verbose');
    expect([3, 4]).toContain(code);
    expect(host.received).not.toEqual([]);
    expect(evil.received).toEqual([]);
    expectNoSecret(out + err);
  });
});

function expectNoSecret(text: string): void {
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
}
