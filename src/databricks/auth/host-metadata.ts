import type { Json } from '../../kinds/client.ts';
import { isObject, wordOf } from '../json.ts';
import { ONE_TRY, type Send } from './sender.ts';

/** What a host says of itself to everybody. */
export type HostMetadata = {
  /** `workspace`, `account` or `unified`. */
  readonly hostType: string | undefined;
  readonly cloud: string | undefined;
  /** Undefined where one host serves several workspaces. */
  readonly workspaceId: string | undefined;
  readonly accountId: string | undefined;
  /** An address in which `{account_id}` may stand. */
  readonly oidcEndpoint: string | undefined;
  /** For whom identity tokens should be, where nobody says so. */
  readonly audience: string | undefined;
};

/** Undefined where the host says nothing about itself, as older ones do. */
export type DescribeHost = () => Promise<HostMetadata | undefined>;

/** @returns for each sign-in one that asks at most once, and not where the host has answered before */
export function createDescription(send: Send): () => DescribeHost {
  let known: HostMetadata | undefined;
  const read = async (): Promise<HostMetadata | undefined> => (known = await readMetadata(send));
  return () => {
    let asked: Promise<HostMetadata | undefined> | undefined;
    return async () => known ?? (asked ??= read());
  };
}

const PATH = '/.well-known/databricks-config';

export const METADATA_REQUEST = { method: 'GET', path: PATH, target: PATH, headers: {} } as const;

async function readMetadata(send: Send): Promise<HostMetadata | undefined> {
  return metadataIn((await send(METADATA_REQUEST, ONE_TRY)).body);
}

/** Undefined for what is no answer of a host about itself. */
export function metadataIn(body: Json | undefined): HostMetadata | undefined {
  if (!isObject(body)) return undefined;
  const { token_federation_default_oidc_audiences: audiences } = body;
  return {
    hostType: wordOf(body['host_type'])?.toLowerCase(),
    cloud: wordOf(body['cloud']),
    workspaceId: wordOf(body['workspace_id']),
    accountId: wordOf(body['account_id']),
    oidcEndpoint: wordOf(body['oidc_endpoint']),
    audience: Array.isArray(audiences) ? wordOf(audiences[0]) : undefined,
  };
}
