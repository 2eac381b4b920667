import { describe, expect, test } from '@jest/globals';
import { PermissionError } from '../../src/core/errors.ts';
import type { Pointer } from '../../src/kinds/kind.ts';
import { readUsage, type UsageSource } from '../../src/engine/usage.ts';

const HOST = 'https://workspace.test';
const use = (user: string) => ({ kind: 'destination', id: 'x', place: 'p', user, name: `the ${user}` });
const pointer = (user: string): Pointer => ({ ...use(user), page: `/jobs/${user}` });
const user = (name: string) => ({ ...use(name), link: `https://workspace.test/jobs/${name}` });
const source = (what: string, ...pointers: Pointer[]): UsageSource => ({
  what,
  find: () => Promise.resolve(pointers),
});
const denied = (what: string): UsageSource => ({
  what,
  find: () => Promise.reject(new PermissionError('no', { method: 'GET', path: '/', status: 403 })),
});

describe('readUsage', () => {
  test('joins what every part finds, each with the way to its page', async () => {
    const sources = [source('a', pointer('1')), source('b'), source('c', pointer('2'), pointer('3'))];
    expect(await readUsage(sources, HOST)).toEqual({
      state: 'read',
      users: [user('1'), user('2'), user('3')],
    });
  });

  test('is unreadable as a whole where any part is, and names each', async () => {
    expect(
      await readUsage([source('a', pointer('1')), denied('alerts'), denied('dashboards')], HOST),
    ).toEqual({
      state: 'unreadable',
      why: 'alerts: no; dashboards: no',
    });
  });

  test('gives on what is no answer of the workspace', async () => {
    await expect(
      readUsage([{ what: 'a', find: () => Promise.reject(new TypeError('a fault of ours')) }], HOST),
    ).rejects.toThrow(TypeError);
  });
});
