import { describe, expect, test } from '@jest/globals';
import type { Change, Delete } from '../../src/core/change.ts';
import { type GuardInput, isNamedBy, judge, removes, type User } from '../../src/core/guard.ts';
import { IdRef, Ref, type Spec } from '../../src/core/value.ts';
import {
  aDestination,
  aField,
  aLiveJob,
  anObserved,
  anUpdate,
  aRecorded,
  aSecret,
  traitsOf,
  UUID_A,
  UUID_B,
} from '../support/builders.ts';

const LIMITS = { max_deletes: 5, max_delete_percent: 20, max_changes: 200, silenced: 0 };

function input(parts: Partial<GuardInput>): GuardInput {
  return {
    changes: [],
    limits: LIMITS,
    protect: [],
    declared: 1,
    owned: { whole: 100, all: 100 },
    usage: { state: 'read', users: [] },
    kindOf: traitsOf,
    ...parts,
  };
}

function refusals(parts: Partial<GuardInput>): readonly string[] {
  return judge(input(parts)).map(({ guard, allow }) => {
    expect(allow).toBe(guard);
    return guard;
  });
}

function messages(parts: Partial<GuardInput>): string {
  return judge(input(parts))
    .map(({ message }) => message)
    .join('\n');
}

function aDelete(key = 'slack', id = UUID_A): Delete {
  const resource = aDestination(key);
  const { kind, name: display, address } = resource;
  const described = { address, kind, key, display, source: null, fields: [], requires: [], notes: [] };
  return { ...described, verb: 'delete', id, op: `sha256:${key}`, recorded: aRecorded(resource, { id }) };
}

const deletes = (count: number): Delete[] =>
  Array.from({ length: count }, (_none, at) => aDelete(`d${at}`, `id-${at}`));

describe('judge', () => {
  test('has nothing against an empty plan', () => {
    expect(refusals({})).toEqual([]);
  });

  test.each([
    [5, []],
    [6, ['max_deletes']],
  ])('max_deletes: %i of 5 objects', (count, expected) => {
    expect(refusals({ changes: deletes(count) })).toEqual(expected);
  });

  test.each([
    [0, 1, []],
    [1, 1, []],
    [2, 5, ['max_delete_percent']],
    [2, 9, ['max_delete_percent']],
    [2, 10, []],
    [3, 10, ['max_delete_percent']],
    [3, 15, []],
  ])('max_delete_percent: %i of %i objects', (count, whole, expected) => {
    expect(refusals({ changes: deletes(count), owned: { whole, all: whole } })).toEqual(expected);
  });

  test('counts nothing but deletes and replaces among deletes', () => {
    const blocked: Change = {
      ...aDelete(),
      verb: 'blocked',
      op: null,
      obstacle: { reason: 'missing', message: '' },
    };
    expect(refusals({ changes: [anUpdate(), blocked], limits: { ...LIMITS, max_deletes: 0 } })).toEqual([]);
  });

  test.each([
    [2, []],
    [3, ['max_changes']],
  ])('max_changes: %i of 2 writes', (count, expected) => {
    const changes = Array.from({ length: count }, () => anUpdate());
    expect(refusals({ changes, limits: { ...LIMITS, max_changes: 2 } })).toEqual(expected);
  });

  test.each([
    [0, 0, []],
    [0, 4, ['empty_config']],
    [1, 4, []],
  ])('empty_config: %i declared, %i on record', (declared, all, expected) => {
    expect(refusals({ declared, owned: { whole: all, all } })).toEqual(expected);
  });

  test.each([
    [['destination/slack'], ['protect']],
    [['destination/*'], ['protect']],
    [['slack'], []],
    [['destination/other'], []],
    [[], []],
  ])('protect: %j', (protect, expected) => {
    expect(refusals({ changes: [aDelete()], protect })).toEqual(expected);
    expect(refusals({ changes: [anUpdate({ address: 'destination/slack' })], protect })).toEqual([]);
  });
});

describe('the guard that nobody is silenced', () => {
  const told = aLiveJob('1', 'etl', { email_notifications: { on_failure: ['a@company.test'] } });
  const byHook = aLiveJob('1', 'etl', { webhook_notifications: { on_failure: [{ id: UUID_A }] } });
  const mute = aLiveJob('1', 'etl', { email_notifications: { on_success: ['a@company.test'] } });
  const EMAIL = 'email_notifications.on_failure';
  const HOOK = 'webhook_notifications.on_failure';

  test.each<[string, typeof told, Spec, boolean]>([
    ['loses its last address', told, { [EMAIL]: [] }, true],
    ['loses its last destination', byHook, { [HOOK]: [] }, true],
    ['loses the whole block', told, {}, true],
    ['changes sides', told, { [EMAIL]: [], [HOOK]: [new Ref('destination/a')] }, false],
    ['keeps one', told, { [EMAIL]: ['b@company.test'] }, false],
    ['had nobody to tell', mute, {}, false],
  ])('refuses where a job %s', (_name, live, target, isRefused) => {
    expect(refusals({ changes: [anUpdate({ live, target })] })).toEqual(isRefused ? ['silenced'] : []);
  });

  test('names the jobs, and counts them against its limit', () => {
    const changes = Array.from({ length: 7 }, (_none, at) => anUpdate({ display: `job-${at}`, live: told }));
    const text = messages({ changes });
    expect(text).toContain('job-0, job-1, job-2, job-3, job-4, and 2 more');
    expect(refusals({ changes, limits: { ...LIMITS, silenced: 7 } })).toEqual([]);
    expect(refusals({ changes, limits: { ...LIMITS, silenced: 6 } })).toEqual(['silenced']);
  });

  test('judges what is taken back too', () => {
    expect(
      refusals({ changes: [anUpdate({ live: told, target: { [EMAIL]: [] }, isRelease: true })] }),
    ).toEqual(['silenced']);
  });
});

