import { isObject, wordOf } from '../json.ts';
import { ONE_TRY, type Send } from './sender.ts';

/** What a host says of itself to everybody. */
export type HostMetadata = {
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

const METADATA_PATH = '/.well-known/databricks-config';

async function readMetadata(send: Send): Promise<HostMetadata | undefined> {
  const request = { method: 'GET', path: METADATA_PATH, target: METADATA_PATH, headers: {} } as const;
  const { body } = await send(request, ONE_TRY);
  if (!isObject(body)) return undefined;
  const { token_federation_default_oidc_audiences: audiences } = body;
  return {
    workspaceId: wordOf(body['workspace_id']),
    accountId: wordOf(body['account_id']),
    oidcEndpoint: wordOf(body['oidc_endpoint']),
    audience: Array.isArray(audiences) ? wordOf(audiences[0]) : undefined,
  };
}
