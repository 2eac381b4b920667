import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { isOwnCredential } from '../../src/config/credentials.ts';
import { hostOfSecretUrl } from '../../src/core/secret-url.ts';
import { Secret } from '../../src/core/secret.ts';
import { configOf, loadText, mistakesIn } from './support.ts';

function chat(url: string, more = ''): string {
  return `version: 1\n${more}destinations:\n  chat:\n    slack: { url: ${url} }\n`;
}

function hook(fields: string, more = ''): string {
  return `version: 1\n${more}destinations:\n  hook:\n    generic_webhook: { ${fields} }\n`;
}

async function fieldOf(
  text: string,
  field: string,
  env: Record<string, string> = {},
  target?: string,
): Promise<unknown> {
  const { sections } = await configOf(text, { env, ...(target === undefined ? {} : { target }) });
  const [entry] = Object.values(sections['destinations'] ?? {});
  const config = Object.values(entry ?? {})[0];
  return config && Object.entries(config).find(([name]) => name === field)?.[1];
}

async function secretOf(
  text: string,
  field: string,
  env: Record<string, string> = {},
  target?: string,
): Promise<Secret> {
  const found = await fieldOf(text, field, env, target);
  if (found instanceof Secret) return found;
  throw new Error(`${field} is no secret`);
}

