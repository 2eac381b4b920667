import { describe, expect, test } from '@jest/globals';
import { match, type Sight } from '../../src/core/match.ts';
import type { Observed } from '../../src/core/resource.ts';
import {
  aDestination,
  aLiveDestination,
  anObserved,
  aRecorded,
  kindNamed,
  UUID_A,
  UUID_B,
} from '../support/builders.ts';

const slack = aDestination('team-slack');
const live = (id: string, name = 'team-slack'): Observed => aLiveDestination(id, name, { slack: {} });

function aSight(parts: Partial<Sight> = {}): Sight {
  const isSame = kindNamed('destination').isSame.bind(kindNamed('destination'));
  return {
    rows: [],
    recorded: undefined,
    isIntended: false,
    isTaken: () => false,
    believes: 'id',
    isSame,
    ...parts,
  };
}

describe('match', () => {
  test('lets an id in the file decide alone', () => {
    const resource = { ...slack, id: UUID_B };
    const rows = [live(UUID_A), live(UUID_B, 'another name')];
    expect(match(resource, aSight({ rows }))).toMatchObject({
      state: 'found',
      by: 'id',
      observed: { id: UUID_B },
    });
    expect(match(resource, aSight({ rows: [live(UUID_A)] }))).toEqual({ state: 'absent' });
  });

  test('follows a recorded id through a rename', () => {
    const rows = [live(UUID_A, 'renamed'), live(UUID_B)];
    expect(match(slack, aSight({ rows, recorded: aRecorded(slack) }))).toMatchObject({
      by: 'record',
      observed: { id: UUID_A },
    });
  });

  test('uses a recorded id only to choose among several of that name where it may be somebody else’s', () => {
    const sight = { recorded: aRecorded(slack), believes: 'id-and-name' } as const;
    const renamed = [live(UUID_A, 'renamed'), live(UUID_B)];
    expect(match(slack, aSight({ ...sight, rows: renamed }))).toMatchObject({
      by: 'name',
      observed: { id: UUID_B },
    });
    const twins = [live(UUID_B), live(UUID_A)];
    expect(match(slack, aSight({ ...sight, rows: twins }))).toMatchObject({
      by: 'record',
      observed: { id: UUID_A },
    });
  });

  test('falls back to the name where the recorded id is gone', () => {
    expect(match(slack, aSight({ rows: [live(UUID_B)], recorded: aRecorded(slack) }))).toMatchObject({
      by: 'name',
    });
  });

  test('takes a name for its kind only, case and all', () => {
    const others = [aLiveDestination(UUID_A, 'team-slack', { pagerduty: {} }), live(UUID_B, 'Team-Slack')];
    expect(match(slack, aSight({ rows: others }))).toEqual({ state: 'absent' });
  });

  test('does not choose between two of one name', () => {
    const rows = [live(UUID_A), live(UUID_B)];
    expect(match(slack, aSight({ rows }))).toEqual({ state: 'ambiguous', candidates: rows });
  });

  test('passes by what belongs to another entry', () => {
    const rows = [live(UUID_A), live(UUID_B)];
    const sight = aSight({ rows, isTaken: (id) => id === UUID_A });
    expect(match(slack, sight)).toMatchObject({ by: 'name', observed: { id: UUID_B } });
  });

  test('says that an intent may have left what it finds', () => {
    expect(match(slack, aSight({ rows: [live(UUID_A)], isIntended: true }))).toMatchObject({ by: 'intent' });
  });

  test('finds nothing among nothing', () => {
    expect(match(slack, aSight())).toEqual({ state: 'absent' });
    expect(match(slack, aSight({ rows: [anObserved({ name: 'other' })] }))).toEqual({ state: 'absent' });
  });
});
