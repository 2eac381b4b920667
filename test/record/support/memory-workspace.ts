import {
  ConflictError,
  LostAnswerError,
  NotFoundError,
  PermissionError,
  type ApiFailure,
} from '../../../src/core/errors.ts';
import type { ApiClient, ApiRequest, ApiResponse, Json } from '../../../src/kinds/client.ts';

type Fault = 'lost-before' | 'lost-after' | 'forbidden' | undefined;

/** The workspace file API as facts §7 tell it, seen through the client port: 404, 409, parents, archives of folders. */
export class MemoryWorkspace implements ApiClient {
  readonly files = new Map<string, string>();
  readonly folders = new Set<string>(['/', '/Users', '/Users/sp@example.test']);
  /** Folders that answer a write with 404, as they do to an identity that may not see them. */
  readonly hidden = new Set<string>();
  readonly sent: ApiRequest[] = [];
  /** Asked once for every request. */
  fault: (request: ApiRequest) => Fault = () => undefined;

  get writes(): readonly string[] {
    return this.sent.filter((request) => request.method !== 'GET').map((request) => request.path);
  }

  async send(request: ApiRequest): Promise<ApiResponse> {
    this.sent.push(request);
    await Promise.resolve();
    const fault = this.fault(request);
    if (fault === 'forbidden') throw new PermissionError('forbidden', failure(request, 403));
    if (fault === 'lost-before') throw new LostAnswerError('lost', failure(request, 0));
    const body = this.#answer(request);
    if (fault === 'lost-after') throw new LostAnswerError('lost', failure(request, 0));
    return { status: 200, headers: {}, body };
  }

  async *pages(): AsyncIterable<never> {}

  #answer(request: ApiRequest): Json {
    const prefix = '/api/2.0/workspace-files/import-file/';
    if (request.path.startsWith(prefix)) {
      const path = `/${decodeURIComponent(request.path.slice(prefix.length))}`;
      return this.#import(request, path);
    }
    const path = this.#pathOf(request);
    switch (`${request.method} ${request.path}`) {
      case 'GET /api/2.0/workspace/get-status':
        return this.#status(request, path);
      case 'GET /api/2.0/workspace/export':
        return this.#export(request, path);
      case 'POST /api/2.0/workspace/delete':
        if (!this.files.delete(path)) throw new NotFoundError('not there', failure(request, 404));
        return {};
      case 'POST /api/2.0/workspace/mkdirs':
        return this.#mkdirs(request, path);
      default:
        throw new NotFoundError('No API found', {
          ...failure(request, 404),
          errorCode: 'ENDPOINT_NOT_FOUND',
        });
    }
  }

  #pathOf(request: ApiRequest): string {
    if (request.method === 'GET') return String(request.query?.['path']);
    const body = request.body;
    const path = typeof body === 'object' && body !== null && 'path' in body ? body.path : '';
    return typeof path === 'string' ? path : '';
  }

  #import(request: ApiRequest, path: string): Json {
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (!this.folders.has(parent) || this.hidden.has(parent))
      throw new NotFoundError('The parent folder does not exist.', failure(request, 404));
    const isThere = this.files.has(path) || this.folders.has(path);
    if (this.folders.has(path) || (isThere && request.query?.['overwrite'] !== true))
      throw new ConflictError('already exists', failure(request, 409));
    this.files.set(path, request.bytes ?? '');
    return null;
  }

  #status(request: ApiRequest, path: string): Json {
    if (this.files.has(path)) return { object_type: 'FILE', path };
    if (this.folders.has(path)) return { object_type: 'DIRECTORY', path };
    throw new NotFoundError('RESOURCE_DOES_NOT_EXIST', failure(request, 404));
  }

  #export(request: ApiRequest, path: string): Json {
    if (this.folders.has(path)) return 'PK\u0003\u0004 an archive';
    const text = this.files.get(path);
    if (text === undefined) throw new NotFoundError('RESOURCE_DOES_NOT_EXIST', failure(request, 404));
    return request.answer === 'text' && request.query?.['direct_download'] === true
      ? text
      : { content: Buffer.from(text).toString('base64') };
  }

  #mkdirs(request: ApiRequest, path: string): Json {
    const parts = path.split('/').slice(1);
    for (const [index] of parts.entries()) {
      const folder = `/${parts.slice(0, index + 1).join('/')}`;
      if (this.files.has(folder)) throw new ConflictError('RESOURCE_ALREADY_EXISTS', failure(request, 409));
      this.folders.add(folder);
    }
    return {};
  }
}

function failure(request: ApiRequest, status: number): ApiFailure {
  return { method: request.method, path: request.path, status };
}
