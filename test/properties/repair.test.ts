import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { plan } from '../../src/core/plan.ts';
import type { Update } from '../../src/core/change.ts';
import { resolveSpec } from '../../src/engine/resolve-spec.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../../src/kinds/client.ts';
import { composeSettings } from '../../src/kinds/job/compose.ts';
import { observeJob } from '../../src/kinds/job/observe.ts';
import { aContext, aDirectory, aJob, aPolicy } from '../support/builders.ts';

const LIVE = ['live-1', 'live-2', 'live-3'];
const GONE = ['gone-1', 'gone-2'];
/** Missing from the list, and not confirmed to be gone. */
const DOUBTFUL = 'doubtful';

const id = fc.constantFrom(...LIVE, ...GONE, DOUBTFUL);
const extra = fc.constantFrom<JsonObject>({}, { kept: 1 }, { kept: { deep: [1, 2] } });
const webhook = fc.tuple(id, extra).map(([of, more]): Json => ({ id: of, ...more }));
const subscriber = fc.oneof(
  fc.tuple(id, extra).map(([of, more]): Json => ({ destination_id: of, ...more })),
  fc.constantFrom<Json>({ user_name: 'someone@company.test' }, { unknown: true }),
);
const hooks: fc.Arbitrary<JsonObject> = fc
  .dictionary(
    fc.constantFrom('on_start', 'on_failure', 'on_comet', 'odd'),
    fc.array(webhook, { minLength: 1, maxLength: 3 }),
  )
  .map((events) => plain(Object.keys(events).length === 0 ? {} : { webhook_notifications: events }));
const subscribers = fc.array(subscriber, { minLength: 1, maxLength: 4 });

const work: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant<JsonObject>({ notebook_task: { notebook_path: '/x' }, libraries: [] }),
  subscribers.map((list): JsonObject => ({
    sql_task: { warehouse_id: 'w', alert: { alert_id: 'a', subscriptions: list } },
  })),
  subscribers.map((list): JsonObject => ({
    sql_task: { dashboard: { subscriptions: list, custom_subject: 's' } },
  })),
  subscribers.map((list): JsonObject => ({ alert_task: { subscribers: list, alert_id: 'a' } })),
  subscribers.map((list): JsonObject => ({
    dashboard_task: { subscription: { subscribers: list, paused: true } },
  })),
);
const leaf = fc.tuple(hooks, work).map(([told, does]): JsonObject => ({ ...told, ...does }));
const task: fc.Arbitrary<JsonObject> = fc.oneof(
  leaf,
  fc.tuple(hooks, leaf).map(([told, inner]): JsonObject => ({
    ...told,
    for_each_task: { inputs: '[1]', task: { task_key: 'n', ...inner } },
  })),
);
const settings: fc.Arbitrary<JsonObject> = fc
  .tuple(hooks, fc.array(task, { maxLength: 4 }))
  .map(([told, tasks]) =>
    plain({
      name: 'etl',
      tags: { a: 'b' },
      ...told,
      tasks: tasks.map((one, at) => ({ task_key: `t${at}`, ...one })),
    }),
  );

describe('--repair dangling', () => {
  test('takes out what is surely gone, and never another byte', () => {
    fc.assert(
      fc.property(settings, (before) => {
        const doubtful = JSON.stringify(before).includes(DOUBTFUL);
        const after = repair(before, (of) => GONE.includes(of));
        // One id that is left of which nobody knows keeps the whole job from being written.
        expect(normal(after)).toEqual(normal(doubtful ? before : without(before)));
      }),
      { numRuns: 500 },
    );
  });

  test('takes nothing out where nothing is known to be gone', () => {
    fc.assert(
      fc.property(settings, (before) => {
        expect(repair(before, () => false)).toBe(before);
      }),
    );
  });
});

/** The job once the plan is carried out. */
function repair(before: JsonObject, isGone: (id: string) => boolean): JsonObject {
  const job = aJob('etl', { email_notifications: { on_start: [] } });
  const observed = observeJob({ job_id: '7', settings: before });
  const directory = aDirectory({}, Object.fromEntries(LIVE.map((one) => [one, one])));
  const policy = aPolicy({ isSurelyGone: (_kind, of) => isGone(of) });
  const input = {
    resources: [job],
    matches: new Map([[job.address, { state: 'found', observed, by: 'name' } as const]]),
    orphans: new Map(),
    config: 'test',
  };
  const [change] = plan(input, aContext({ directory, policy })).changes;
  return change?.verb === 'update' ? written(before, change, directory) : before;
}

function written(before: JsonObject, change: Update, directory: ReturnType<typeof aDirectory>): JsonObject {
  const spec = resolveSpec(change.resource, change.target, [], directory);
  if (spec === null) throw new Error('nothing of this waits for an id');
  const { new_settings: sent, fields_to_remove: gone } = composeSettings(
    before,
    spec,
    change.fields.map(({ path }) => path),
  );
  const { tasks, ...others } = sent;
  const byKey = new Map(asList(tasks).map((one) => [asText(asObject(one)['task_key']), one]));
  const kept = Object.entries({ ...before, ...others }).filter(([key]) => !gone.includes(key));
  return {
    ...Object.fromEntries(kept),
    tasks: asList(before['tasks']).map((one) => byKey.get(asText(asObject(one)['task_key'])) ?? one),
  };
}

function without(value: JsonObject): JsonObject {
  return changed(value, (_key, inner) =>
    Array.isArray(inner) ? inner.filter((item: Json) => !GONE.includes(pointerOf(item))) : inner,
  );
}

function pointerOf(item: Json): string {
  const { id: webhookId, destination_id: subscribed } = asObject(item);
  return asText(webhookId) || asText(subscribed);
}

/** An event without anybody, and a block without events, are the same as none. */
function normal(value: JsonObject): JsonObject {
  const events = changed(value, (key, inner) =>
    /^(on_|odd)/u.test(key) && Array.isArray(inner) && inner.length === 0 ? undefined : inner,
  );
  return changed(events, (key, inner) =>
    key === 'webhook_notifications' && Object.keys(asObject(inner as Json)).length === 0 ? undefined : inner,
  );
}

function changed(value: JsonObject, change: (key: string, inner: unknown) => unknown): JsonObject {
  return asObject(JSON.parse(JSON.stringify(value, change)) as Json);
}

function plain(value: unknown): JsonObject {
  return asObject(JSON.parse(JSON.stringify(value)) as Json);
}
