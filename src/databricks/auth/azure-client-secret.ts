import type { Secret } from '../../core/secret.ts';
import type { RetryPolicy } from '../retry.ts';
import type { Attribute, Attributes } from './attributes.ts';
import { azureEnvironmentOf } from './azure-environment.ts';
import { azureHeaders } from './azure-headers.ts';
import { createTenant, requireTenant } from './azure-tenant.ts';
import { type EntraClient, requestEntraToken } from './entra-token.ts';
import { keepFresh } from './keep-fresh.ts';
import type { Method, SignedIn } from './method.ts';
import { type Connection, createSender } from './sender.ts';

/** A service principal of Entra ID that signs in there with a client secret. */
export const azureClientSecret: Method = {
  name: 'azure-client-secret',
  prepare: (attributes, { isAzure }) => {
    const { azureClientId, azureClientSecret: secret } = attributes;
    if (azureClientId === undefined) return NO_CLIENT_ID;
    if (secret === undefined) return NO_CLIENT_SECRET;
    if (!isAzure) return NOT_AZURE;
    return {
      from: secret.from,
      isOfProfile: secret.isOfProfile,
      open: (origin, connection) =>
        signInAt(origin, connection, { ...attributes, clientId: azureClientId, secret }),
    };
  },
};

export const NOT_AZURE = {
  missing: 'the workspace is not one of Azure',
  hint: 'set DATABRICKS_AZURE_RESOURCE_ID, or DATABRICKS_CLOUD to Azure, where its address does not say so',
} as const;

const NO_CLIENT_ID = {
  missing: 'there is no client id of Entra ID',
  hint: 'set ARM_CLIENT_ID to the application id of the service principal',
} as const;

const NO_CLIENT_SECRET = {
  missing: 'there is no client secret of Entra ID',
  hint: "set ARM_CLIENT_SECRET to the value of a client secret of the service principal's app registration",
} as const;

type Principal = Omit<Attributes, 'clientId'> & {
  readonly clientId: Attribute<string>;
  readonly secret: Attribute<Secret>;
};

/** The two tokens end and are renewed each by itself. */
function signInAt(origin: string, connection: Connection, principal: Principal): SignedIn {
  const { clientId, secret, azureResourceId, azureTenantId } = principal;
  const { loginOrigin, workspaceResource, managementResource } = azureEnvironmentOf(origin, principal);
  const tenantOf = createTenant(azureTenantId, { origin, send: createSender(origin, connection) });
  const send = createSender(loginOrigin, connection);
  const obtain = (resource: string) => async (policy: RetryPolicy) => {
    const tenant = await requireTenant(tenantOf, origin, policy);
    const client: EntraClient = { tenant, clientId, secret };
    return requestEntraToken(client, { loginOrigin, resource, send, clock: connection.clock }, policy);
  };
  const management = keepFresh(obtain(managementResource), connection.clock);
  return {
    token: keepFresh(obtain(workspaceResource), connection.clock),
    headers: azureHeaders(azureResourceId, management),
  };
}