describe('the guard that nothing in use goes', () => {
  const PLACE = 'webhook_notifications.on_failure';
  const user = (parts: Partial<User> = {}): User => ({
    kind: 'destination',
    id: UUID_A,
    place: PLACE,
    user: 'job/1',
    name: 'etl',
    link: 'https://workspace.test/jobs/1',
    ...parts,
  });
  const rewires = (after: readonly (Ref | IdRef)[], parts: Parameters<typeof anUpdate>[0] = {}) =>
    anUpdate({
      fields: [aField({ path: PLACE, before: [new IdRef('destination', UUID_A)], after })],
      ...parts,
    });

  test.each<[string, Change[], boolean]>([
    ['nobody rewires its user', [], true],
    ['its user is left without it', [rewires([])], false],
    ['its user moves to another', [rewires([new Ref('destination/other')])], false],
    ['its user keeps it', [rewires([new IdRef('destination', UUID_A), new Ref('destination/other')])], true],
    ['another job is rewired', [rewires([], { address: 'job/2' })], true],
    [
      'another event is rewired',
      [anUpdate({ fields: [aField({ path: 'webhook_notifications.on_start', after: [] })] })],
      true,
    ],
  ])('where %s', (_name, changes, isRefused) => {
    const usage = { state: 'read', users: [user()] } as const;
    expect(refusals({ changes: [aDelete(), ...changes], usage })).toEqual(isRefused ? ['in_use'] : []);
  });

  test('does not count on a change that is blocked', () => {
    const { obstacle, ...rest } = { ...rewires([]), obstacle: { reason: 'bundle', message: '' } };
    const blocked: Change = { ...rest, verb: 'blocked', op: null, obstacle };
    expect(refusals({ changes: [aDelete(), blocked], usage: { state: 'read', users: [user()] } })).toEqual([
      'in_use',
    ]);
  });

  test('does not mind users of other objects', () => {
    const users = [user({ id: UUID_B }), user({ kind: 'alert' })];
    expect(refusals({ changes: [aDelete()], usage: { state: 'read', users } })).toEqual([]);
  });

  test('refuses where a part of the scan could not be read', () => {
    const usage = { state: 'unreadable', why: 'SQL alerts: forbidden' } as const;
    expect(messages({ changes: [aDelete()], usage })).toContain('SQL alerts: forbidden');
    expect(refusals({ changes: [anUpdate()], usage })).toEqual([]);
  });

  test('names five users with their places and pages, and all of them beside the message', () => {
    const users = Array.from({ length: 6 }, (_none, at) => user({ user: `job/${at}`, name: `etl ${at}` }));
    const twice = [...users, user({ user: 'job/0', name: 'etl 0', place: 'tasks.t.alert_task.subscribers' })];
    const [refusal] = judge(input({ changes: [aDelete()], usage: { state: 'read', users: twice } }));
    expect(refusal?.message).toContain(
      `job/0 "etl 0" (tasks.t.alert_task.subscribers, ${PLACE}) uses destination/slack: https://workspace.test/jobs/1`,
    );
    expect(refusal?.message).toContain('; and 1 more');
    expect(refusal?.message).not.toContain('etl 5');
    expect(refusal?.users?.length).toBe(twice.length);
    expect(refusal?.users?.[0]).toEqual({
      user: 'job/0',
      name: 'etl 0',
      place: 'tasks.t.alert_task.subscribers',
      uses: 'destination/slack',
      link: 'https://workspace.test/jobs/1',
    });
  });
});

describe('removes', () => {
  test.each<[string, Parameters<typeof aField>[0], boolean]>([
    ['a recipient more', { before: ['a'], after: ['a', 'b'] }, false],
    ['a recipient less', { before: ['a', 'b'], after: ['a'] }, true],
    ['a recipient for another', { before: ['a'], after: ['b'] }, true],
    ['an emptied event', { before: ['a'], after: null }, true],
    ['another order', { before: ['a', 'b'], after: ['b', 'a'] }, false],
    ['a flag that is set', { before: null, after: true }, false],
    ['a flag that is cleared', { before: true, after: false }, true],
    ['a flag that was false', { before: false, after: null }, false],
    ['a rule', { before: 3600, after: null }, true],
    ['a rule of nought', { before: 0, after: null }, true],
    ['another threshold', { before: 3600, after: 60 }, false],
    ['a secret that is unset', { before: '(set)', after: null }, true],
    ['another secret', { before: '(secret A)', after: aSecret('B') }, false],
  ])('%s', (_name, field, expected) => {
    expect(removes(anUpdate({ fields: [aField(field)] }))).toBe(expected);
  });

  test('every delete and replace does', () => {
    expect(removes(aDelete())).toBe(true);
  });
});

describe('isNamedBy', () => {
  const change = { address: 'job/123', kind: 'job', key: 'etl', display: 'etl-pipeline' };

  test.each([
    ['job/123', true],
    ['job/etl', true],
    ['job/etl-pipeline', true],
    ['job/etl*', true],
    ['*', true],
    ['etl', false],
    ['pipeline/etl', false],
    ['job/ETL', false],
  ])('%s: %s', (pattern, expected) => {
    expect(isNamedBy(pattern, change)).toBe(expected);
  });
});

test('an object that nobody reads has no audience', () => {
  expect(refusals({ changes: [anUpdate({ kind: 'destination', live: anObserved() })] })).toEqual([]);
});
