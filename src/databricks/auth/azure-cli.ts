import { AuthError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { RetryPolicy } from '../retry.ts';
import type { Attributes } from './attributes.ts';
import { type AzAccount, createAccount, obtainFromAz, type Scope } from './az.ts';
import { NOT_AZURE } from './azure-client-secret.ts';
import { azureEnvironmentOf } from './azure-environment.ts';
import { azureHeaders } from './azure-headers.ts';
import { createTenant } from './azure-tenant.ts';
import { type Issued, keepFresh } from './keep-fresh.ts';
import type { Machine } from './machine.ts';
import type { Method, SignedIn, TokenSource } from './method.ts';
import { createRunner } from './program.ts';
import { type Connection, createSender } from './sender.ts';

/** Whoever has signed in on this machine with `az login`. */
export const azureCli: Method = {
  name: 'azure-cli',
  isAmbient: true,
  prepare: (attributes, { isAzure }) => {
    if (!isAzure) return NOT_AZURE;
    return {
      from: 'the Azure CLI',
      isOfProfile: false,
      open: (origin, connection, machine) => signInAt({ origin, connection, machine }, attributes),
    };
  },
};

type Surroundings = {
  readonly origin: string;
  readonly connection: Connection;
  readonly machine: Machine;
};

function signInAt({ origin, connection, machine }: Surroundings, attributes: Attributes): SignedIn {
  const { azureResourceId, azureTenantId } = attributes;
  const { clock } = connection;
  const { workspaceResource, managementResource } = azureEnvironmentOf(origin, attributes);
  const tenantOf = createTenant(azureTenantId, { origin, send: createSender(origin, connection) });
  const run = createRunner('az', machine, attributes);
  const accountOf = createAccount(run);
  const obtain =
    (resource: string) =>
    async (policy: RetryPolicy): Promise<Issued> => {
      const account = await accountOf();
      const scope: Scope = { tenant: await tenantOf(policy), subscription: subscriptionOf(attributes) };
      return obtainFromAz({ run, account, clock }, resource, scope);
    };
  const management = keepFresh(obtain(managementResource), clock);
  return {
    token: keepFresh(obtain(workspaceResource), clock),
    headers: azureHeaders(azureResourceId, managementOf(accountOf, management)),
  };
}

/**
 * A person comes into the workspace as a person, and Azure's management is none of its business. For a service
 * principal the token is worth a try: the one for the workspace may do alone.
 */
function managementOf(
  accountOf: () => Promise<AzAccount>,
  management: TokenSource,
): () => Promise<Secret | undefined> {
  let isWorthATry = true;
  return async () => {
    const { isPerson } = await accountOf();
    if (isPerson || !isWorthATry) return undefined;
    try {
      return await management();
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      isWorthATry = false;
      return undefined;
    }
  };
}

/** `/subscriptions/<id>/…` */
function subscriptionOf({ azureResourceId }: Attributes): string | undefined {
  return /^\/subscriptions\/(\w[\w-]*)(?:\/|$)/i.exec(azureResourceId?.value ?? '')?.[1];
}
