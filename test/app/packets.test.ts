import { describe, expect, test } from '@jest/globals';
import { type Bench, openBench } from '../support/cli.ts';

/** Values that escape differently wherever they go. */
const SECRETS: Readonly<Record<string, string>> = {
  CHAT_URL: 'https://hooks.slack.test/services/T0/B0/p%41th?q=a+b&c="d"#frag',
  PASSWORD: 'pa"ss\\w/o+rd <&>\'ü€ $&{secrets.PASSWORD}',
  CLIENT_SECRET: 'line-one\nline-two=\ttab==',
  KEY: 'kkkkkkkk-0000-ZZZZ',
};
const TOKEN = 'dapi-token/with+signs==';
const FINGERPRINT_KEY = 'fingerprint-key+/=';

const CONFIG = `version: 1
name: packets
destinations:
  chat: { slack: { url: "\${secrets.CHAT_URL}" } }
  hook:
    generic_webhook:
      url: https://hook.test/a
      oauth_token_url: https://idp.test/token
      oauth_client_id: client
      oauth_client_secret: \${secrets.CLIENT_SECRET}
  basic: { generic_webhook: { url: "https://hook.test/b", username: me, password: "\${secrets.PASSWORD}" } }
  found: { display_name: Found, pagerduty: { integration_key: "\${secrets.KEY}" } }
`;

describe('promise 4: a secret leaves the process in the request that sets it, and nowhere else', () => {
  test('through plan, apply, rotation, refusal and every format', async () => {
    const { bench, told } = await open();
    await told('validate', '--verbose');
    await told('plan', '--verbose');
    await told('plan', '--format', 'json', '--out', bench.path('plan.json'));
    await told('plan', '--format', 'markdown');
    await told('apply');
    expect((await told('apply', '--plan', bench.path('plan.json'), '--verbose')).code).toBe(0);
    bench.env['PASSWORD'] = `${SECRETS['PASSWORD']}!`;
    await told('plan', '--verbose');
    expect((await told('apply', '--auto-approve', '--format', 'json')).code).toBe(0);
    await told(
      'plan',
      '--rotate',
      'destination/chat',
      '--replace',
      'destination/hook',
      '--format',
      'markdown',
    );
    expectNothing(await bench.read('plan.json'));
    for (const { path, content } of bench.sandbox.snapshot().files) expectNothing(path + content);
  }, 30_000);

  test.each([
    ['slack: { url: "${secrets.CHAT_URL}" }', 'CHAT_URL'],
    ['slack: { oauth_token: "${secrets.PASSWORD}", channel_id: "${secrets.KEY}" }', 'PASSWORD', 'KEY'],
    ['pagerduty: { integration_key: "${secrets.CLIENT_SECRET}" }', 'CLIENT_SECRET'],
    ['generic_webhook: { url: "https://hook.test", username: "${secrets.PASSWORD}" }', 'PASSWORD'],
    ['generic_webhook: { url: "https://hook.test", oauth_token_url: "${secrets.CHAT_URL}" }', 'CHAT_URL'],
    ['microsoft_teams: { url: "https://teams.test/${secrets.KEY}" }', 'KEY'],
  ])('when the workspace quotes what it refuses of %s', async (type, ...names) => {
    const { bench, told } = await open(`version: 1\ndestinations: { d: { ${type} } }\n`);
    for (const how of ['plain', 'json', 'url', 'form']) {
      const quoted = names.map((name) => ENCODINGS[how]?.(SECRETS[name] ?? '')).join(' | ');
      const body = { error_code: 'INVALID_PARAMETER_VALUE', message: `cannot use ${quoted}, token ${TOKEN}` };
      bench.sandbox.fault({
        kind: 'status',
        method: 'POST',
        path: '*/notification-destinations',
        status: 400,
        body,
      });
      const { err, out } = await told('apply', '--auto-approve', '--verbose');
      expect(out + err).toContain('cannot use');
      bench.sandbox.fault({
        kind: 'status',
        method: 'POST',
        path: '*/notification-destinations',
        status: 400,
        body: quoted,
      });
      await told('apply', '--auto-approve', '--format', 'json');
    }
    for (const { path, content } of bench.sandbox.snapshot().files) expectNothing(path + content);
  });

  test('when the record cannot be saved, or the host is another', async () => {
    const { bench, told } = await open();
    bench.sandbox.fault({
      kind: 'status',
      method: 'POST',
      path: '*import-file*default.json',
      status: 400,
      skip: 1,
      times: Infinity,
    });
    await told('apply', '--auto-approve', '--verbose', '--format', 'json');
    await told('plan', '--verbose', '--host', 'https://nowhere.test');
  }, 30_000);
});

type Told = (...argv: string[]) => ReturnType<Bench['lakebell']>;

/** `told` runs a command and looks through everything that it printed and sent. */
async function open(config = CONFIG): Promise<{ bench: Bench; told: Told }> {
  const bench = await openBench(
    {
      seed: {
        identities: [{ token: TOKEN, user_name: 'admin@company.test', admin: true }],
        destinations: [{ display_name: 'Found', config: { pagerduty: { integration_key: 'theirs' } } }],
      },
    },
    config,
  );
  Object.assign(bench.env, SECRETS, { LAKEBELL_FINGERPRINT_KEY: FINGERPRINT_KEY });
  const told: Told = async (...argv) => {
    const ran = await bench.lakebell(...argv);
    expectNothing(ran.out);
    expectNothing(ran.err);
    for (const { method, path, body, headers } of bench.sandbox.requests) {
      const { authorization: _token, ...rest } = headers;
      expectNothing(path + JSON.stringify(rest));
      const isSetting = path.includes('/notification-destinations') && method !== 'GET';
      if (!isSetting) expectNothing(body);
    }
    return ran;
  };
  return { bench, told };
}

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text).slice(1, -1),
  url: encodeURIComponent,
  form: (text) => new URLSearchParams([['', text]]).toString().slice(1),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  html: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
};

function expectNothing(text: string): void {
  const secrets = [...Object.values(SECRETS), TOKEN, FINGERPRINT_KEY];
  const found = secrets.flatMap((secret) =>
    Object.entries(ENCODINGS).flatMap(([how, encode]) => {
      const at = text.indexOf(encode(secret));
      return at < 0 ? [] : [`${secret} (${how}): …${text.slice(Math.max(0, at - 60), at + 80)}`];
    }),
  );
  expect(found).toEqual([]);
}
