import type { Json } from '../../kinds/client.ts';
import { isObject, wordOf } from '../json.ts';
import { ONE_TRY, type Send } from './sender.ts';
import { tokenUrl } from './token-endpoint.ts';

/**
 * For whom an identity token is: what was set, else what the host names first, else its token endpoint, as in the
 * Databricks SDKs.
 */
export function createAudience(set: string | undefined, origin: string, send: Send): () => Promise<string> {
  let known = set;
  return async () => {
    known ??= await readDefaultAudience(send);
    return known ?? tokenUrl(origin);
  };
}

const METADATA_PATH = '/.well-known/databricks-config';

/** Undefined where the host says nothing about itself, as older ones do. */
async function readDefaultAudience(send: Send): Promise<string | undefined> {
  const request = { method: 'GET', path: METADATA_PATH, target: METADATA_PATH, headers: {} } as const;
  const { body } = await send(request, ONE_TRY);
  const audiences: Json | undefined = isObject(body)
    ? body['token_federation_default_oidc_audiences']
    : undefined;
  return Array.isArray(audiences) ? wordOf(audiences[0]) : undefined;
}
