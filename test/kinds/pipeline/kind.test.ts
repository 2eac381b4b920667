import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../../src/core/entry.ts';
import { Ref } from '../../../src/core/value.ts';
import { kindNamed } from '../../support/builders.ts';

const kind = kindNamed('pipeline');
const names = { keysOf: () => ['team-slack'] };
const resolve = (entry: Entry) => kind.resolve('ingest', entry, names);
const wishesOf = (entry: Entry) =>
  Object.fromEntries(
    Object.entries(resolve(entry).wishes).map(([path, { value }]) => [
      path.slice('notifications.'.length),
      value,
    ]),
  );
const found = (entry: Entry) => resolve(entry).findings.map(({ code, path }) => `${code} ${path.join('.')}`);
const block = (email_recipients: readonly string[], ...alerts: string[]) => ({ email_recipients, alerts });
const A = 'a@company.test';
const B = 'b@company.test';

describe('an entry of pipelines', () => {
  test('says the same in both forms', () => {
    const notify = { 'on-update-failure': [A], 'on-flow-failure': [A] };
    const notifications = [block([A], 'on-update-failure', 'on-flow-failure')];
    expect(wishesOf({ notifications })).toEqual(notify);
    expect(wishesOf({ notify })).toEqual(notify);
  });

  test('unites the addresses of a kind of alert that several blocks name', () => {
    expect(
      wishesOf({ notifications: [block([A], 'on-flow-failure'), block([B], 'on-flow-failure')] }),
    ).toEqual({
      'on-flow-failure': [A, B],
    });
  });

  test('may not state a kind of alert in both forms', () => {
    const entry = { notifications: [block([A], 'on-flow-failure')], notify: { 'on-flow-failure': [A] } };
    expect(found(entry)).toEqual(['stated-twice notify.on-flow-failure']);
  });

  test('empties every kind of alert with an empty list, and what it does not name with `strict`', () => {
    const none = {
      'on-update-success': [],
      'on-update-failure': [],
      'on-update-fatal-failure': [],
      'on-flow-failure': [],
    };
    expect(wishesOf({ notifications: [] })).toEqual(none);
    expect(wishesOf({ strict: true, notify: { 'on-flow-failure': [A] } })).toEqual({
      ...none,
      'on-flow-failure': [A],
    });
    expect(found({ strict: true, mode: 'ensure', notify: { 'on-flow-failure': [A] } })).toEqual([
      'strict-ensure strict',
    ]);
  });

  test.each([
    ['a key', 'team-slack'],
    ['a reference', new Ref('destination/team-slack')],
    ['an id', '5A1F0C3E-0000-4000-8000-000000000001'],
  ])('may not name a destination by %s, and is told the two ways round', (_, recipient) => {
    const entry = { notify: { 'on-flow-failure': [A, recipient] } };
    expect(found(entry)).toEqual(['pipeline-destination notify.on-flow-failure.1']);
    const [finding] = resolve(entry).findings;
    expect(finding?.message).toContain('e-mail only');
    expect(finding?.hint).toMatch(/task of a job.*event hook/);
    const inBlock = { notifications: [{ email_recipients: [recipient], alerts: ['on-flow-failure'] }] };
    expect(found(inBlock)).toEqual(['pipeline-destination notifications.0.email_recipients.0']);
  });

  test('may not name what is no address', () => {
    expect(found({ notify: { 'on-flow-failure': ['nobody'] } })).toEqual([
      'bad-email notify.on-flow-failure.0',
    ]);
    // What could not be put in has an error of its own.
    expect(found({ notify: { 'on-flow-failure': ['${var.gone}'] } })).toEqual([]);
  });

  test('goes by its key, its name or its id', () => {
    const notify = { 'on-flow-failure': [A] };
    const id = 'A1B2C3D4-0000-4000-8000-000000000001';
    expect(resolve({ notify }).name).toBe('ingest');
    expect(resolve({ notify, name: 'other' }).name).toBe('other');
    expect(resolve({ notify, id }).id).toBe(id.toLowerCase());
    expect(found({ notify, id, name: 'other' })).toEqual(['id-and-name name']);
    expect(found({ notify, id: '12345' })).toEqual(['bad-pipeline-id id']);
  });

  test('that states nothing is a warning', () => {
    expect(found({})).toEqual(['nothing-stated ']);
  });
});

describe('a live pipeline', () => {
  const observe = (spec: object, beside: object = {}) =>
    kind.observe(JSON.parse(JSON.stringify({ pipeline_id: 'p', spec, ...beside })) as never);

  test('tells who is told of what, kinds that nobody knows included', () => {
    const notifications = [block([A], 'on-flow-failure', 'on-comet'), block([B, A], 'on-flow-failure')];
    expect(observe({ name: 'n', notifications })).toMatchObject({
      id: 'p',
      name: 'n',
      spec: { 'notifications.on-flow-failure': [A, B], 'notifications.on-comet': [A], continuous: false },
    });
  });

  test('is known by the row of a list', () => {
    expect(kind.observe({ pipeline_id: 'p', name: 'n', state: 'IDLE' })).toMatchObject({
      id: 'p',
      name: 'n',
    });
  });

  test.each([
    [{ kind: 'BUNDLE' }, ['bundle']],
    [{ kind: 'SYSTEM_MANAGED' }, ['system-managed']],
    [{}, []],
  ])('is left alone where another tool deploys it: %j', (deployment, reasons) => {
    expect(observe({ name: 'n', deployment }).obstacles.map(({ reason }) => reason)).toEqual(reasons);
  });

  test('is left alone where its settings are not told, as a write would wipe them', () => {
    expect(observe({}).obstacles.map(({ reason }) => reason)).toEqual(['settings-untold']);
  });

  test('has an audience for failures of every sort, each person once', () => {
    const notifications = [block([A, B], 'on-flow-failure'), block([A], 'on-update-fatal-failure')];
    expect(kind.audience(observe({ notifications }).spec)).toEqual({ pipeline: 2 });
    expect(kind.audience(observe({ notifications: [block([A], 'on-update-success')] }).spec)).toEqual({
      pipeline: 0,
    });
  });

  test('may restart where it is continuous', () => {
    const judged = (continuous: boolean) =>
      kind.judge(observe({ continuous }).spec, { changed: [], consents: [] });
    expect(judged(true).warnings.map(({ reason }) => reason)).toEqual(['may-restart']);
    expect(judged(false)).toEqual({ obstacles: [], warnings: [] });
  });
});
