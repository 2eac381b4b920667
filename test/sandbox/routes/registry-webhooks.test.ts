import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../../src/sandbox/json.ts';
import type { SeedRegistryWebhook } from '../../../src/sandbox/seed.ts';
import { type Client, field, open, refusal, type Reply } from '../client.ts';

const PATH = '/api/2.0/mlflow/registry-webhooks';
const INVALID = [400, 'INVALID_PARAMETER_VALUE'];
const MISSING = [404, 'RESOURCE_DOES_NOT_EXIST'];
const DENIED = [403, 'PERMISSION_DENIED'];
const HTTP = { url: 'https://hooks.test/1', authorization: 'Bearer a', secret: 's' };
const JOB = { job_id: '9007199254740993', access_token: 'dapi-1', workspace_url: 'https://other.test' };
const CREATED = 'MODEL_VERSION_CREATED';
const EVENTS = [
  CREATED,
  'MODEL_VERSION_TRANSITIONED_STAGE',
  'MODEL_VERSION_TRANSITIONED_TO_STAGING',
  'MODEL_VERSION_TRANSITIONED_TO_PRODUCTION',
  'MODEL_VERSION_TRANSITIONED_TO_ARCHIVED',
  'TRANSITION_REQUEST_CREATED',
  'TRANSITION_REQUEST_TO_STAGING_CREATED',
  'TRANSITION_REQUEST_TO_PRODUCTION_CREATED',
  'TRANSITION_REQUEST_TO_ARCHIVED_CREATED',
  'COMMENT_CREATED',
  'MODEL_VERSION_TAG_SET',
  'REGISTERED_MODEL_CREATED',
];

const identities = [
  { token: 'sandbox-token', user_name: 'admin@sandbox.test', admin: true },
  { token: 'plain', user_name: 'plain@sandbox.test' },
  { token: 'churn', user_name: 'churn@sandbox.test', can_manage_models: ['churn'] },
  { token: 'models', user_name: 'models@sandbox.test', can_manage_models: 'all' as const },
];

function hook(more: JsonObject = {}): SeedRegistryWebhook {
  return { events: [CREATED], http_url_spec: HTTP, ...more };
}

/** A webhook that the API made, as it answered. */
async function create(sandbox: Client, more: JsonObject = {}): Promise<JsonObject> {
  const reply = await sandbox.post(`${PATH}/create`, hook(more));
  expect([reply.status, reply.text]).toEqual([200, expect.stringContaining('"webhook":')]);
  return objectAt(reply.body, 'webhook');
}

async function update(sandbox: Client, body: JsonObject): Promise<Reply> {
  return sandbox.send('PATCH', `${PATH}/update`, body);
}

async function rows(sandbox: Client, query = ''): Promise<readonly JsonObject[]> {
  return listAt((await sandbox.get(`${PATH}/list${query}`)).body, 'webhooks').filter(isObject);
}

async function describedOver(sandbox: Client, query: string): Promise<readonly string[]> {
  const reply = await sandbox.get(`${PATH}/list?${query}`);
  const names = listAt(reply.body, 'webhooks').map((row) =>
    isObject(row) ? (textAt(row, 'description') ?? '') : '',
  );
  const token = field(reply, 'next_page_token');
  if (token === '') return names;
  const rest = new URLSearchParams(query);
  rest.set('page_token', token);
  return [...names, ...(await describedOver(sandbox, rest.toString()))];
}

function idOf(webhook: JsonObject): string {
  return textAt(webhook, 'id') ?? '';
}

