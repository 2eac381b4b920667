import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../src/core/secret.ts';
import { Ref } from '../../src/core/value.ts';
import { configOf, loadText } from './support.ts';

const text = await readFile(new URL('fixtures/notifications.yml', import.meta.url), 'utf8');
const env = Object.fromEntries(
  [
    'SLACK_WEBHOOK_URL',
    'SLACK_BOT_TOKEN',
    'SLACK_CHANNEL',
    'TEAMS_WORKFLOW_URL',
    'PAGERDUTY_KEY',
    'RELAY_PASSWORD',
    'HOOK_TOKEN',
    'HOOK_HMAC',
    'RETRAIN_PAT',
  ].map((name) => [name, `value of ${name}`]),
);

describe('the annotated example', () => {
  test('gives one error for each section of a later version, and nothing else', async () => {
    const { diagnostics } = await loadText(text, { env });
    expect(
      diagnostics.map(({ at, code, message }) => `${at?.line} ${code} ${message.split(' ')[0]}`),
    ).toEqual(['111 not-supported-yet "alerts"', '128 not-supported-yet "monitors"']);
  });

  test('is right about its pipelines', async () => {
    const later = text
      .replace(/^rules:[\s\S]*?(?=^pipelines:)/m, '')
      .replace(/^registry_webhooks:[\s\S]*/m, '');
    const { sections } = await configOf(later, { env });
    expect(sections['pipelines']?.['ingest']).toEqual({
      name: 'ingest-pipeline',
      notifications: [
        {
          email_recipients: ['data-dev@company.com'],
          alerts: ['on-update-failure', 'on-update-fatal-failure', 'on-flow-failure'],
        },
      ],
    });
  });

  test('is right without them', async () => {
    const now = text.replace(/^pipelines:[\s\S]*/m, '').replace(/^ {4}tasks:\n(?: {6}.*\n)+/m, '');
    const { name, target, settings, sections } = await configOf(now, { env });
    expect([name, target.name, target.host, settings.record]).toEqual([
      'data-platform',
      'dev',
      'https://dev.cloud.databricks.test',
      'workspace',
    ]);
    expect(sections['jobs']?.['etl_pipeline']?.['email_notifications']).toMatchObject({
      on_failure: ['data-dev@company.com', 'pagerduty@company.pagerduty.com'],
    });
    expect(sections['jobs']?.['etl_pipeline']?.['webhook_notifications']).toMatchObject({
      on_start: [{ id: new Ref('destination/team-slack') }],
    });
    expect(sections['jobs']?.['billing']?.['id']).toBe('9007199254740993');
    expect(sections['destinations']?.['relay']?.['generic_webhook']).toEqual({
      url: 'https://relay.company.test/databricks/webhook',
      username: 'lakebell',
      password: expect.any(Secret),
    });
  });
});
