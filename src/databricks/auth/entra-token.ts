import { AuthError, type ToolError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import { tidy } from '../mask.ts';
import type { RetryPolicy } from '../retry.ts';
import type { Attribute } from './attributes.ts';
import { readAzureToken, refusalIn } from './azure-token.ts';
import { toField } from './bearer.ts';
import type { Issued } from './keep-fresh.ts';
import type { Send, Sent } from './sender.ts';
import { decodeTrouble } from './token-trouble.ts';

/** Who asks. */
export type EntraClient = {
  readonly tenant: string;
  readonly clientId: Attribute<string>;
  readonly secret: Attribute<Secret>;
};

/** What for, and where. */
export type EntraEndpoint = {
  readonly loginOrigin: string;
  readonly resource: string;
  readonly send: Send;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

/**
 * In the first version of the endpoint, as the Databricks SDKs: id and secret stand in the body.
 * @throws AuthError where Entra ID refuses; ApiError where it does not answer
 */
export async function requestEntraToken(
  client: EntraClient,
  { loginOrigin, resource, send, clock }: EntraEndpoint,
  policy: RetryPolicy,
): Promise<Issued> {
  const { tenant, clientId, secret } = client;
  const { text: clientSecret, mask } = toField(secret.value);
  const form = { grant_type: 'client_credentials', client_id: clientId.value, client_secret: clientSecret };
  const path = `/${encodeURIComponent(tenant)}/oauth2/token`;
  // Before it is sent, so that the way back does not count as life of the token.
  const askedAtMs = clock();
  const sent = await send(
    {
      method: 'POST',
      path,
      target: path,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      text: String(new URLSearchParams({ ...form, resource })),
    },
    policy,
  );
  const issued = readAzureToken(sent.body, askedAtMs);
  if (issued !== undefined) return issued;
  throw refusalOf(sent, client, mask) ?? noTokenFrom(sent, { loginOrigin, path, mask });
}

type Masked = {
  readonly loginOrigin: string;
  readonly path: string;
  readonly mask: (text: string) => string;
};

function noTokenFrom(sent: Sent, { loginOrigin, path, mask }: Masked): ToolError {
  return decodeTrouble(sent, {
    what: `${loginOrigin} gives no token`,
    attempted: { method: 'POST', path, origin: loginOrigin, mask },
    hint: 'check what lies between this machine and Entra ID: the proxy, and AZURE_AUTHORITY_HOST where it is set',
    later: 'try again; if it lasts, look at the network, the proxy and the status of Entra ID',
  });
}

/** Undefined where the answer is not in the words of Entra ID; what follows the sentence are numbers for its support. */
function refusalOf(
  { exchange }: Sent,
  { tenant, clientId, secret }: EntraClient,
  mask: (text: string) => string,
): AuthError | undefined {
  const said = refusalIn(exchange)?.split(/\s+Trace ID:/)[0];
  if (said === undefined) return undefined;
  const sentence = tidy(mask(said), 300);
  const code = /^AADSTS(\d+)/.exec(said)?.[1] ?? '';
  const who = `the client ${tidy(clientId.value, 60)} in the tenant ${tenant} (${clientId.from}, ${secret.from})`;
  return new AuthError(`Entra ID refuses ${who}: ${sentence}`, { hint: HINTS[code]?.(secret.from) ?? HINT });
}

const HINT = 'check the client id, the secret and the tenant in the app registration';

/** By the code of the refusal. */
const HINTS: Readonly<Record<string, (secretFrom: string) => string>> = {
  '7000215': (from) =>
    `set ${from} to the value of the secret, not to its id; it is shown once, when it is made`,
  '7000222': (from) =>
    `the secret has expired: make a new one in the app registration and set ${from} to its value`,
  '700016': () =>
    "set ARM_CLIENT_ID to the application id of an app of this tenant, or ARM_TENANT_ID to the app's tenant",
  '90002': () =>
    'set ARM_TENANT_ID to the id of the tenant, and ARM_ENVIRONMENT where it is not one of the public cloud',
};
