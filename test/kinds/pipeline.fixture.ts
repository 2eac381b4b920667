import type { KindFixture } from './fixture.ts';

const ID = 'a1b2c3d4-0000-4000-8000-000000000001';
const NAME = 'ingest-pipeline';
const ALERTS = ['on-update-success', 'on-update-failure', 'on-update-fatal-failure', 'on-flow-failure'];

export const fixture: KindFixture = {
  examples: {
    minimal: { name: NAME },
    'by id': { id: ID, notify: { 'on-update-failure': ['oncall@company.test'] } },
    'as in a bundle': {
      name: NAME,
      notifications: [
        { email_recipients: ['oncall@company.test'], alerts: ['on-update-failure', 'on-flow-failure'] },
      ],
    },
    'another recipient': { name: NAME, notify: { 'on-update-failure': ['second@company.test'] } },
    full: {
      name: NAME,
      mode: 'exact',
      strict: true,
      notify: { 'on-update-success': ['team@company.test'] },
      notifications: [
        { email_recipients: ['oncall@company.test'], alerts: ['on-update-failure', 'on-flow-failure'] },
        { email_recipients: ['second@company.test'], alerts: ['on-flow-failure', 'on-update-fatal-failure'] },
      ],
    },
    ensured: {
      name: NAME,
      mode: 'ensure',
      notify: { 'on-update-failure': ['oncall@company.test'], 'on-flow-failure': ['oncall@company.test'] },
    },
    emptied: { name: NAME, notifications: [] },
  },
  updates: [
    ['by id', 'another recipient'],
    ['as in a bundle', 'another recipient'],
    ['as in a bundle', 'full'],
    ['full', 'as in a bundle'],
    ['full', 'emptied'],
    ['emptied', 'ensured'],
    ['ensured', 'full'],
  ].map(([from = '', to = '']) => [from, to]),
  around: {},
  seed: {
    pipelines: [
      {
        pipeline_id: ID,
        run_as: { service_principal_name: 'b0000000-0000-4000-8000-00000000000b' },
        parameters: { env: 'prod', an_unknown_key: [1, { deeper: true }] },
        spec: {
          name: NAME,
          catalog: 'main',
          schema: 'bronze',
          continuous: true,
          libraries: [{ notebook: { path: '/Shared/ingest' } }],
          clusters: [{ label: 'default', autoscale: { min_workers: 1, max_workers: 5 } }],
          configuration: { 'pipelines.trigger.interval': '1 hour' },
          an_unknown_key: { deep: [1, { deeper: true }] },
          notifications: [
            { email_recipients: ['theirs@company.test'], alerts: ['on-update-failure'] },
            { email_recipients: ['theirs@company.test'], alerts: ['on-unknown-event'], an_unknown_key: 'x' },
          ],
        },
      },
      {
        pipeline_id: 'a1b2c3d4-0000-4000-8000-000000000002',
        spec: {
          name: 'stranger',
          notifications: [{ email_recipients: ['stranger@company.test'], alerts: ['on-flow-failure'] }],
        },
      },
    ],
  },
  writes: /^(POST|PUT|PATCH|DELETE) \/api\/2\.0\/pipelines/,
  reads: '/api/2.0/pipelines*',
  live: ({ pipelines }) => pipelines.find(({ pipeline_id: id }) => id === ID),
  unmanaged: ({ pipelines }) =>
    JSON.stringify(
      pipelines.map(({ pipeline_id: id, spec, ...rest }) =>
        id === ID ? { ...rest, spec: { ...spec, notifications: foreign(spec['notifications']) } } : spec,
      ),
    ),
};

/** Blocks of which no kind of alert is known. */
function foreign(blocks: unknown): readonly unknown[] {
  const list = Array.isArray(blocks) ? (blocks as readonly { readonly alerts: readonly string[] }[]) : [];
  return list.filter(({ alerts }) => !alerts.some((alert) => ALERTS.includes(alert)));
}
