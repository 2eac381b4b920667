import { describe, expect, test } from '@jest/globals';
import { translate } from '../../src/core/directory.ts';
import { IdRef, Ref } from '../../src/core/value.ts';
import { aDirectory, aSecret, UUID_A, UUID_B } from '../support/builders.ts';

const directory = aDirectory({ 'destination/slack': UUID_A }, { [UUID_A]: 'Slack', [UUID_B]: 'Foreign' });

describe('a directory', () => {
  test('knows addresses, ids and names', () => {
    expect(directory.idOf('destination/slack')).toBe(UUID_A);
    expect(directory.addressOf('destination', UUID_A)).toBe('destination/slack');
    expect(directory.addressOf('job', UUID_A)).toBeUndefined();
    expect(directory.nameOf('destination', UUID_B)).toBe('Foreign');
  });

  test('says that an object does not exist only where all of its kind were listed', () => {
    expect(directory.exists('destination', UUID_B)).toBe(true);
    expect(directory.exists('destination', 'x')).toBe(false);
    expect(directory.exists('job', '1')).toBeUndefined();
    expect(aDirectory({ 'destination/new': 'made' }, {}).exists('destination', 'made')).toBe(true);
  });

  test('makes references of the ids that it knows', () => {
    const secret = aSecret('A');
    expect(
      translate([new IdRef('destination', UUID_A), new IdRef('destination', UUID_B), 'a', secret], directory),
    ).toEqual([new Ref('destination/slack'), new IdRef('destination', UUID_B), 'a', secret]);
    expect(translate(5, directory)).toBe(5);
  });
});
