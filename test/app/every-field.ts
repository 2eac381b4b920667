import type { Seed } from '../../src/sandbox/seed.ts';

const THEIRS = 'cccccccc-0000-4000-8000-000000000001';

export const EVERY_FIELD_SEED: Seed = {
  destinations: [{ id: THEIRS, display_name: 'Theirs', config: { slack: { url: 'https://theirs.test' } } }],
  jobs: [
    {
      job_id: '1',
      settings: {
        name: 'managed',
        tags: { team: 'data' },
        a_key_of_tomorrow: [{ deep: null }, 1.5, 'ü'],
        email_notifications: { on_maintenance_start: ['theirs@company.test'], of_tomorrow: { x: [1] } },
        webhook_notifications: { on_maintenance_start: [{ id: THEIRS }], of_tomorrow: 'x' },
        notification_settings: { of_tomorrow: true },
        health: {
          rules: [{ metric: 'STREAMING_BACKLOG_FILES', op: 'GREATER_THAN', value: 7 }],
          of_tomorrow: 1,
        },
        tasks: [
          {
            task_key: 'load',
            notebook_task: { notebook_path: '/Shared/load' },
            email_notifications: { on_failure: ['task@company.test'] },
            webhook_notifications: { on_failure: [{ id: THEIRS }] },
            a_key_of_tomorrow: { x: 1 },
          },
        ],
      },
    },
    {
      job_id: '2',
      settings: { name: 'foreign', email_notifications: { on_failure: ['theirs@company.test'] } },
    },
  ],
};

export const EVERY_FIELD_ENV: Readonly<Record<string, string>> = {
  A: 'https://hooks.slack.test/services/T0/B0/a',
  B: 'xoxb-token-b',
  C: 'C0123456789',
  D: 'https://company.webhook.office.test/d',
  E: 'teams-secret-e',
  F: 'pagerduty-key-f',
  G: 'password-g',
  H: 'client-secret-h',
};

/** All five types in each of their ways, with every optional field, and every block of a job. */
export const EVERY_FIELD = `version: 1
name: every-field
destinations:
  slack-url: { display_name: Slack, slack: { url: "\${secrets.A}" } }
  slack-app: { slack: { oauth_token: "\${secrets.B}", channel_id: "\${secrets.C}" } }
  teams-url: { microsoft_teams: { url: "\${secrets.D}" } }
  teams-app:
    microsoft_teams:
      { app_id: app, tenant_id: tenant, auth_secret: "\${secrets.E}", channel_url: "https://teams.test/channel" }
  pager: { pagerduty: { integration_key: "\${secrets.F}" } }
  hook-basic: { generic_webhook: { url: "https://hook.test/basic", username: me, password: "\${secrets.G}" } }
  hook-oauth:
    generic_webhook:
      url: https://hook.test/oauth
      oauth_token_url: https://idp.test/token
      oauth_client_id: client
      oauth_client_secret: \${secrets.H}
      oauth_scopes: [one, two]
      oauth_audience: audience
  mail: { email: { addresses: [one@company.test, two@company.test] } }
  theirs: { display_name: Theirs, existing: true }
jobs:
  managed:
    email_notifications:
      on_start: [a@company.test]
      on_success: [a@company.test, b@company.test]
      on_failure: [a@company.test]
      on_duration_warning_threshold_exceeded: [a@company.test]
      on_streaming_backlog_exceeded: [a@company.test]
    webhook_notifications:
      on_start: [slack-url]
      on_success: [teams-url]
      on_failure: [pager, mail, theirs]
      on_duration_warning_threshold_exceeded: [hook-basic]
      on_streaming_backlog_exceeded: [hook-oauth]
    notification_settings: { no_alert_for_skipped_runs: true, no_alert_for_canceled_runs: true }
    health:
      rules:
        - { metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 3600 }
        - { metric: STREAMING_BACKLOG_BYTES, op: GREATER_THAN, value: 1 }
        - { metric: STREAMING_BACKLOG_RECORDS, op: GREATER_THAN, value: 2 }
        - { metric: STREAMING_BACKLOG_SECONDS, op: GREATER_THAN, value: 3 }
`;

/** The same objects with what they cannot do without. */
export const MINIMAL = `version: 1
name: every-field
destinations:
  slack-url: { display_name: Slack, slack: { oauth_token: "\${secrets.B}", channel_id: C1 } }
  slack-app: { slack: { url: "\${secrets.A}" } }
  teams-url: { microsoft_teams: { app_id: app, tenant_id: tenant, auth_secret: "\${secrets.E}", channel_url: "https://teams.test/channel" } }
  teams-app: { microsoft_teams: { url: "\${secrets.D}" } }
  pager: { pagerduty: { integration_key: "\${secrets.G}" } }
  hook-basic: { generic_webhook: { url: "https://hook.test/basic" } }
  hook-oauth: { generic_webhook: { url: "https://hook.test/other" } }
  mail: { display_name: Post, email: { addresses: [one@company.test] } }
  theirs: { display_name: Theirs, existing: true }
jobs:
  managed:
    email_notifications:
      { on_start: [], on_success: [], on_failure: [b@company.test], on_duration_warning_threshold_exceeded: [], on_streaming_backlog_exceeded: [] }
    webhook_notifications:
      { on_start: [], on_success: [], on_failure: [], on_duration_warning_threshold_exceeded: [], on_streaming_backlog_exceeded: [] }
    notification_settings: { no_alert_for_skipped_runs: false, no_alert_for_canceled_runs: false }
    health: { rules: [{ metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 60 }] }
`;

/** What needs no secret: a fingerprint takes a tenth of a second. */
export const WITHOUT_SECRETS = `version: 1
name: every-field
destinations:
  hook: { generic_webhook: { url: "https://hook.test/basic", username: me, oauth_scopes: [one, two] } }
  mail: { email: { addresses: [one@company.test, two@company.test] } }
  theirs: { display_name: Theirs, existing: true }
jobs:
  managed:
    notify: { on_failure: [mail, hook, theirs, a@company.test], on_start: [] }
    notification_settings: { no_alert_for_skipped_runs: true }
    health: { rules: [{ metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 3600 }] }
`;
