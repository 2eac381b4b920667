import type { Json, JsonObject } from './json.ts';
import type { SeedJob } from './seed.ts';

type ManyJobsOptions = {
  /** Tasks per job; default 1. */
  readonly tasks?: number;
  /** Every so many jobs has notifications; default 4, 0 for none. */
  readonly notifyEvery?: number;
  /** Destination ids that those jobs notify on failure, up to three, beside an e-mail address. */
  readonly destinations?: readonly string[];
  /** The first job's id; default 100000000001. */
  readonly firstId?: bigint;
};

/** Jobs `job-00001`, `job-00002`, …, the same ones every time, tagged with `env` and `team`. */
export function manyJobs(count: number, options: ManyJobsOptions = {}): readonly SeedJob[] {
  const firstId = options.firstId ?? 100_000_000_001n;
  return Array.from({ length: count }, (_, index) => ({
    job_id: String(firstId + BigInt(index)),
    creator_user_name: `owner-${index % 7}@sandbox.test`,
    settings: settingsOf(index, options),
  }));
}

function settingsOf(index: number, options: ManyJobsOptions): JsonObject {
  const every = options.notifyEvery ?? 4;
  return {
    name: `job-${String(index + 1).padStart(5, '0')}`,
    tags: { env: index % 3 === 0 ? 'prod' : 'dev', team: `team-${index % 5}` },
    tasks: Array.from({ length: options.tasks ?? 1 }, (_, task) => taskOf(task)),
    ...(every > 0 && index % every === 0 ? notifications(index, options.destinations ?? []) : {}),
  };
}

function taskOf(index: number): Json {
  return {
    task_key: `task-${String(index + 1).padStart(3, '0')}`,
    notebook_task: { notebook_path: `/Shared/notebooks/task-${index + 1}` },
  };
}

function notifications(index: number, destinations: readonly string[]): JsonObject {
  const webhooks = destinations.slice(0, 3).map((id) => ({ id }));
  return {
    email_notifications: { on_failure: [`team-${index % 5}@sandbox.test`] },
    ...(webhooks.length === 0 ? {} : { webhook_notifications: { on_failure: webhooks } }),
  };
}
