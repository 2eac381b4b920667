import { describe, expect, test } from '@jest/globals';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../../src/sandbox/json.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { SeedPipeline } from '../../../src/sandbox/seed.ts';
import { type Client, field, open, refusal } from '../client.ts';

const PATH = '/api/2.0/pipelines';
const INVALID = [400, 'INVALID_PARAMETER_VALUE'];
const DENIED = [403, 'PERMISSION_DENIED'];
const MISSING = [404, 'RESOURCE_DOES_NOT_EXIST'];
const notifications = [{ email_recipients: ['a@company.test'], alerts: ['on-flow-failure'] }];

function pipeline(parts: Partial<SeedPipeline> = {}): SeedPipeline {
  return { pipeline_id: 'p1', spec: { name: 'ingest', catalog: 'main' }, ...parts };
}

function many(count: number): readonly SeedPipeline[] {
  return Array.from({ length: count }, (_, at) => ({ pipeline_id: `p${at}`, spec: { name: `n-${at}` } }));
}

async function opened(parts: Partial<SeedPipeline> = {}, options: SandboxOptions = {}): Promise<Client> {
  return open({ ...options, seed: { pipelines: [pipeline(parts)] } });
}

/** A text of each row, sorted. */
function rowsOf(body: JsonObject, key: string): readonly string[] {
  return listAt(body, 'statuses')
    .map((row) => (isObject(row) ? (textAt(row, key) ?? '') : ''))
    .toSorted();
}

const specOf = ({ snapshot }: Client): JsonObject => snapshot().pipelines[0]?.spec ?? {};

describe('list', () => {
  test('is absent when empty', async () => {
    expect((await (await open()).get(PATH)).body).toEqual({});
  });

  test('holds rows without a spec', async () => {
    const sandbox = await opened({ creator_user_name: 'c', run_as: { user_name: 'r' } });
    expect((await sandbox.get(PATH)).body).toEqual({
      statuses: [
        { pipeline_id: 'p1', name: 'ingest', state: 'IDLE', creator_user_name: 'c', run_as_user_name: 'r' },
      ],
    });
  });

  test('has pages of 25 by default', async () => {
    const sandbox = await open({ seed: { pipelines: many(60) } });
    const first = await sandbox.get(PATH);
    const second = await sandbox.get(`${PATH}?page_token=${field(first, 'next_page_token')}`);
    const third = await sandbox.get(`${PATH}?page_token=${field(second, 'next_page_token')}`);
    expect([first, second, third].map(({ body }) => listAt(body, 'statuses').length)).toEqual([25, 25, 10]);
    expect(third.body).not.toHaveProperty('next_page_token');
    expect(listAt((await sandbox.get(`${PATH}?max_results=100`)).body, 'statuses').length).toBe(60);
  });

  test.each(['max_results=101', 'max_results=0', 'page_token=x', 'filter=state=1'])(
    'refuses %s',
    async (query) => {
      expect(refusal(await (await open()).get(`${PATH}?${query}`))).toEqual(INVALID);
    },
  );

  test.each([
    ["name LIKE 'n-1'", ['n-1']],
    ["name LIKE 'n-1_'", ['n-10', 'n-11']],
    ["name LIKE '%1'", ['n-1', 'n-11']],
    ["name LIKE 'N-1'", []],
    ["name LIKE 'n.1'", []],
    ["notebook='/Shared/a'", []],
  ])('filters by %s', async (filter, expected) => {
    const sandbox = await open({ seed: { pipelines: many(12) } });
    const { body } = await sandbox.get(`${PATH}?filter=${encodeURIComponent(filter)}`);
    expect(rowsOf(body, 'name')).toEqual(expected);
  });

  test('shows what one may view', async () => {
    const identities = [
      { token: 't', user_name: 'u', can_view_pipelines: ['p1'], can_manage_pipelines: ['p2'] },
    ];
    const sandbox = await open({
      seed: {
        identities,
        pipelines: [...many(4), pipeline({ pipeline_id: 'x', creator_user_name: 'o' })].map((one) => ({
          creator_user_name: 'o',
          ...one,
        })),
      },
    });
    const { body } = await sandbox.get(PATH, 't');
    expect(rowsOf(body, 'pipeline_id')).toEqual(['p1', 'p2']);
  });
});

