import { describe, expect, test } from '@jest/globals';
import type { settings as sdk } from '@databricks/sdk-experimental';
import { ConflictError, LostAnswerError, PermissionError } from '../../../src/core/errors.ts';
import { asObject } from '../../../src/kinds/client.ts';
import type { Write } from '../../../src/kinds/kind.ts';
import { aSecret, UUID_A } from '../../support/builders.ts';
import { asked, openKind, sent, TOKEN } from '../workspace.ts';

const PATH = '/api/2.0/notification-destinations';
const traits = { type: 'SLACK' };
const url = aSecret('URL', 'https://slack.company.test/hidden');
const other = aSecret('OTHER', 'https://slack.company.test/other');
const seed = {
  destinations: [
    { id: UUID_A, display_name: 'Slack', config: { slack: { url: 'https://slack.company.test/old' } } },
  ],
};
const ofSlack = (value: typeof url) => ({
  display_name: 'Slack',
  'slack.url': value,
  'slack.oauth_token': null,
  'slack.channel_id': null,
});

describe('making a destination', () => {
  test('sends its name and whole configuration, without what is empty', async () => {
    const { sandbox, api } = await openKind('destination');
    const id = await api.create({ name: 'Slack', traits, spec: ofSlack(url) });
    const body: sdk.CreateNotificationDestinationRequest = {
      display_name: 'Slack',
      config: { slack: { url: url.reveal() } },
    };
    expect(sent(sandbox)).toEqual([body]);
    expect(sandbox.snapshot().destinations).toMatchObject([{ id, display_name: 'Slack' }]);
  });

  test('does not take its answer for what is live', async () => {
    const { api } = await openKind('destination');
    const id = await api.create({
      name: 'Leads',
      traits: { type: 'EMAIL' },
      spec: { display_name: 'Leads', 'email.addresses': ['a@company.test'] },
    });
    expect(asObject((await api.get(id)) ?? {})['config']).toEqual({
      email: { addresses: ['a@company.test'] },
    });
  });

  test('takes an answer without an id for a lost one', async () => {
    const { sandbox, api } = await openKind('destination');
    sandbox.fault({
      kind: 'status-after',
      status: 200,
      method: 'POST',
      path: PATH,
      body: { display_name: 'Slack' },
    });
    await expect(api.create({ name: 'Slack', traits, spec: ofSlack(url) })).rejects.toThrow(LostAnswerError);
    expect(sandbox.snapshot().destinations.length).toBe(1);
  });

  test('gives refusals on as what they are', async () => {
    const unique = await openKind('destination', { seed, behaviour: { uniqueDestinationNames: true } });
    await expect(unique.api.create({ name: 'Slack', traits, spec: ofSlack(url) })).rejects.toThrow(
      ConflictError,
    );
    const identities = [{ token: TOKEN, user_name: 'viewer' }];
    const denied = await openKind('destination', { seed: { ...seed, identities } });
    await expect(denied.api.create({ name: 'New', traits, spec: ofSlack(url) })).rejects.toThrow(
      PermissionError,
    );
  });
});