describe('create', () => {
  test('answers what a list has: of an HTTP webhook no secrets', async () => {
    const sandbox = await open({ now: () => 77 });
    const created = await create(sandbox, { model_name: 'churn', description: 'd' });
    expect(created).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      model_name: 'churn',
      events: [CREATED],
      description: 'd',
      status: 'ACTIVE',
      http_url_spec: { url: HTTP.url, enable_ssl_verification: true },
      creation_timestamp: 77,
      last_updated_timestamp: 77,
    });
    expect(await rows(sandbox)).toEqual([created]);
    expect(sandbox.snapshot().registry_webhooks).toEqual([
      {
        id: created['id'],
        model_name: 'churn',
        events: [CREATED],
        description: 'd',
        status: 'ACTIVE',
        http_url_spec: { ...HTTP, enable_ssl_verification: true },
        fired: [],
      },
    ]);
  });

  test.each([JOB.job_id, 1])(
    'answers of a job webhook with job_id %p the id as a text, and no token',
    async (job_id) => {
      const sandbox = await open();
      const created = await create(sandbox, { http_url_spec: null, job_spec: { ...JOB, job_id } });
      expect(created['job_spec']).toEqual({ job_id: String(job_id), workspace_url: JOB.workspace_url });
      expect(created).not.toHaveProperty('http_url_spec');
      expect(created).not.toHaveProperty('model_name');
      expect(await rows(sandbox)).toEqual([created]);
      expect(sandbox.snapshot().registry_webhooks[0]?.['job_spec']).toEqual({
        ...JOB,
        job_id: String(job_id),
      });
    },
  );

  test('takes all twelve events for the whole registry, and gives them in another order', async () => {
    const sandbox = await open();
    const created = await create(sandbox, { events: [...EVENTS, CREATED] });
    expect(created['events']).not.toEqual(EVENTS);
    expect([...new Set(listAt(created, 'events'))]).toHaveLength(12);
    expect(sandbox.snapshot().registry_webhooks[0]?.events).toEqual(EVENTS);
  });

  test.each(['ACTIVE', 'DISABLED', 'TEST_MODE'])('takes the status %s', async (status) => {
    expect((await create(await open(), { status }))['status']).toBe(status);
  });

  test('keeps enable_ssl_verification only when it is sent as false', async () => {
    const sandbox = await open();
    const { http_url_spec: spec } = await create(sandbox, {
      http_url_spec: { url: HTTP.url, enable_ssl_verification: false },
    });
    expect(spec).toEqual({ url: HTTP.url, enable_ssl_verification: false });
  });

  test('takes an empty authorization, secret or description for none', async () => {
    const sandbox = await open();
    const spec = { url: HTTP.url, authorization: '', secret: '' };
    expect(await create(sandbox, { http_url_spec: spec, description: '' })).not.toHaveProperty('description');
    expect(sandbox.snapshot().registry_webhooks[0]?.['http_url_spec']).toEqual({
      url: HTTP.url,
      enable_ssl_verification: true,
    });
  });

  test('ignores what it does not know', async () => {
    const sandbox = await open();
    const http_url_spec = { ...HTTP, method: 'PUT' };
    const created = await create(sandbox, { http_url_spec, colour: 'red', id: 'mine', fired: [CREATED] });
    expect(created).not.toHaveProperty('colour');
    expect(created['id']).not.toBe('mine');
    const [stored] = sandbox.snapshot().registry_webhooks;
    expect(stored?.fired).toEqual([]);
    expect(stored?.['http_url_spec']).not.toHaveProperty('method');
  });

  test.each<[string, JsonObject]>([
    ['no specification', { http_url_spec: null }],
    ['both specifications', { job_spec: JOB }],
    ['a specification that is a text', { http_url_spec: HTTP.url }],
    ['no events', { events: null }],
    ['an empty list of events', { events: [] }],
    ['events that are no list', { events: CREATED }],
    ['an unknown event', { events: [CREATED, 'MODEL_VERSION_DELETED'] }],
    ['an unknown status', { status: 'Active' }],
    ['a description that is a number', { description: 7 }],
    ['an empty model name', { model_name: '' }],
    ['a model of Unity Catalog', { model_name: 'main.ml.churn' }],
    [
      'REGISTERED_MODEL_CREATED for one model',
      { model_name: 'churn', events: [CREATED, 'REGISTERED_MODEL_CREATED'] },
    ],
    ['no URL', { http_url_spec: { secret: 's' } }],
    ['a plain http URL', { http_url_spec: { url: 'http://hooks.test/1' } }],
    ['a URL that is none', { http_url_spec: { url: 'hooks.test' } }],
    ['a secret that is a number', { http_url_spec: { ...HTTP, secret: 7 } }],
    ['a flag that is a text', { http_url_spec: { ...HTTP, enable_ssl_verification: 'false' } }],
    ['no job', { http_url_spec: null, job_spec: { access_token: 't' } }],
    ['a job that is no number', { http_url_spec: null, job_spec: { ...JOB, job_id: 'nightly' } }],
    ['no access token', { http_url_spec: null, job_spec: { job_id: '1' } }],
    ['an empty access token', { http_url_spec: null, job_spec: { job_id: '1', access_token: '' } }],
  ])('refuses %s', async (_, more) => {
    const sandbox = await open();
    expect(refusal(await sandbox.post(`${PATH}/create`, hook(more)))).toEqual(INVALID);
    expect(sandbox.snapshot().registry_webhooks).toEqual([]);
  });

  test.each(['churn', 'team.churn', 'a.b.c.d'])('takes %s for a model of the workspace', async (name) => {
    expect((await create(await open(), { model_name: name }))['model_name']).toBe(name);
  });
});

