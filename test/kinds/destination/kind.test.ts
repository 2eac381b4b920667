import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../../src/core/entry.ts';
import type { Declared } from '../../../src/core/resource.ts';
import { gapAt } from '../../../src/core/resource.ts';
import { DESTINATION_TYPES } from '../../../src/kinds/destination/shape.ts';
import { aSecret, kindNamed, UUID_A } from '../../support/builders.ts';

const kind = kindNamed('destination');
const read = (entry: Entry, key = 'slack'): Declared => kind.resolve(key, entry, { keysOf: () => [] });
const codes = (entry: Entry): string[] => read(entry).findings.map(({ code }) => code);
const url = aSecret('URL');

describe('an entry of destinations', () => {
  test('wishes for its name and for every field of its type, those that it leaves out empty', () => {
    const { wishes, traits, name } = read({ generic_webhook: { url, username: 'u' } });
    expect([name, traits]).toEqual(['slack', { type: 'WEBHOOK' }]);
    expect(Object.keys(wishes).sort()).toEqual(
      [
        'display_name',
        ...Object.keys(DESTINATION_TYPES['generic_webhook']!.fields).map(
          (field) => `generic_webhook.${field}`,
        ),
      ].sort(),
    );
    expect(wishes['generic_webhook.password']).toEqual({ mode: 'exact', value: null });
    expect(wishes['generic_webhook.url']?.value).toBe(url);
  });

  test.each(Object.entries(DESTINATION_TYPES))(
    'knows the type %s by its name on the wire',
    (key, { type }) => {
      expect(read({ [key]: {} }).traits).toEqual({ type });
    },
  );

  test.each<[string, Entry, string[]]>([
    ['no type', {}, ['destination-type-missing']],
    ['two types', { slack: { url }, pagerduty: { integration_key: url } }, ['destination-types']],
    ['a type without a field', { slack: {} }, ['destination-field-missing']],
    ['half a Slack app', { slack: { oauth_token: url } }, ['destination-field-missing']],
    ['the other half of it', { slack: { channel_id: 'C' } }, ['destination-field-missing']],
    ['a Slack hook and app', { slack: { url, oauth_token: url, channel_id: 'C' } }, ['destination-modes']],
    ['half a Teams app', { microsoft_teams: { app_id: 'a', tenant_id: 't' } }, ['destination-field-missing']],
    ['a Teams hook with a bit of an app', { microsoft_teams: { url, app_id: 'a' } }, ['destination-modes']],
    ['a webhook without a URL', { generic_webhook: { username: 'u' } }, ['destination-field-missing']],
    ['a bad address', { email: { addresses: ['a@company.test', 'nobody'] } }, ['bad-email']],
    ['an existing one with a configuration', { existing: true, slack: { url } }, ['existing-with-config']],
    ['an existing one', { existing: true }, []],
    ['a whole Slack app', { slack: { oauth_token: url, channel_id: 'C' } }, []],
    [
      'a webhook with both ways to sign in',
      {
        generic_webhook: {
          url,
          username: 'u',
          password: url,
          oauth_token_url: 'https://t.test',
          oauth_client_id: 'c',
          oauth_client_secret: url,
        },
      },
      [],
    ],
  ])('with %s has the findings it should', (_name, entry, expected) => {
    expect(codes(entry)).toEqual(expected);
  });

  test('that exists is looked up by its name and wishes for nothing', () => {
    expect(read({ existing: true, display_name: 'Theirs' })).toMatchObject({
      name: 'Theirs',
      wishes: {},
      traits: {},
      isExisting: true,
    });
  });

  test('tells which of its addresses is bad', () => {
    expect(read({ email: { addresses: ['a@company.test', 'nobody'] } }).findings[0]?.path).toEqual([
      'email',
      'addresses',
      1,
    ]);
  });

  test.each([
    [undefined, 'write'],
    ['write', 'write'],
    ['keep', 'keep'],
  ])('with adopt: %s adopts by %s', (adopt, expected) => {
    expect(read({ slack: { url }, ...(adopt === undefined ? {} : { adopt }) }).adoption).toBe(expected);
  });
});

describe('a live destination', () => {
  const raw = { id: UUID_A, display_name: 'Slack', destination_type: 'SLACK' };

  test.each([
    ['no configuration', {}],
    ['null for one', { config: null }],
    ['an empty one', { config: {} }],
    ['one of another type', { config: { email: { addresses: [] } } }],
    ['null in it', { config: { slack: null } }],
  ])('with %s says nothing about its fields', (_name, more) => {
    const { gaps, spec, traits } = kind.observe({ ...raw, ...more });
    expect(gapAt(gaps, 'slack.url')).toBeDefined();
    expect([spec, traits]).toEqual([{ display_name: 'Slack' }, { type: 'SLACK' }]);
  });

  test('tells an admin which fields are set', () => {
    const { gaps, spec } = kind.observe({ ...raw, config: { slack: { url_set: true } } });
    expect(gaps).toEqual([]);
    expect(spec).toEqual({
      display_name: 'Slack',
      'slack.url': true,
      'slack.oauth_token': false,
      'slack.channel_id': false,
    });
  });

  test('tells its addresses', () => {
    const { spec } = kind.observe({
      ...raw,
      destination_type: 'EMAIL',
      config: { email: { addresses: ['b', 'a'] } },
    });
    expect(spec['email.addresses']).toEqual(['b', 'a']);
  });

  test('of a type that we do not know has a name and a type', () => {
    const { gaps, spec, traits } = kind.observe({
      ...raw,
      destination_type: 'CARRIER_PIGEON',
      config: { pigeon: {} },
    });
    expect([gaps, spec, traits]).toEqual([[], { display_name: 'Slack' }, { type: 'CARRIER_PIGEON' }]);
  });

  test('is the declared one by name and type', () => {
    const live = kind.observe(raw);
    expect(kind.isSame(read({ slack: { url } }, 'Slack'), live)).toBe(true);
    expect(kind.isSame(read({ slack: { url } }, 'slack'), live)).toBe(false);
    expect(kind.isSame(read({ pagerduty: { integration_key: url } }, 'Slack'), live)).toBe(false);
    expect(kind.isSame(read({ existing: true }, 'Slack'), live)).toBe(true);
  });
});
