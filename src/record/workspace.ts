import { posix } from 'node:path';
import {
  ConflictError,
  NotFoundError,
  PermissionError,
  RecordError,
  SettingsError,
  type ApiFailure,
} from '../core/errors.ts';
import type { ApiClient, ApiRequest, ApiResponse } from '../kinds/client.ts';
import { isObject } from './check.ts';
import type { Files, LockTiming, RecordStore } from './port.ts';
import type { RecordScope } from './record.ts';
import { StoredRecord } from './store.ts';

/** A record in a workspace file. @throws SettingsError or RecordError when it may not lie at that path. */
export function workspaceRecord(
  client: ApiClient,
  path: string,
  scope: RecordScope,
  timing: LockTiming,
): RecordStore {
  const checked = checkedPath(path);
  const site = { files: workspaceFiles(client), path: checked, place: `workspace file ${checked}`, timing };
  return new StoredRecord(site, scope);
}

/** Where the record of a configuration and target lies when `settings.record` names no path. */
export function defaultRecordPath(userName: string, config: string, target: string | null): string {
  return `/Users/${asSegment(userName)}/.lakebell/${asSegment(config)}/${asSegment(target ?? 'default')}.json`;
}

/** The file operations of a record over the workspace API (facts §7). */
export function workspaceFiles(client: ApiClient): Files {
  return {
    kind: (path) => kindOf(client, path),
    read: (path) => exportFile(client, path),
    write: (path, text) => importFile(client, path, text, true),
    create: async (path, text) => {
      try {
        await importFile(client, path, text, false);
        return true;
      } catch (error) {
        if (error instanceof ConflictError) return false;
        throw error;
      }
    },
    remove: (path) => deleteFile(client, path),
  };
}

const WORKSPACE = '/api/2.0/workspace';
const EXTENSION = '.json';

/** `/Workspace/x` and `/x` are one path; the short form is what we send. */
function checkedPath(path: string): string {
  const short = path.replace(/^(\/Workspace)+(?=\/)/i, '');
  const segments = short.split('/').slice(1);
  const isPlain = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  // A file of another extension may become a notebook when it is imported (facts §7).
  if (!short.startsWith('/') || !isPlain || !short.endsWith(EXTENSION)) {
    throw new SettingsError(
      `settings.record: ${path} is not the path of a workspace file that ends in ${EXTENSION}`,
      { hint: `for example /Workspace/Users/sp@example.com/notifications${EXTENSION}` },
    );
  }
  if (segments[0]?.toLowerCase() === 'shared') {
    throw new RecordError(`the record may not lie at ${path}: all users may write to /Workspace/Shared`, {
      code: 'record-shared',
      hint: 'choose a folder that only the identities of plan and apply may write to',
    });
  }
  return short;
}

function asSegment(name: string): string {
  return name.replace(/[/%\\]/g, encodeURIComponent);
}

async function kindOf(client: ApiClient, path: string): Promise<'absent' | 'file' | 'other'> {
  const query = { path };
  const answer = await orNull(client, {
    method: 'GET',
    path: `${WORKSPACE}/get-status`,
    query,
    delivery: 'repeat',
  });
  if (answer === null) return 'absent';
  const { body } = answer;
  return isObject(body) && 'object_type' in body && body.object_type === 'FILE' ? 'file' : 'other';
}

async function exportFile(client: ApiClient, path: string): Promise<string | null> {
  const answer = await orNull(client, {
    method: 'GET',
    path: `${WORKSPACE}/export`,
    query: { path, direct_download: true },
    delivery: 'repeat',
    answer: 'text',
  });
  if (answer === null) return null;
  return typeof answer.body === 'string' ? answer.body : '';
}

/** Import makes no folders (facts §7): a missing one is made, then it is sent once more. */
async function importFile(client: ApiClient, path: string, text: string, overwrite: boolean): Promise<void> {
  const request: ApiRequest = {
    method: 'POST',
    path: `${WORKSPACE}-files/import-file/${encodeURIComponent(path.slice(1))}`,
    query: { overwrite },
    bytes: text,
    delivery: overwrite ? 'repeat' : 'create',
  };
  const missing = await refusal(client, request);
  if (missing === null) return;
  const folder = posix.dirname(path);
  await makeFolder(client, folder);
  const refused = await refusal(client, request);
  if (refused !== null) throw notWritable(folder, refused);
}

/** The 404 that a write was answered with, or `null` when it went through. */
async function refusal(client: ApiClient, request: ApiRequest): Promise<NotFoundError | null> {
  try {
    await client.send(request);
    return null;
  } catch (error) {
    if (error instanceof NotFoundError && error.errorCode !== 'ENDPOINT_NOT_FOUND') return error;
    throw error;
  }
}

async function makeFolder(client: ApiClient, folder: string): Promise<void> {
  try {
    await client.send({
      method: 'POST',
      path: `${WORKSPACE}/mkdirs`,
      body: { path: folder },
      delivery: 'repeat',
    });
  } catch (cause) {
    if (!(cause instanceof ConflictError)) throw cause;
    throw new RecordError(`the record's folder ${folder} cannot be made: something else lies on its path`, {
      cause,
      hint: 'choose another path (settings.record)',
    });
  }
}

/** A folder that one may not see is answered with 404, too. */
function notWritable(folder: string, error: NotFoundError): PermissionError {
  const { method, path, status, requestId } = error;
  const failure: ApiFailure = {
    method,
    path,
    status,
    ...(requestId === undefined ? {} : { requestId }),
    hint: 'grant this identity CAN_EDIT on the folder, or choose another path (settings.record)',
  };
  return new PermissionError(`this identity may not write to the record's folder ${folder}`, failure);
}

/** Not sent twice blindly: by then the file may be somebody else's. */
async function deleteFile(client: ApiClient, path: string): Promise<void> {
  await orNull(client, {
    method: 'POST',
    path: `${WORKSPACE}/delete`,
    body: { path, recursive: false },
    delivery: 'create',
  });
}

async function orNull(client: ApiClient, request: ApiRequest): Promise<ApiResponse | null> {
  try {
    return await client.send(request);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
