import { describe, expect, test } from '@jest/globals';
import { PermissionError } from '../../src/core/errors.ts';
import type { User } from '../../src/core/guard.ts';
import { readUsage, type UsageSource } from '../../src/engine/usage.ts';

const user = (name: string): User => ({ kind: 'destination', id: 'x', place: 'p', user: name });
const source = (what: string, ...users: User[]): UsageSource => ({
  what,
  find: () => Promise.resolve(users),
});
const denied = (what: string): UsageSource => ({
  what,
  find: () => Promise.reject(new PermissionError('no', { method: 'GET', path: '/', status: 403 })),
});

describe('readUsage', () => {
  test('joins what every part finds', async () => {
    expect(await readUsage([source('a', user('1')), source('b'), source('c', user('2'), user('3'))])).toEqual(
      {
        state: 'read',
        users: [user('1'), user('2'), user('3')],
      },
    );
  });

  test('is unreadable as a whole where any part is, and names each', async () => {
    expect(await readUsage([source('a', user('1')), denied('alerts'), denied('dashboards')])).toEqual({
      state: 'unreadable',
      why: 'alerts: no; dashboards: no',
    });
  });

  test('gives on what is no answer of the workspace', async () => {
    await expect(
      readUsage([{ what: 'a', find: () => Promise.reject(new TypeError('a fault of ours')) }]),
    ).rejects.toThrow(TypeError);
  });
});