describe('get', () => {
  test('tells the spec, and beside it when it was changed', async () => {
    const sandbox = await opened({ spec: { name: 'ingest' } }, { now: () => 77 });
    expect((await sandbox.get(`${PATH}/p1`)).body).toEqual({
      pipeline_id: 'p1',
      name: 'ingest',
      state: 'IDLE',
      creator_user_name: 'admin@sandbox.test',
      run_as_user_name: 'admin@sandbox.test',
      last_modified: 77,
      spec: { name: 'ingest', id: 'p1', storage: 'dbfs:/pipelines/p1' },
    });
  });

  test('echoes `run_as` and `parameters` only where they were set', async () => {
    const beside = { run_as: { user_name: 'r' }, parameters: { a: 1 } };
    expect((await (await opened(beside)).get(`${PATH}/p1`)).body).toMatchObject(beside);
  });

  test('keeps a time above 2^53', async () => {
    const { text } = await (await opened({ last_modified: '9007199254740993' })).get(`${PATH}/p1`);
    expect(text).toContain('"last_modified":9007199254740993');
  });

  test('says no to an unknown one and to one that is not visible', async () => {
    const identities = [{ token: 't', user_name: 'u', can_view_pipelines: [] }];
    const sandbox = await open({ seed: { identities, pipelines: [pipeline({ creator_user_name: 'o' })] } });
    expect(refusal(await sandbox.get(`${PATH}/none`, 't'))).toEqual(MISSING);
    expect(refusal(await sandbox.get(`${PATH}/p1`, 't'))).toEqual(DENIED);
  });
});

