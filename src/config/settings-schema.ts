import type { JsonSchema } from '../kinds/kind.ts';
import { GUARDS } from '../core/guard.ts';
import { AGE_PATTERN } from './age.ts';
import { BUNDLE_JOBS, DEFAULT_SETTINGS, ROTATE } from './settings.ts';

const limits = DEFAULT_SETTINGS.limits;

/** The `settings` section. */
export const settingsSchema: JsonSchema = {
  type: ['object', 'null'],
  title: 'Settings',
  description: 'How lakebell works: where it remembers, what it deletes, and what it refuses to do.',
  additionalProperties: false,
  properties: {
    record: {
      title: 'Where the record is kept',
      description:
        'What cannot be read back from the workspace is remembered here. Give a path where plan and apply run as two identities.',
      default: DEFAULT_SETTINGS.record,
      examples: [
        'workspace',
        { workspace: '/Users/deployer@example.com/lakebell/prod.json' },
        { file: 'lakebell.record.json' },
      ],
      anyOf: [
        {
          type: 'string',
          enum: ['workspace', 'none'],
          enumDescriptions: [
            'A workspace file in the folder of the identity that applies',
            'Remember nothing: nothing is ever deleted, and secrets are not compared',
          ],
        },
        recordPath('workspace', { pattern: '^/', description: 'Path of a workspace file, from the root' }),
        recordPath('file', {
          description: "Path of a local file; a relative one starts at the configuration's folder",
        }),
      ],
    },
    prune: {
      type: 'boolean',
      default: DEFAULT_SETTINGS.prune,
      title: 'Delete what was dropped from the file',
      description: 'With false an entry that was dropped stays in the workspace and is noted as an orphan.',
    },
    bundle_jobs: {
      type: 'string',
      enum: BUNDLE_JOBS,
      default: DEFAULT_SETTINGS.bundle_jobs,
      title: 'Jobs and pipelines that belong to a bundle',
      description: 'What to do with a job or a pipeline that a Databricks bundle deploys.',
      enumDescriptions: [
        'Do not write it; show the snippet that belongs into the bundle',
        'Write it, and warn that the next deploy of the bundle resets it',
        'Leave it out',
      ],
    },
    protect: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: DEFAULT_SETTINGS.protect,
      title: 'Never delete',
      description: 'Globs over addresses. A plan that deletes or replaces one that matches is refused.',
      examples: [['destination/pagerduty', 'destination/prod-*']],
    },
    limits: {
      type: 'object',
      title: 'Limits',
      description: 'A plan that goes beyond one of them is refused.',
      additionalProperties: false,
      properties: {
        max_deletes: limit(limits.max_deletes, 'Most deletes and replaces in one apply'),
        max_delete_percent: {
          ...limit(limits.max_delete_percent, 'Most deletes and replaces, in percent of what is ours'),
          maximum: 100,
        },
        max_changes: limit(limits.max_changes, 'Most writes in one apply'),
        silenced: limit(
          limits.silenced,
          'Most jobs, tasks and pipelines that had someone to tell about a failure and would have no one',
        ),
      },
    },
    allow_plaintext_secrets: {
      type: 'boolean',
      default: DEFAULT_SETTINGS.allow_plaintext_secrets,
      title: 'Allow secrets in plain text',
      description: 'Everybody who can read the file can then read them. Better: ${secrets.NAME}.',
    },
    test_webhooks: {
      type: 'boolean',
      default: DEFAULT_SETTINGS.test_webhooks,
      title: 'Try webhooks out',
      description:
        'After a registry webhook was made or changed, ask Databricks to send it a test, and report the answer.',
    },
    rotate: {
      type: 'string',
      enum: ROTATE,
      default: DEFAULT_SETTINGS.rotate,
      title: 'When a secret changes its value',
      description: 'Whether the next apply writes it, or waits for `--rotate`.',
      enumDescriptions: ['The next apply writes it', 'Only `--rotate ADDRESS` writes it'],
    },
    secret_max_age: {
      type: 'string',
      pattern: AGE_PATTERN,
      title: 'Oldest secret',
      description:
        'A secret that was applied longer ago is a warning: a number of hours, days, weeks or months (of 30 days).',
      examples: ['90 days', '12 weeks', '6 months', '48 hours'],
    },
    mutes: {
      type: 'array',
      default: DEFAULT_SETTINGS.mutes,
      title: 'Drift that is known',
      description: 'What was changed by hand there is not told until the day is over. Nothing else is muted.',
      items: muteSchema(),
    },
    allow: {
      type: 'array',
      default: DEFAULT_SETTINGS.allow,
      title: 'Guards switched off for one plan',
      description: 'For the plan of that digest only, so that reviewers see it.',
      items: allowanceSchema(),
    },
  },
};

function recordPath(key: string, text: JsonSchema): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: [key],
    properties: { [key]: { type: 'string', minLength: 1, ...text } },
  };
}

function limit(value: number, description: string): JsonSchema {
  return { type: 'integer', minimum: 0, default: value, description };
}

function allowanceSchema(): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['guard', 'digest', 'reason'],
    properties: {
      guard: { type: 'string', enum: GUARDS, description: 'Name of the guard' },
      digest: {
        type: 'string',
        pattern: '^sha256:[0-9a-f]{64}$',
        description: 'Digest of the plan, as its refusal shows it',
        examples: [`sha256:${'0'.repeat(64)}`],
      },
      reason: { type: 'string', minLength: 1, description: 'Why; shown to reviewers' },
    },
  };
}

function muteSchema(): JsonSchema {
  const glob = { type: 'string', minLength: 1 };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['address', 'until', 'why'],
    properties: {
      address: {
        ...glob,
        description: 'Glob over addresses',
        examples: ['job/etl', 'destination/team-*'],
      },
      fields: {
        type: 'array',
        minItems: 1,
        items: { ...glob, description: 'A field as a plan shows it' },
        description: 'Globs over fields; all of them where it is left out',
        examples: [['email_notifications.*']],
      },
      until: {
        type: 'string',
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
        description: 'Last day, in UTC, as YYYY-MM-DD',
        examples: ['2026-12-31'],
      },
      why: { type: 'string', minLength: 1, description: 'Why; shown to reviewers', examples: ['see INC-42'] },
    },
  };
}
