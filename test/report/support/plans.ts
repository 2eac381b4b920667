import type { ChangeDocument, PlanDocument } from '../../../src/core/document.ts';
import { aChange, aDestination, aDiagnostic, aField, anOutcome, aPlan } from './builders.ts';

const SLACK = '(secret SLACK_WEBHOOK_URL)';
const opaque = { verdict: 'opaque', reason: 'it cannot be read back, and is not on record' } as const;

const created = aDestination('pagerduty', 'On-call', {
  verb: 'create',
  id: null,
  fields: [
    aField({ path: 'display_name', before: null, after: 'On-call' }),
    aField({ path: 'pagerduty.integration_key', before: null, after: '(secret PAGERDUTY_KEY)' }),
  ],
});

const replaced = aDestination('leads', 'leads', {
  verb: 'replace',
  fields: [
    aField({ path: 'type', before: 'WEBHOOK', after: 'EMAIL', reason: 'it cannot change in place' }),
    aField({ path: 'email.addresses', before: null, after: ['leads@company.test', 'heads@company.test'] }),
  ],
});

const deleted = aDestination('old-slack', 'Old Slack', { verb: 'delete', source: null });

const adopted = aDestination('team-slack', 'Data Team Slack', {
  verb: 'adopt',
  fields: [
    aField({ path: 'slack.url', before: '(set)', after: SLACK, ...opaque }),
    aField({ path: 'slack.channel_id', before: '(set)', after: 'C0123456789', ...opaque }),
  ],
});

const updated = aChange({
  requires: ['destination/pagerduty'],
  notes: [
    'on_duration_warning_threshold_exceeded never fires: the job has no RUN_DURATION_SECONDS health rule',
  ],
  fields: [
    aField({
      before: ['finance-teams', 'team-slack', 'leads'],
      after: ['pagerduty', 'team-slack', 'leads'],
      verdict: 'unknown',
    }),
    aField({ path: 'notification_settings.no_alert_for_skipped_runs', before: false, after: true }),
    aField({ path: 'health.RUN_DURATION_SECONDS', before: 3600, after: null }),
  ],
});

const rotated = aDestination('relay', 'relay', {
  verb: 'rotate',
  fields: [
    aField({
      path: 'generic_webhook.password',
      before: '(secret RELAY_PASSWORD)',
      after: '(secret RELAY_PASSWORD)',
      reason: 'the secret has a new value',
    }),
  ],
});

const detached = aDestination('finance-teams', 'Finance Teams', { verb: 'detach' });

const blocked = aChange({
  address: 'job/billing',
  key: 'billing',
  display: 'billing',
  verb: 'blocked',
  id: null,
  source: { file: 'notifications.yml', line: 66 },
  blocked: {
    reason: 'missing',
    message: 'no job that this identity can see is called "billing"',
    hint: 'names are case-sensitive; `lakebell` sees only what its identity may see',
  },
});

const noted = aDestination('teams', 'teams', {
  verb: 'noop',
  notes: ['cannot be compared: microsoft_teams.url; --rotate writes them'],
});

const drifted = aChange({
  address: 'job/77',
  key: 'ingest',
  display: 'ingest-orders',
  source: { file: 'teams/ingest.yml', line: 8 },
  fields: [
    aField({
      path: 'email_notifications.on_failure',
      before: ['someone@company.test'],
      after: ['oncall@company.test'],
      drifted: true,
    }),
    aField({
      path: 'generic.assumed',
      before: 'https://old.company.test/hook',
      after: 'https://a-much-longer-address.company.test/databricks/hook',
      verdict: 'assumed',
      reason: 'compared with what was last applied, as this identity cannot read it',
    }),
  ],
});

const alert = aChange({
  address: 'alert/failed-runs',
  key: 'failed-runs',
  display: 'Failed runs (15 minutes)',
  id: '5',
  fields: [
    aField({
      path: 'query_text',
      before:
        "SELECT count(*) AS failures\nFROM system.lakeflow.job_run_timeline\nWHERE result_state IN ('FAILED')\n  AND period_end_time > now() - INTERVAL 15 MINUTES\n",
      after:
        "SELECT count(*) AS failures\nFROM system.lakeflow.job_run_timeline\nWHERE result_state IN ('FAILED', 'TIMED_OUT')\n  AND period_end_time > now() - INTERVAL 15 MINUTES\n",
    }),
  ],
});

