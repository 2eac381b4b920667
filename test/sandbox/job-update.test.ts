import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { shownSettings, storedSettings } from '../../src/sandbox/job-settings.ts';
import { updatedSettings } from '../../src/sandbox/job-update.ts';
import { isObject, type JsonObject, listAt, textAt } from '../../src/sandbox/json.ts';

const block = fc.dictionary(
  fc.constantFrom('on_start', 'on_failure', 'on_new'),
  fc.array(fc.constantFrom('a@x.test', 'b@x.test'), { maxLength: 2 }),
);
const task = fc.record(
  {
    task_key: fc.constantFrom('t1', 't2', 't3', 't4'),
    email_notifications: block,
    max_retries: fc.nat(3),
    unknown: fc.json(),
  },
  { requiredKeys: ['task_key'] },
);
const settings: fc.Arbitrary<JsonObject> = fc.record(
  {
    name: fc.string(),
    email_notifications: block,
    tags: fc.dictionary(fc.constantFrom('env', 'team'), fc.string()),
    unknown_key: fc.record({ deep: fc.array(fc.integer(), { minLength: 1 }) }),
    tasks: fc.uniqueArray(task, { selector: (one) => one.task_key }),
  },
  { requiredKeys: [] },
);

function keysOf(value: JsonObject): ReadonlySet<string> {
  return new Set(listAt(value, 'tasks').map((one) => (isObject(one) ? (textAt(one, 'task_key') ?? '') : '')));
}

describe('stored settings', () => {
  test('are stored the same when they are stored again, or read and stored', () => {
    fc.assert(
      fc.property(settings, (sent) => {
        const stored = storedSettings(sent);
        expect(storedSettings(stored)).toEqual(stored);
        expect(storedSettings(shownSettings(stored, 'salt'))).toEqual(stored);
      }),
    );
  });
});

describe('updatedSettings', () => {
  test('changes nothing when it sends nothing, or everything as it is', () => {
    fc.assert(
      fc.property(settings, (sent) => {
        const stored = storedSettings(sent);
        expect(updatedSettings(stored, {}, [])).toEqual(stored);
        expect(updatedSettings(stored, stored, [])).toEqual(stored);
      }),
    );
  });

  test('touches only the keys and the tasks that it is sent', () => {
    fc.assert(
      fc.property(settings, settings, (before, sent) => {
        const stored = storedSettings(before);
        const after = updatedSettings(stored, sent, []);
        const untouched = Object.keys(stored).filter((key) => !(key in sent));
        for (const key of untouched) expect(after[key]).toEqual(stored[key]);
        expect(keysOf(after)).toEqual(new Set([...keysOf(stored), ...keysOf(sent)]));
        const kept = listAt(stored, 'tasks').filter(
          (one) => isObject(one) && !keysOf(sent).has(textAt(one, 'task_key') ?? ''),
        );
        for (const one of kept) expect(listAt(after, 'tasks')).toContainEqual(one);
      }),
    );
  });

  test('sets a key that it is also told to remove', () => {
    const after = updatedSettings(storedSettings({ tags: { a: '1' } }), { tags: { b: '2' } }, ['tags']);
    expect(after['tags']).toEqual({ b: '2' });
  });

  test('takes null for not sent', () => {
    expect(updatedSettings(storedSettings({ name: 'n' }), { name: null }, [])['name']).toBe('n');
  });
});
