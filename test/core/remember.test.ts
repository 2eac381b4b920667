import { describe, expect, test } from '@jest/globals';
import { type Applied, hashStatement, remember } from '../../src/core/remember.ts';
import { IdRef, Ref } from '../../src/core/value.ts';
import {
  aDestination,
  aDirectory,
  aField,
  aJob,
  aRecorded,
  aSecret,
  recordedSecrets,
  UUID_A,
  UUID_B,
} from '../support/builders.ts';

const ON = 'email_notifications.on_failure';
const FLAG = 'notification_settings.no_alert_for_skipped_runs';
const PRINT = { scheme: 'scrypt', salt: 's', hash: 'h' } as const;

function ofJob(parts: Partial<Applied> = {}): Applied {
  const resource = aJob('etl', {
    email_notifications: { on_failure: ['a@company.test'] },
    notification_settings: { no_alert_for_skipped_runs: true },
  });
  return {
    resource,
    id: '1',
    name: 'etl',
    before: {},
    target: { [ON]: ['a@company.test'], [FLAG]: true },
    fields: [],
    previous: undefined,
    fingerprints: new Map(),
    at: '2026-01-01T00:00:00.000Z',
    isPart: true,
    directory: aDirectory(),
    ...parts,
  };
}

function ofDestination(parts: Partial<Applied> = {}): Applied {
  const resource = aDestination('slack', { slack: { oauth_token: aSecret('BOT'), channel_id: 'C1' } });
  const target = { display_name: 'slack', 'slack.oauth_token': true, 'slack.channel_id': true };
  return ofJob({ resource, id: UUID_A, name: 'slack', target, isPart: false, ...parts });
}

describe('remember', () => {
  test('keeps who it is and what was applied', () => {
    const kept = remember(ofJob());
    expect(kept).toMatchObject({ kind: 'job', key: 'etl', id: '1', name: 'etl', traits: {} });
    expect(kept.applied).toEqual({ [ON]: ['a@company.test'], [FLAG]: true });
    expect(kept.statement).toBe(hashStatement(ofJob().resource));
  });

  test('keeps references by their addresses', () => {
    const resource = aJob('etl', { webhook_notifications: { on_failure: ['team-slack'] } });
    const target = { 'webhook_notifications.on_failure': [new IdRef('destination', UUID_A)] };
    const directory = aDirectory({ 'destination/team-slack': UUID_A });
    expect(remember(ofJob({ resource, target, directory })).applied).toEqual({
      'webhook_notifications.on_failure': ['${destination/team-slack}'],
    });
  });

  test('keeps an emptied event, so that what comes there later is drift', () => {
    const resource = aJob('etl', { email_notifications: { on_failure: [] } });
    expect(remember(ofJob({ resource, target: {} })).applied).toEqual({ [ON]: [] });
  });

  test('keeps what we added, and not what was there', () => {
    const field = aField({ before: ['z@company.test'], after: ['z@company.test', 'a@company.test'] });
    expect(remember(ofJob({ fields: [field] })).added).toEqual({ [ON]: ['a@company.test'] });
  });

  test('adds up over applies, and forgets what we took away again', () => {
    const previous = aRecorded(aJob('etl'), {
      id: '1',
      added: { [ON]: ['a@company.test', 'b@company.test'], gone: ['x'] },
    });
    const field = aField({
      before: ['a@company.test', 'b@company.test'],
      after: ['b@company.test', 'c@company.test'],
    });
    expect(remember(ofJob({ fields: [field], previous })).added).toEqual({
      [ON]: ['b@company.test', 'c@company.test'],
      gone: ['x'],
    });
    const emptied = aField({ before: ['a@company.test'], after: [] });
    expect(remember(ofJob({ fields: [emptied], previous })).added).toEqual({ gone: ['x'] });
  });

  test('keeps what a flag was before we first set it', () => {
    const field = aField({ path: FLAG, before: null, after: true });
    expect(remember(ofJob({ fields: [field] })).before).toEqual({ [FLAG]: null });
    const previous = aRecorded(aJob('etl'), { id: '1', before: { [FLAG]: true } });
    expect(remember(ofJob({ fields: [field], previous })).before).toEqual({ [FLAG]: true });
  });

  test('keeps nothing to take back of an object that is ours whole', () => {
    const field = aField({ path: 'email.addresses', before: [], after: ['a@company.test'] });
    expect(remember(ofDestination({ fields: [field] }))).toMatchObject({ added: {}, before: {} });
  });

  test('keeps the fingerprint of a secret that was sent, and never its value', () => {
    const fingerprints = new Map([
      ['slack.oauth_token', PRINT],
      ['slack.channel_id', null],
    ]);
    const kept = remember(ofDestination({ fingerprints }));
    expect(kept.secrets).toEqual({
      'slack.oauth_token': {
        label: '(secret BOT)',
        fingerprint: PRINT,
        applied_at: '2026-01-01T00:00:00.000Z',
        variables: ['BOT'],
      },
    });
    expect(kept.applied).toEqual({ display_name: 'slack', 'slack.channel_id': 'C1' });
    expect(JSON.stringify(kept)).not.toContain('the value of');
  });

  test('claims no write-only value that it never wrote', () => {
    expect(remember(ofDestination())).toMatchObject({ applied: { display_name: 'slack' }, secrets: {} });
  });

  test('keeps what was known of what was not sent', () => {
    const previous = aRecorded(aDestination('slack'), {
      applied: { 'slack.channel_id': 'C1' },
      secrets: recordedSecrets({ 'slack.oauth_token': 'OLD' }),
    });
    const kept = remember(ofDestination({ previous }));
    expect(kept.applied['slack.channel_id']).toBe('C1');
    expect(kept.secrets['slack.oauth_token']?.label).toBe('(secret OLD)');
  });

  test('takes nothing over from another object that went by this address', () => {
    const previous = aRecorded(aDestination('slack'), {
      id: UUID_B,
      applied: { 'slack.channel_id': 'C1' },
      secrets: recordedSecrets({ 'slack.oauth_token': 'BOT' }),
    });
    expect(remember(ofDestination({ previous }))).toMatchObject({
      applied: { display_name: 'slack' },
      secrets: {},
    });
  });

  test('forgets a secret that is a plain value now', () => {
    const resource = aDestination('slack', { slack: { oauth_token: aSecret('BOT'), channel_id: 'C2' } });
    const previous = aRecorded(resource, { secrets: recordedSecrets({ 'slack.channel_id': 'OLD' }) });
    const target = { display_name: 'slack', 'slack.channel_id': 'C2' };
    const kept = remember(
      ofDestination({ resource, previous, target, fingerprints: new Map([['slack.channel_id', null]]) }),
    );
    expect(kept.secrets).toEqual({});
    expect(kept.applied['slack.channel_id']).toBe('C2');
  });
});

