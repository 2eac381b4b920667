/** What a person is told about an event; `needs` is the health metric family without which it never fires. */
export type EventShape = { readonly description: string; readonly needs?: string };

/** Events of both notification blocks. The list is open on the API's side: unknown `on_*` keys are carried through. */
export const EVENTS: Readonly<Record<string, EventShape>> = {
  on_start: { description: 'A run begins' },
  on_success: { description: 'A run ends well; "succeeded with failures" counts as success' },
  on_failure: { description: 'A run fails or times out; skipped and cancelled runs too unless muted' },
  on_duration_warning_threshold_exceeded: {
    description: 'A run takes longer than the RUN_DURATION_SECONDS health rule; never sent without that rule',
    needs: 'RUN_DURATION_',
  },
  on_streaming_backlog_exceeded: {
    description:
      "A stream's 10-minute average backlog is over a STREAMING_BACKLOG_* health rule; never sent without one",
    needs: 'STREAMING_BACKLOG_',
  },
  on_maintenance_start: { description: "A continuous job's maintenance window begins" },
  on_maintenance_complete: { description: "A continuous job's maintenance window is over" },
};

export const EVENT_NAMES: readonly string[] = Object.keys(EVENTS);

/** The muting flags that a job has; a task has one more. */
export const JOB_FLAGS: Readonly<Record<string, string>> = {
  no_alert_for_skipped_runs: 'Send nothing for skipped runs',
  no_alert_for_canceled_runs: 'Send nothing for cancelled runs',
};

/** A task's flags: one more than a job has. */
export const TASK_FLAGS: Readonly<Record<string, string>> = {
  ...JOB_FLAGS,
  alert_on_last_attempt:
    'Send nothing about a failure until the last retry, and about a start only the first time',
};

/** What decides whether a task can be written: `policy` has a new cluster that is bound to a cluster policy. */
export type TaskNature = 'plain' | 'condition' | 'policy';

export const HEALTH_METRICS: Readonly<Record<string, string>> = {
  RUN_DURATION_SECONDS: 'Seconds that a run takes',
  STREAMING_BACKLOG_BYTES: 'Bytes that wait in a stream',
  STREAMING_BACKLOG_RECORDS: 'Records that wait in a stream',
  STREAMING_BACKLOG_SECONDS: 'Seconds that a stream is behind',
  STREAMING_BACKLOG_FILES: 'Files that wait in a stream',
};

/** The API refuses more, per event and level; e-mail addresses do not count. */
export const MAX_DESTINATIONS_PER_EVENT = 3;

export const BLOCKS = [
  'email_notifications',
  'webhook_notifications',
  'notification_settings',
  'health',
] as const;
