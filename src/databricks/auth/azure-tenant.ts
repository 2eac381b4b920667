import { AuthError, SettingsError } from '../../core/errors.ts';
import { decodeError } from '../decode-error.ts';
import type { RetryPolicy } from '../retry.ts';
import type { Answer, Exchange } from '../wire.ts';
import type { Attribute } from './attributes.ts';
import type { Send } from './sender.ts';

/** The tenant of Entra ID that a workspace belongs to; undefined where it does not tell. */
export type TenantSource = (policy: RetryPolicy) => Promise<string | undefined>;

type Workspace = { readonly origin: string; readonly send: Send };

/**
 * The one that is set, else the one to whose login the workspace redirects.
 * @throws SettingsError for one that cannot be a tenant
 */
export function createTenant(set: Attribute<string> | undefined, workspace: Workspace): TenantSource {
  if (set !== undefined && !isTenant(set.value)) {
    throw new SettingsError(`${set.from} is not a tenant of Entra ID`, {
      hint: "it is the tenant's id or its domain",
    });
  }
  let known = set?.value;
  return async (policy) => {
    known ??= await readTenant(workspace, policy);
    return known;
  };
}

/** @throws AuthError */
export async function requireTenant(
  tenantOf: TenantSource,
  origin: string,
  policy: RetryPolicy,
): Promise<string> {
  const tenant = await tenantOf(policy);
  if (tenant !== undefined) return tenant;
  throw new AuthError(`${origin} does not tell which tenant of Entra ID it belongs to`, {
    hint: 'set ARM_TENANT_ID to the id of the tenant',
  });
}

const LOGIN_PATH = '/aad/auth';

/**
 * The redirect is read, never followed. Of where it leads, only the tenant is taken: the server stays ours.
 * @throws UnavailableError, RateLimitError where the workspace does not answer
 */
async function readTenant({ origin, send }: Workspace, policy: RetryPolicy): Promise<string | undefined> {
  const request = { method: 'GET', path: LOGIN_PATH, target: LOGIN_PATH, headers: {} } as const;
  const { exchange, attempts } = await send(request, policy);
  if (isOut(exchange)) {
    throw decodeError(exchange, { method: 'GET', path: LOGIN_PATH, origin, attempts, mask: (text) => text });
  }
  return exchange.outcome === 'answer' ? tenantIn(exchange) : undefined;
}

function isOut(exchange: Exchange): boolean {
  return exchange.outcome === 'no-answer' || exchange.status >= 500 || exchange.status === 429;
}

function tenantIn({ status, headers }: Answer): string | undefined {
  const location = headers['location'] ?? '';
  if (status < 300 || status > 399 || !URL.canParse(location)) return undefined;
  const [, segment = ''] = new URL(location).pathname.split('/');
  return isTenant(segment) ? segment : undefined;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;

/** Not `common` or `organizations`: these stand for whichever tenant somebody is of. */
function isTenant(text: string): boolean {
  return GUID.test(text) || DOMAIN.test(text);
}
