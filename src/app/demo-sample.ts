import type { Seed } from '../sandbox/seed.ts';

/** What the bundle's deploy left behind. */
const METADATA = '/Users/deploy@company.test/.bundle/reports/prod/state/metadata.json';

/** The workspace of the demo: four jobs, one of them a bundle's, and a destination that somebody else made. */
export const DEMO_SEED: Seed = {
  workspace_id: '7405605419213456',
  identities: [{ token: 'demo-token', user_name: 'you@company.test', admin: true }],
  destinations: [
    {
      display_name: 'Finance Teams',
      config: { microsoft_teams: { url: 'https://company.webhook.office.test/finance' } },
    },
    { display_name: 'Team leads', config: { email: { addresses: ['lead@company.test'] } } },
  ],
  jobs: [
    {
      job_id: '581234567890123',
      settings: {
        name: 'etl-pipeline',
        email_notifications: { on_failure: ['someone.who.left@company.test'] },
        tasks: [{ task_key: 'load', notebook_task: { notebook_path: '/Shared/load' } }],
      },
    },
    { job_id: '9007199254740993', settings: { name: 'billing', tags: { env: 'prod' } } },
    {
      job_id: '700000000000002',
      settings: {
        name: 'orders',
        tags: { env: 'prod' },
        email_notifications: { on_failure: ['orders-team@company.test'] },
      },
    },
    {
      job_id: '700000000000001',
      settings: {
        name: 'bundle-report',
        deployment: { kind: 'BUNDLE', metadata_file_path: `/Workspace${METADATA}` },
        edit_mode: 'UI_LOCKED',
      },
    },
  ],
  files: [
    {
      path: METADATA,
      content: JSON.stringify({
        version: 1,
        config: {
          bundle: {
            git: {
              branch: 'main',
              origin_url: 'https://github.com/acme/reports.git',
              commit: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
              bundle_root_path: '.',
            },
          },
          resources: {
            jobs: { bundle_report: { id: '700000000000001', relative_path: 'resources/jobs.yml' } },
          },
        },
      }),
    },
  ],
};

/** The first try: a misspelt event, a destination that is not there, and a secret in plain text. */
export const DEMO_MISTAKES = `version: 1

destinations:
  team-slack:
    slack: { url: "https://hooks.slack.test/services/T0/B0/abc" }

jobs:
  etl-pipeline:
    notify:
      on_failur: [team-slack]
      on_start: [team-slck]
`;

/** The second try. */
export const DEMO_CONFIG = `version: 1
name: demo

destinations:
  team-slack:
    display_name: Data Team Slack
    slack: { url: "\${secrets.SLACK_WEBHOOK_URL}" }
  leads:
    display_name: Team leads # there already: adopted, not duplicated
    email: { addresses: [lead@company.test, deputy@company.test] }
  finance:
    display_name: Finance Teams
    existing: true # owned by somebody else: looked up, never written

jobs:
  etl-pipeline:
    notify:
      on_failure: [team-slack, oncall@company.test]
    notification_settings: { no_alert_for_canceled_runs: true }
    health:
      rules: [{ metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 3600 }]
    tasks:
      load:
        notify: { on_start: [leads] }
  billing:
    id: "9007199254740993" # larger than 2^53, and kept exactly
    notify:
      on_failure: [team-slack, leads]
  bundle-report:
    notify: { on_failure: [leads] } # a bundle owns this job: it is left alone, and the plan says so

rules:
  prod-failures: # every job with the tag, and each that will have it one day
    select: { tags: { env: prod } }
    notify: { on_failure: [leads] }

registry_webhooks:
  retrain:
    events: [MODEL_VERSION_TRANSITIONED_STAGE]
    model_name: churn
    job_spec: { job: billing, access_token: "\${secrets.RETRAIN_PAT}" }
`;

export const DEMO_SECRETS = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.test/services/T00/B00/XXX',
  RETRAIN_PAT: 'a-token-of-the-demo',
};
