import type { Scenario } from './scenario.ts';

/** Every verb at once but rotate: create, adopt, update, rename, replace, delete, and jobs of three kinds. */
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
          ],
          a_key_of_tomorrow: { deep: ['kept'] },
        },
      },
      {
        job_id: '200',
        settings: { name: 'billing', email_notifications: { on_failure: ['theirs@company.test'] } },
      },
      {
        job_id: '300',
        settings: { name: 'weekly', email_notifications: { on_failure: ['theirs@company.test'] } },
      },
    ],
  },
  before: `version: 1
name: faults
destinations:
  renamed: { display_name: Old name, generic_webhook: { url: "https://hook.test/renamed" } }
  updated: { email: { addresses: [one@company.test] } }
  replaced: { display_name: Pager, generic_webhook: { url: "https://hook.test/replaced" } }
  dropped: { email: { addresses: [dropped@company.test] } }
jobs:
  etl: { id: "9007199254740993", notify: { on_failure: [replaced, dropped, first@company.test] } }
  billing: { webhook_notifications: { on_failure: [replaced] } }
  weekly: { mode: ensure, notify: { on_failure: [updated, mine@company.test] } }
`,
  after: `version: 1
name: faults
settings: { prune: true, limits: { max_delete_percent: 100 } }
destinations:
  made: { generic_webhook: { url: "https://hook.test/made", username: me } }
  found: { display_name: Found, email: { addresses: [found@company.test, more@company.test] } }
  found-hook: { display_name: Found hook, generic_webhook: { url: "https://found.test", username: me } }
  renamed: { display_name: New name, generic_webhook: { url: "https://hook.test/elsewhere" } }
  updated: { email: { addresses: [two@company.test] } }
  replaced: { display_name: Pager, email: { addresses: [pager@company.test] } }
jobs:
  etl: { id: "9007199254740993", notify: { on_failure: [replaced, made, first@company.test] } }
  billing: { webhook_notifications: { on_failure: [replaced, found] } }
`,
  env: {},
  changed: {},
};
