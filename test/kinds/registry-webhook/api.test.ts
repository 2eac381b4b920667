import { describe, expect, test } from '@jest/globals';
import type { ml as sdk } from '@databricks/sdk-experimental';
import { LostAnswerError, NotFoundError, PermissionError } from '../../../src/core/errors.ts';
import { aSecret } from '../../support/builders.ts';
import { asked, openKind, sent, TOKEN } from '../workspace.ts';

const PATH = '/api/2.0/mlflow/registry-webhooks';
const ID = 'aaaaaaaa000040008000000000000001';
const url = 'https://hook.company.test';
const token = aSecret('TOKEN', 'Bearer hidden');
const spec = {
  events: ['COMMENT_CREATED'],
  description: '',
  status: 'ACTIVE',
  'http_url_spec.url': url,
  'http_url_spec.authorization': token,
  'http_url_spec.secret': '',
  'http_url_spec.enable_ssl_verification': false,
};
const seed = {
  registry_webhooks: [{ id: ID, events: ['COMMENT_CREATED'], http_url_spec: { url, authorization: 'old' } }],
};
const write = (changed: readonly string[], over: Partial<typeof spec> = {}) => ({
  id: ID,
  fresh: {},
  spec: { ...spec, ...over },
  changed,
  traits: { model_name: 'churn', target: 'http' },
});
const many = (count: number) => ({
  registry_webhooks: Array.from({ length: count }, (_none, at) => ({
    id: `bbbbbbbb00004000800000000000${String(at).padStart(4, '0')}`,
    events: ['COMMENT_CREATED'],
    http_url_spec: { url },
  })),
});

describe('making a webhook', () => {
  test('sends what is filled, and whether certificates are checked in any case', async () => {
    const { sandbox, api } = await openKind('registry_webhook');
    const id = await api.create({ name: '', traits: { model_name: 'churn', target: 'http' }, spec });
    const body: sdk.CreateRegistryWebhook = {
      model_name: 'churn',
      events: ['COMMENT_CREATED'],
      status: 'ACTIVE',
      http_url_spec: { url, authorization: 'Bearer hidden', enable_ssl_verification: false },
    };
    expect(sent(sandbox)).toEqual([body]);
    expect(sandbox.snapshot().registry_webhooks).toMatchObject([{ id }]);
  });

  test('of the whole registry names no model', async () => {
    const { sandbox, api } = await openKind('registry_webhook');
    await api.create({ name: '', traits: { model_name: '', target: 'http' }, spec });
    expect(sent(sandbox)[0]).not.toHaveProperty('model_name');
  });

  test('takes an answer without an id for a lost one', async () => {
    const { sandbox, api } = await openKind('registry_webhook');
    sandbox.fault({ kind: 'status-after', status: 200, method: 'POST', path: `${PATH}/create`, body: {} });
    const making = api.create({ name: '', traits: {}, spec });
    await expect(making).rejects.toThrow(LostAnswerError);
  });
});

describe('changing a webhook', () => {
  test('sends what differs alone, without the target, its secrets or the model', async () => {
    const { sandbox, api } = await openKind('registry_webhook', { seed });
    await api.update(write(['description', 'status'], { status: 'DISABLED' }));
    expect(sent(sandbox)).toEqual([{ id: ID, description: '', status: 'DISABLED' }]);
  });

  test('of anything in the target sends the whole of it', async () => {
    const { sandbox, api } = await openKind('registry_webhook', { seed });
    await api.update(write(['http_url_spec.enable_ssl_verification']));
    const target = { url, authorization: 'Bearer hidden', enable_ssl_verification: false };
    expect(sent(sandbox)).toEqual([{ id: ID, http_url_spec: target }]);
  });

  test('clears a header with an empty text, as documented, and never sends an empty key', async () => {
    const { sandbox, api } = await openKind('registry_webhook', { seed });
    const changed = ['http_url_spec.authorization', 'http_url_spec.secret'];
    await api.update({ ...write(changed), spec: { ...spec, 'http_url_spec.authorization': '' } });
    const target = { url, authorization: '', enable_ssl_verification: false };
    expect(sent(sandbox)).toEqual([{ id: ID, http_url_spec: target }]);
  });
});

describe('reading webhooks', () => {
  test('lists every page once, rows whole', async () => {
    const { sandbox, api } = await openKind('registry_webhook', { seed: many(101) });
    const { rows, isComplete, seen } = await api.find([], { seen: null });
    expect([rows.length, isComplete, seen]).toEqual([101, true, 101]);
    expect(rows.every(({ isWhole, gaps }) => isWhole && gaps.length === 0)).toBe(true);
    expect(asked(sandbox).length).toBe(2);
    expect(asked(sandbox)[0]).toBe(`GET ${PATH}/list?max_results=100`);
  });

  test('finds one by its id in the list, and asks for no more pages than it takes', async () => {
    const { sandbox, api } = await openKind('registry_webhook', { seed: many(101) });
    const first = String(sandbox.snapshot().registry_webhooks[0]?.id);
    const asks = async (id: string): Promise<number> => {
      sandbox.resetRequests();
      await api.get(id);
      return asked(sandbox).length;
    };
    expect(await api.get(first)).toMatchObject({ id: first });
    expect(await asks('no-such-id')).toBe(2);
    expect(await api.get('no-such-id')).toBeNull();
  });

  test('does not take a refusal for absence', async () => {
    const { api } = await openKind('registry_webhook', {
      seed: { ...seed, identities: [{ token: TOKEN, user_name: 'reader@company.test' }] },
    });
    await expect(api.find([], { seen: null })).rejects.toThrow(PermissionError);
    await expect(api.get(ID)).rejects.toThrow(PermissionError);
  });
});

describe('deleting a webhook', () => {
  test('names it in the query, and is content where it is gone', async () => {
    const { sandbox, api } = await openKind('registry_webhook', { seed });
    await api.remove(ID);
    await api.remove(ID);
    expect(asked(sandbox)).toEqual([`DELETE ${PATH}/delete?id=${ID}`, `DELETE ${PATH}/delete?id=${ID}`]);
    expect(sandbox.snapshot().registry_webhooks).toEqual([]);
  });
});

describe('trying a webhook out', () => {
  test('sends one test and words its status', async () => {
    const { sandbox, api } = await openKind('registry_webhook', { seed });
    expect(await api.probe?.(ID)).toBe('the test was answered with status 200');
    expect(sandbox.snapshot().registry_webhooks).toMatchObject([{ fired: ['COMMENT_CREATED'] }]);
  });

  test.each([
    [{ status: 503, body: 'Bearer hidden' }, 'the test was answered with status 503'],
    [{}, 'the test was sent, and no status was told'],
  ])('says what is told by %j, and nothing that the receiver wrote', async (body, words) => {
    const { sandbox, api } = await openKind('registry_webhook', { seed });
    sandbox.fault({ kind: 'status', status: 200, method: 'POST', path: `${PATH}/test`, body });
    expect(await api.probe?.(ID)).toBe(words);
  });

  test('that is not there fails', async () => {
    const { api } = await openKind('registry_webhook');
    await expect(api.probe?.('gone')).rejects.toThrow(NotFoundError);
  });
});
