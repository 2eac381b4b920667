import { createServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { field, open, refusal } from './client.ts';

const ME = '/api/2.0/preview/scim/v2/Me';
const LIST = '/api/2.2/jobs/list';

describe('access', () => {
  test('refuses a wrong and a missing token with 403 and a numeric code', async () => {
    const sandbox = await open();
    for (const token of ['wrong', null]) {
      const reply = await sandbox.get(ME, token);
      expect(refusal(reply)).toEqual([403, 403]);
      expect(reply.body['message']).toMatch(/^Invalid access token\. \[ReqId: /);
    }
  });

  test('has an admin when the seed names no identity', async () => {
    const reply = await (await open()).get(ME);
    expect(reply.body['userName']).toBe('admin@sandbox.test');
  });

  test('knows no other path and no other method', async () => {
    const sandbox = await open();
    expect(refusal(await sandbox.get('/api/2.0/nothing'))).toEqual([404, 'ENDPOINT_NOT_FOUND']);
    expect(refusal(await sandbox.send('PUT', ME))).toEqual([404, 'ENDPOINT_NOT_FOUND']);
    expect(refusal(await sandbox.get('/api/2x2/jobs/list'))).toEqual([404, 'ENDPOINT_NOT_FOUND']);
  });

  test('gives every answer a request id of its own', async () => {
    const sandbox = await open();
    const replies = [await sandbox.get(ME), await sandbox.get('/nowhere'), await sandbox.get(ME, 'wrong')];
    const ids = replies.map((reply) => reply.headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain(null);
  });

  test('refuses a body that is no JSON object', async () => {
    const sandbox = await open();
    for (const body of ['{', '[]', '1']) {
      const reply = await sandbox.post('/api/2.2/jobs/create', Buffer.from(body));
      expect(refusal(reply)).toEqual([400, 'MALFORMED_REQUEST']);
    }
  });
});

describe('request log', () => {
  test('holds time, method, path with query, body, headers, status and identity', async () => {
    const sandbox = await open({ now: () => 77 });
    await sandbox.send('PATCH', '/api/2.0/notification-destinations/x?a=1', { display_name: 'n' });
    expect(sandbox.requests).toEqual([
      {
        atMs: 77,
        method: 'PATCH',
        path: '/api/2.0/notification-destinations/x?a=1',
        body: '{"display_name":"n"}',
        headers: expect.objectContaining({ authorization: 'Bearer sandbox-token' }),
        status: 404,
        identity: 'admin@sandbox.test',
      },
    ]);
  });

  test('names no identity for an unknown token, and can be reset', async () => {
    const sandbox = await open();
    await sandbox.get(ME, 'wrong');
    expect(sandbox.requests.map((request) => request.identity)).toEqual([null]);
    sandbox.resetRequests();
    await sandbox.get(ME);
    expect(sandbox.requests).toHaveLength(1);
  });
});

describe('faults', () => {
  test('answer with a status of their own before the route runs', async () => {
    const sandbox = await open();
    sandbox.fault({
      kind: 'status',
      status: 503,
      method: 'POST',
      headers: { 'retry-after': '7' },
      body: { why: 'x' },
    });
    const reply = await sandbox.post('/api/2.2/jobs/create', { name: 'a' });
    expect([reply.status, reply.headers.get('retry-after'), reply.text]).toEqual([503, '7', '{"why":"x"}']);
    expect(sandbox.snapshot().jobs).toEqual([]);
    expect((await sandbox.post('/api/2.2/jobs/create', { name: 'a' })).status).toBe(200);
  });

  test('let the route run and replace its answer', async () => {
    const sandbox = await open();
    sandbox.fault({ kind: 'status-after', status: 500 });
    expect((await sandbox.post('/api/2.2/jobs/create', { name: 'a' })).status).toBe(500);
    expect(sandbox.snapshot().jobs).toHaveLength(1);
    expect(sandbox.requests[0]?.status).toBe(500);
  });

  test('cut the connection before or after the route runs', async () => {
    const sandbox = await open();
    sandbox.fault({ kind: 'drop' });
    await expect(sandbox.post('/api/2.2/jobs/create', { name: 'a' })).rejects.toThrow('fetch failed');
    expect(sandbox.snapshot().jobs).toHaveLength(0);
    sandbox.fault({ kind: 'drop-after' });
    await expect(sandbox.post('/api/2.2/jobs/create', { name: 'a' })).rejects.toThrow('fetch failed');
    expect(sandbox.snapshot().jobs).toHaveLength(1);
    expect(sandbox.requests.map((request) => request.status)).toEqual([0, 0]);
  });

  test('leave a request without answer until the sandbox closes', async () => {
    const sandbox = await open();
    sandbox.fault({ kind: 'hang' });
    const hanging = sandbox.get(ME).catch(() => 'cut');
    expect((await sandbox.get('/__sandbox/state')).status).toBe(200);
    await sandbox.close();
    expect(await hanging).toBe('cut');
  });

  test('answer with a login page', async () => {
    const sandbox = await open();
    sandbox.fault({ kind: 'html' });
    const reply = await sandbox.get(ME);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(reply.text).toContain('<title>Databricks - Sign In</title>');
  });

  test('skip, count, match by glob and can be cleared', async () => {
    const sandbox = await open();
    sandbox.fault({ kind: 'status', status: 418, path: '/api/*/jobs/*', skip: 1, times: 2 });
    const statuses = async (path: string): Promise<number> => (await sandbox.get(path)).status;
    expect(await statuses(ME)).toBe(200);
    expect([await statuses(LIST), await statuses(LIST), await statuses(LIST), await statuses(LIST)]).toEqual([
      200, 418, 418, 200,
    ]);
    sandbox.fault({ kind: 'status', status: 418, times: Number.POSITIVE_INFINITY });
    sandbox.clearFaults();
    expect(await statuses(ME)).toBe(200);
  });

  test('match the query when the glob has one', async () => {
    const sandbox = await open();
    sandbox.fault({ kind: 'status', status: 418, path: '/api/2.2/jobs/list?limit=7*' });
    expect((await sandbox.get(`${LIST}?limit=8`)).status).toBe(200);
    expect((await sandbox.get(`${LIST}?limit=7`)).status).toBe(418);
  });
});

describe('behaviour', () => {
  test('waits its latency', async () => {
    const waits: number[] = [];
    const sleep = async (ms: number): Promise<void> => void waits.push(ms);
    const sandbox = await open({ sleep, behaviour: { latencyMs: 40 } });
    await sandbox.get(ME);
    await sandbox.send('POST', '/api/2.2/jobs/delete', { job_id: 1 });
    sandbox.behave({ latencyMs: 0 });
    await sandbox.get(ME);
    // The work that a read takes is part of its latency; a write happens at the end of it.
    expect(waits).toEqual([expect.any(Number), 40]);
    expect(waits[0]).toBeLessThanOrEqual(40);
  });

  test('limits each class of request per second on its own clock', async () => {
    let nowMs = 5000;
    const sandbox = await open({ now: () => nowMs, behaviour: { rateLimits: { list: 2, get: 1 } } });
    expect((await sandbox.get(LIST)).status).toBe(200);
    expect((await sandbox.get(LIST)).status).toBe(200);
    const refused = await sandbox.get(LIST);
    expect(refusal(refused)).toEqual([429, 'REQUEST_LIMIT_EXCEEDED']);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await sandbox.get(ME)).status).toBe(200);
    expect((await sandbox.get('/api/2.2/jobs/get?job_id=1')).status).toBe(400);
    nowMs += 1000;
    expect((await sandbox.get(LIST)).status).toBe(200);
    sandbox.behave({ rateLimits: { list: 0, retryAfter: false } });
    expect((await sandbox.get(LIST)).headers.get('retry-after')).toBe(null);
  });

  test('lets other clients take their part of each limit, all the time or in turns', async () => {
    let nowMs = 0;
    const sandbox = await open({
      now: () => nowMs,
      behaviour: { rateLimits: { list: 4, othersShare: 0.5, errorCode: 'RESOURCE_EXHAUSTED' } },
    });
    const passedAt = async (atMs: number): Promise<number> => {
      nowMs = atMs;
      const statuses: number[] = [];
      for (let turn = 0; turn < 6; turn += 1) statuses.push((await sandbox.get(LIST)).status);
      return statuses.filter((status) => status === 200).length;
    };
    expect([await passedAt(1_000), await passedAt(2_000)]).toEqual([2, 2]);
    expect(refusal(await sandbox.get(LIST))).toEqual([429, 'RESOURCE_EXHAUSTED']);
    sandbox.behave({ rateLimits: { list: 4, othersShare: 0.5, othersPeriodMs: 20_000 } });
    expect([await passedAt(21_000), await passedAt(31_000), await passedAt(41_000)]).toEqual([2, 4, 2]);
  });
});

describe('control over HTTP', () => {
  test('needs no token and stays out of the log', async () => {
    const sandbox = await open();
    await sandbox.get(ME);
    const reply = await sandbox.get('/__sandbox/requests', null);
    expect(reply.body['requests']).toEqual([expect.objectContaining({ path: ME, status: 200 })]);
    await sandbox.send('DELETE', '/__sandbox/requests');
    expect(sandbox.requests).toEqual([]);
  });

  test('answers with the state, exact ids included', async () => {
    const sandbox = await open({ seed: { jobs: [{ job_id: '9007199254740993', settings: { name: 'a' } }] } });
    const reply = await sandbox.get('/__sandbox/state', null);
    expect(reply.body).toEqual(sandbox.snapshot());
    expect(reply.text).toContain('"job_id":"9007199254740993"');
  });

  test('adds and clears faults, and refuses one that it does not know', async () => {
    const sandbox = await open();
    const headers = { 'retry-after': '3' };
    await sandbox.post('/__sandbox/faults', {
      kind: 'status',
      status: 500,
      times: 9,
      path: '/api/*',
      headers,
    });
    const failed = await sandbox.get(ME);
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([500, '3']);
    await sandbox.send('DELETE', '/__sandbox/faults');
    expect((await sandbox.get(ME)).status).toBe(200);
    expect((await sandbox.post('/__sandbox/faults', { kind: 'status', headers: { a: 1 } })).status).toBe(400);
    expect((await sandbox.post('/__sandbox/faults', { kind: 'status', headers: 1 })).status).toBe(400);
    const refused = await sandbox.post('/__sandbox/faults', { kind: 'explode', skip: -1, colour: 'red' });
    expect(refused.status).toBe(400);
    expect(refused.body['message']).toMatch(
      /fault\.colour is not known.*fault\.skip must.*fault\.kind must be one of/s,
    );
  });

  test('changes the behaviour', async () => {
    const sandbox = await open();
    await sandbox.send('PATCH', '/__sandbox/behaviour', { rateLimits: { list: 0 } });
    expect((await sandbox.get(LIST)).status).toBe(429);
    const others = { othersShare: 1.5, othersPeriodMs: -1, errorCode: 'BUSY' };
    const refused = await sandbox.send('PATCH', '/__sandbox/behaviour', { rateLimits: others });
    expect(refused.body['message']).toMatch(
      /errorCode must be one of.*othersShare must.*othersPeriodMs must/s,
    );
    await sandbox.send('PATCH', '/__sandbox/behaviour', { rateLimits: null });
    expect((await sandbox.get(LIST)).status).toBe(200);
    expect((await sandbox.send('PATCH', '/__sandbox/behaviour', { latency: 1 })).status).toBe(400);
  });

  test('pokes jobs and destinations', async () => {
    const destinations = [{ id: 'd1', display_name: 'a', config: { slack: {} } }];
    const jobs = [{ job_id: 5, settings: { name: 'a', tags: { x: '1' } } }];
    const sandbox = await open({ seed: { destinations, jobs } });
    await sandbox.post('/__sandbox/jobs/5/settings', { name: 'b', tags: null });
    await sandbox.send('PATCH', '/__sandbox/destinations/d1', { display_name: 'z' });
    const {
      jobs: after,
      destinations: [destination],
    } = sandbox.snapshot();
    expect(after[0]?.settings).toMatchObject({ name: 'b' });
    expect(after[0]?.settings).not.toHaveProperty('tags');
    expect(destination?.display_name).toBe('z');
    await sandbox.send('DELETE', '/__sandbox/destinations/d1');
    expect(sandbox.snapshot().destinations).toEqual([]);
    expect((await sandbox.post('/__sandbox/jobs/6/settings', {})).status).toBe(404);
    expect((await sandbox.send('PATCH', '/__sandbox/destinations/d1', {})).status).toBe(404);
    expect((await sandbox.get('/__sandbox/nothing')).status).toBe(404);
  });
});

describe('control of registry webhooks', () => {
  test('adds, patches and deletes them over HTTP', async () => {
    const sandbox = await open();
    const path = '/__sandbox/registry-webhooks';
    const webhook = { events: ['COMMENT_CREATED'], http_url_spec: { url: 'https://hooks.test/1' } };
    const id = field(await sandbox.post(path, webhook), 'id');
    await sandbox.send('PATCH', `${path}/${id}`, { events: ['MODEL_RENAMED'], status: 'DISABLED' });
    expect(sandbox.snapshot().registry_webhooks).toMatchObject([
      { id, events: ['MODEL_RENAMED'], status: 'DISABLED' },
    ]);
    expect((await sandbox.post(path, { events: [] })).status).toBe(400);
    expect((await sandbox.send('PATCH', `${path}/${id}`, { events: 'X' })).status).toBe(400);
    await sandbox.send('DELETE', `${path}/${id}`);
    expect(sandbox.snapshot().registry_webhooks).toEqual([]);
    expect((await sandbox.send('PATCH', `${path}/${id}`, {})).status).toBe(404);
    expect((await sandbox.send('DELETE', `${path}/${id}`)).status).toBe(404);
  });
});

describe('pokes', () => {
  test('change the state without request or check', async () => {
    const sandbox = await open();
    const id = sandbox.poke.addJob({ job_id: 7, settings: { name: 'a' } });
    sandbox.poke.setJob(id, (settings) => ({
      ...settings,
      webhook_notifications: { on_start: [{ id: 'gone' }] },
    }));
    sandbox.poke.writeFile('/Workspace/Shared/deep/x.json', '{}');
    expect(sandbox.requests).toEqual([]);
    expect(sandbox.snapshot().jobs[0]?.settings).toMatchObject({
      name: 'a',
      webhook_notifications: { on_start: [{ id: 'gone' }] },
    });
    expect(sandbox.snapshot().files).toEqual([{ path: '/Shared/deep/x.json', content: '{}' }]);
    sandbox.poke.deleteJob(id);
    sandbox.poke.deleteFile('/Shared/deep/x.json');
    expect(sandbox.snapshot()).toMatchObject({ jobs: [], files: [] });
  });

  test('rename, patch and delete a destination', async () => {
    const config = { slack: { url: 'https://hooks.test/1' } };
    const sandbox = await open({ seed: { destinations: [{ id: 'd1', display_name: 'a', config }] } });
    sandbox.poke.renameDestination('d1', 'b');
    expect(sandbox.snapshot().destinations).toEqual([{ id: 'd1', display_name: 'b', config }]);
    const other = { pagerduty: { integration_key: 'k' } };
    sandbox.poke.patchDestination('d1', { config: other });
    expect(sandbox.snapshot().destinations).toEqual([{ id: 'd1', display_name: 'b', config: other }]);
    sandbox.poke.deleteDestination('d1');
    expect(() => sandbox.poke.renameDestination('d1', 'c')).toThrow('the sandbox has no destination d1');
  });
});

describe('pokes of registry webhooks', () => {
  test('add, patch and delete one, secrets and times included', async () => {
    let nowMs = 1;
    const sandbox = await open({ now: () => nowMs });
    const events = ['COMMENT_CREATED'];
    const id = sandbox.poke.addRegistryWebhook({
      events,
      description: 'd',
      http_url_spec: { url: 'https://hooks.test/1', secret: 's' },
    });
    nowMs = 2;
    const job_spec = { job_id: '7', access_token: 'dapi-1' };
    sandbox.poke.patchRegistryWebhook(id, { description: null, http_url_spec: null, job_spec });
    expect(sandbox.snapshot().registry_webhooks).toEqual([
      { id, events, status: 'ACTIVE', job_spec, fired: [] },
    ]);
    const list = await sandbox.get('/api/2.0/mlflow/registry-webhooks/list');
    expect(list.body['webhooks']).toMatchObject([{ creation_timestamp: 1, last_updated_timestamp: 2 }]);
    sandbox.poke.deleteRegistryWebhook(id);
    expect(sandbox.snapshot().registry_webhooks).toEqual([]);
    expect(() => sandbox.poke.patchRegistryWebhook(id, {})).toThrow(
      `the sandbox has no registry webhook ${id}`,
    );
  });
});

describe('snapshot', () => {
  test('seeds an equal workspace', async () => {
    const first = await open({ seed: { workspace_id: '42', files: [{ path: '/Shared/a', content: 'x' }] } });
    await first.post('/api/2.2/jobs/create', { name: 'a', tasks: [{ task_key: 't' }] });
    const config = { email: { addresses: ['a@sandbox.test'] } };
    await first.post('/api/2.0/notification-destinations', { display_name: 'd', config });
    const id = first.poke.addRegistryWebhook({
      model_name: 'churn',
      events: ['COMMENT_CREATED'],
      http_url_spec: { url: 'https://hooks.test/1', secret: 's' },
    });
    await first.post('/api/2.0/mlflow/registry-webhooks/test', { id });
    const second = await open({ seed: first.snapshot() });
    expect(second.snapshot()).toEqual(first.snapshot());
  });

  test('shares nothing with the workspace', async () => {
    const sandbox = await open({ seed: { jobs: [{ job_id: 1, settings: { tags: { a: '1' } } }] } });
    Object.assign(sandbox.snapshot().jobs[0]?.settings['tags'] ?? {}, { a: '2' });
    expect(sandbox.snapshot().jobs[0]?.settings).toMatchObject({ tags: { a: '1' } });
  });
});

describe('startSandbox', () => {
  test('refuses a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(startSandbox({ port })).rejects.toThrow(`the sandbox cannot listen on port ${port}`);
    server.close();
  });

  test('closes twice without complaint', async () => {
    const sandbox = await open();
    await sandbox.close();
    await expect(sandbox.close()).resolves.toBeUndefined();
  });
});