describe('changing a destination', () => {
  async function update(spec: Write['spec'], changed: readonly string[]) {
    const { sandbox, api } = await openKind('destination', { seed });
    await api.update({ id: UUID_A, fresh: {}, spec, changed, traits });
    expect(asked(sandbox)).toEqual([`PATCH ${PATH}/${UUID_A}`]);
    return { bodies: sent(sandbox), live: sandbox.snapshot().destinations };
  }

  test('renames it alone, so that no secret is touched', async () => {
    const { bodies, live } = await update({ ...ofSlack(url), display_name: 'New' }, ['display_name']);
    const body: Omit<sdk.UpdateNotificationDestinationRequest, 'id'> = { display_name: 'New' };
    expect(bodies).toEqual([body]);
    expect(live).toMatchObject([
      { display_name: 'New', config: { slack: { url: 'https://slack.company.test/old' } } },
    ]);
  });

  test('sends every field of the type with any of them', async () => {
    const { sandbox, api } = await openKind('destination', {
      seed: {
        destinations: [
          {
            id: UUID_A,
            display_name: 'Hook',
            config: { generic_webhook: { url: 'https://old.test', password: 'old' } },
          },
        ],
      },
    });
    const spec = {
      display_name: 'Hook',
      'generic_webhook.url': url,
      'generic_webhook.username': 'u',
      'generic_webhook.password': other,
      'generic_webhook.oauth_scopes': ['a', 'b'],
      'generic_webhook.oauth_audience': '',
    };
    await api.update({
      id: UUID_A,
      fresh: {},
      spec,
      changed: ['generic_webhook.username'],
      traits: { type: 'WEBHOOK' },
    });
    const known: sdk.GenericWebhookConfig = { url: url.reveal(), username: 'u', password: other.reveal() };
    // The scopes are newer than the official client.
    expect(sent(sandbox)).toEqual([{ config: { generic_webhook: { ...known, oauth_scopes: ['a', 'b'] } } }]);
  });

  test('renames and configures with one request', async () => {
    const { bodies } = await update({ ...ofSlack(other), display_name: 'New' }, [
      'display_name',
      'slack.url',
    ]);
    expect(bodies).toEqual([{ display_name: 'New', config: { slack: { url: other.reveal() } } }]);
  });

  test.each<[string, sdk.Config, Record<string, string | readonly string[]>]>([
    ['SLACK', { slack: { url: 'https://a.test' } }, { 'slack.url': 'https://a.test' }],
    [
      'MICROSOFT_TEAMS',
      { microsoft_teams: { url: 'https://a.test' } },
      { 'microsoft_teams.url': 'https://a.test' },
    ],
    ['PAGERDUTY', { pagerduty: { integration_key: 'k' } }, { 'pagerduty.integration_key': 'k' }],
    [
      'WEBHOOK',
      { generic_webhook: { url: 'https://a.test', username: 'u', password: 'p' } },
      {
        'generic_webhook.url': 'https://a.test',
        'generic_webhook.username': 'u',
        'generic_webhook.password': 'p',
      },
    ],
    ['EMAIL', { email: { addresses: ['a@company.test'] } }, { 'email.addresses': ['a@company.test'] }],
  ])('speaks of %s as the official client does', async (type, config, spec) => {
    const { sandbox, api } = await openKind('destination');
    const id = await api.create({ name: 'X', traits: { type }, spec: { display_name: 'X', ...spec } });
    expect(sent(sandbox)).toEqual([{ display_name: 'X', config }]);
    expect(asObject((await api.get(id)) ?? {})['destination_type']).toBe(type);
  });
});

describe('listing and removing destinations', () => {
  test('lists all of them, page by page, and believes no configuration in a row', async () => {
    const destinations = Array.from({ length: 230 }, (_none, at) => ({
      display_name: `d${at}`,
      config: { email: { addresses: ['a@company.test'] } },
    }));
    const { sandbox, api } = await openKind('destination', {
      seed: { destinations },
      behaviour: { listsDestinationConfig: true },
    });
    const { rows, isComplete, seen } = await api.find([], { seen: null });
    expect([rows.length, isComplete, seen]).toEqual([230, true, 230]);
    expect(rows.every(({ observed }) => Object.keys(observed.spec).join() === 'display_name')).toBe(true);
    expect(asked(sandbox).length).toBe(2);
  });

  test('takes one that is gone for absent, and its removal for done', async () => {
    const { api } = await openKind('destination');
    expect(await api.get(UUID_A)).toBeNull();
    await expect(api.remove(UUID_A)).resolves.toBeUndefined();
  });

  test('encodes the id', async () => {
    const { sandbox, api } = await openKind('destination');
    expect(await api.get('a/../b?c')).toBeNull();
    expect(asked(sandbox)).toEqual([`GET ${PATH}/a%2F..%2Fb%3Fc`]);
  });
});

describe('what only admins are shown', () => {
  const identities = [
    { token: TOKEN, user_name: 'plain@company.test' },
    { token: 'other', user_name: 'admin@company.test', admin: true },
  ];
  const find = { seen: null };

  test('is shown to an admin, whatever the list leaves out', async () => {
    const { sandbox, api } = await openKind('destination', { seed });
    await api.find([], find);
    sandbox.resetRequests();
    expect(await api.isShownAdminOnly?.()).toBe(true);
    expect(asked(sandbox)).toEqual([`GET ${PATH}/${UUID_A}`]);
  });

  test('is not shown to others', async () => {
    const { api } = await openKind('destination', { seed: { ...seed, identities } });
    await api.find([], find);
    expect(await api.isShownAdminOnly?.()).toBe(false);
  });

  test('cannot be told without a destination, before the list is read, and of one that is gone', async () => {
    const { sandbox, api } = await openKind('destination', { seed: { ...seed, identities } });
    expect(await api.isShownAdminOnly?.()).toBeNull();
    await api.find([], find);
    sandbox.poke.deleteDestination(UUID_A);
    expect(await api.isShownAdminOnly?.()).toBeNull();
    await api.find([], find);
    expect(await api.isShownAdminOnly?.()).toBeNull();
  });

  test.each([
    ['an empty configuration', { id: UUID_A, config: {} }],
    ['another object', { id: 'x' }],
    ['nothing', {}],
  ])('cannot be told from %s', async (_what, body) => {
    const { sandbox, api } = await openKind('destination', { seed });
    await api.find([], find);
    sandbox.fault({ kind: 'status', status: 200, path: `${PATH}/*`, body });
    expect(await api.isShownAdminOnly?.()).toBeNull();
  });
});
