import { describe, expect, test } from '@jest/globals';
import { listAt } from '../../../src/sandbox/json.ts';
import { type Client, field, open, refusal, type Reply } from '../client.ts';

const PATH = '/api/2.0/workspace';
const HOME = '/Users/admin@sandbox.test';
const INVALID = [400, 'INVALID_PARAMETER_VALUE'];
const MISSING = [404, 'RESOURCE_DOES_NOT_EXIST'];

async function importFile(sandbox: Client, path: string, content: string, overwrite = false): Promise<Reply> {
  const url = `${PATH}-files/import-file/${encodeURIComponent(path.slice(1))}?overwrite=${String(overwrite)}`;
  return sandbox.post(url, Buffer.from(content));
}

async function importJson(
  sandbox: Client,
  path: string,
  rest: Record<string, string | boolean>,
): Promise<Reply> {
  return sandbox.post(`${PATH}/import`, { path, content: Buffer.from('text').toString('base64'), ...rest });
}

async function read(sandbox: Client, path: string): Promise<Reply> {
  return sandbox.get(`${PATH}/export?path=${encodeURIComponent(path)}&direct_download=true`);
}

async function stat(sandbox: Client, path: string): Promise<Reply> {
  return sandbox.get(`${PATH}/get-status?path=${encodeURIComponent(path)}`);
}

describe('import-file', () => {
  test('writes raw bytes below the home folder of an identity', async () => {
    const sandbox = await open();
    expect((await importFile(sandbox, `${HOME}/record.json`, '{"ä": "\\u0000"}')).status).toBe(200);
    const reply = await read(sandbox, `${HOME}/record.json`);
    expect([reply.status, reply.text]).toEqual([200, '{"ä": "\\u0000"}']);
    expect(reply.headers.get('content-type')).toBe('application/octet-stream');
  });

  test('takes a path whose slashes are not escaped', async () => {
    const sandbox = await open();
    const reply = await sandbox.post(
      `${PATH}-files/import-file/Workspace/Shared/a%20b.json`,
      Buffer.from('x'),
    );
    expect(reply.status).toBe(200);
    expect(sandbox.snapshot().files).toEqual([{ path: '/Shared/a b.json', content: 'x' }]);
  });

  test('refuses an existing file with 409 unless it may overwrite', async () => {
    const sandbox = await open();
    await importFile(sandbox, '/Shared/a', 'one');
    const refused = await importFile(sandbox, '/Workspace/Shared/a', 'two');
    expect(refusal(refused)).toEqual([409, 'RESOURCE_ALREADY_EXISTS']);
    expect((await read(sandbox, '/Shared/a')).text).toBe('one');
    expect((await importFile(sandbox, '/Shared/a', 'three', true)).status).toBe(200);
    expect((await read(sandbox, '/Workspace/Shared/a')).text).toBe('three');
  });

  test('lets exactly one of many creators win', async () => {
    const sandbox = await open();
    const racers = Array.from({ length: 12 }, (_, index) => `racer ${index}`);
    const replies = await Promise.all(racers.map((racer) => importFile(sandbox, '/Shared/lock', racer)));
    const winner = replies.findIndex((reply) => reply.status === 200);
    expect(replies.map((reply) => reply.status).sort((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 11 }, () => 409),
    ]);
    expect((await read(sandbox, '/Shared/lock')).text).toBe(racers[winner]);
  });

  test('creates no parents', async () => {
    const sandbox = await open();
    const reply = await importFile(sandbox, '/Shared/deep/er/a', 'x');
    expect([...refusal(reply), reply.body['message']]).toEqual([
      ...MISSING,
      'The parent folder (/Shared/deep/er) does not exist.',
    ]);
    expect((await sandbox.post(`${PATH}/mkdirs`, { path: '/Shared/deep/er' })).status).toBe(200);
    expect((await importFile(sandbox, '/Shared/deep/er/a', 'x')).status).toBe(200);
    expect(refusal(await importFile(sandbox, '/Shared/deep/er/a/b', 'x'))).toEqual(MISSING);
  });

  test('does not overwrite a folder', async () => {
    const sandbox = await open();
    expect((await importFile(sandbox, HOME, 'x')).status).toBe(409);
    expect(refusal(await importFile(sandbox, HOME, 'x', true))).toEqual(INVALID);
  });

  test('turns a source with a notebook header into a notebook without extension', async () => {
    const sandbox = await open();
    await importFile(sandbox, '/Shared/job.py', '# Databricks notebook source\nprint(1)');
    expect((await stat(sandbox, '/Shared/job')).body).toMatchObject({
      object_type: 'NOTEBOOK',
      path: '/Shared/job',
    });
    await importFile(sandbox, '/Shared/plain.py', 'print(1)');
    expect((await stat(sandbox, '/Shared/plain.py')).body).toMatchObject({ object_type: 'FILE' });
  });

  test('writes through stale reads, since locks read back at once', async () => {
    const sandbox = await open({ behaviour: { staleReads: 3 } });
    await importFile(sandbox, '/Shared/lock', 'mine');
    expect((await read(sandbox, '/Shared/lock')).text).toBe('mine');
  });
});

