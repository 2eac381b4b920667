import type { RecordDocument, RecordedObject } from '../../../src/core/record.ts';
import type { LockTiming } from '../../../src/record/port.ts';
import { githubRun } from '../../../src/record/holder.ts';
import { emptyRecord, type RecordScope, type RecordStamp } from '../../../src/record/record.ts';

export const NOON = Date.parse('2026-11-21T12:00:00.000Z');
export const LINEAGE = '0b7f3f5e-2f57-4a8a-9d1e-3f1f3c1c9a10';
export const OTHER_LINEAGE = '7a6c1d7e-6a0a-4c3e-8a43-5b3a3f0d2c11';
export const SCOPE: RecordScope = {
  config: 'data-platform',
  target: 'prod',
  workspaceId: '9007199254740993',
};
export const STAMP: RecordStamp = {
  tool: { name: 'lakebell', version: '0.1.0' },
  identity: 'sp-apply',
  at: NOON,
};

export function aRecord(changes: Partial<RecordDocument> = {}): RecordDocument {
  return { ...emptyRecord(SCOPE, STAMP, LINEAGE), ...changes };
}

export function aRecordedObject(changes: Partial<RecordedObject> = {}): RecordedObject {
  return {
    kind: 'destination',
    key: 'team-slack',
    id: '1d0ecf4b-9c3a-4a62-8f5f-0e0a8d0b7c11',
    name: 'Team Slack',
    traits: { type: 'slack' },
    statement: 'sha256:aa',
    applied: { display_name: 'Team Slack', 'config.email.addresses': ['a@example.test', 'b@example.test'] },
    added: { 'email_notifications.on_failure': ['a@example.test'] },
    before: { 'notification_settings.no_alert_for_skipped_runs': null },
    secrets: {
      'config.slack.url': {
        label: '(secret SLACK_WEBHOOK_URL)',
        fingerprint: { scheme: 'scrypt', salt: `${'A'.repeat(22)}==`, hash: `${'B'.repeat(43)}=` },
        applied_at: '2026-11-20T08:00:00.000Z',
      },
    },
    ...changes,
  };
}

/** One of everything that the format knows. */
export function aFullRecord(): RecordDocument {
  return aRecord({
    serial: 7,
    objects: {
      'job/9007199254740993': aRecordedObject({
        kind: 'job',
        id: '9007199254740993',
        secrets: { x: { label: '(secret X)', fingerprint: null, applied_at: '2026-11-20T08:00:00Z' } },
      }),
      'destination/team-slack': aRecordedObject({
        replacing: { id: 'old', name: 'Team Slack', traits: { type: 'slack' } },
      }),
    },
    intents: { 'destination/pager': { name: 'Pager', at: '2026-11-20T08:00:00.000Z', run: 'laptop' } },
    approval: { digest: 'sha256:bb', ops: [{ address: 'destination/pager', op: 'sha256:cc' }] },
    guards: { max_deletes: 5, empty_config: true, protect: ['destination/*'] },
    jobs_seen: 40,
    history: [
      {
        serial: 6,
        at: '2026-11-20T08:00:00.000Z',
        identity: 'sp-apply',
        changes: [
          { address: 'job/1', verb: 'update', before: { x: null }, after: { x: ['a', { to: 'b' }] } },
        ],
      },
    ],
  });
}

/** A clock that stands still until somebody sleeps. */
export function aTiming(lockTimeoutMs = 0, onSleep: (ms: number) => void = () => undefined): LockTiming {
  let now = NOON;
  return {
    lockTimeoutMs,
    clock: () => now,
    sleep: async (ms) => {
      now += ms;
      onSleep(ms);
      await Promise.resolve();
    },
  };
}

export function aGitHubRun(attempt: number, runId = '42'): string {
  return githubRun({
    serverUrl: 'https://github.test',
    repository: 'acme/notifications',
    runId,
    attempt,
  });
}
