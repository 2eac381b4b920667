import { describe, expect, test } from '@jest/globals';
import { isObject, listAt } from '../../src/sandbox/json.ts';
import { manyJobs } from '../../src/sandbox/many-jobs.ts';
import { open } from './client.ts';

describe('manyJobs', () => {
  test('gives the same jobs every time', () => {
    expect(manyJobs(50, { tasks: 2 })).toEqual(manyJobs(50, { tasks: 2 }));
    expect(manyJobs(50).slice(0, 20)).toEqual(manyJobs(20));
  });

  test('numbers and tags them', () => {
    const [first, second] = manyJobs(2, { tasks: 3, firstId: 9_007_199_254_740_993n });
    expect(first).toMatchObject({
      job_id: '9007199254740993',
      settings: { name: 'job-00001', tags: { env: 'prod' } },
    });
    expect(second).toMatchObject({
      job_id: '9007199254740994',
      settings: { name: 'job-00002', tags: { env: 'dev' } },
    });
    expect(first?.settings['tasks']).toHaveLength(3);
  });

  test('makes tasks beyond a page, with keys that sort as they are counted', () => {
    const [{ settings } = { settings: {} }] = manyJobs(1, { tasks: 250 });
    const keys = listAt(settings, 'tasks').map((task) => (isObject(task) ? task['task_key'] : undefined));
    expect([keys.length, keys[0], keys[249]]).toEqual([250, 'task-001', 'task-250']);
    expect([...keys].map(String).sort()).toEqual(keys);
  });

  test('gives every so many notifications, or none', () => {
    const notified = (every: number): number =>
      manyJobs(12, { notifyEvery: every, destinations: ['d'] }).filter(
        ({ settings }) => 'webhook_notifications' in settings,
      ).length;
    expect([notified(1), notified(4), notified(0)]).toEqual([12, 3, 0]);
  });

  test('gives a valid seed', async () => {
    const sandbox = await open({ seed: { jobs: manyJobs(30) } });
    expect(sandbox.snapshot().jobs).toHaveLength(30);
  });
});
