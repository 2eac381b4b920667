import { describe, expect, test } from '@jest/globals';
import { NotFoundError, PermissionError, RecordError, SettingsError } from '../../src/core/errors.ts';
import type { RecordStore } from '../../src/record/port.ts';
import { serialiseRecord } from '../../src/record/record.ts';
import { defaultRecordPath, workspaceFiles, workspaceRecord } from '../../src/record/workspace.ts';
import { aRecord, aTiming, SCOPE } from './support/builders.ts';
import { MemoryWorkspace } from './support/memory-workspace.ts';
import { keepsTheStoreContract } from './support/store-contract.ts';

const PATH = '/Users/sp@example.test/.lakebell/data-platform/prod.json';
const FOLDER = '/Users/sp@example.test/.lakebell/data-platform';
const IMPORT =
  '/api/2.0/workspace-files/import-file/Users%2Fsp%40example.test%2F.lakebell%2Fdata-platform%2Fprod.json';
const OWNER = { owner: 'sp-apply', run: 'laptop' };

describe('a record in a workspace file', () => {
  keepsTheStoreContract(() => {
    const workspace = new MemoryWorkspace();
    return Promise.resolve((scope, timing) => workspaceRecord(workspace, PATH, scope, timing));
  });

  test('makes missing folders once and then sends the file again', async () => {
    const workspace = new MemoryWorkspace();
    const store = storeOn(workspace);
    await store.lock(OWNER);
    await store.save(aRecord());
    expect(workspace.writes).toEqual([
      `${IMPORT}.lock`,
      '/api/2.0/workspace/mkdirs',
      `${IMPORT}.lock`,
      IMPORT,
    ]);
    expect(workspace.files.get(PATH)).toBe(serialiseRecord(aRecord()));
  });

  test('writes the record in one request that may be repeated, and a lock in one that may not', async () => {
    const workspace = new MemoryWorkspace();
    workspace.folders.add(FOLDER);
    const store = storeOn(workspace);
    const lock = await store.lock(OWNER);
    await store.save(aRecord());
    await lock.release();
    const writes = workspace.sent.filter((request) => request.method !== 'GET');
    expect(writes.map(({ delivery, query }) => [delivery, query?.['overwrite']])).toEqual([
      ['create', false],
      ['repeat', true],
      ['create', undefined],
    ]);
    expect([...workspace.files.keys()]).toEqual([PATH]);
  });

  test('only reads while it loads', async () => {
    const workspace = new MemoryWorkspace();
    await storeOn(workspace).load();
    expect(workspace.writes).toEqual([]);
    expect(workspace.sent.map((request) => request.path)).toEqual(['/api/2.0/workspace/get-status']);
  });

  test('refuses a folder instead of reading the archive that its export gives', async () => {
    const workspace = new MemoryWorkspace();
    workspace.folders.add(PATH);
    await expect(storeOn(workspace).load()).rejects.toThrow(
      `the record (workspace file ${PATH}) is not a file`,
    );
  });

  test('refuses a damaged record, and never treats it as empty', async () => {
    const workspace = new MemoryWorkspace();
    workspace.files.set(PATH, '');
    const store = storeOn(workspace);
    await expect(store.load()).rejects.toThrow('is damaged: it is empty');
    await store.lock(OWNER);
    await expect(store.save(aRecord())).rejects.toThrow(RecordError);
    expect(workspace.files.get(PATH)).toBe('');
  });

  test('says that the folder may not be written to when it stays missing', async () => {
    const workspace = new MemoryWorkspace();
    workspace.hidden.add(FOLDER);
    const refused = await storeOn(workspace)
      .lock(OWNER)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PermissionError);
    expect(refused).toMatchObject({
      exitCode: 3,
      message: `this identity may not write to the record's folder ${FOLDER}`,
    });
  });

  test('says that a file lies where a folder has to be', async () => {
    const workspace = new MemoryWorkspace();
    workspace.files.set('/Users/sp@example.test/.lakebell', '');
    await expect(storeOn(workspace).lock(OWNER)).rejects.toThrow('something else lies on its path');
  });

  test('does not take a missing permission for an absent record', async () => {
    const workspace = new MemoryWorkspace();
    workspace.fault = () => 'forbidden';
    await expect(storeOn(workspace).load()).rejects.toThrow(PermissionError);
  });

  test('does not make folders on a server that has no such API', async () => {
    const workspace = new MemoryWorkspace();
    const send = workspace.send.bind(workspace);
    workspace.send = (request) =>
      request.path.includes('import-file') ? send({ ...request, path: '/api/2.0/none' }) : send(request);
    await expect(storeOn(workspace).lock(OWNER)).rejects.toThrow(NotFoundError);
    expect(workspace.writes).toEqual(['/api/2.0/none']);
  });

  test.each(['lost-before', 'lost-after'] as const)(
    'takes and releases its lock when answers are %s',
    async (kind) => {
      const workspace = new MemoryWorkspace();
      workspace.folders.add(FOLDER);
      const lostPaths = new Set<string>();
      workspace.fault = ({ method, path }) => {
        if (method === 'GET' || lostPaths.has(path)) return undefined;
        lostPaths.add(path);
        return kind;
      };
      const store = storeOn(workspace);
      const lock = await store.lock(OWNER);
      expect((await store.readLock())?.id).toBe(lock.id);
      await lock.release();
      expect(workspace.files.size).toBe(0);
      expect(lostPaths.size).toBe(2);
    },
  );
});

describe('workspaceFiles', () => {
  test('removes a file, and does not mind a missing one', async () => {
    const workspace = new MemoryWorkspace();
    workspace.files.set(PATH, 'x');
    const files = workspaceFiles(workspace);
    await files.remove(PATH);
    await files.remove(PATH);
    expect(await files.read(PATH)).toBeNull();
    expect(await files.kind(PATH)).toBe('absent');
  });
});

describe('the path of a record', () => {
  test('lies in the folder of the identity by default, by configuration and target', () => {
    expect(defaultRecordPath('sp@example.test', 'data-platform', 'prod')).toBe(PATH);
    expect(defaultRecordPath('sp@example.test', 'a/b', null)).toBe(
      '/Users/sp@example.test/.lakebell/a%2Fb/default.json',
    );
  });

  test('is the same file with and without the /Workspace prefix', () => {
    const [short, long] = [PATH, `/Workspace${PATH}`].map((path) =>
      workspaceRecord(new MemoryWorkspace(), path, SCOPE, aTiming()).describe(),
    );
    expect(long).toBe(short);
    expect(short).toBe(`workspace file ${PATH}`);
  });

  test.each([
    '/Shared/r.json',
    '/Workspace/Shared/team/r.json',
    '/shared/r.json',
    '/Workspace/Workspace/Shared/r.json',
  ])('may not be %s, where all users may write', (path) => {
    expect(() => workspaceRecord(new MemoryWorkspace(), path, SCOPE, aTiming())).toThrow(RecordError);
  });

  test.each([
    '',
    'r.json',
    '/Users/x/',
    '/Users/x/r',
    '/Users/x/../../Shared/r.json',
    '/Users//r.json',
    '/Users/./r.json',
  ])('may not be %j, which names no file', (path) => {
    expect(() => workspaceRecord(new MemoryWorkspace(), path, SCOPE, aTiming())).toThrow(SettingsError);
  });
});

function storeOn(workspace: MemoryWorkspace): RecordStore {
  return workspaceRecord(workspace, PATH, SCOPE, aTiming());
}
