import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../../src/core/entry.ts';
import type { Declared } from '../../../src/core/resource.ts';
import { IdRef, Ref, type Value } from '../../../src/core/value.ts';
import { EVENT_NAMES, HEALTH_METRICS } from '../../../src/kinds/job/shape.ts';
import { aSecret, kindNamed, UUID_A } from '../../support/builders.ts';

const KEYS = ['team-slack', 'pagerduty', 'leads', 'fourth'];

function read(entry: Entry, key = 'etl'): Declared {
  return kindNamed('job').resolve(key, entry, {
    keysOf: (section) => (section === 'destinations' ? KEYS : []),
  });
}

const valuesOf = ({ wishes }: Declared): Record<string, Value> =>
  Object.fromEntries(Object.entries(wishes).map(([path, { value }]) => [path, value]));

const codes = ({ findings }: Declared): string[] =>
  findings.map(({ code, severity }) => `${severity} ${code}`);
const ref = (key: string): Ref => new Ref(`destination/${key}`);

describe('the name and id of a job', () => {
  test.each<[string, Entry, string, string | undefined]>([
    ['its key where it has neither', {}, 'etl', undefined],
    ['its name', { name: 'etl-pipeline' }, 'etl-pipeline', undefined],
    ['its id', { id: '123' }, 'etl', '123'],
    ['its id as a number', { id: 123 }, 'etl', '123'],
    ['an id above 2^53', { id: '9007199254740993' }, 'etl', '9007199254740993'],
  ])('are %s', (_name, entry, name, id) => {
    const declared = read({ ...entry, notify: { on_start: [] } });
    expect([declared.name, declared.id, declared.findings]).toEqual([name, id, []]);
  });

  test.each(['0', '-1', '1.5', '012', 'abc', '1e21', '12345678901234567890'])('refuse %s for an id', (id) => {
    expect(codes(read({ id, notify: { on_start: [] } }))).toEqual(['error bad-job-id']);
  });

  test('do not go together', () => {
    expect(codes(read({ id: '1', name: 'etl', notify: { on_start: [] } }))).toEqual(['error id-and-name']);
  });
});

describe('an entry that states nothing', () => {
  test('is a warning', () => {
    expect(codes(read({ name: 'etl' }))).toEqual(['warning nothing-stated']);
    expect(codes(read({ name: 'etl', health: { rules: [] } }))).toEqual([]);
  });
});

describe('notify', () => {
  test('names an event on both sides', () => {
    expect(valuesOf(read({ notify: { on_failure: ['team-slack', 'a@company.test'] } }))).toEqual({
      'email_notifications.on_failure': ['a@company.test'],
      'webhook_notifications.on_failure': [ref('team-slack')],
    });
  });

  test('empties both sides with an empty list, and the side without a recipient', () => {
    expect(valuesOf(read({ notify: { on_start: [], on_success: ['a@company.test'] } }))).toEqual({
      'email_notifications.on_start': [],
      'webhook_notifications.on_start': [],
      'email_notifications.on_success': ['a@company.test'],
      'webhook_notifications.on_success': [],
    });
  });

  test('may not state a side again', () => {
    const entry = {
      notify: { on_failure: ['team-slack'] },
      email_notifications: { on_failure: ['a@company.test'] },
    };
    const declared = read(entry);
    expect(codes(declared)).toEqual(['error stated-twice']);
    expect(declared.findings[0]).toMatchObject({ path: ['email_notifications', 'on_failure'] });
  });

  test('tells where each wish was typed', () => {
    expect(read({ notify: { on_start: [] } }).origins).toEqual({
      'email_notifications.on_start': ['notify', 'on_start'],
      'webhook_notifications.on_start': ['notify', 'on_start'],
    });
  });
});

