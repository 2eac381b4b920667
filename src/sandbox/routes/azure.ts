import { issueAzureToken } from '../access-token.ts';
import { type Answer, ok } from '../answer.ts';
import { isManagementResource, WORKSPACE_RESOURCE } from '../azure.ts';
import type { Route } from '../route.ts';
import type { Identity } from '../identity.ts';
import type { Workspace } from '../workspace.ts';
import type { OpenCall } from './oidc.ts';

/** What stands beside a workspace on Azure, all on its own address; no such paths where the seed has no `azure`. */
export const AZURE_ROUTES: readonly Route<OpenCall>[] = [
  { method: 'GET', path: '/aad/auth', answer: onAzure(redirectToLogin) },
  { method: 'POST', path: '/{tenant}/oauth2/token', answer: onAzure(byClientSecret) },
  { method: 'GET', path: '/metadata/identity/oauth2/token', answer: onAzure(byMachine) },
];

function onAzure(answer: (call: OpenCall) => Answer): (call: OpenCall) => Answer {
  const none: Answer = { status: 404, body: Buffer.from('Not Found') };
  return (call) => (call.world.workspace.azure === undefined ? none : answer(call));
}

/** How an Azure workspace lets anybody know its tenant. */
function redirectToLogin({ world }: OpenCall): Answer {
  const location = `https://login.microsoftonline.com/${world.workspace.azure?.tenant_id}/oauth2/authorize?client_id=${WORKSPACE_RESOURCE}`;
  return { status: 302, headers: { location }, body: Buffer.from('') };
}

/** A token of Entra ID, in the first version of its API: spans are texts. */
function byClientSecret({ world: { workspace }, params, bytes }: OpenCall): Answer {
  const form = new URLSearchParams(bytes.toString('utf8'));
  const { tenant } = params;
  const identity = clientOf(workspace, form.get('client_id'));
  const secret = identity?.azure?.client_secret;
  const resource = String(form.get('resource'));
  if (tenant !== workspace.azure?.tenant_id)
    return refuse(400, 'invalid_request', 90002, `Tenant '${tenant}' not found.`);
  if (form.get('grant_type') !== 'client_credentials')
    return refuse(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  if (identity === undefined)
    return refuse(400, 'unauthorized_client', 700016, 'Application was not found in the directory.');
  if (secret === undefined || secret !== form.get('client_secret'))
    return refuse(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
  if (!isResource(resource)) return refuse(400, 'invalid_resource', 500011, NO_RESOURCE);
  return grant(workspace, identity, { resource, seconds: 3599 });
}

/** The metadata service of a machine, which has the identities that are `managed`. */
function byMachine({ world: { workspace }, headers, query }: OpenCall): Answer {
  if (headers['metadata'] !== 'true')
    return plainRefusal('Required metadata header not specified or not correct');
  if (query.get('api-version') === null)
    return plainRefusal('Required query variable api-version is missing');
  const resource = query.get('resource') ?? '';
  if (!isResource(resource)) return plainRefusal(NO_RESOURCE, 'invalid_resource');
  const wanted = query.get('client_id');
  const identity = workspace.identities.find(
    ({ azure }) => azure?.managed === true && (wanted === null || azure.client_id === wanted),
  );
  if (identity === undefined) return plainRefusal('Identity not found');
  return grant(workspace, identity, { resource, seconds: 86_399 });
}

const NO_RESOURCE = 'The resource principal was not found in the tenant.';

function isResource(resource: string): boolean {
  return resource === WORKSPACE_RESOURCE || isManagementResource(resource);
}

type Wanted = { readonly resource: string; readonly seconds: number };

function grant(workspace: Workspace, identity: Identity, { resource, seconds }: Wanted): Answer {
  const isManagement = isManagementResource(resource);
  const accessToken = issueAzureToken(workspace, identity, { seconds, isManagement });
  const expiresOn = Math.floor(workspace.now() / 1000) + seconds;
  return ok({
    token_type: 'Bearer',
    expires_in: String(seconds),
    expires_on: String(expiresOn),
    resource,
    access_token: accessToken,
  });
}

function clientOf({ identities }: Workspace, id: string | null): Identity | undefined {
  return identities.find(({ azure }) => azure !== undefined && azure.client_id === id);
}

function refuse(status: number, error: string, code: number, sentence: string): Answer {
  const trace =
    'Trace ID: 00000000-0000-4000-8000-000000000001 Correlation ID: 00000000-0000-4000-8000-000000000002';
  return {
    status,
    body: { error, error_description: `AADSTS${code}: ${sentence} ${trace}`, error_codes: [code] },
  };
}

function plainRefusal(description: string, error = 'invalid_request'): Answer {
  return { status: 400, body: { error, error_description: description } };
}