describe('list', () => {
  test('is absent when empty', async () => {
    expect((await (await open()).get(`${PATH}/list`)).body).toEqual({});
  });

  test('is the only read', async () => {
    const sandbox = await open();
    const id = idOf(await create(sandbox));
    for (const path of [`/get?id=${id}`, `/${id}`, '']) {
      expect(refusal(await sandbox.get(PATH + path))).toEqual([404, 'ENDPOINT_NOT_FOUND']);
    }
  });

  test('can be of one model, or of any of several events', async () => {
    const seed = {
      registry_webhooks: [
        hook({ description: 'a', model_name: 'churn' }),
        hook({ description: 'b', events: ['COMMENT_CREATED', 'MODEL_VERSION_TAG_SET'] }),
        hook({ description: 'c', model_name: 'fraud', events: ['COMMENT_CREATED'] }),
      ],
    };
    const sandbox = await open({ seed });
    const found = async (query: string): Promise<string> =>
      [...(await describedOver(sandbox, query))].sort().join('');
    expect(await found('')).toBe('abc');
    expect(await found('model_name=churn')).toBe('a');
    expect(await found('model_name=chur')).toBe('');
    expect(await found('events=COMMENT_CREATED')).toBe('bc');
    expect(await found(`events=MODEL_VERSION_TAG_SET&events=${CREATED}`)).toBe('ab');
    expect(await found('model_name=fraud&events=MODEL_VERSION_TAG_SET')).toBe('');
    expect(refusal(await sandbox.get(`${PATH}/list?events=ANY`))).toEqual(INVALID);
  });

  test('has an order that means nothing and pages that hold every row once', async () => {
    const wanted = Array.from({ length: 23 }, (_, index) => `w${String(index).padStart(2, '0')}`);
    const sandbox = await open({
      seed: { registry_webhooks: wanted.map((description) => hook({ description })) },
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (size) => {
        const found = await describedOver(sandbox, `max_results=${size}`);
        expect(found).not.toEqual(wanted);
        expect([...found].sort()).toEqual(wanted);
      }),
      { numRuns: 8 },
    );
    for (const size of ['0', '1001', 'x']) {
      expect(refusal(await sandbox.get(`${PATH}/list?max_results=${size}`))).toEqual(INVALID);
    }
  });

  test('refuses a page token that it did not give', async () => {
    const destinations = ['a', 'b'].map((display_name) => ({ display_name, config: { slack: {} } }));
    const sandbox = await open({ seed: { destinations } });
    const other = await sandbox.get('/api/2.0/notification-destinations?page_size=1');
    for (const token of ['garbage', field(other, 'next_page_token')]) {
      expect(refusal(await sandbox.get(`${PATH}/list?page_token=${token}`))).toEqual(INVALID);
    }
  });

  test('misses a new webhook for so many listings of its own, whatever their pages', async () => {
    const old = [hook({ description: 'a' }), hook({ description: 'b' })];
    const sandbox = await open({ seed: { registry_webhooks: old }, behaviour: { listLag: 2 } });
    await create(sandbox, { description: 'new' });
    await sandbox.get('/api/2.0/notification-destinations');
    expect(await describedOver(sandbox, 'max_results=1')).not.toContain('new');
    expect(await describedOver(sandbox, 'max_results=1')).not.toContain('new');
    expect(await describedOver(sandbox, 'max_results=1')).toContain('new');
  });

  test('shows on later pages nothing that its first page was too early for', async () => {
    const old = ['a', 'b', 'c'].map((description) => hook({ description }));
    const sandbox = await open({ seed: { registry_webhooks: old }, behaviour: { listLag: 1 } });
    for (let made = 0; made < 8; made += 1) await create(sandbox, { description: 'new' });
    const first = await sandbox.get(`${PATH}/list?max_results=1`);
    expect(await describedOver(sandbox, '')).toHaveLength(11);
    const rest = await describedOver(sandbox, `page_token=${field(first, 'next_page_token')}`);
    expect([rest.length, rest.includes('new')]).toEqual([2, false]);
  });

  test('may be stale after a write', async () => {
    const sandbox = await open({ behaviour: { staleReads: 1 } });
    const id = idOf(await create(sandbox, { description: 'old' }));
    const found = async (): Promise<Json | undefined> => (await rows(sandbox))[0]?.['description'];
    expect([await found(), await found()]).toEqual([undefined, 'old']);
    await update(sandbox, { id, description: 'new' });
    expect([await found(), await found()]).toEqual(['old', 'new']);
    await sandbox.send('DELETE', `${PATH}/delete?id=${id}`);
    expect([await found(), await found()]).toEqual(['new', undefined]);
  });
});

