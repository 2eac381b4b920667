import { describe, expect, test } from '@jest/globals';
import { type GuardSettings, loosened } from '../../src/core/loosened.ts';
import type { RecordDocument } from '../../src/core/record.ts';

const NOW: GuardSettings = {
  limits: { max_deletes: 5, max_delete_percent: 20, max_changes: 200, silenced: 0 },
  protect: ['destination/pagerduty'],
  prune: false,
};
const after = (guards: RecordDocument['guards']) => loosened(NOW, { guards } as RecordDocument);

describe('loosened', () => {
  test('names a limit that was raised since the last apply', () => {
    expect(after({ max_deletes: 4, silenced: 0 })).toEqual([
      { setting: 'settings.limits.max_deletes', before: '4', after: '5' },
    ]);
  });

  test('names what is not protected any more', () => {
    expect(after({ protect: ['destination/pagerduty', 'alert/*'] })).toEqual([
      { setting: 'settings.protect', before: 'alert/*', after: 'not there' },
    ]);
  });

  test('names deleting that was switched on', () => {
    expect(
      loosened({ ...NOW, prune: true }, { guards: { prune: false } } as unknown as RecordDocument),
    ).toEqual([{ setting: 'settings.prune', before: 'false', after: 'true' }]);
  });

  test.each([
    ['tightened', { max_deletes: 9, protect: [], prune: true }],
    ['the same', { max_deletes: 5, max_changes: 200, protect: ['destination/pagerduty'] }],
    ['on record in another shape', { max_deletes: '1', protect: 'x', prune: 'no' }],
    ['unknown', {}],
  ])('says nothing of what is %s', (_what, guards) => {
    expect(after(guards)).toEqual([]);
  });

  test('says nothing before the first apply', () => {
    expect(loosened(NOW, null)).toEqual([]);
  });
});
