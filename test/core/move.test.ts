import { describe, expect, test } from '@jest/globals';
import { recordedAt, renameRecorded } from '../../src/core/move.ts';
import type { RecordDocument } from '../../src/core/record.ts';
import {
  aDestination,
  aJob,
  aRecord,
  aRecorded,
  recordedSecrets,
  UUID_A,
  UUID_B,
} from '../support/builders.ts';

const slack = aRecorded(aDestination('slack'), { secrets: recordedSecrets({ 'slack.url': 'SLACK' }) });
const etl = aRecorded(aJob('etl'), {
  id: '1',
  applied: {
    'webhook_notifications.on_failure': ['${destination/slack}', '${destination/slack-2}'],
    text: 'slack',
  },
  added: { 'webhook_notifications.on_failure': ['${destination/slack}'] },
});
const record = aRecord({ 'destination/slack': slack, 'job/1': etl });
const move = { from: 'destination/slack', to: 'destination/team' };

function renamed(from: RecordDocument, ...moves: readonly (typeof move)[]) {
  return renameRecorded(from, moves, (kind) => kind === 'job');
}

describe('renameRecorded', () => {
  test('takes an entry to its new address with all that is known of it', () => {
    const { record: after, moved, stuck } = renamed(record, move);
    expect([moved, stuck]).toEqual([[move], []]);
    expect(Object.keys(after.objects)).toEqual(['destination/team', 'job/1']);
    expect(after.objects['destination/team']).toEqual({ ...slack, key: 'team' });
  });

  test('spells pointers at it anew, and nothing that only looks like one', () => {
    const { objects } = renamed(record, move).record;
    expect(objects['job/1']).toEqual({
      ...etl,
      applied: {
        'webhook_notifications.on_failure': ['${destination/team}', '${destination/slack-2}'],
        text: 'slack',
      },
      added: { 'webhook_notifications.on_failure': ['${destination/team}'] },
    });
  });

  test('renames only the key of somebody else’s object', () => {
    const { objects } = renamed(record, { from: 'job/etl', to: 'job/main' }).record;
    expect(Object.keys(objects)).toEqual(['destination/slack', 'job/1']);
    expect(objects['job/1']).toEqual({ ...etl, key: 'main' });
  });

  test('takes along intents and what the history says of it', () => {
    const intent = { name: 'slack', at: '2026-01-01T00:00:00.000Z', run: 'a' };
    const change = {
      address: 'destination/slack',
      verb: 'update',
      before: { display_name: 'a' },
      after: { uses: ['${destination/slack}'] },
    };
    const entry = { serial: 1, at: '2026-01-01T00:00:00.000Z', identity: 'sp', changes: [change] };
    const { intents, history } = renamed(
      { ...record, intents: { 'destination/slack': intent }, history: [entry] },
      move,
    ).record;
    expect(intents).toEqual({ 'destination/team': intent });
    expect(history[0]?.changes).toEqual([
      { ...change, address: 'destination/team', after: { uses: ['${destination/team}'] } },
    ]);
  });

  test('lets what undoes an earlier apply speak of it by its new key', () => {
    const change = (address: string, key: string, pointer: string) => ({
      address,
      verb: 'update',
      before: {},
      after: {},
      undo: {
        kind: 'destination',
        key,
        id: UUID_A,
        name: 'destination/slack',
        fields: { uses: { before: null, after: [{ kind: 'destination', address: pointer }] } },
        was: { ...slack, key },
        statement: null,
      },
    });
    const entry = { serial: 1, at: '2026-01-01T00:00:00.000Z', identity: 'sp' };
    const one = change('destination/slack', 'slack', 'destination/slack');
    const other = change('destination/other', 'other', 'destination/slack');
    const { history } = renamed({ ...record, history: [{ ...entry, changes: [one, other] }] }, move).record;
    expect(history[0]?.changes).toEqual([
      change('destination/team', 'team', 'destination/team'),
      change('destination/other', 'other', 'destination/team'),
    ]);
  });

  test('changes nothing once it has happened, and nothing that is not on record', () => {
    const once = renamed(record, move).record;
    expect(renamed(once, move)).toEqual({ record: once, moved: [], stuck: [] });
    expect(renamed(aRecord(), move)).toEqual({ record: aRecord(), moved: [], stuck: [] });
  });

  test('leaves both where the new key is another object', () => {
    const both = aRecord({ ...record.objects, 'destination/team': { ...slack, id: UUID_B, key: 'team' } });
    expect(renamed(both, move)).toEqual({ record: both, moved: [], stuck: [move] });
  });
});

describe('recordedAt', () => {
  test.each([
    ['destination/slack', 'destination/slack'],
    ['job/1', 'job/1'],
    ['job/etl', 'job/1'],
    ['job/2', undefined],
  ])('finds %s as %s', (address, expected) => {
    expect(recordedAt(record, address)?.[0]).toBe(expected);
  });

  test('prefers an id to a key that looks like one', () => {
    const objects = { 'job/2': { ...etl, id: '2', key: '1' }, 'job/1': etl };
    expect(recordedAt(aRecord(objects), 'job/1')?.[1]).toBe(etl);
  });
});
