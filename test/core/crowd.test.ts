import { describe, expect, test } from '@jest/globals';
import { explained, statedBy } from '../../src/core/crowd.ts';
import type { Resource } from '../../src/core/resource.ts';
import { IdRef, type Item, Ref } from '../../src/core/value.ts';
import { aDirectory, aJob, anObserved, UUID_A, UUID_B } from '../support/builders.ts';

const PATH = 'webhook_notifications.on_failure';
const UUID_C = 'cccccccc-0000-4000-8000-000000000003';
const live = (id: string): IdRef => new IdRef('destination', id);
const obstacle = {
  reason: 'more-than-three',
  message: 'on_failure would have too many',
  path: PATH,
  most: 3,
};
const directory = aDirectory(
  { 'destination/pagerduty': UUID_C },
  { [UUID_A]: 'finance', [UUID_B]: 'Ops', [UUID_C]: 'PagerDuty' },
);

function explain(names: readonly string[], value: readonly Item[], parts: Partial<Resource> = {}) {
  const resource = { ...aJob('etl', { mode: 'ensure', notify: { on_failure: names } }), ...parts };
  return explained(obstacle, { resource, live: anObserved(), target: { [PATH]: value } }, directory);
}

describe('explained', () => {
  test('tells by name what is there from what the file adds, and which can go', () => {
    const refs = ['pagerduty', 'leads'].map((key) => new Ref(`destination/${key}`));
    const { message, hint } = explain(['pagerduty', 'leads'], [live(UUID_B), ...refs, live(UUID_A)]);
    expect(message).toBe(
      'on_failure would have too many: Ops and finance (there already), leads and pagerduty (jobs.etl, notifications.yml:1)',
    );
    expect(hint).toBe(
      "drop one: Ops and finance are not in the file, and can be taken off on the job's page, or by stating the event exactly; or take leads and pagerduty out of the file",
    );
  });

  test('counts what is live and named in the file as the file says', () => {
    const value = [new Ref('destination/pagerduty'), live(UUID_A), live(UUID_B), live('d'), live('e')];
    const { message, hint } = explain(['pagerduty'], value);
    expect(message).toContain('Ops, d, e and finance (there already), pagerduty (jobs.etl');
    expect(hint).toMatch(/^drop 2: /);
  });

  test('takes an id that the file names for the destination that it is', () => {
    const { message } = explain([UUID_A], [live(UUID_A), live(UUID_B), live('d'), live('e')]);
    expect(message).toContain('finance (jobs.etl, notifications.yml:1)');
  });

  test('has only the file to drop from where nothing else is there', () => {
    const keys = ['leads', 'pagerduty', 'second', 'third'];
    const { hint } = explain(
      keys,
      keys.map((key) => new Ref(`destination/${key}`)),
    );
    expect(hint).toBe('drop one of leads, pagerduty, second and third from the file');
  });

  test.each([
    ['Pager-Duty', /Pager-Duty and pagerduty may be one place by two names: keep one of them; drop one/],
    ['Ops', /Ops \(bbbbbbbb-[0-9-]*2\) and Ops \(twin\) may be one place/],
  ])('points at %s, which another goes by too', (name, expected) => {
    const names = { [UUID_A]: 'finance', [UUID_B]: 'Ops', [UUID_C]: 'PagerDuty', twin: name };
    const resource = aJob('etl', { mode: 'ensure', notify: { on_failure: ['pagerduty'] } });
    const target = { [PATH]: [live(UUID_A), live(UUID_B), new Ref('destination/pagerduty'), live('twin')] };
    const known = aDirectory({ 'destination/pagerduty': UUID_C }, names);
    expect(explained(obstacle, { resource, live: anObserved(), target }, known).hint).toMatch(expected);
  });

  test('leaves other obstacles as they are', () => {
    const other = { reason: 'bundle', message: 'm', hint: 'h' };
    const aim = { resource: aJob(), live: anObserved(), target: {} };
    expect(explained(other, aim, directory)).toBe(other);
  });
});

describe('statedBy', () => {
  test('names the entry and its line, and nobody where the file does not name it', () => {
    const resource = aJob('etl', { notify: { on_failure: ['pagerduty'] } });
    const by = (item: Item, path = PATH) => statedBy(resource, path, { item, directory });
    expect(by(new Ref('destination/pagerduty'))).toEqual([{ by: 'jobs.etl', at: resource.source }]);
    expect(by(live(UUID_A))).toEqual([]);
    expect(by(new Ref('destination/pagerduty'), 'webhook_notifications.on_start')).toEqual([]);
  });
});