describe('secrets', () => {
  test('come from the environment and print as their reference', async () => {
    const secret = await secretOf(chat('"${secrets.CHAT}"'), 'url', { CHAT: 'https://hooks.test/x' });
    expect([String(secret), secret.variables, secret.reveal()]).toEqual([
      '(secret CHAT)',
      ['CHAT'],
      'https://hooks.test/x',
    ]);
  });

  test('show the text around them', async () => {
    const secret = await secretOf(
      hook('url: "https://x.test", password: "Bearer ${secrets.A}-${secrets.B}"'),
      'password',
      { A: 'a1', B: 'b2' },
    );
    expect([String(secret), secret.variables, secret.reveal()]).toEqual([
      'Bearer (secret A)-(secret B)',
      ['A', 'B'],
      'Bearer a1-b2',
    ]);
  });

  test('stay secret on the way through variables', async () => {
    const more = 'variables: { token: "${secrets.T}", header: "Bearer ${var.token}" }\n';
    const secret = await secretOf(
      hook('url: "https://x.test", password: "${var.header}!"', more),
      'password',
      { T: 'tok' },
    );
    expect([String(secret), secret.reveal()]).toEqual(['Bearer (secret T)!', 'Bearer tok!']);
  });

  test('are read from the variable that the target names', async () => {
    const more = 'targets: { dev: {}, prod: { secrets: { CHAT: CHAT_PROD } } }\n';
    const secret = await secretOf(
      chat('"${secrets.CHAT}"', more),
      'url',
      { CHAT: 'a', CHAT_PROD: 'b' },
      'prod',
    );
    expect([String(secret), secret.variables, secret.reveal()]).toEqual([
      '(secret CHAT)',
      ['CHAT_PROD'],
      'b',
    ]);
  });

  test.each([undefined, '', '  \n'])('are unavailable where the variable is %j', async (value) => {
    const env: Record<string, string> = value === undefined ? {} : { CHAT: value };
    const { config, diagnostics } = await loadText(chat('"x${secrets.CHAT}"'), { env });
    const secret = config?.secrets.find(({ label }) => label === 'x(secret CHAT)');
    expect(secret?.isAvailable).toBe(false);
    expect(diagnostics).toEqual([
      {
        code: 'secret-unavailable',
        severity: 'warning',
        message: 'the secret CHAT is not set, so nothing can be said about destinations.chat.slack.url',
        at: { file: 'notifications.yml', line: 4, column: 19 },
        hint: 'set the environment variable CHAT; in a workflow, pass it under `env:`',
      },
    ]);
  });

  test('warn once for all fields that need the same variable', async () => {
    const text = hook(
      'url: "https://x.test/${secrets.A}", username: "${secrets.A}", password: "${secrets.A}${secrets.B}"',
    );
    const { diagnostics } = await loadText(text, { env: { B: 'b' } });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'the secret A is not set, so nothing can be said about destinations.hook.generic_webhook.url, destinations.hook.generic_webhook.username, destinations.hook.generic_webhook.password',
    ]);
  });

  test('are all listed, composed ones with their parts, for redaction', async () => {
    const text = hook('url: "https://user:pw@x.test", password: "Bearer ${secrets.A}"');
    const { secrets } = await configOf(text, { env: { A: 'aaa' } });
    expect(secrets.map((secret) => secret.reveal())).toEqual(['aaa', 'Bearer aaa', 'https://user:pw@x.test']);
  });

  test('show in no form of the configuration', async () => {
    const text = hook('url: "https://x.test/hook?sig=s3cr3t", password: "Bearer ${secrets.A}"');
    const config = await configOf(text, { env: { A: 's3cr3t' } });
    expect(inspect(config, { depth: 20 }) + JSON.stringify(config)).not.toContain('s3cr3t');
  });

  test.each([
    [
      'a literal in a secret field',
      chat('"https://hooks.test/s3cr3t"'),
      '4:19 plaintext-secret: destinations.chat.slack.url is a secret, and its value may not stand in the file; write ${secrets.NAME} and set the environment variable NAME; if this value was committed, it is no longer a secret: replace it',
    ],
    [
      'a literal that came through a variable',
      chat('"${var.u}"', 'variables: { u: s3cr3t }\n'),
      '5:19 plaintext-secret: destinations.chat.slack.url is a secret, and its value may not stand in the file; write ${secrets.NAME} and set the environment variable NAME; if this value was committed, it is no longer a secret: replace it',
    ],
    [
      'a literal that came through the environment',
      chat('"${env.U}"'),
      '4:19 plaintext-secret: destinations.chat.slack.url is a secret, and its value may not stand in the file; write ${secrets.NAME} and set the environment variable NAME; if this value was committed, it is no longer a secret: replace it',
    ],
    [
      'a secret in a field that anybody reads',
      'version: 1\ndestinations:\n  a: { email: { addresses: ["${secrets.U}"] } }\n',
      '3:29 secret-not-allowed: destinations.a.email.addresses[0] can be read by anybody, so a secret may not stand there; secrets may stand below destinations.*.slack, destinations.*.microsoft_teams, destinations.*.pagerduty, destinations.*.generic_webhook, registry_webhooks.*.http_url_spec, registry_webhooks.*.job_spec',
    ],
    [
      'a secret in the host of a target',
      'version: 1\ntargets: { dev: { host: "${secrets.U}" } }\n',
      '2:25 secret-not-allowed: targets.dev.host can be read by anybody, so a secret may not stand there; secrets may stand below destinations.*.slack, destinations.*.microsoft_teams, destinations.*.pagerduty, destinations.*.generic_webhook, registry_webhooks.*.http_url_spec, registry_webhooks.*.job_spec',
    ],
    [
      'a credential of lakebell itself as a secret',
      chat('"${secrets.DATABRICKS_TOKEN}"'),
      '4:20 reserved-environment: DATABRICKS_TOKEN is a credential of lakebell itself or of the runner, and a configuration may not read it; use a variable of another name',
    ],
    [
      'a credential of lakebell itself in the environment',
      'version: 1\njobs: { a: { name: "${env.databricks_token}" } }\n',
      '2:21 reserved-environment: databricks_token is a credential of lakebell itself or of the runner, and a configuration may not read it; use a variable of another name',
    ],
    [
      'a credential behind another name',
      chat('"${secrets.U}"', 'targets: { dev: { secrets: { U: GITHUB_TOKEN } } }\n'),
      '5:20 reserved-environment: GITHUB_TOKEN is a credential of lakebell itself or of the runner, and a configuration may not read it; use a variable of another name',
    ],
    [
      'a name that no variable can have',
      chat('"${secrets.a-b}"'),
      '4:20 bad-reference: "a-b" cannot be the name of an environment variable; use letters, digits and underscores',
    ],
  ])('refuse %s, without showing a value', async (_title, text, expected) => {
    const mistakes = await mistakesIn(text, {
      env: { U: 's3cr3t', DATABRICKS_TOKEN: 's3cr3t', databricks_token: 's3cr3t', GITHUB_TOKEN: 's3cr3t' },
    });
    expect(mistakes).toEqual([expected]);
    expect(mistakes.join()).not.toContain('s3cr3t');
  });

  test.each([
    ['a secret of the same name', chat('"${secrets.U}"', 'jobs: { a: { name: "${env.U}" } }\n')],
    [
      'a secret of another target',
      'version: 1\ntargets: { dev: { default: true }, prod: { secrets: { X: U } } }\njobs: { a: { name: "${env.U}" } }\n',
    ],
    [
      "a secret of another target's entry",
      'version: 1\ntargets: { dev: { default: true }, prod: { destinations: { a: { slack: { url: "${secrets.U}" } } } } }\njobs: { a: { name: "${env.U}" } }\n',
    ],
  ])('may not be shown through the environment: %s', async (_title, text) => {
    const { diagnostics } = await loadText(text, { env: { U: 's3cr3t' } });
    expect(diagnostics.map(({ code }) => code)).toEqual(['secret-as-environment']);
  });

  test('may stand in plain text where the settings allow it', async () => {
    const secret = await secretOf(chat('s3cr3t', 'settings: { allow_plaintext_secrets: true }\n'), 'url');
    expect([String(secret), secret.reveal()]).toEqual(['(secret literal)', 's3cr3t']);
  });

  test('include a literal URL that carries something secret, and no other', async () => {
    expect(String(await secretOf(hook('url: "https://discord.com/api/webhooks/1/abc"'), 'url'))).toBe(
      '(secret url at discord.com)',
    );
    expect(await fieldOf(hook('url: "https://relay.test/databricks"'), 'url')).toBe(
      'https://relay.test/databricks',
    );
  });
});