describe('update', () => {
  test('changes what is sent and nothing else, and says when', async () => {
    let nowMs = 100;
    const sandbox = await open({ now: () => nowMs });
    const created = await create(sandbox, { model_name: 'churn', description: 'd' });
    nowMs = 200;
    const changes = { events: ['COMMENT_CREATED'], status: 'DISABLED' };
    const reply = await update(sandbox, { id: idOf(created), ...changes });
    expect(reply.body['webhook']).toEqual({ ...created, ...changes, last_updated_timestamp: 200 });
    expect(await rows(sandbox)).toEqual([reply.body['webhook']]);
    expect(sandbox.snapshot().registry_webhooks[0]?.['http_url_spec']).toMatchObject(HTTP);
  });

  test('takes a description away when it is sent empty, and null for not sent', async () => {
    const sandbox = await open();
    const id = idOf(await create(sandbox, { description: 'd' }));
    expect(objectAt((await update(sandbox, { id, description: null })).body, 'webhook')).toMatchObject({
      description: 'd',
    });
    expect((await update(sandbox, { id, description: '' })).body['webhook']).not.toHaveProperty(
      'description',
    );
  });

  test('refuses another model name, even the one that it has', async () => {
    const sandbox = await open();
    const id = idOf(await create(sandbox, { model_name: 'churn' }));
    expect(refusal(await update(sandbox, { id, model_name: 'fraud' }))).toEqual(INVALID);
    expect(refusal(await update(sandbox, { id, model_name: 'churn' }))).toEqual(INVALID);
    expect((await update(sandbox, { id, model_name: null })).status).toBe(200);
  });

  test.each([
    ['cleared', {}],
    ['kept', { authorization: HTTP.authorization, secret: HTTP.secret }],
  ] as const)('leaves omitted secrets of an HTTP webhook %s', async (omittedSecrets, rest) => {
    const sandbox = await open({ behaviour: { omittedSecrets } });
    const http_url_spec = { ...HTTP, enable_ssl_verification: false };
    const id = idOf(await create(sandbox, { http_url_spec }));
    await update(sandbox, { id, http_url_spec: { url: 'https://new.test' } });
    expect(sandbox.snapshot().registry_webhooks[0]?.['http_url_spec']).toEqual({
      url: 'https://new.test',
      enable_ssl_verification: true,
      ...rest,
    });
  });

  test('takes a kept secret away when it is sent empty', async () => {
    const sandbox = await open({ behaviour: { omittedSecrets: 'kept' } });
    const id = idOf(await create(sandbox));
    await update(sandbox, { id, http_url_spec: { url: HTTP.url, authorization: '' } });
    const [stored] = sandbox.snapshot().registry_webhooks;
    expect(stored?.['http_url_spec']).toEqual({
      url: HTTP.url,
      secret: HTTP.secret,
      enable_ssl_verification: true,
    });
  });

  test('needs the URL whenever it is sent http_url_spec', async () => {
    const sandbox = await open({ behaviour: { omittedSecrets: 'kept' } });
    const id = idOf(await create(sandbox));
    expect(refusal(await update(sandbox, { id, http_url_spec: { secret: 'new' } }))).toEqual(INVALID);
    expect(sandbox.snapshot().registry_webhooks[0]?.['http_url_spec']).toMatchObject(HTTP);
  });

  test('needs the access token whenever it is sent job_spec, unless secrets are kept', async () => {
    const sandbox = await open();
    const id = idOf(await create(sandbox, { http_url_spec: null, job_spec: JOB }));
    const body = { id, job_spec: { job_id: '2' } };
    expect(refusal(await update(sandbox, body))).toEqual(INVALID);
    sandbox.behave({ omittedSecrets: 'kept' });
    expect((await update(sandbox, body)).status).toBe(200);
    expect(sandbox.snapshot().registry_webhooks[0]?.['job_spec']).toEqual({
      job_id: '2',
      access_token: JOB.access_token,
    });
  });

  test.each<[string, JsonObject]>([
    ['a job for a URL', { job_spec: JOB }],
    ['both specifications', { http_url_spec: HTTP, job_spec: JOB }],
    ['no events', { events: [] }],
    ['an unknown event', { events: ['X'] }],
    ['an event of the whole registry', { events: ['REGISTERED_MODEL_CREATED'] }],
    ['an unknown status', { status: 'PAUSED' }],
    ['a plain http URL', { http_url_spec: { url: 'http://hooks.test/1' } }],
  ])('refuses %s', async (_, changes) => {
    const sandbox = await open();
    const id = idOf(await create(sandbox, { model_name: 'churn' }));
    const before = sandbox.snapshot();
    expect(refusal(await update(sandbox, { id, ...changes }))).toEqual(INVALID);
    expect(sandbox.snapshot()).toEqual(before);
  });

  test('leaves an event and a key that only the UI knows, unless events are sent', async () => {
    const sandbox = await open({ seed: { registry_webhooks: [hook({ id: 'w' })] } });
    sandbox.poke.patchRegistryWebhook('w', { events: ['MODEL_RENAMED'], x_new: { deep: [1] } });
    await update(sandbox, { id: 'w', status: 'DISABLED' });
    expect(sandbox.snapshot().registry_webhooks[0]).toMatchObject({
      events: ['MODEL_RENAMED'],
      x_new: { deep: [1] },
    });
    await update(sandbox, { id: 'w', events: [CREATED] });
    expect((await rows(sandbox))[0]).toMatchObject({ events: [CREATED], x_new: { deep: [1] } });
  });
});