describe('import', () => {
  test('decodes base64, and says that a path exists with an empty code', async () => {
    const sandbox = await open();
    expect((await importJson(sandbox, '/Shared/a', { format: 'AUTO' })).status).toBe(200);
    expect((await read(sandbox, '/Shared/a')).text).toBe('text');
    const refused = await importJson(sandbox, '/Shared/a', { format: 'AUTO' });
    expect([...refusal(refused), refused.body['message']]).toEqual([
      400,
      '',
      'RESOURCE_ALREADY_EXISTS: Path (/Shared/a) already exists.',
    ]);
    expect((await importJson(sandbox, '/Shared/a', { format: 'RAW', overwrite: true })).status).toBe(200);
  });

  test('makes a notebook by default, which needs a language', async () => {
    const sandbox = await open();
    expect(refusal(await importJson(sandbox, '/Shared/n', {}))).toEqual(INVALID);
    expect((await importJson(sandbox, '/Shared/n', { language: 'PYTHON' })).status).toBe(200);
    expect((await stat(sandbox, '/Shared/n')).body['object_type']).toBe('NOTEBOOK');
  });

  test('refuses more than 10 MB, and so does an export that is no download', async () => {
    const sandbox = await open();
    const content = 'x'.repeat(10 * 1024 * 1024 + 1);
    const body = { path: '/Shared/a', format: 'AUTO', content: Buffer.from(content).toString('base64') };
    expect(refusal(await sandbox.post(`${PATH}/import`, body))).toEqual([400, 'MAX_NOTEBOOK_SIZE_EXCEEDED']);
    expect((await importFile(sandbox, '/Shared/a', content)).status).toBe(200);
    const exported = await sandbox.get(`${PATH}/export?path=/Shared/a`);
    expect(refusal(exported)).toEqual([400, 'MAX_NOTEBOOK_SIZE_EXCEEDED']);
    expect((await read(sandbox, '/Shared/a')).text).toHaveLength(content.length);
  });
});

describe('export and status', () => {
  test('gives base64 without download, and an archive of a folder', async () => {
    const sandbox = await open({ seed: { files: [{ path: '/Shared/a', content: 'hello' }] } });
    const reply = await sandbox.get(`${PATH}/export?path=/Workspace/Shared/a`);
    expect(Buffer.from(field(reply, 'content'), 'base64').toString()).toBe('hello');
    expect((await read(sandbox, '/Shared')).text.startsWith('PK')).toBe(true);
  });

  test('tells type, size and times', async () => {
    let nowMs = 1000;
    const sandbox = await open({ now: () => nowMs });
    await importFile(sandbox, '/Shared/a', 'hello');
    nowMs = 2000;
    await importFile(sandbox, '/Shared/a', 'hello!', true);
    expect((await stat(sandbox, '/Shared/a')).body).toMatchObject({
      object_type: 'FILE',
      path: '/Shared/a',
      size: 6,
      created_at: 1000,
      modified_at: 2000,
    });
    expect((await stat(sandbox, '/Shared')).body).toMatchObject({ object_type: 'DIRECTORY' });
  });

  test('answers 404 for what is missing and 400 for what is no path', async () => {
    const sandbox = await open();
    expect(refusal(await read(sandbox, '/Shared/none'))).toEqual(MISSING);
    expect(refusal(await stat(sandbox, '/Shared/none'))).toEqual(MISSING);
    expect(refusal(await sandbox.get(`${PATH}/list?path=/none`))).toEqual(MISSING);
    expect(refusal(await sandbox.get(`${PATH}/get-status`))).toEqual(INVALID);
    expect(refusal(await stat(sandbox, 'Shared/a'))).toEqual(INVALID);
    expect(refusal(await stat(sandbox, '/Shared/../Users'))).toEqual(INVALID);
  });
});

describe('folders', () => {
  test('list their direct children', async () => {
    const files = [
      { path: '/Shared/f/a', content: '1' },
      { path: '/Shared/f/g/b', content: '2' },
    ];
    const sandbox = await open({ seed: { files } });
    const reply = await sandbox.get(`${PATH}/list?path=/Workspace/Shared/f`);
    const paths = listAt(reply.body, 'objects').map((node) => JSON.stringify(node));
    expect(paths).toEqual([
      expect.stringContaining('"path":"/Shared/f/a"'),
      expect.stringContaining('"/Shared/f/g"'),
    ]);
    expect((await sandbox.get(`${PATH}/list?path=/Shared/f/a`)).body['objects']).toHaveLength(1);
    expect((await sandbox.get(`${PATH}/list?path=${HOME}`)).body).toEqual({});
    expect((await sandbox.get(`${PATH}/list?path=/`)).body['objects']).toHaveLength(3);
  });

  test('are made twice without complaint, but not over a file', async () => {
    const sandbox = await open({ seed: { files: [{ path: '/Shared/a', content: '' }] } });
    expect((await sandbox.post(`${PATH}/mkdirs`, { path: '/Shared/x/y' })).status).toBe(200);
    expect((await sandbox.post(`${PATH}/mkdirs`, { path: '/Shared/x/y' })).status).toBe(200);
    expect(refusal(await sandbox.post(`${PATH}/mkdirs`, { path: '/Shared/a/b' }))).toEqual([
      400,
      'RESOURCE_ALREADY_EXISTS',
    ]);
  });

  test('are deleted when empty, or recursively', async () => {
    const files = ['/Shared/f/a', '/Shared/f/g/b', '/Shared/fa'].map((path) => ({ path, content: '' }));
    const sandbox = await open({ seed: { files } });
    expect(refusal(await sandbox.post(`${PATH}/delete`, { path: '/Shared/f' }))).toEqual([
      400,
      'DIRECTORY_NOT_EMPTY',
    ]);
    expect((await sandbox.post(`${PATH}/delete`, { path: '/Shared/f', recursive: true })).status).toBe(200);
    expect(sandbox.snapshot().files).toEqual([{ path: '/Shared/fa', content: '' }]);
    expect(refusal(await sandbox.post(`${PATH}/delete`, { path: '/Shared/f' }))).toEqual(MISSING);
    expect(refusal(await sandbox.post(`${PATH}/delete`, { path: '/', recursive: true }))).toEqual(INVALID);
    expect((await sandbox.post(`${PATH}/delete`, { path: '/Workspace/Shared/fa' })).status).toBe(200);
  });
});