describe('hashStatement', () => {
  const of = (entry: Parameters<typeof aJob>[1]): string => hashStatement(aJob('etl', entry));
  const base = of({ notify: { on_failure: ['a@company.test', 'team-slack'] } });

  test('does not depend on the order of events and recipients', () => {
    expect(of({ notify: { on_failure: ['team-slack', 'a@company.test'] } })).toBe(base);
    expect(of({ notify: { on_start: ['team-slack'], on_success: [] } })).toBe(
      of({ notify: { on_success: [], on_start: ['team-slack'] } }),
    );
  });

  test.each([
    ['recipient', { notify: { on_failure: ['team-slack'] } }],
    ['event', { notify: { on_start: ['a@company.test', 'team-slack'] } }],
    ['mode', { mode: 'ensure', notify: { on_failure: ['a@company.test', 'team-slack'] } }],
  ])('differs with another %s', (_name, entry) => {
    expect(of(entry)).not.toBe(base);
  });

  test('differs with what must not be there', () => {
    const path = 'email_notifications.on_failure';
    const without = (unwanted: readonly string[]): string =>
      hashStatement({ ...aJob(), wishes: { [path]: { mode: 'ensure', value: [], without: unwanted } } });
    expect(without(['a', 'b'])).toBe(without(['b', 'a']));
    expect(without(['a'])).not.toBe(without(['a', 'b']));
  });

  test('tells a reference from a text, and knows no value of a secret', () => {
    const url = (text: string) =>
      hashStatement(aDestination('slack', { slack: { url: aSecret('A', text) } }));
    expect(url('one')).toBe(url('two'));
    const [byRef, byId] = [new Ref('destination/x'), new IdRef('destination', UUID_A)].map((item) =>
      hashStatement({ ...aJob(), wishes: { a: { mode: 'exact', value: [item] } } }),
    );
    expect(byRef).not.toBe(byId);
  });
});
