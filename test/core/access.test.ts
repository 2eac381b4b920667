import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Levels, accessOf, notPermitted, type Writer } from '../../src/core/access.ts';

const WRITER: Writer = {
  userName: 'Ops@company.test',
  isAdmin: false,
  groups: ['users', 'data'],
  host: 'https://dbc-1.cloud.databricks.com',
};
const LEVELS: Levels = {
  need: 'level',
  writes: ['CAN_MANAGE', 'IS_OWNER'],
  others: ['CAN_VIEW', 'CAN_MANAGE_RUN'],
  page: (id) => `/jobs/${id}`,
};

const entry = (member: object, ...levels: readonly string[]) => ({
  ...member,
  all_permissions: levels.map((permission_level) => ({ permission_level, inherited: false })),
});
const listOf = (...entries: readonly unknown[]) => ({ access_control_list: entries });
const user = (user_name: string) => ({ user_name });
const group = (group_name: string) => ({ group_name });

const OWNER = entry(user('maker@company.test'), 'IS_OWNER');
const ADMINS = entry(group('admins'), 'CAN_MANAGE');

describe('accessOf', () => {
  test.each([
    ['a user who manages it', entry(user('ops@company.test'), 'CAN_MANAGE')],
    ['its owner', entry(user('ops@company.test'), 'IS_OWNER')],
    ['a principal that manages it', entry({ service_principal_name: 'OPS@company.test' }, 'CAN_MANAGE')],
    ['one of several levels', entry(user('ops@company.test'), 'CAN_VIEW', 'CAN_MANAGE')],
    ['a group that we are in', entry(group('data'), 'CAN_MANAGE')],
    ['everybody', entry(group('users'), 'CAN_MANAGE')],
  ])('lets %s write', (_who, given) => {
    expect(accessOf(listOf(OWNER, given, ADMINS), LEVELS, WRITER)).toBe('yes');
  });

  test.each([
    ['nobody but owner and admins is named', []],
    ['we may only look', [entry(user('ops@company.test'), 'CAN_VIEW')]],
    ['we may only run it', [entry(group('data'), 'CAN_MANAGE_RUN')]],
    ['another one manages it', [entry({ service_principal_name: 'x' }, 'CAN_MANAGE')]],
    ['another one has a level that is unknown', [entry(user('x@company.test'), 'CAN_PAINT')]],
    ['a group may only look', [entry(group('else'), 'CAN_VIEW')]],
  ])('does not where %s', (_what, given) => {
    expect(accessOf(listOf(OWNER, ...given, ADMINS), LEVELS, WRITER)).toBe('no');
  });

  test.each<[string, unknown]>([
    ['no answer', null],
    ['a text', 'no'],
    ['no list', {}],
    ['an empty list', listOf()],
    ['a list that names nobody who may write', listOf(entry(user('x@company.test'), 'CAN_VIEW'))],
    ['a group that may hold one of ours', listOf(OWNER, entry(group('else'), 'CAN_MANAGE'), ADMINS)],
    ['an entry of nobody', listOf(OWNER, entry({}, 'CAN_MANAGE'))],
    ['an entry that is none', listOf(OWNER, 'x')],
    ['a level of ours that is unknown', listOf(OWNER, entry(user('ops@company.test'), 'CAN_PAINT'))],
    ['a level of a group that is unknown', listOf(OWNER, entry(group('else'), 'CAN_PAINT'))],
    ['ours without levels', listOf(OWNER, entry(user('ops@company.test')))],
    ['ours with levels that are none', listOf(OWNER, { ...user('ops@company.test'), all_permissions: [7] })],
  ])('is not known from %s', (_what, answer) => {
    expect(accessOf(answer, LEVELS, WRITER)).toBe('unknown');
  });

  test('is not known of a name of a form that is not known', () => {
    const answer = listOf(OWNER, entry({ service_principal_name: 'x' }, 'CAN_MANAGE'), ADMINS);
    expect(accessOf(answer, LEVELS, { ...WRITER, userName: 'my principal' })).toBe('unknown');
    const applicationId = '0a1b2c3d-0000-4000-8000-000000000001';
    expect(accessOf(answer, LEVELS, { ...WRITER, userName: applicationId })).toBe('no');
  });

  test('says no only where every entry is of somebody else or of a level that does not write', () => {
    const member = fc.oneof(
      fc.constantFrom('ops@company.test', 'x@company.test').map(user),
      fc.constantFrom('admins', 'data', 'else').map(group),
      fc.constant({}),
    );
    const level = fc.constantFrom('CAN_VIEW', 'CAN_MANAGE_RUN', 'CAN_MANAGE', 'IS_OWNER', 'CAN_PAINT');
    const entries = fc.array(
      fc.tuple(member, fc.array(level, { maxLength: 2 })).map(([who, levels]) => entry(who, ...levels)),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(entries, (list) => {
        fc.pre(accessOf(listOf(...list), LEVELS, WRITER) === 'no');
        const mayBeUs = list.filter((one) => {
          const { user_name: name, group_name: of } = one as { user_name?: string; group_name?: string };
          return name !== 'x@company.test' && of !== 'admins';
        });
        const levels = mayBeUs.flatMap(({ all_permissions: all }) =>
          all.map(({ permission_level }) => permission_level),
        );
        expect(levels.filter((one) => !LEVELS.others.includes(one))).toEqual([]);
      }),
    );
  });
});

describe('notPermitted', () => {
  test('names who, what, the level that is missing, and where it is given', () => {
    const barred = { kind: 'job', display: 'etl', id: '7' };
    expect(notPermitted(barred, LEVELS, WRITER)).toEqual({
      reason: 'no-permission',
      message: 'Ops@company.test may not write the job "etl" (7): that takes CAN_MANAGE or IS_OWNER on it',
      hint: 'give CAN_MANAGE on it to Ops@company.test, under Permissions of https://dbc-1.cloud.databricks.com/jobs/7; or apply as somebody who has it',
    });
  });

  test('names the admins where only they may write', () => {
    const barred = { kind: 'destination', display: 'team', id: null };
    expect(notPermitted(barred, { need: 'admin' }, WRITER)).toEqual({
      reason: 'no-permission',
      message: 'Ops@company.test may not write the destination "team": that takes a workspace admin',
      hint: 'apply as a workspace admin, or add Ops@company.test to the group admins of https://dbc-1.cloud.databricks.com',
    });
  });
});
