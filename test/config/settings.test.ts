import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { DEFAULT_SETTINGS } from '../../src/config/settings.ts';
import { settingsSchema } from '../../src/config/settings-schema.ts';
import { asSchema } from '../../src/config/schema-walk.ts';
import { SECTIONS } from '../../src/kinds/index.ts';
import { configOf, memoryReader, mistakesIn } from './support.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DIGEST = `sha256:${'a'.repeat(64)}`;

function settings(text: string): string {
  return `version: 1\nsettings: ${text}\n`;
}

describe('settings', () => {
  test('have a default for everything', async () => {
    expect((await configOf('version: 1\n')).settings).toEqual(DEFAULT_SETTINGS);
    expect((await configOf('version: 1\n')).name).toBe('notifications');
  });

  test('can all be set', async () => {
    const text = settings(
      `{ record: none, bundle_jobs: skip, protect: ["destination/*"], limits: { max_deletes: 0, max_delete_percent: 100, max_changes: 1, silenced: 2 }, allow_plaintext_secrets: true, rotate: manual, test_webhooks: true, allow: [{ guard: in_use, digest: "${DIGEST}", reason: agreed }], secret_max_age: 90 days, mutes: [{ address: job/etl, fields: [email_notifications.*], until: 2026-12-31, why: INC-42 }] }`,
    );
    expect((await configOf(text)).settings).toEqual({
      record: 'none',
      prune: false,
      bundle_jobs: 'skip',
      protect: ['destination/*'],
      limits: { max_deletes: 0, max_delete_percent: 100, max_changes: 1, silenced: 2 },
      allow_plaintext_secrets: true,
      rotate: 'manual',
      test_webhooks: true,
      allow: [{ guard: 'in_use', digest: DIGEST, reason: 'agreed' }],
      secret_max_age: { text: '90 days', ms: 90 * DAY_MS },
      mutes: [
        {
          address: 'job/etl',
          fields: ['email_notifications.*'],
          until: Date.UTC(2027, 0, 1) - 1,
          why: 'INC-42',
        },
      ],
    });
    expect((await configOf(settings('{ prune: true }'))).settings.prune).toBe(true);
  });

  test('cannot be changed', async () => {
    const { settings: frozen } = await configOf('version: 1\n');
    const { limits, protect, allow, mutes } = frozen;
    expect([frozen, limits, protect, allow, mutes].every(Object.isFrozen)).toBe(true);
  });

  test('mute every field where a mute names none, to the end of its day', async () => {
    const text = settings('{ mutes: [{ address: "destination/*", until: 2024-02-29, why: a leap day }] }');
    expect((await configOf(text)).settings.mutes).toEqual([
      { address: 'destination/*', fields: ['*'], until: Date.UTC(2024, 2, 1) - 1, why: 'a leap day' },
    ]);
  });

  test.each([
    ['1 hour', 1 / 24],
    ['36 hours', 1.5],
    ['1 day', 1],
    ['90days', 90],
    ['12 weeks', 84],
    ['6 months', 180],
  ])('take %s as an age of secrets', async (text, days) => {
    const { secret_max_age: age } = (await configOf(settings(`{ secret_max_age: ${text} }`))).settings;
    expect(age).toEqual({ text, ms: days * DAY_MS });
  });

  test.each([
    ['{ workspace: /Shared/record.json }', { workspace: '/Shared/record.json' }],
    ['{ file: state/record.json }', { file: join('conf', 'state', 'record.json') }],
    ['{ file: /var/record.json }', { file: '/var/record.json' }],
  ])('place the record at %s', async (record, expected) => {
    const reader = memoryReader({ 'conf/n.yml': settings(`{ record: ${record} }`) });
    const { config } = await loadConfig({
      reader,
      file: 'conf/n.yml',
      target: undefined,
      env: {},
      kinds: SECTIONS,
    });
    expect(config?.settings.record).toEqual(expected);
  });

  test.each([
    [
      '{ limits: { max_deletes: -1 } }',
      '2:36 wrong-value: settings.limits.max_deletes must be at least 0; Most deletes and replaces in one apply',
    ],
    [
      '{ limits: { max_deletes: 1.5 } }',
      '2:36 wrong-type: settings.limits.max_deletes must be a whole number, but is a number; Most deletes and replaces in one apply',
    ],
    [
      '{ limits: { max_changes: 99999999999999999999 } }',
      '2:36 wrong-type: settings.limits.max_changes must be a whole number, but is text; Most writes in one apply',
    ],
    [
      '{ limits: { max_delete_percent: 101 } }',
      '2:43 wrong-value: settings.limits.max_delete_percent may be at most 100; Most deletes and replaces, in percent of what is ours',
    ],
    [
      '{ limits: { in_use: false } }',
      '2:23 unknown-key: unknown key "in_use" in settings.limits; allowed: max_deletes, max_delete_percent, max_changes, silenced',
    ],
    [
      '{ record: { workspace: a.json } }',
      '2:34 wrong-value: settings.record.workspace has a form that is not allowed; Path of a workspace file, from the root',
    ],
    [
      '{ record: { workspace: /a, file: b } }',
      '2:13 wrong-value: settings.record must be workspace or none, or a mapping with "workspace", or a mapping with "file", but is a mapping with "workspace", "file"; for example "workspace"',
    ],
    [
      '{ record: workspce }',
      '2:21 wrong-value: settings.record may not be "workspce"; did you mean "workspace"? allowed: workspace, none',
    ],
    [
      '{ record: { file: node_modules/x/r.json } }',
      '2:23 settings: the record may not lie below node_modules; a package manager empties that folder',
    ],
    [
      '{ record: none, prune: true }',
      '2:27 settings: `prune: true` needs a record, and `record: none` keeps none; set one of them otherwise: without a record nothing is ours, so nothing is ever deleted',
    ],
    [
      '{ prune: "${secrets.X}" }',
      '2:20 secret-not-allowed: settings.prune can be read by anybody, so a secret may not stand there; secrets may stand below destinations.*.slack, destinations.*.microsoft_teams, destinations.*.pagerduty, destinations.*.generic_webhook, registry_webhooks.*.http_url_spec, registry_webhooks.*.job_spec',
    ],
    [
      `{ allow: [{ guard: in_use, digest: ${DIGEST}, reason: a }, { guard: in_use, digest: ${DIGEST}, reason: b }] }`,
      '2:132 settings: the same guard is allowed twice for the same plan; keep one of them',
    ],
    [
      '{ secret_max_age: 90 }',
      '2:29 wrong-type: settings.secret_max_age must be text, but is a whole number; for example "90 days"',
    ],
    [
      '{ secret_max_age: a year }',
      '2:29 wrong-value: settings.secret_max_age has a form that is not allowed; A secret that was applied longer ago is a warning: a number of hours, days, weeks or months (of 30 days)',
    ],
    [
      '{ secret_max_age: 0 days }',
      '2:29 wrong-value: settings.secret_max_age has a form that is not allowed; A secret that was applied longer ago is a warning: a number of hours, days, weeks or months (of 30 days)',
    ],
    [
      '{ mutes: [{ address: a, until: 2026-02-30, why: b }] }',
      '2:35 settings: there is no day 2026-02-30; a day of the calendar as YYYY-MM-DD, for example 2026-12-31',
    ],
    [
      '{ mutes: [{ address: a, until: 2025-02-29, why: b }] }',
      '2:35 settings: there is no day 2025-02-29; a day of the calendar as YYYY-MM-DD, for example 2026-12-31',
    ],
    [
      '{ mutes: [{ address: a, until: 2026-13-01, why: b }] }',
      '2:35 settings: there is no day 2026-13-01; a day of the calendar as YYYY-MM-DD, for example 2026-12-31',
    ],
    [
      '{ mutes: [{ address: a, until: tomorrow, why: b }] }',
      '2:42 wrong-value: settings.mutes[0].until has a form that is not allowed; Last day, in UTC, as YYYY-MM-DD',
    ],
    [
      '{ mutes: [{ address: a, until: 2026-12-31 }] }',
      '2:21 missing-key: settings.mutes[0] needs the key "why"; write `why: "see INC-42"`',
    ],
    [
      '{ mutes: [{ address: a, fields: [], until: 2026-12-31, why: b }] }',
      '2:35 wrong-value: settings.mutes[0].fields needs at least 1 item; for example ["email_notifications.*"]',
    ],
    ['{ mutes: [{ address: "", until: 1, why: "" }] }', undefined],
    ['{ allow: [{ guard: everything, digest: x, reason: "" }] }', undefined],
  ])('refuse %s', async (text, expected) => {
    const mistakes = await mistakesIn(settings(text), { env: { X: 'x' } });
    if (expected === undefined) expect(mistakes).toHaveLength(3);
    else expect(mistakes).toEqual([expected]);
  });

  test('have in the schema the defaults that they have in code', () => {
    const described = Object.entries(asSchema(settingsSchema['properties']) ?? {}).filter(
      ([key]) => key !== 'limits',
    );
    const { limits: _, ...flat } = DEFAULT_SETTINGS;
    expect(
      Object.fromEntries(described.map(([key, schema]) => [key, asSchema(schema)?.['default']])),
    ).toEqual(flat);
  });
});