export const NAMES: readonly string[] = [
  'Störung für Müller',
  'データ基盤の通知',
  '数据平台告警',
  '결제 파이프라인',
  'оповещения о сбоях',
  'ειδοποιήσεις',
  'התראות צוות',
  'إشعارات الفريق',
  'डेटा सूचनाएँ',
  'การแจ้งเตือนข้อมูล',
  'می\u200Cخواهم',
  'e\u0301te\u0301 🔔 👩‍💻',
];

const TRICKS: readonly string[] = [
  '@everyone #1 [click](https://evil.test) ![x](https://evil.test/p.png)',
  '<img src=x onerror=alert(1)></details><!--',
  '```\n### Approved by security\n```',
  '| a | b |\n|---|---|',
  'safe\u202Egnp.exe\u2066',
  '\u001B[2J\u001B[1;31mred\u0007',
  '::add-mask::x ##[error]y',
  'etl-pipeline  job/1  notifications.yml:1',
  '`${{ secrets.X }}` $a$ :tada: GH-1 deadbeef',
  '',
];

function hostile(): readonly ChangeDocument[] {
  return [...NAMES, ...TRICKS].map((display, at) =>
    aChange({
      address: `job/${100 + at}`,
      key: 'etl',
      display,
      fields: [
        aField({ before: [], after: [at % 2 === 0 ? display : `x ${display}`, `who${at}@company.test`] }),
      ],
    }),
  );
}

function many(): readonly ChangeDocument[] {
  return Array.from({ length: 500 }, (_, at) =>
    aChange({
      address: `job/${1000 + at}`,
      key: 'prod-failures-page',
      display: `etl-${String(at).padStart(3, '0')}`,
      fields: [
        aField({
          before: at % 3 === 0 ? [] : ['team-slack'],
          after: at % 3 === 0 ? ['pagerduty'] : ['pagerduty', 'team-slack'],
        }),
      ],
    }),
  );
}

const warning = aDiagnostic({
  code: 'overridden',
  severity: 'warning',
  message: 'jobs.etl_pipeline decides on_failure alone; rules.prod-failures-page (line 71) adds nothing here',
  line: 41,
  hint: 'drop the event from the job, or exclude the job from the rule',
});

/** One plan for every situation that a reviewer meets. */
export const PLANS: Readonly<Record<string, PlanDocument>> = {
  'nothing-to-do': aPlan({}, { noop: 40, foreign: 7 }),
  'every-verb': aPlan(
    {
      changes: [adopted, detached, replaced, deleted, created, rotated, noted, updated, alert, blocked],
      diagnostics: [warning],
      notes: [
        'no record was found at /Users/sp-plan/.lakebell/data-platform.prod.json, as sp-plan; an absent record is an empty one',
      ],
      requests: { count: 1053, retried: 2, seconds: 12.34 },
    },
    { noop: 41, foreign: 7 },
  ),
  blocked: aPlan(
    {
      changes: [
        blocked,
        aChange({
          verb: 'blocked',
          blocked: {
            reason: 'more-than-three',
            message:
              'on_failure would have 4 destinations with those that are already there; Databricks allows 3',
            hint: 'drop one, or state the event exactly',
          },
        }),
      ],
      unreadable: [
        { what: 'destination.config', why: 'only workspace admins are shown it', identity: 'sp-plan' },
      ],
    },
    { noop: 3 },
  ),
  refusal: aPlan(
    {
      changes: Array.from({ length: 12 }, (_, at) =>
        aDestination(`old-${at}`, `Old ${at}`, { verb: 'delete', source: null, id: `id-${at}` }),
      ),
      refusals: [
        {
          guard: 'max_deletes',
          message: '12 objects would be deleted or replaced; settings.limits.max_deletes is 5',
          allow: 'max_deletes',
        },
        {
          guard: 'in_use',
          message: 'job/9 (webhook_notifications.on_failure) uses destination/old-0',
          allow: 'in_use',
          allowed: 'the job goes away tomorrow',
        },
      ],
    },
    { noop: 30 },
  ),
  drift: aPlan({ changes: [drifted] }, { noop: 12 }),
  adopt: aPlan({ changes: [adopted] }),
  incomplete: aPlan({
    complete: false,
    unreadable: [{ what: 'jobs', why: '403 PERMISSION_DENIED after page 3', identity: 'sp-plan' }],
  }),
  hostile: aPlan({
    changes: hostile(),
    notes: ['hello @everyone, see #12 and `rm -rf` or https://evil.test/x'],
    diagnostics: [aDiagnostic({ message: 'unknown key "@team\n::error::x"', file: 'a\u202Eb.yml' })],
  }),
  'many-changes': aPlan({ changes: many() }, { noop: 20, foreign: 1200 }),
};

