import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type JsonObject, textAt } from '../../../src/sandbox/json.ts';
import type { Seed } from '../../../src/sandbox/seed.ts';
import { type Client, field, open, refusal } from '../client.ts';

const PATH = '/api/2.0/notification-destinations';
const INVALID = [400, 'INVALID_PARAMETER_VALUE'];
const MISSING = [404, 'RESOURCE_DOES_NOT_EXIST'];
const SLACK = { slack: { url: 'https://hooks.test/1' } };
const identities = [
  { token: 'sandbox-token', user_name: 'admin@sandbox.test', admin: true },
  { token: 'plain', user_name: 'plain@sandbox.test' },
];

async function create(sandbox: Client, config: JsonObject, name = 'd'): Promise<string> {
  const reply = await sandbox.post(PATH, { display_name: name, config });
  return field(reply, 'id');
}

function seeded(count: number): Seed {
  const names = Array.from({ length: count }, (_, index) => `d${String(index).padStart(3, '0')}`);
  return { destinations: names.map((name) => ({ display_name: name, config: SLACK })) };
}

async function namesOf(sandbox: Client, query = ''): Promise<readonly string[]> {
  const reply = await sandbox.get(PATH + query);
  const rows = reply.body['results'] ?? [];
  const names = Array.isArray(rows) ? rows.map((row: JsonObject) => textAt(row, 'display_name') ?? '') : [];
  const token = field(reply, 'next_page_token');
  if (token === '') return names;
  const rest = new URLSearchParams(query);
  rest.set('page_token', token);
  return [...names, ...(await namesOf(sandbox, `?${rest.toString()}`))];
}

const FULL: readonly [string, string, JsonObject][] = [
  ['slack', 'SLACK', { url: 'https://hooks.test/1', oauth_token: 'xoxb', channel_id: 'C1' }],
  [
    'microsoft_teams',
    'MICROSOFT_TEAMS',
    {
      url: 'https://t.test/',
      app_id: 'a',
      tenant_id: 't',
      auth_secret: 's',
      channel_url: 'https://t.test/c',
    },
  ],
  ['pagerduty', 'PAGERDUTY', { integration_key: 'key' }],
  [
    'generic_webhook',
    'WEBHOOK',
    {
      url: 'https://w.test/',
      username: 'u',
      password: 'p',
      oauth_token_url: 'https://idp.test/token',
      oauth_client_id: 'i',
      oauth_client_secret: 's',
      oauth_scopes: ['a', 'b'],
      oauth_audience: 'x',
    },
  ],
];