describe('recipients', () => {
  test.each<[string, Entry[string], Value]>([
    ['a key', 'team-slack', [ref('team-slack')]],
    ['a bundle’s {id: …} with a reference', { id: ref('pagerduty') }, [ref('pagerduty')]],
    ['a bundle’s {id: …} with a key', { id: 'pagerduty' }, [ref('pagerduty')]],
    ['a reference', ref('leads'), [ref('leads')]],
  ])('may be %s', (_name, item, expected) => {
    const declared = read({ webhook_notifications: { on_failure: [item] } });
    expect(valuesOf(declared)).toEqual({ 'webhook_notifications.on_failure': expected });
    expect(declared.findings).toEqual([]);
  });

  test('may be a raw id, with a note, in one spelling', () => {
    const declared = read({ webhook_notifications: { on_failure: [{ id: UUID_A.toUpperCase() }] } });
    expect(valuesOf(declared)).toEqual({
      'webhook_notifications.on_failure': [new IdRef('destination', UUID_A)],
    });
    expect(codes(declared)).toEqual(['note raw-id']);
  });

  test.each<[string, Entry[string], string]>([
    ['an unknown key', 'team-slak', 'did you mean "team-slack"?'],
    ['nothing', null, 'allowed: '],
    ['a number', 5, 'allowed: '],
    ['a secret', aSecret('A'), 'allowed: '],
  ])('may not be %s', (_name, item, hint) => {
    const declared = read({ notify: { on_failure: [item] } });
    expect(codes(declared)).toEqual(['error unknown-destination']);
    expect(declared.findings[0]?.hint).toContain(hint);
    expect(JSON.stringify(declared.findings)).not.toContain('the value of');
  });

  test.each(['a@', 'a@b', '@company.com', 'a b@company.test'])('may not be the address %s', (address) => {
    expect(codes(read({ notify: { on_failure: [address] } }))).toEqual(['error bad-email']);
    expect(codes(read({ email_notifications: { on_failure: [address] } }))).toEqual(['error bad-email']);
  });

  test.each<[readonly Entry[string][], string[]]>([
    [['team-slack', 'pagerduty', 'leads'], []],
    [['team-slack', 'pagerduty', 'leads', 'fourth'], ['error more-than-three']],
    [['team-slack', 'team-slack', 'pagerduty', 'leads', { id: ref('leads') }], []],
    [['team-slack', 'pagerduty', 'leads', 'a@company.test', 'b@company.test'], []],
  ])('are at most three destinations for each event: %j', (list, expected) => {
    expect(
      codes(
        read({
          notify: { on_failure: list.map((item) => (typeof item === 'string' ? item : ref('leads'))) },
        }),
      ),
    ).toEqual(expected);
  });
});

describe('flags', () => {
  const FLAG = 'notification_settings.no_alert_for_skipped_runs';

  test('are read from where they belong', () => {
    const declared = read({
      notification_settings: { no_alert_for_skipped_runs: true, no_alert_for_canceled_runs: false },
    });
    expect(valuesOf(declared)).toEqual({
      [FLAG]: true,
      'notification_settings.no_alert_for_canceled_runs': false,
    });
    expect(declared.findings).toEqual([]);
  });

  test('are moved from where old files have them, with a warning', () => {
    const declared = read({ email_notifications: { no_alert_for_skipped_runs: true, on_start: [] } });
    expect(valuesOf(declared)).toEqual({ [FLAG]: true, 'email_notifications.on_start': [] });
    expect(codes(declared)).toEqual(['warning misplaced-flag']);
  });

  test.each([
    [true, ['warning misplaced-flag']],
    [false, ['warning misplaced-flag', 'error stated-twice']],
  ])('may stand in both places with one value (there: %s)', (value, expected) => {
    const entry = {
      email_notifications: { no_alert_for_skipped_runs: true },
      notification_settings: { no_alert_for_skipped_runs: value },
    };
    expect(codes(read(entry))).toEqual(expected);
  });
});

describe('health', () => {
  const rule = (metric: string, value: number): Entry => ({ metric, op: 'GREATER_THAN', value });

  test('is read metric by metric', () => {
    const declared = read({
      health: { rules: [rule('RUN_DURATION_SECONDS', 3600), rule('STREAMING_BACKLOG_FILES', 0)] },
    });
    expect(valuesOf(declared)).toEqual({
      'health.RUN_DURATION_SECONDS': 3600,
      'health.STREAMING_BACKLOG_FILES': 0,
    });
  });

  test('may not name a metric twice', () => {
    expect(
      codes(read({ health: { rules: [rule('RUN_DURATION_SECONDS', 1), rule('RUN_DURATION_SECONDS', 2)] } })),
    ).toEqual(['error stated-twice']);
  });

  test('is emptied by an empty list', () => {
    expect(valuesOf(read({ health: { rules: [] } }))).toEqual(
      Object.fromEntries(Object.keys(HEALTH_METRICS).map((metric) => [`health.${metric}`, null])),
    );
  });
});

describe('modes', () => {
  test('are exact unless the entry says ensure', () => {
    const modeOf = (entry: Entry) =>
      Object.values(read({ notify: { on_start: [] }, ...entry }).wishes)[0]?.mode;
    expect([modeOf({}), modeOf({ mode: 'exact' }), modeOf({ mode: 'ensure' })]).toEqual([
      'exact',
      'exact',
      'ensure',
    ]);
  });

  test('strict empties every known event that is not named, and touches nothing else', () => {
    const values = valuesOf(
      read({
        strict: true,
        notify: { on_failure: ['team-slack'] },
        email_notifications: { on_start: ['a@company.test'] },
      }),
    );
    expect(Object.keys(values).length).toBe(EVENT_NAMES.length * 2);
    expect(values['webhook_notifications.on_failure']).toEqual([ref('team-slack')]);
    expect(values['email_notifications.on_start']).toEqual(['a@company.test']);
    expect(values['webhook_notifications.on_start']).toEqual([]);
    expect(Object.keys(values).every((path) => /^(email|webhook)_notifications\./.test(path))).toBe(true);
  });

  test('strict and ensure contradict each other', () => {
    expect(codes(read({ strict: true, mode: 'ensure' }))).toEqual(['error strict-ensure']);
  });
});
