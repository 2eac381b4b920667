import { issueToken } from '../access-token.ts';
import { type Answer, ok } from '../answer.ts';
import { isJsonList, isObject, type JsonObject, parseJson, textAt } from '../json.ts';
import type { Route } from '../route.ts';
import type { SeedFederation } from '../seed.ts';
import type { Identity } from '../identity.ts';
import type { World } from '../world.ts';

export type OpenCall = {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
};

/** What answers before anybody has signed in. */
export const OPEN_ROUTES: readonly Route<OpenCall>[] = [
  { method: 'GET', path: '/.well-known/databricks-config', answer: metadata },
  { method: 'POST', path: '/oidc/v1/token', answer: token },
];

function metadata({ world: { workspace }, headers }: OpenCall): Answer {
  return ok({
    oidc_endpoint: `http://${headers['host']}/oidc`,
    account_id: workspace.accountId,
    workspace_id: workspace.id,
    cloud: workspace.azure === undefined ? 'AWS' : 'Azure',
    host_type: 'workspace',
    token_federation_default_oidc_audiences: [workspace.accountId],
  });
}

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';

function token(call: OpenCall): Answer {
  const form = new URLSearchParams(call.bytes.toString('utf8'));
  if (form.get('scope') !== 'all-apis') return refuse(400, 'invalid_scope', 'The scope must be all-apis.');
  const grantType = form.get('grant_type');
  if (grantType === 'client_credentials') return byClientSecret(call);
  if (grantType === EXCHANGE) return byIdToken(call, form);
  return refuse(400, 'unsupported_grant_type', 'The grant type is not supported.');
}

/** Credentials are not percent-decoded. */
function byClientSecret({ world, headers }: OpenCall): Answer {
  const [, base64 = ''] = /^Basic (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
  const [id, ...rest] = Buffer.from(base64, 'base64').toString('utf8').split(':');
  const identity = clientOf(world, id);
  const secret = identity?.client.client_secret;
  if (identity === undefined || secret === undefined || secret !== rest.join(':'))
    return refuse(401, 'invalid_client', 'Client authentication failed');
  return grant(world, identity, 3600);
}

/** The token that is given ends with the identity token. Signatures are not looked at: nobody here has a key. */
function byIdToken({ world }: OpenCall, form: URLSearchParams): Answer {
  if (form.get('subject_token_type') !== JWT)
    return refuse(400, 'invalid_request', 'The subject token type is not supported.');
  const claims = claimsOf(form.get('subject_token') ?? '');
  const clientId = form.get('client_id');
  if (clientId !== null && clientOf(world, clientId) === undefined)
    return refuse(401, 'invalid_client', 'There is no such service principal.');
  const identity = clientId === null ? byAccountPolicy(world, claims) : byOwnPolicy(world, clientId, claims);
  if (identity === undefined) return refuse(400, 'invalid_grant', 'No federation policy matches the token.');
  const now = Math.floor(world.workspace.now() / 1000);
  const seconds = Number(claims['exp']) - now;
  if (!(seconds > 0)) return refuse(400, 'invalid_grant', 'The token is expired.');
  if (Number(claims['nbf'] ?? 0) > now) return refuse(400, 'invalid_grant', 'The token is not yet valid.');
  return grant(world, identity, seconds);
}

function byOwnPolicy(world: World, clientId: string, claims: JsonObject): Identity | undefined {
  const identity = clientOf(world, clientId);
  const policies = identity?.client.federation ?? [];
  return policies.some((policy) => isFor(policy, claims, world.workspace.accountId)) ? identity : undefined;
}

/** A policy of the whole account has no subject of its own: the token's is the name of who signs in. */
function byAccountPolicy({ workspace }: World, claims: JsonObject): Identity | undefined {
  const subject = textAt(claims, 'sub') ?? '';
  const isMatched = workspace.federation.some((policy) =>
    isFor({ ...policy, subject }, claims, workspace.accountId),
  );
  return isMatched ? workspace.identities.find(({ name }) => name === subject) : undefined;
}

function grant({ workspace }: World, identity: Identity, seconds: number): Answer {
  const accessToken = issueToken(workspace, identity, seconds);
  return ok({ access_token: accessToken, token_type: 'Bearer', expires_in: seconds, scope: 'all-apis' });
}

function refuse(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } };
}

function clientOf({ workspace }: World, id: string | null | undefined): Identity | undefined {
  return workspace.identities.find(({ client }) => client.client_id !== undefined && client.client_id === id);
}

function isFor(
  { issuer, subject, audience }: SeedFederation,
  claims: JsonObject,
  accountId: string,
): boolean {
  const { aud = '' } = claims;
  const audiences = isJsonList(aud) ? aud : [aud];
  return (
    textAt(claims, 'iss') === issuer &&
    textAt(claims, 'sub') === subject &&
    audiences.includes(audience ?? accountId)
  );
}

function claimsOf(jwt: string): JsonObject {
  try {
    const claims = parseJson(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}
