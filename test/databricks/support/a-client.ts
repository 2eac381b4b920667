import { Secret } from '../../../src/core/secret.ts';
import { type ClientOptions, createClient, type DatabricksClient } from '../../../src/databricks/client.ts';
import type { Loopback } from './loopback.ts';

/** Stands still but for its own sleeps, which it notes. */
export type FakeTime = {
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly sleeps: readonly number[];
};

export const TOKEN = 'dapi0123456789abcdef0123456789abcdef';

export function fakeTime(startMs = 1_700_000_000_000): FakeTime {
  const sleeps: number[] = [];
  let now = startMs;
  return {
    clock: () => now,
    sleep: (ms) => {
      sleeps.push(ms);
      now += ms;
      return Promise.resolve();
    },
    sleeps,
  };
}

/** A writing client of the server, on fake time, with no jitter. */
export function aClient(
  server: Pick<Loopback, 'url'>,
  options: Partial<ClientOptions> = {},
): DatabricksClient {
  const { clock, sleep } = fakeTime();
  return createClient({
    host: server.url,
    token: () => Secret.of('(secret DATABRICKS_TOKEN)', ['DATABRICKS_TOKEN'], TOKEN),
    access: 'write',
    userAgent: 'lakebell/0.0.0 nodejs/24.0.0 os/test auth/pat',
    clock,
    sleep,
    random: () => 0,
    limits: { perSecond: Infinity, isPublished: false },
    ...options,
  });
}
