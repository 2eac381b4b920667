import { describe, expect, test } from '@jest/globals';
import { RateLimitError } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';
import { deliver, type Line } from '../../src/databricks/deliver.ts';
import { createMeter } from '../../src/databricks/meter.ts';
import { createLimiter } from '../../src/databricks/rate.ts';
import { DEFAULT_POLICY } from '../../src/databricks/retry.ts';
import type { Answer, Transport } from '../../src/databricks/wire.ts';
import type { ApiRequest } from '../../src/kinds/client.ts';
import { Refusal } from '../../src/sandbox/answer.ts';
import type { RateLimits } from '../../src/sandbox/behaviour.ts';
import { allowanceOf, RateLimiter } from '../../src/sandbox/rate-limiter.ts';
import { virtualTime, type VirtualTime } from '../support/virtual-time.ts';

const UPDATE: ApiRequest = { method: 'POST', path: '/api/2.2/jobs/update', body: {}, delivery: 'repeat' };
const LATENCY_MS = 80;
/** Requests on their way pass one another, and timers are late. */
const JITTER_MS = 30;
const LATENESS_MS = 4;
/** As many as an apply has on its way. */
const WORKERS = 8;
const TOKEN = Secret.of('(secret)', [], 'dapi0');

/** What a server saw. */
type Seen = { readonly passedAt: number[]; readonly refusedAt: number[] };

function serverOf(limits: RateLimits, time: VirtualTime, seen: Seen): Transport {
  const limiter = new RateLimiter();
  const random = chance(0.61);
  return async () => {
    await time.sleep(LATENCY_MS / 2 + JITTER_MS * random());
    const answer = admit(limiter, limits, time.clock());
    (answer.status === 200 ? seen.passedAt : seen.refusedAt).push(time.clock());
    await time.sleep(LATENCY_MS / 2);
    return answer;
  };
}

function admit(limiter: RateLimiter, limits: RateLimits, nowMs: number): Answer {
  try {
    limiter.admit('update', limits, nowMs);
    return { outcome: 'answer', status: 200, headers: {}, text: '{}' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { outcome: 'answer', status: error.status, headers: error.headers, text: '{}' };
  }
}

/** Numbers in [0, 1), the same ones each time. */
function chance(step: number): () => number {
  let at = 0;
  return () => (at = (at + step) % 1);
}

type Simulation = { readonly limits: RateLimits; readonly seconds: number; readonly path?: string };

/** Sends as much as there is room for. Fails where one request does. */
async function simulate({ limits, seconds, path = UPDATE.path }: Simulation): Promise<Seen> {
  const time = virtualTime();
  const seen: Seen = { passedAt: [], refusedAt: [] };
  const late = chance(0.29);
  const sleep = (ms: number): Promise<void> => time.sleep(ms + LATENESS_MS * late());
  const line: Line = {
    clock: time.clock,
    sleep,
    origin: 'https://workspace.test',
    transport: serverOf(limits, time, seen),
    limiter: createLimiter({ perSecond: 20, isPublished: true, concurrency: 16, clock: time.clock, sleep }),
    meter: createMeter(time.clock),
    policy: DEFAULT_POLICY,
    token: () => TOKEN,
    userAgent: 'test',
    random: chance(0.37),
  };
  const work = async (): Promise<void> => {
    while (time.clock() < seconds * 1000) await deliver({ ...UPDATE, path }, line);
  };
  await time.run(Promise.all(Array.from({ length: WORKERS }, work)));
  return seen;
}

/** The part of what the server would have let through. */
function usedShare({ limits, seconds }: Simulation, seen: Seen): number {
  let allowed = 0;
  for (let atMs = 0; atMs < seconds * 1000; atMs += 100) allowed += allowanceOf('update', limits, atMs) / 10;
  return seen.passedAt.filter((atMs) => atMs < seconds * 1000).length / allowed;
}

const GOAL = 0.85;
const READ = '/api/2.2/jobs/get';

describe.each([{ retryAfter: true }, { retryAfter: false }])('a workspace that refuses with %j', (asking) => {
  test.each<[string, Simulation]>([
    ['all of its 10 writes a second', { limits: { update: 10 }, seconds: 120 }],
    ['half of them, as others take the rest', { limits: { update: 10, othersShare: 0.5 }, seconds: 120 }],
    ['a third', { limits: { update: 10, othersShare: 0.7 }, seconds: 120 }],
    ['all of its 20 reads', { limits: { update: 20 }, seconds: 60, path: READ }],
    ['half of them', { limits: { update: 20, othersShare: 0.5 }, seconds: 120, path: READ }],
    [
      'now all and now half',
      { limits: { update: 10, othersShare: 0.5, othersPeriodMs: 240_000 }, seconds: 480 },
    ],
  ])('gets at least 85 % used of %s, and nothing fails', async (_what, { limits, ...rest }) => {
    const simulation = { ...rest, limits: { ...limits, ...asking } };
    const seen = await simulate(simulation);
    expect(usedShare(simulation, seen)).toBeGreaterThanOrEqual(GOAL);
    // Those of the run's beginning, and then one look for more in about twenty seconds.
    expect(seen.refusedAt.length).toBeLessThanOrEqual(8 + simulation.seconds / 20);
  });

  test('is never asked for more than its published limit', async () => {
    for (const path of [UPDATE.path, READ]) {
      const limit = path === READ ? 20 : 10;
      const seen = await simulate({ limits: { ...asking, update: limit }, seconds: 30, path });
      expect(seen.refusedAt).toEqual([]);
      expect(most(seen.passedAt)).toBeLessThanOrEqual(limit);
    }
  });

  test('is left alone for as long as it asks, by everybody', async () => {
    const limits = { ...asking, update: 10, othersShare: 0.5 };
    const { refusedAt, passedAt } = await simulate({ limits, seconds: 60 });
    const sent = [...refusedAt, ...passedAt];
    const pauseMs = asking.retryAfter ? 1_000 : 500;
    for (const atMs of refusedAt) {
      // What was on its way by then still comes.
      const during = sent.filter((other) => other > atMs + LATENCY_MS + JITTER_MS && other < atMs + pauseMs);
      expect(during).toEqual([]);
    }
  });
});

describe('a workspace of which nothing is left', () => {
  const limits = { update: 10, othersShare: 1 };

  test('fails nobody for four minutes', async () => {
    const seen = await simulate({ limits: { ...limits, othersPeriodMs: 480_000 }, seconds: 270 });
    expect(seen.passedAt.length).toBeGreaterThan(100);
    // One request asks for all of them, once in each pause.
    expect(seen.refusedAt.length).toBeLessThan(240);
  });

  test('fails a request in the end', async () => {
    await expect(simulate({ limits, seconds: 900 })).rejects.toThrow(RateLimitError);
  });
});

test('a workspace of which hardly anything is left fails nobody, however long that lasts', async () => {
  const seen = await simulate({ limits: { update: 1 }, seconds: 1_800 });
  expect(seen.passedAt.length).toBeGreaterThan(900);
});

/** The most in any second. */
function most(times: readonly number[]): number {
  return Math.max(...times.map((fromMs) => times.filter((at) => at >= fromMs && at < fromMs + 1_000).length));
}
