import { afterEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordError } from '../../src/core/errors.ts';
import { fileRecord, localFiles } from '../../src/record/file.ts';
import { serialiseRecord } from '../../src/record/record.ts';
import { aRecord, aTiming, SCOPE } from './support/builders.ts';
import { keepsTheStoreContract } from './support/store-contract.ts';

const OWNER = { owner: 'sp-apply', run: 'laptop' };
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

describe('a record in a local file', () => {
  keepsTheStoreContract(async () => {
    const path = join(await aFolder(), 'deep', 'er', 'record.json');
    return (scope, timing) => fileRecord(path, scope, timing);
  });

  test('in a folder that everybody may write to is refused, to read it and to write it', async () => {
    const folder = await aFolder();
    const path = join(folder, 'record.json');
    const store = fileRecord(path, SCOPE, aTiming());
    await store.lock(OWNER);
    await store.save(aRecord());
    await chmod(folder, 0o777);
    await expect(store.load()).rejects.toMatchObject({ code: 'record-shared' });
    await expect(store.save(aRecord({ serial: 1 }))).rejects.toMatchObject({ code: 'record-shared' });
    await chmod(folder, 0o775);
    await expect(store.load()).resolves.toMatchObject({ lineage: aRecord().lineage });
  });

  test('is readable by its owner only, and leaves no draft beside it', async () => {
    const folder = await aFolder();
    const path = join(folder, 'record.json');
    const store = fileRecord(path, SCOPE, aTiming());
    const lock = await store.lock(OWNER);
    await store.save(aRecord());
    await store.save(aRecord({ serial: 1 }));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(`${path}.lock`)).mode & 0o777).toBe(0o600);
    await lock.release();
    expect(await readdir(folder)).toEqual(['record.json']);
    expect(store.describe()).toBe(`file ${path}`);
  });

  test('refuses a record that was cut short', async () => {
    const path = join(await aFolder(), 'record.json');
    await writeFile(path, serialiseRecord(aRecord()).slice(0, 100));
    await expect(fileRecord(path, SCOPE, aTiming()).load()).rejects.toThrow('cut short');
  });

  test('refuses a folder', async () => {
    const path = join(await aFolder(), 'record.json');
    await mkdir(path);
    await expect(fileRecord(path, SCOPE, aTiming()).load()).rejects.toThrow('is not a file');
  });
});

describe('localFiles', () => {
  test('replaces the file that a link points at, and keeps the link', async () => {
    const folder = await aFolder();
    const [real, link] = [join(folder, 'real.json'), join(folder, 'link.json')];
    await writeFile(real, 'old');
    await symlink(real, link);
    await localFiles.write(link, 'new');
    expect(await readFile(real, 'utf8')).toBe('new');
  });

  test('leaves the old file and no draft when it cannot be replaced', async () => {
    const folder = await aFolder();
    const path = join(folder, 'taken');
    await mkdir(join(path, 'inside'), { recursive: true });
    await expect(localFiles.write(path, 'new')).rejects.toThrow(RecordError);
    expect(await readdir(folder)).toEqual(['taken']);
  });

  test('creates a file once', async () => {
    const path = join(await aFolder(), 'lock');
    expect(await localFiles.create(path, 'mine')).toBe(true);
    expect(await localFiles.create(path, 'yours')).toBe(false);
    expect(await localFiles.read(path)).toBe('mine');
  });

  test('says what the file system said', async () => {
    const path = join(await aFolder(), 'file');
    await writeFile(path, '');
    const below = join(path, 'record.json');
    await expect(localFiles.read(below)).rejects.toMatchObject({
      code: 'record-file',
      message: `the record's file ${below} cannot be used: ENOTDIR`,
    });
    await expect(localFiles.create(below, '')).rejects.toThrow(RecordError);
  });
});

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lakebell-record-'));
  folders.push(folder);
  return folder;
}