describe('hostOfSecretUrl', () => {
  test.each([
    ['https://hooks.slack.com/services/T/B/x', 'hooks.slack.com'],
    ['https://HOOKS.slack.com./services/T/B/x', 'hooks.slack.com.'],
    ['hooks.slack.com/services/T/B/x', 'hooks.slack.com'],
    ['https://acme.webhook.office.com/webhookb2/x', 'acme.webhook.office.com'],
    ['https://prod-1.westeurope.logic.azure.com:443/workflows/x', 'prod-1.westeurope.logic.azure.com'],
    ['https://discord.com/api/webhooks/1/x', 'discord.com'],
    ['https://chat.googleapis.com/v1/spaces/x', 'chat.googleapis.com'],
    ['https://events.pagerduty.com/integration/x/enqueue', 'events.pagerduty.com'],
    ['https://user:pw@relay.test/x', 'relay.test'],
    ['https://user@relay.test:8443/x', 'relay.test:8443'],
    ['https://relay.test/x?sig=abc', 'relay.test'],
    ['https://relay.test/x?a=1&accessToken=abc', 'relay.test'],
    ['https://relay.test/x?api_key=abc', 'relay.test'],
    ['https://relay.test/x?X-Amz-Signature=abc', 'relay.test'],
  ])('finds something secret in %s', (url, host) => {
    expect(hostOfSecretUrl(url)).toBe(host);
  });

  test.each([
    'https://relay.test/x',
    'https://discord.com/blog',
    'https://nothooks.slack.com.test/x',
    'https://relay.test/?team=key',
    'https://relay.test/?keyboard=1',
    'not a url',
  ])('finds nothing secret in %s', (url) => {
    expect(hostOfSecretUrl(url)).toBeUndefined();
  });
});

describe('isOwnCredential', () => {
  test.each([
    'DATABRICKS_TOKEN',
    'databricks_client_secret',
    'ARM_CLIENT_SECRET',
    'AZURE_CLIENT_SECRET',
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'INPUT_CLIENT-SECRET',
    'LAKEBELL_FINGERPRINT_KEY',
  ])('keeps %s back', (variable) => {
    expect(isOwnCredential(variable)).toBe(true);
  });

  test.each(['SLACK_WEBHOOK_URL', 'MY_DATABRICKS_TOKEN', 'GITHUB_SHA', 'ALARM_KEY', 'TEAMS_URL'])(
    'gives %s',
    (variable) => {
      expect(isOwnCredential(variable)).toBe(false);
    },
  );
});