describe('update', () => {
  test('leaves nothing of what is not sent', async () => {
    const sandbox = await opened({
      run_as: { user_name: 'r' },
      parameters: { a: 1 },
      spec: { name: 'ingest', catalog: 'main', tags: { a: 'b' } },
    });
    expect(
      (await sandbox.send('PUT', `${PATH}/p1`, { name: 'ingest', catalog: 'main', notifications })).status,
    ).toBe(200);
    expect(sandbox.snapshot().pipelines).toEqual([
      {
        pipeline_id: 'p1',
        creator_user_name: 'admin@sandbox.test',
        spec: { name: 'ingest', catalog: 'main', id: 'p1', notifications },
      },
    ]);
  });

  test('is refused once somebody else has written, and not before', async () => {
    const sandbox = await opened({ last_modified: 5 }, { now: () => 5 });
    const body = { name: 'ingest', catalog: 'main', expected_last_modified: 5 };
    expect((await sandbox.send('PUT', `${PATH}/p1`, body)).status).toBe(200);
    // The clock stands still, and the time of the change has moved on all the same.
    expect(refusal(await sandbox.send('PUT', `${PATH}/p1`, body))).toEqual([409, 'RESOURCE_CONFLICT']);
    expect((await sandbox.send('PUT', `${PATH}/p1`, { ...body, expected_last_modified: 6 })).status).toBe(
      200,
    );
  });

  test.each<[string, JsonObject]>([
    ['no recipients', { notifications: [{ email_recipients: [], alerts: ['on-flow-failure'] }] }],
    ['no alerts', { notifications: [{ email_recipients: ['a@company.test'] }] }],
    ['another id', { id: 'p2' }],
    ['another storage', { storage: 'dbfs:/elsewhere' }],
    ['a time that is none', { expected_last_modified: 'now' }],
    ['the name of another one', { name: 'other' }],
  ])('refuses %s', async (_, wrong) => {
    const other = { pipeline_id: 'p2', spec: { name: 'other' } };
    const sandbox = await open({ seed: { pipelines: [pipeline(), other] } });
    const body = { name: 'ingest', catalog: 'main', ...wrong };
    expect(refusal(await sandbox.send('PUT', `${PATH}/p1`, body))).toEqual(INVALID);
    expect(specOf(sandbox)).toEqual({ name: 'ingest', catalog: 'main', id: 'p1' });
  });

  test('takes the name of another one where that is asked for, or was so before', async () => {
    const other = { pipeline_id: 'p2', spec: { name: 'ingest', catalog: 'main' } };
    const sandbox = await open({
      seed: {
        pipelines: [pipeline(), other, pipeline({ pipeline_id: 'p3', spec: { name: 'x', catalog: 'main' } })],
      },
    });
    const body = { name: 'ingest', catalog: 'main' };
    expect((await sandbox.send('PUT', `${PATH}/p1`, body)).status).toBe(200);
    expect((await sandbox.send('PUT', `${PATH}/p3`, { ...body, allow_duplicate_names: true })).status).toBe(
      200,
    );
  });

  test('takes CAN MANAGE, and rights on whom it shall run as', async () => {
    const identities = [
      { token: 'viewer', user_name: 'v' },
      { token: 'manager', user_name: 'm', can_manage_pipelines: ['p1'] },
    ];
    const run_as = { user_name: 'r' };
    const sandbox = await open({
      seed: { identities, pipelines: [pipeline({ creator_user_name: 'o', run_as })] },
    });
    const put = (body: JsonObject, token: string, id = 'p1') =>
      sandbox.send('PUT', `${PATH}/${id}`, { name: 'ingest', catalog: 'main', ...body }, token);
    expect(refusal(await put({}, 'viewer'))).toEqual(DENIED);
    expect(refusal(await put({}, 'manager', 'none'))).toEqual(MISSING);
    expect(refusal(await put({ run_as: { user_name: 'x' } }, 'manager'))).toEqual(DENIED);
    expect((await put({ run_as }, 'manager')).status).toBe(200);
  });

  test('may be seen late', async () => {
    const sandbox = await opened();
    sandbox.behave({ staleReads: 1 });
    await sandbox.send('PUT', `${PATH}/p1`, { name: 'ingest', catalog: 'main', notifications });
    const read = async () => objectAt((await sandbox.get(`${PATH}/p1`)).body, 'spec')['notifications'];
    expect([await read(), await read()]).toEqual([undefined, notifications]);
  });
});

describe('behind its back', () => {
  test('specs are laid over, and the time of the change moves on', async () => {
    const sandbox = await opened({ last_modified: 5 }, { now: () => 5 });
    await sandbox.post('/__sandbox/pipelines/p1/spec', { notifications, catalog: null });
    expect(specOf(sandbox)).toEqual({
      name: 'ingest',
      id: 'p1',
      storage: 'dbfs:/pipelines/p1',
      notifications,
    });
    expect((await sandbox.get(`${PATH}/p1`)).body['last_modified']).toBe(6);
    expect((await sandbox.post('/__sandbox/pipelines/none/spec', {})).status).toBe(404);
  });

  test('pipelines come and go', async () => {
    const sandbox = await open();
    expect(sandbox.poke.addPipeline(pipeline())).toBe('p1');
    sandbox.poke.deletePipeline('p1');
    expect(sandbox.snapshot().pipelines).toEqual([]);
    expect(() => sandbox.poke.deletePipeline('p1')).toThrow('no pipeline p1');
  });

  test('a snapshot is a seed', async () => {
    const sandbox = await opened({ run_as: { user_name: 'r' }, parameters: { a: 1 } });
    const { snapshot } = await open({ seed: sandbox.snapshot() });
    expect(snapshot()).toEqual(sandbox.snapshot());
  });
});
