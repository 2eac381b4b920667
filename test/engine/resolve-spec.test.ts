import { describe, expect, test } from '@jest/globals';
import { resolveSpec } from '../../src/engine/resolve-spec.ts';
import { IdRef, Ref } from '../../src/core/value.ts';
import {
  aDestination,
  aDirectory,
  aJob,
  aSecret,
  exact,
  kindNamed,
  UUID_A,
  UUID_B,
} from '../support/builders.ts';

const directory = aDirectory({ 'destination/team-slack': UUID_A });
const { rules } = kindNamed('destination');

describe('resolveSpec', () => {
  test('makes ids of references, and keeps what is live in a list', () => {
    const job = aJob('etl', { notify: { on_failure: ['team-slack'] } });
    const target = {
      'webhook_notifications.on_failure': [
        new IdRef('destination', UUID_B),
        new Ref('destination/team-slack'),
      ],
    };
    expect(resolveSpec(job, target, [], directory)).toEqual({
      'webhook_notifications.on_failure': [UUID_B, UUID_A],
      'email_notifications.on_failure': [],
    });
  });

  test('is null where something is still to be made', () => {
    const job = aJob('etl', { notify: { on_failure: ['pagerduty', 'team-slack'] } });
    expect(resolveSpec(job, {}, [], directory)).toBeNull();
  });

  test('takes write-only values from the file, as a read only tells that they are set', () => {
    const url = aSecret('SLACK');
    const target = { display_name: 'live', 'slack.url': true, 'slack.channel_id': true };
    const spec = resolveSpec(aDestination('slack', { slack: { url } }), target, rules, directory);
    expect(spec).toEqual({
      display_name: 'live',
      'slack.url': url,
      'slack.oauth_token': null,
      'slack.channel_id': null,
    });
  });

  test('names declared fields only', () => {
    const resource = { ...aJob(), wishes: { a: exact(1) } };
    expect(resolveSpec(resource, { a: 2, b: 3 }, [], directory)).toEqual({ a: 2 });
  });
});
