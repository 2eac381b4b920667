import type { Scenario } from './scenario.ts';

/** Every verb of every kind at once, in about thirty operations; what is not ours lies in between. */
export const EVERY_VERB: Scenario = {
  seed: {
    destinations: [
      { display_name: 'Theirs', config: { slack: { url: 'https://theirs.test' } } },
      {
        display_name: 'Found',
        config: { email: { addresses: ['found@company.test', 'gone@company.test'] } },
      },
      { display_name: 'Found hook', config: { generic_webhook: { url: 'https://found.test' } } },
    ],
    registry_webhooks: [
      {
        events: ['COMMENT_CREATED'],
        model_name: 'theirs',
        http_url_spec: { url: 'https://theirs.test', secret: 'theirs' },
      },
      {
        events: ['COMMENT_CREATED'],
        model_name: 'found',
        http_url_spec: { url: 'https://found.test/registry' },
      },
    ],
    jobs: [
      {
        job_id: '9007199254740993',
        settings: {
          name: 'etl',
          email_notifications: { on_success: ['theirs@company.test'] },
          tasks: [
            {
              task_key: 'load',
              notebook_task: { notebook_path: '/Shared/load' },
              a_key_of_tomorrow: { x: 1 },
            },
            {
              task_key: 'publish',
              depends_on: [{ task_key: 'load' }],
              notebook_task: { notebook_path: '/Shared/publish' },
              email_notifications: { on_start: ['theirs@company.test'] },
            },
          ],
          a_key_of_tomorrow: { deep: ['kept'] },
        },
      },
      jobOf('200', 'billing'),
      jobOf('300', 'weekly'),
      jobOf('400', 'nightly'),
      jobOf('500', 'hourly'),
      jobOf('600', 'monthly'),
      jobOf('700', 'retrain'),
      jobOf('800', 'nobody asks'),
      coveredOf('910', 'covered one'),
      coveredOf('920', 'covered two'),
      coveredOf('930', 'covered and entered'),
    ],
    pipelines: [
      pipelineOf(1, 'ingest'),
      pipelineOf(2, 'publish'),
      pipelineOf(3, 'let go'),
      pipelineOf(4, 'spare'),
    ],
  },
  before: `version: 1
name: faults
destinations:
  renamed: { display_name: Old name, generic_webhook: { url: "https://hook.test/renamed" } }
  updated: { email: { addresses: [one@company.test] } }
  updated-app: { generic_webhook: { url: "https://hook.test/app", username: me } }
  rotated: { slack: { url: "\${secrets.ROTATED_URL}" } }
  steady: { slack: { url: "\${secrets.STEADY_URL}" } }
  replaced: { display_name: Pager, generic_webhook: { url: "https://hook.test/replaced" } }
  replaced-too: { email: { addresses: [too@company.test] } }
  dropped: { email: { addresses: [dropped@company.test] } }
  dropped-too: { email: { addresses: [dropped-too@company.test] } }
  let-go: { email: { addresses: [let-go@company.test] } }
  let-go-too: { generic_webhook: { url: "https://hook.test/let-go-too" } }
jobs:
  etl:
    id: "9007199254740993"
    notify: { on_failure: [replaced, dropped, first@company.test] }
    tasks: { load: { notify: { on_failure: [replaced-too] } } }
  billing: { webhook_notifications: { on_failure: [replaced] } }
  weekly: { mode: ensure, notify: { on_failure: [updated, mine@company.test] } }
  hourly: { notify: { on_failure: [hourly@company.test] } }
  let-go: { name: nobody asks, notify: { on_failure: [let-go@company.test] } }
  entered: { name: covered and entered, mode: ensure, notify: { on_failure: [mine@company.test] } }
rules:
  steady:
    select: { tags: { team: rules } }
    notify: { on_failure: [replaced, rules@company.test] }
    tasks: { "*": { notify: { on_failure: [updated] } } }
  dropped: { select: { name: "covered*" }, notify: { on_start: [dropped, dropped@company.test] } }
pipelines:
  ingest: { mode: ensure, notify: { on-update-failure: [mine@company.test] } }
  publish: { mode: ensure, notify: { on-flow-failure: [dropped@company.test] } }
  let-go: { name: let go, notify: { on-flow-failure: [let-go@company.test] } }
registry_webhooks:
  updated: { model_name: updated, events: [COMMENT_CREATED], http_url_spec: { url: "https://hook.test/u" } }
  replaced: { model_name: before, events: [COMMENT_CREATED], http_url_spec: { url: "https://hook.test/r" } }
  dropped: { model_name: dropped, events: [COMMENT_CREATED], http_url_spec: { url: "https://hook.test/d" } }
  let-go: { model_name: let-go, events: [COMMENT_CREATED], http_url_spec: { url: "https://hook.test/l" } }
  rotated:
    model_name: rotated
    events: [COMMENT_CREATED]
    http_url_spec: { url: "https://hook.test/s", secret: "\${secrets.ROTATED_HMAC}" }
`,
  after: `version: 1
name: faults
settings: { prune: true, limits: { max_deletes: 10, max_delete_percent: 100 } }
removed: [destination/let-go-too, job/let-go, pipeline/let-go, registry_webhook/let-go]
destinations:
  made: { generic_webhook: { url: "https://hook.test/made", username: me } }
  made-mail: { email: { addresses: [made@company.test] } }
  made-chat: { slack: { url: "\${secrets.MADE_URL}" } }
  made-unused: { generic_webhook: { url: "https://hook.test/unused" } }
  found: { display_name: Found, email: { addresses: [found@company.test, more@company.test] } }
  found-hook: { display_name: Found hook, generic_webhook: { url: "https://found.test", username: me } }
  renamed: { display_name: New name, generic_webhook: { url: "https://hook.test/elsewhere" } }
  updated: { email: { addresses: [two@company.test] } }
  updated-app: { generic_webhook: { url: "https://hook.test/app", username: you } }
  rotated: { slack: { url: "\${secrets.ROTATED_URL}" } }
  steady: { slack: { url: "\${secrets.STEADY_URL}" } }
  replaced: { display_name: Pager, email: { addresses: [pager@company.test] } }
  replaced-too: { generic_webhook: { url: "https://hook.test/too" } }
  let-go: { existing: true }
jobs:
  etl:
    id: "9007199254740993"
    notify: { on_failure: [replaced, made, first@company.test] }
    tasks:
      load: { notify: { on_failure: [replaced-too] } }
      publish: { notify: { on_failure: [made-chat, publish@company.test] } }
  billing: { webhook_notifications: { on_failure: [replaced, found] } }
  nightly: { notify: { on_failure: [made-mail, let-go] } }
  hourly: { notify: { on_failure: [hourly@company.test, more@company.test] } }
  monthly: { notification_settings: { no_alert_for_skipped_runs: true }, notify: { on_start: [renamed] } }
  entered: { name: covered and entered, mode: ensure, notify: { on_failure: [more@company.test] } }
rules:
  steady:
    select: { tags: { team: rules } }
    notify: { on_failure: [replaced, rules@company.test] }
    tasks: { "*": { notify: { on_failure: [updated] } } }
  made: { select: { name: "covered o*" }, notify: { on_success: [made] } }
  strict: { select: { name: "covered t*" }, mode: exact, email_notifications: { on_success: [made@company.test] } }
  forbidden: { select: { tags: { team: rules } }, mode: forbid, notify: { on_failure: ["theirs@*"] } }
pipelines:
  ingest: { mode: ensure, notify: { on-update-failure: [more@company.test, mine@company.test] } }
  spare: { notify: { on-update-failure: [spare@company.test], on-flow-failure: [spare@company.test] } }
registry_webhooks:
  made: { model_name: made, events: [COMMENT_CREATED], http_url_spec: { url: "https://hook.test/m" } }
  made-job:
    model_name: made
    events: [MODEL_VERSION_CREATED]
    job_spec: { job: retrain, access_token: "\${secrets.RETRAIN_PAT}" }
  found:
    model_name: found
    events: [COMMENT_CREATED]
    description: Ours from now on
    http_url_spec: { url: "https://found.test/registry" }
  updated:
    model_name: updated
    events: [COMMENT_CREATED, MODEL_VERSION_CREATED]
    http_url_spec: { url: "https://hook.test/u" }
  replaced: { model_name: after, events: [COMMENT_CREATED], http_url_spec: { url: "https://hook.test/r" } }
  rotated:
    model_name: rotated
    events: [COMMENT_CREATED]
    http_url_spec: { url: "https://hook.test/s", secret: "\${secrets.ROTATED_HMAC}" }
`,
  env: {
    ROTATED_URL: 'https://hooks.slack.com/services/T0/B0/old',
    ROTATED_HMAC: 'old-hmac',
    STEADY_URL: 'https://hooks.slack.com/services/T0/B0/steady',
    MADE_URL: 'https://hooks.slack.com/services/T0/B0/made',
    RETRAIN_PAT: 'dapi-retrain',
  },
  changed: {
    ROTATED_URL: 'https://hooks.slack.com/services/T0/B0/new',
    ROTATED_HMAC: 'new-hmac',
  },
};

function pipelineOf(at: number, name: string) {
  const notifications = [
    { email_recipients: ['theirs@company.test'], alerts: ['on-update-failure', 'on-comet'] },
  ];
  const spec = { name, catalog: 'main', notifications, a_key_of_tomorrow: at };
  return { pipeline_id: `cccccccc-0000-4000-8000-00000000000${at}`, spec, parameters: { at } };
}

function coveredOf(id: string, name: string) {
  const { settings, ...job } = jobOf(id, name);
  const tasks = ['load', 'publish'].map((key) => ({
    task_key: key,
    notebook_task: { notebook_path: `/Shared/${key}` },
    a_key_of_tomorrow: key,
  }));
  const emails = { ...settings.email_notifications, on_success: ['theirs@company.test'] };
  return { ...job, settings: { ...settings, tags: { team: 'rules' }, email_notifications: emails, tasks } };
}

function jobOf(id: string, name: string) {
  return {
    job_id: id,
    settings: { name, email_notifications: { on_failure: ['theirs@company.test'] }, a_key_of_tomorrow: id },
  };
}
