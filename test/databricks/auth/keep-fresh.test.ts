import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../../src/core/secret.ts';
import { type Issued, keepFresh } from '../../../src/databricks/auth/keep-fresh.ts';
import { ONE_TRY, PATIENT } from '../../../src/databricks/auth/sender.ts';
import type { RetryPolicy } from '../../../src/databricks/retry.ts';

const HOUR = 3_600_000;

/** A service that gives token 1, token 2 and so on, or fails while it is down. */
function aService(lifetimeMs = HOUR) {
  const state = { nowMs: 0, isDown: false, asked: [] as RetryPolicy[], takesMs: 0 };
  const obtain = (policy: RetryPolicy): Promise<Issued> => {
    state.asked.push(policy);
    const issuedAtMs = state.nowMs;
    state.nowMs += state.takesMs;
    if (state.isDown) return Promise.reject(new Error('down'));
    const token = Secret.of('(secret)', [], `token ${state.asked.length}`);
    return Promise.resolve({ token, issuedAtMs, expiresAtMs: issuedAtMs + lifetimeMs });
  };
  const source = keepFresh(obtain, () => state.nowMs);
  return { state, source, token: async (refused?: Secret) => (await source(refused)).reveal() };
}

describe('keepFresh', () => {
  test('asks for nothing before it is asked', () => {
    expect(aService().state.asked).toEqual([]);
  });

  test.each([
    ['a minute before the end of an hour', HOUR, HOUR - 60_000],
    ['after three quarters of a short life', 100_000, 75_000],
  ])('renews %s, and not before', async (_, lifetimeMs, dueMs) => {
    const { state, token } = aService(lifetimeMs);
    expect(await token()).toBe('token 1');
    state.nowMs = dueMs - 1;
    expect(await token()).toBe('token 1');
    state.nowMs = dueMs;
    expect(await token()).toBe('token 2');
    state.nowMs = 2 * dueMs - 1;
    expect(await token()).toBe('token 2');
  });

  test('keeps one that has no end', async () => {
    const { state, token } = aService(Infinity);
    await token();
    state.nowMs = 1_000 * HOUR;
    expect(await token()).toBe('token 1');
  });

  test('asks once for all who wait', async () => {
    const { state, token } = aService();
    const all = (): Promise<readonly string[]> => Promise.all(Array.from({ length: 20 }, () => token()));
    expect(new Set(await all())).toEqual(new Set(['token 1']));
    state.nowMs = HOUR - 1;
    expect(new Set(await all())).toEqual(new Set(['token 2']));
    expect(state.asked).toHaveLength(2);
  });

  test('tells all who wait that it failed, and tries again for the next', async () => {
    const { state, token } = aService();
    state.isDown = true;
    const failed = await Promise.allSettled([token(), token()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    state.isDown = false;
    expect(await token()).toBe('token 2');
  });

  test('lives with the old one while that lasts, with ever fewer tries', async () => {
    const { state, token } = aService();
    await token();
    state.isDown = true;
    for (state.nowMs = HOUR - 60_000; state.nowMs < HOUR; state.nowMs += 1_000)
      expect(await token()).toBe('token 1');
    // Halfway to the end each time, as seen from the whole seconds at which somebody asks.
    expect(state.asked.slice(1)).toEqual(Array(6).fill(ONE_TRY));
    await expect(token()).rejects.toThrow('down');
    expect(state.asked.at(-1)).toBe(PATIENT);
    state.isDown = false;
    expect(await token()).toMatch(/^token \d+$/);
  });

  test('is patient where a failed try has outlasted the old one', async () => {
    const { state, token } = aService();
    await token();
    Object.assign(state, { nowMs: HOUR - 1, isDown: true, takesMs: 60_000 });
    await expect(token()).rejects.toThrow('down');
    expect(state.asked).toEqual([PATIENT, ONE_TRY, PATIENT]);
  });

  test('replaces a refused one, once for all who were refused', async () => {
    const { state, source } = aService();
    const first = await source();
    const renewed = await Promise.all([source(first), source(first), source()]);
    expect(renewed.map((one) => one.reveal())).toEqual(['token 2', 'token 2', 'token 2']);
    expect((await source(first)).reveal()).toBe('token 2');
    expect(state.asked).toEqual([PATIENT, PATIENT]);
  });
});