describe('create and get', () => {
  test.each(FULL)('reads back of %s only that its fields are set', async (type, name, fields) => {
    const sandbox = await open();
    const id = await create(sandbox, { [type]: fields });
    const reply = await sandbox.get(`${PATH}/${id}`);
    const flags = Object.fromEntries(Object.keys(fields).map((key) => [`${key}_set`, true]));
    expect(reply.body).toEqual({ id, display_name: 'd', destination_type: name, config: { [type]: flags } });
    expect(sandbox.snapshot().destinations).toEqual([{ id, display_name: 'd', config: { [type]: fields } }]);
  });

  test('answers a create without the e-mail addresses that a read has', async () => {
    const sandbox = await open();
    const config = { email: { addresses: ['a@sandbox.test', 'b@sandbox.test'] } };
    const reply = await sandbox.post(PATH, { display_name: 'leads', config });
    expect(reply.body).toMatchObject({
      display_name: 'leads',
      destination_type: 'EMAIL',
      config: { email: {} },
    });
    expect((await sandbox.get(`${PATH}/${field(reply, 'id')}`)).body['config']).toEqual(config);
  });

  test('gives UUIDs, the same ones in the same workspace', async () => {
    const ids = await Promise.all(
      ['1', '1', '2'].map(async (workspace_id) => create(await open({ seed: { workspace_id } }), SLACK)),
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test.each<[string, JsonObject]>([
    ['no type', {}],
    ['two types', { ...SLACK, pagerduty: { integration_key: 'k' } }],
    ['an unknown type', { sms: { number: '1' } }],
    ['a type without fields', { slack: {} }],
    ['an empty secret', { pagerduty: { integration_key: '' } }],
    ['half of the app fields', { microsoft_teams: { app_id: 'a', tenant_id: 't' } }],
    ['a plain http URL', { slack: { url: 'http://hooks.test/1' } }],
    ['no URL at all', { generic_webhook: { url: 'hooks.test' } }],
    [
      'a plain http token URL',
      { generic_webhook: { url: 'https://w.test', oauth_token_url: 'http://idp.test' } },
    ],
    ['a URL that is a number', { slack: { url: 7 } }],
    ['no address', { email: { addresses: [] } }],
    ['addresses that are no list', { email: { addresses: 'a@sandbox.test' } }],
  ])('refuses a config with %s', async (_, config) => {
    const sandbox = await open();
    expect(refusal(await sandbox.post(PATH, { display_name: 'd', config }))).toEqual(INVALID);
    expect(sandbox.snapshot().destinations).toEqual([]);
  });

  test('refuses a create without name or config', async () => {
    const sandbox = await open();
    expect(refusal(await sandbox.post(PATH, { config: SLACK }))).toEqual(INVALID);
    expect(refusal(await sandbox.post(PATH, { display_name: 'd' }))).toEqual(INVALID);
  });

  test('accepts two of one name, unless names are unique', async () => {
    const sandbox = await open();
    await create(sandbox, SLACK, 'twin');
    expect((await sandbox.post(PATH, { display_name: 'twin', config: SLACK })).status).toBe(200);
    sandbox.behave({ uniqueDestinationNames: true });
    const refused = await sandbox.post(PATH, { display_name: 'twin', config: SLACK });
    expect(refusal(refused)).toEqual([409, 'RESOURCE_ALREADY_EXISTS']);
    const id = await create(sandbox, SLACK, 'other');
    expect((await sandbox.send('PATCH', `${PATH}/${id}`, { display_name: 'twin' })).status).toBe(409);
    expect((await sandbox.send('PATCH', `${PATH}/${id}`, { display_name: 'other' })).status).toBe(200);
  });

  test('ignores fields that the type does not have', async () => {
    const sandbox = await open();
    await create(sandbox, { slack: { ...SLACK.slack, colour: 'red', url_set: false } });
    expect(sandbox.snapshot().destinations[0]?.config).toEqual(SLACK);
  });
});

describe('permission', () => {
  test('lets only admins write, and tells others nothing of existence', async () => {
    const sandbox = await open({ seed: { identities, ...seeded(1) } });
    const id = sandbox.snapshot().destinations[0]?.id ?? '';
    for (const at of [id, 'unknown']) {
      expect(refusal(await sandbox.send('DELETE', `${PATH}/${at}`, undefined, 'plain'))).toEqual([
        403,
        'PERMISSION_DENIED',
      ]);
      expect((await sandbox.send('PATCH', `${PATH}/${at}`, { display_name: 'x' }, 'plain')).status).toBe(403);
    }
    expect((await sandbox.post(PATH, { display_name: 'x', config: SLACK }, 'plain')).status).toBe(403);
    expect(sandbox.snapshot().destinations).toHaveLength(1);
  });

  test('shows config to admins alone', async () => {
    const sandbox = await open({
      seed: { identities, ...seeded(1) },
      behaviour: { listsDestinationConfig: true },
    });
    const id = sandbox.snapshot().destinations[0]?.id ?? '';
    const row = { id, display_name: 'd000', destination_type: 'SLACK' };
    expect((await sandbox.get(`${PATH}/${id}`, 'plain')).body).toEqual(row);
    expect((await sandbox.get(PATH, 'plain')).body['results']).toEqual([row]);
    expect((await sandbox.get(PATH)).body['results']).toEqual([
      { ...row, config: { slack: { url_set: true } } },
    ]);
  });
});

describe('list', () => {
  test('is absent when empty and has no config by default', async () => {
    const sandbox = await open();
    expect((await sandbox.get(PATH)).body).toEqual({});
    const id = await create(sandbox, SLACK);
    expect((await sandbox.get(PATH)).body).toEqual({
      results: [{ id, display_name: 'd', destination_type: 'SLACK' }],
    });
  });

  test('gives 20 rows by default and at most 200', async () => {
    const sandbox = await open({ seed: seeded(201) });
    expect((await sandbox.get(PATH)).body['results']).toHaveLength(20);
    expect((await sandbox.get(`${PATH}?page_size=200`)).body['results']).toHaveLength(200);
    for (const size of ['201', '0', '-1', 'x', '1.5']) {
      expect(refusal(await sandbox.get(`${PATH}?page_size=${size}`))).toEqual(INVALID);
    }
  });

  test('has an order that means nothing and pages that hold every row once', async () => {
    const seed = seeded(30);
    const sandbox = await open({ seed });
    const wanted = (seed.destinations ?? []).map((destination) => destination.display_name);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (size) => {
        const names = await namesOf(sandbox, `?page_size=${size}`);
        expect(names).not.toEqual(wanted);
        expect([...names].sort()).toEqual(wanted);
      }),
      { numRuns: 8 },
    );
  });

  test('refuses a page token that it did not give', async () => {
    const sandbox = await open({
      seed: {
        ...seeded(3),
        jobs: [
          { job_id: 1, settings: {} },
          { job_id: 2, settings: {} },
        ],
      },
    });
    const jobs = await sandbox.get('/api/2.2/jobs/list?limit=1');
    for (const token of ['garbage', field(jobs, 'next_page_token')]) {
      expect(refusal(await sandbox.get(`${PATH}?page_token=${token}`))).toEqual(INVALID);
    }
  });

  test('neither repeats nor skips a row when another is deleted between pages', async () => {
    const sandbox = await open({ seed: seeded(10) });
    const all = await namesOf(sandbox);
    const first = await sandbox.get(`${PATH}?page_size=5`);
    const gone = sandbox.snapshot().destinations.find((destination) => destination.display_name === all[4]);
    sandbox.poke.deleteDestination(gone?.id ?? '');
    expect(await namesOf(sandbox, `?page_token=${field(first, 'next_page_token')}`)).toEqual(all.slice(5));
  });

  test('misses a new destination for so many listings, whatever their pages', async () => {
    const sandbox = await open({ seed: seeded(3), behaviour: { listLag: 2 } });
    const id = await create(sandbox, SLACK, 'new');
    expect(await namesOf(sandbox, '?page_size=1')).not.toContain('new');
    expect(await namesOf(sandbox, '?page_size=1')).not.toContain('new');
    expect(await namesOf(sandbox, '?page_size=1')).toContain('new');
    expect((await sandbox.get(`${PATH}/${id}`)).status).toBe(200);
  });
});

describe('update', () => {
  const BASIC = { generic_webhook: { url: 'https://w.test/', username: 'u', password: 'p' } };

  test('renames without touching a secret', async () => {
    const sandbox = await open();
    const id = await create(sandbox, BASIC);
    const reply = await sandbox.send('PATCH', `${PATH}/${id}`, { display_name: 'new' });
    expect(reply.body).toMatchObject({ id, display_name: 'new', destination_type: 'WEBHOOK' });
    expect(sandbox.snapshot().destinations).toEqual([{ id, display_name: 'new', config: BASIC }]);
  });

  test('needs a field', async () => {
    const sandbox = await open();
    const id = await create(sandbox, SLACK);
    expect(refusal(await sandbox.send('PATCH', `${PATH}/${id}`, {}))).toEqual(INVALID);
    expect(refusal(await sandbox.send('PATCH', `${PATH}/${id}`))).toEqual(INVALID);
    expect(refusal(await sandbox.send('PATCH', `${PATH}/${id}`, { display_name: '' }))).toEqual(INVALID);
  });

  test('refuses another type', async () => {
    const sandbox = await open();
    const id = await create(sandbox, SLACK);
    const reply = await sandbox.send('PATCH', `${PATH}/${id}`, {
      config: { pagerduty: { integration_key: 'k' } },
    });
    expect(refusal(reply)).toEqual(INVALID);
    expect(sandbox.snapshot().destinations[0]?.config).toEqual(SLACK);
  });

  test.each([
    ['cleared', {}],
    ['kept', { username: 'u', password: 'p' }],
  ] as const)('leaves omitted optional secrets %s', async (omittedSecrets, rest) => {
    const sandbox = await open({ behaviour: { omittedSecrets } });
    const id = await create(sandbox, BASIC);
    await sandbox.send('PATCH', `${PATH}/${id}`, {
      config: { generic_webhook: { url: 'https://new.test/' } },
    });
    expect(sandbox.snapshot().destinations[0]?.config).toEqual({
      generic_webhook: { url: 'https://new.test/', ...rest },
    });
  });

  test('refuses a config that would leave a required field out', async () => {
    const sandbox = await open();
    const id = await create(sandbox, BASIC);
    const patch = { config: { generic_webhook: { username: 'x' } } };
    expect(refusal(await sandbox.send('PATCH', `${PATH}/${id}`, patch))).toEqual(INVALID);
    sandbox.behave({ omittedSecrets: 'kept' });
    expect((await sandbox.send('PATCH', `${PATH}/${id}`, patch)).status).toBe(200);
  });

  test('replaces the addresses whole', async () => {
    const sandbox = await open({ behaviour: { omittedSecrets: 'kept' } });
    const id = await create(sandbox, { email: { addresses: ['a@sandbox.test', 'b@sandbox.test'] } });
    const config = { email: { addresses: ['c@sandbox.test'] } };
    expect((await sandbox.send('PATCH', `${PATH}/${id}`, { config })).body['config']).toEqual(config);
  });

  test('may be followed by stale reads', async () => {
    const sandbox = await open({ behaviour: { staleReads: 1 } });
    const id = await create(sandbox, SLACK, 'old');
    expect(refusal(await sandbox.get(`${PATH}/${id}`))).toEqual(MISSING);
    expect((await sandbox.get(`${PATH}/${id}`)).body['display_name']).toBe('old');
    await sandbox.send('PATCH', `${PATH}/${id}`, { display_name: 'new' });
    expect((await sandbox.get(`${PATH}/${id}`)).body['display_name']).toBe('old');
    expect((await sandbox.get(`${PATH}/${id}`)).body['display_name']).toBe('new');
    await sandbox.send('DELETE', `${PATH}/${id}`);
    expect((await sandbox.get(`${PATH}/${id}`)).status).toBe(200);
    expect((await sandbox.get(`${PATH}/${id}`)).status).toBe(404);
  });
});

describe('delete', () => {
  test('does not ask who refers to the destination', async () => {
    const jobs = [{ job_id: 1, settings: { webhook_notifications: { on_failure: [{ id: 'd1' }] } } }];
    const destinations = [{ id: 'd1', display_name: 'a', config: SLACK }];
    const sandbox = await open({ seed: { jobs, destinations } });
    expect((await sandbox.send('DELETE', `${PATH}/d1`)).text).toBe('{}');
    expect(sandbox.snapshot().destinations).toEqual([]);
    expect(sandbox.snapshot().jobs[0]?.settings).toMatchObject({
      webhook_notifications: { on_failure: [{ id: 'd1' }] },
    });
  });

  test('answers 404 for an id that is not there, as get and update do', async () => {
    const sandbox = await open();
    expect(refusal(await sandbox.send('DELETE', `${PATH}/x`))).toEqual(MISSING);
    expect(refusal(await sandbox.get(`${PATH}/x`))).toEqual(MISSING);
    expect(refusal(await sandbox.send('PATCH', `${PATH}/x`, { display_name: 'n' }))).toEqual(MISSING);
  });
});
