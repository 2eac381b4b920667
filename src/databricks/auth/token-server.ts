import type { Attributes } from './attributes.ts';
import { createDescription, type DescribeHost, type HostMetadata } from './host-metadata.ts';
import type { Send } from './sender.ts';
import { TOKEN_PATH } from './token-refusal.ts';

/** Who gives tokens for a host, and for whom identity tokens must be there. */
export type TokenServer = {
  /** The path of its token endpoint, always on the host itself. */
  readonly path: () => Promise<string>;
  readonly audience: () => Promise<string>;
};

type Known = Pick<Attributes, 'audience' | 'accountId' | 'workspaceId'>;

/**
 * As in the Databricks SDKs, but that the host is asked about itself only where that can matter: for an audience that nobody
 * set, and for the endpoint where somebody names a workspace, as on hosts that serve several.
 * @returns one for each sign-in
 */
export function createTokenServer(known: Known, origin: string, send: Send): () => TokenServer {
  const description = createDescription(send);
  return () => {
    const describe = description();
    return {
      path: async () =>
        known.workspaceId === undefined ? TOKEN_PATH : pathIn(await describe(), known, origin),
      audience: async () => known.audience?.value ?? (await audienceBy(describe, known, origin)),
    };
  };
}

/** What the host names first; the account where one host serves several workspaces; else the endpoint itself. */
async function audienceBy(describe: DescribeHost, known: Known, origin: string): Promise<string> {
  const metadata = await describe();
  if (metadata?.audience !== undefined) return metadata.audience;
  const account = known.accountId?.value ?? metadata?.accountId;
  if (metadata !== undefined && metadata.workspaceId === undefined && account !== undefined) return account;
  return origin + (known.workspaceId === undefined ? TOKEN_PATH : pathIn(metadata, known, origin));
}

function pathIn(metadata: HostMetadata | undefined, { accountId }: Known, origin: string): string {
  if (metadata?.oidcEndpoint === undefined) return TOKEN_PATH;
  const account = accountId?.value ?? metadata.accountId ?? '';
  return pathAt(metadata.oidcEndpoint.replaceAll('{account_id}', account), origin) ?? TOKEN_PATH;
}

/** Nothing secret goes elsewhere, whatever a host says: only an account's endpoint on the same origin is taken. */
function pathAt(address: string, origin: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const base = /^\/oidc\/accounts\/[\w-]+/.exec(url.pathname)?.[0];
  if (url.origin !== origin || url.pathname.replace(/\/$/, '') !== base) return undefined;
  return `${base}/v1/token`;
}