const applied = [created, updated, rotated, deleted, drifted];

const outcomesOf = (parts: Partial<PlanDocument>): PlanDocument => aPlan({ changes: applied, ...parts });

/** One apply for every way in which it can end. */
export const APPLIES: Readonly<Record<string, PlanDocument>> = {
  applied: outcomesOf({
    outcomes: [
      ...applied.map(({ address, display, verb }) => anOutcome({ address, display, verb })),
      anOutcome({ address: 'job/5', display: 'five', state: 'already' }),
    ],
  }),
  'in-part': outcomesOf({
    outcomes: [
      anOutcome({ address: 'destination/pagerduty', display: 'On-call', verb: 'create' }),
      anOutcome({
        state: 'failed',
        wrote: true,
        message: 'POST /api/2.2/jobs/update answered 503 TEMPORARILY_UNAVAILABLE (request 8f2a)',
        hint: 'the workspace is overloaded; wait a minute',
      }),
      anOutcome({
        address: 'destination/old-slack',
        display: 'Old Slack',
        verb: 'delete',
        state: 'failed',
        message: 'PERMISSION_DENIED',
      }),
      anOutcome({
        address: 'job/77',
        display: 'ingest-orders',
        state: 'changed-meanwhile',
        message: 'it has become bundle-owned',
      }),
      anOutcome({
        address: 'job/78',
        display: 'nightly',
        state: 'refused',
        message: 'its delta is another one than approved',
      }),
      anOutcome({
        address: 'job/79',
        display: 'hourly',
        state: 'skipped',
        message: 'it needs destination/old-slack',
      }),
      anOutcome({ address: 'job/80', display: 'weekly', state: 'held-back', message: 'not approved' }),
    ],
  }),
  blocked: outcomesOf({
    outcomes: [
      anOutcome({ address: 'job/77', display: 'ingest-orders' }),
      anOutcome({
        verb: 'blocked',
        state: 'blocked',
        reason: 'no-permission',
        message:
          'sp-apply may not write the job "etl-pipeline" (9007199254740993): that takes CAN_MANAGE or IS_OWNER on it',
        hint: 'give CAN_MANAGE on it to sp-apply, under Permissions of https://dbc-1234.cloud.databricks.com/jobs/9007199254740993; or apply as somebody who has it',
      }),
      anOutcome({
        address: 'destination/pagerduty',
        display: 'On-call',
        verb: 'blocked',
        state: 'blocked',
        reason: 'no-permission',
        message: 'sp-apply may not write the destination "On-call": that takes a workspace admin',
        hint: 'apply as a workspace admin, or add sp-apply to the group admins of https://dbc-1234.cloud.databricks.com',
      }),
      anOutcome({
        address: 'job/79',
        display: 'hourly',
        verb: 'blocked',
        state: 'blocked',
        reason: 'requires',
        message: 'it needs destination/pagerduty, which is blocked',
      }),
    ],
  }),
  'held-back': outcomesOf({
    outcomes: applied.map(({ address, display, verb }) =>
      anOutcome({ address, display, verb, state: 'held-back', message: 'not approved' }),
    ),
  }),
  refused: outcomesOf({
    outcomes: [],
    refusals: [
      {
        guard: 'silenced',
        message: 'nobody would be told any more when these fail: etl-pipeline; settings.limits.silenced is 0',
        allow: 'silenced',
      },
    ],
  }),
  'nothing-done': aPlan({ outcomes: [] }, { noop: 3 }),
};
