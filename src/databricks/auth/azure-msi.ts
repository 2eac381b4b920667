import { AuthError, type ToolError } from '../../core/errors.ts';
import { tidy } from '../mask.ts';
import type { RetryPolicy } from '../retry.ts';
import type { Attribute, Attributes } from './attributes.ts';
import { NOT_AZURE } from './azure-client-secret.ts';
import { azureEnvironmentOf, imdsOriginOf } from './azure-environment.ts';
import { azureHeaders } from './azure-headers.ts';
import { readAzureToken, refusalIn } from './azure-token.ts';
import { type Issued, keepFresh } from './keep-fresh.ts';
import type { Method, SignedIn } from './method.ts';
import { type Connection, createSender, type Send, type Sent } from './sender.ts';
import { decodeTrouble } from './token-trouble.ts';

/** A machine of Azure that signs in as its managed identity; nothing is stored. */
export const azureMsi: Method = {
  name: 'azure-msi',
  prepare: (attributes, { isAzure }) => {
    const { azureUseMsi } = attributes;
    if (azureUseMsi === undefined) return NOT_ASKED;
    if (!isAzure) return NOT_AZURE;
    return {
      from: azureUseMsi.from,
      isOfProfile: false,
      open: (origin, connection) => signInAt(origin, connection, attributes),
    };
  },
};

const NOT_ASKED = {
  missing: 'nobody asks for the managed identity of the machine',
  hint: 'set ARM_USE_MSI to true',
} as const;

function signInAt(origin: string, connection: Connection, attributes: Attributes): SignedIn {
  const { azureClientId, azureResourceId } = attributes;
  const { workspaceResource, managementResource } = azureEnvironmentOf(origin, attributes);
  const imds = imdsOriginOf(attributes);
  const send = createSender(imds, directly(connection));
  const service = { imds, send, clientId: azureClientId, clock: connection.clock };
  const fresh = (resource: string) =>
    keepFresh((policy) => requestIdentity(resource, service, policy), connection.clock);
  return {
    token: fresh(workspaceResource),
    headers: azureHeaders(azureResourceId, fresh(managementResource)),
  };
}

const HINT = 'assign the identity to this machine; with several, set ARM_CLIENT_ID to the client id of one';

/** The service is this machine's own: a proxy would ask another machine's. */
export function directly(connection: Connection): Connection {
  return { ...connection, proxy: {}, timeoutMs: TIMEOUT_MS };
}

const TIMEOUT_MS = 10_000;
const PATH = '/metadata/identity/oauth2/token';

type Service = {
  readonly imds: string;
  readonly send: Send;
  readonly clientId: Attribute<string> | undefined;
  readonly clock: () => number;
};

async function requestIdentity(resource: string, service: Service, policy: RetryPolicy): Promise<Issued> {
  const { send, clientId, clock } = service;
  const query = new URLSearchParams({
    'api-version': '2018-02-01',
    resource,
    ...(clientId === undefined ? {} : { client_id: clientId.value }),
  });
  const askedAtMs = clock();
  const request = {
    method: 'GET',
    path: PATH,
    target: `${PATH}?${query.toString()}`,
    headers: { metadata: 'true' },
  } as const;
  const sent = await send(request, {
    ...policy,
    attempts: Math.min(policy.attempts, 3),
    deadlineMs: Math.min(policy.deadlineMs, TIMEOUT_MS),
  });
  const issued = readAzureToken(sent.body, askedAtMs);
  if (issued !== undefined) return issued;
  throw troubleOf(sent, service);
}

/** Where there is no such machine, the address leads nowhere. */
function troubleOf(sent: Sent, { imds, clientId }: Service): ToolError {
  const { exchange } = sent;
  if (exchange.outcome === 'no-answer' || exchange.status === 404) {
    const how = exchange.outcome === 'no-answer' ? 'nothing answers' : 'there is no such service';
    return new AuthError(`this machine has no managed identity: ${how} at ${imds}`, {
      code: 'no-credentials',
      hint: 'managed identities work on machines of Azure alone; elsewhere unset ARM_USE_MSI',
    });
  }
  const which =
    clientId === undefined
      ? 'the managed identity of this machine'
      : `the managed identity of ${clientId.from}`;
  const what = `there is no token of ${which}`;
  const said = refusalIn(exchange);
  if (said !== undefined) return new AuthError(`${what}: ${tidy(said, 300)}`, { hint: HINT });
  return decodeTrouble(sent, {
    what,
    attempted: { method: 'GET', path: PATH, origin: imds, mask: (text) => text },
    hint: HINT,
    later: 'try again later',
  });
}
