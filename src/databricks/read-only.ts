import { InternalError } from '../core/errors.ts';
import type { Transport } from './wire.ts';

/** A transport that cannot write: every command but those that may change the workspace gets this one. */
export function readOnly(transport: Transport): Transport {
  return async (request) => {
    if (request.method !== 'GET') {
      throw new InternalError(`a read-only run tried to send ${request.method} ${request.path}`);
    }
    return transport(request);
  };
}
