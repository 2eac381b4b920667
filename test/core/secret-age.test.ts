import { describe, expect, test } from '@jest/globals';
import { ageText, agedSecrets } from '../../src/core/secret-age.ts';
import { aDestination, aRecord, aRecorded, recordedSecrets, SOURCE } from '../support/builders.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** When `recordedSecrets` were applied. */
const APPLIED = Date.UTC(2026, 0, 1);
const slack = aDestination('slack');
const record = aRecord({
  'destination/slack': aRecorded(slack, {
    secrets: recordedSecrets({ 'slack.url': 'SLACK', 'slack.old': 'OLD' }),
  }),
});

function agedAt(now: number, parts: Partial<Parameters<typeof agedSecrets>[0]> = {}) {
  const limit = { text: '90 days', ms: 90 * DAY_MS };
  return agedSecrets({ resources: [slack], record, limit, now, positionOf: () => SOURCE, ...parts });
}

describe('agedSecrets', () => {
  test('names each secret of the file that is older than the limit, and no value', () => {
    expect(agedAt(APPLIED + 90 * DAY_MS)).toEqual([]);
    expect(agedAt(APPLIED + 90 * DAY_MS + 1)).toEqual([
      {
        code: 'secret-age',
        severity: 'warning',
        message:
          'destination/slack: the secret in slack.url was applied 90 days ago, and settings.secret_max_age is 90 days',
        at: SOURCE,
        hint: 'give it a new value; the next apply writes it, or: lakebell apply --rotate destination/slack',
      },
    ]);
  });

  test('says nothing without a record, of what is not on it, or where no time can be read', () => {
    const late = APPLIED + 900 * DAY_MS;
    const unread = { 'slack.url': { label: '(secret SLACK)', fingerprint: null, applied_at: 'once' } };
    expect(agedAt(late, { record: null })).toEqual([]);
    expect(agedAt(late, { record: aRecord() })).toEqual([]);
    expect(
      agedAt(late, { record: aRecord({ 'destination/slack': aRecorded(slack, { secrets: unread }) }) }),
    ).toEqual([]);
  });
});

describe('ageText', () => {
  test.each([
    [0, 'less than an hour'],
    [HOUR_MS, '1 hour'],
    [47 * HOUR_MS, '47 hours'],
    [48 * HOUR_MS, '2 days'],
    [93.9 * DAY_MS, '93 days'],
  ])('words %i ms as %s', (ms, expected) => {
    expect(ageText(ms)).toBe(expected);
  });
});
