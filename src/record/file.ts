import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RecordError } from '../core/errors.ts';
import type { Files, LockTiming, RecordStore } from './port.ts';
import type { RecordScope } from './record.ts';
import { StoredRecord } from './store.ts';

/** A record in a local file, which only its owner may read. */
export function fileRecord(path: string, scope: RecordScope, timing: LockTiming): RecordStore {
  return new StoredRecord({ files: localFiles, path, place: `file ${path}`, timing }, scope);
}

/** The file operations of a record on the local file system. */
export const localFiles: Files = {
  kind: async (path) => {
    const status = await unlessAbsent(stat(path), path);
    if (status === null) return 'absent';
    return status.isFile() ? 'file' : 'other';
  },
  read: async (path) => {
    await orRecordError(refuseShared(path), path);
    return unlessAbsent(readFile(path, 'utf8'), path);
  },
  write: (path, text) => orRecordError(replaceFile(path, text), path),
  create: (path, text) => orRecordError(createFile(path, text), path),
  remove: (path) => orRecordError(rm(path, { force: true }), path),
};

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** A reader sees the old file or the new one, whole, whenever this process dies. */
async function replaceFile(path: string, text: string): Promise<void> {
  await makeParent(path);
  // A link to the file stays a link: what it points at is replaced.
  const real = (await whenThere(realpath(path))) ?? path;
  const draft = join(dirname(real), `.${basename(real)}.${randomUUID()}.tmp`);
  try {
    await writeNew(draft, text);
    await rename(draft, real);
    await syncFolder(dirname(real));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A file that took another's place survives a power cut only once its folder is on the disk; not every system can do that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

async function createFile(path: string, text: string): Promise<boolean> {
  await makeParent(path);
  try {
    await writeNew(path, text);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function makeParent(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  await refuseShared(path);
}

/** To write into a folder takes both; Windows shows no such bits, and has rights of its own. */
const ALL_MAY_WRITE = 0o003;

/** Whoever may write the record decides what is taken for ours. */
async function refuseShared(path: string): Promise<void> {
  const folder = dirname((await whenThere(realpath(path))) ?? path);
  const status = await whenThere(stat(folder));
  if (status === null || (status.mode & ALL_MAY_WRITE) !== ALL_MAY_WRITE) return;
  throw new RecordError(`the record must not lie in ${folder}: everybody on this machine may write there`, {
    code: 'record-shared',
    hint: `chmod o-w ${folder}, or choose another folder with settings.record`,
  });
}

/** Fails with EEXIST where something is; what it could not write completely is removed again. */
async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function unlessAbsent<T>(asked: Promise<T>, path: string): Promise<T | null> {
  return orRecordError(whenThere(asked), path);
}

async function whenThere<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function orRecordError<T>(asked: Promise<T>, path: string): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof RecordError) throw cause;
    throw new RecordError(`the record's file ${path} cannot be used: ${codeOf(cause) ?? 'unknown error'}`, {
      code: 'record-file',
      cause,
      hint: 'look at the path (settings.record), its permissions and the space that is left',
    });
  }
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