describe('delete', () => {
  test('takes the id in the query or in the body', async () => {
    const sandbox = await open({
      seed: { registry_webhooks: [hook({ id: 'a' }), hook({ id: 'b' }), hook({ id: 'c' })] },
    });
    expect((await sandbox.send('DELETE', `${PATH}/delete?id=a`)).text).toBe('{}');
    expect((await sandbox.send('DELETE', `${PATH}/delete`, { id: 'b' })).text).toBe('{}');
    expect(sandbox.snapshot().registry_webhooks.map(({ id }) => id)).toEqual(['c']);
    expect(refusal(await sandbox.send('DELETE', `${PATH}/delete?id=a`))).toEqual(MISSING);
    expect(refusal(await sandbox.send('DELETE', `${PATH}/delete`))).toEqual(INVALID);
  });
});

describe('test', () => {
  test.each(['ACTIVE', 'DISABLED', 'TEST_MODE'])('fires a webhook that is %s', async (status) => {
    const sandbox = await open({ seed: { registry_webhooks: [hook({ id: 'w', status })] } });
    const reply = await sandbox.post(`${PATH}/test`, { id: 'w' });
    expect(reply.body).toEqual({ status_code: 200, body: 'OK' });
    expect(sandbox.snapshot().registry_webhooks[0]?.fired).toEqual([CREATED]);
  });

  test('sends the event that it is asked for, else one that the webhook waits for', async () => {
    const waits = ['COMMENT_CREATED', 'MODEL_VERSION_TAG_SET'];
    const sandbox = await open({ seed: { registry_webhooks: [hook({ id: 'w', events: waits })] } });
    await sandbox.post(`${PATH}/test`, { id: 'w', event: CREATED });
    await sandbox.post(`${PATH}/test`, { id: 'w' });
    const fired = sandbox.snapshot().registry_webhooks[0]?.fired ?? [];
    expect(fired).toEqual([CREATED, expect.stringMatching(/COMMENT_CREATED|MODEL_VERSION_TAG_SET/)]);
    expect(refusal(await sandbox.post(`${PATH}/test`, { id: 'w', event: 'X' }))).toEqual(INVALID);
  });
});

