import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { DEFAULT_SETTINGS } from '../../src/config/settings.ts';
import { settingsSchema } from '../../src/config/settings-schema.ts';
import { asSchema } from '../../src/config/schema-walk.ts';
import { KINDS } from '../../src/kinds/index.ts';
import { configOf, memoryReader, mistakesIn } from './support.ts';

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
      `{ record: none, bundle_jobs: skip, protect: ["destination/*"], limits: { max_deletes: 0, max_delete_percent: 100, max_changes: 1, silenced: 2 }, allow_plaintext_secrets: true, rotate: manual, test_webhooks: true, allow: [{ guard: in_use, digest: "${DIGEST}", reason: agreed }] }`,
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
    });
    expect((await configOf(settings('{ prune: true }'))).settings.prune).toBe(true);
  });

  test('cannot be changed', async () => {
    const { settings: frozen } = await configOf('version: 1\n');
    expect([frozen, frozen.limits, frozen.protect, frozen.allow].every(Object.isFrozen)).toBe(true);
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
      kinds: KINDS,
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