describe('an id that is not there', () => {
  test('is 404 for every verb, and 400 when it is not given', async () => {
    const sandbox = await open();
    expect(refusal(await update(sandbox, { id: 'x' }))).toEqual(MISSING);
    expect(refusal(await sandbox.send('DELETE', `${PATH}/delete?id=x`))).toEqual(MISSING);
    expect(refusal(await sandbox.post(`${PATH}/test`, { id: 'x' }))).toEqual(MISSING);
    expect(refusal(await update(sandbox, {}))).toEqual(INVALID);
    expect(refusal(await sandbox.post(`${PATH}/test`, { id: '' }))).toEqual(INVALID);
  });
});

describe('permission', () => {
  const registry_webhooks = [hook({ id: 'all' }), hook({ id: 'churn', model_name: 'churn' })];

  test('is for admins alone where no model is named', async () => {
    const sandbox = await open({ seed: { identities, registry_webhooks } });
    const before = sandbox.snapshot();
    for (const token of ['plain', 'churn', 'models']) {
      const replies = [
        await sandbox.get(`${PATH}/list`, token),
        await sandbox.post(`${PATH}/create`, hook(), token),
        await sandbox.send('PATCH', `${PATH}/update`, { id: 'all', status: 'DISABLED' }, token),
        await sandbox.send('DELETE', `${PATH}/delete?id=all`, undefined, token),
        await sandbox.post(`${PATH}/test`, { id: 'all' }, token),
        await sandbox.send('DELETE', `${PATH}/delete?id=unknown`, undefined, token),
      ];
      expect(replies.map(refusal)).toEqual(replies.map(() => DENIED));
    }
    expect(sandbox.snapshot()).toEqual(before);
  });

  test('is for whoever manages the model where one is named', async () => {
    const sandbox = await open({ seed: { identities, registry_webhooks } });
    const statuses = async (token: string): Promise<readonly number[]> => [
      (await sandbox.get(`${PATH}/list?model_name=churn`, token)).status,
      (await sandbox.post(`${PATH}/create`, hook({ model_name: 'churn' }), token)).status,
      (await sandbox.send('PATCH', `${PATH}/update`, { id: 'churn', status: 'DISABLED' }, token)).status,
      (await sandbox.post(`${PATH}/create`, hook({ model_name: 'fraud' }), token)).status,
    ];
    expect(await statuses('plain')).toEqual([403, 403, 403, 403]);
    expect(await statuses('churn')).toEqual([200, 200, 200, 403]);
    expect(await statuses('models')).toEqual([200, 200, 200, 200]);
    expect(await statuses('sandbox-token')).toEqual([200, 200, 200, 200]);
  });
});

describe('unkindness', () => {
  test('meets these routes as every other: faults and a rate of their own', async () => {
    const sandbox = await open({ now: () => 5, behaviour: { rateLimits: { registry: 2 } } });
    sandbox.fault({ kind: 'status-after', status: 502, method: 'POST', path: `${PATH}/create` });
    expect((await sandbox.post(`${PATH}/create`, hook())).status).toBe(502);
    expect(sandbox.snapshot().registry_webhooks).toHaveLength(1);
    expect((await sandbox.get(`${PATH}/list`)).status).toBe(200);
    expect(refusal(await sandbox.get(`${PATH}/list`))).toEqual([429, 'REQUEST_LIMIT_EXCEEDED']);
    expect((await sandbox.get('/api/2.2/jobs/list')).status).toBe(200);
  });
});
