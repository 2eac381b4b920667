import { hasEnded, holderOf } from './access-token.ts';
import { type Answer, type PrintedAnswer, Refusal, printAnswer, refusalAnswer } from './answer.ts';
import { requireMember } from './azure.ts';
import type { Fault } from './faults.ts';
import { findRoute } from './route.ts';
import { AZURE_ROUTES } from './routes/azure.ts';
import { CONTROL_PREFIX, CONTROL_ROUTES } from './routes/control.ts';
import { OPEN_ROUTES } from './routes/oidc.ts';
import { ROUTES } from './routes.ts';
import type { Identity } from './identity.ts';
import type { LoggedRequest, World } from './world.ts';

type Incoming = {
  /** On the clock of `performance.now()`. */
  readonly cameMs: number;
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
};

/** What to do with the connection: answer, cut it, or leave it waiting. */
export type Reaction = PrintedAnswer | 'drop' | 'hang';

const LOGIN_PAGE =
  '<!DOCTYPE html><html><head><title>Databricks - Sign In</title></head><body></body></html>';

/** Decides on one request and logs it, control requests excepted. */
export async function react(world: World, incoming: Incoming): Promise<Reaction> {
  const url = new URL(incoming.target, 'http://sandbox.test');
  if (url.pathname.startsWith(CONTROL_PREFIX))
    return printAnswer(refusing(() => control(world, incoming, url)));
  const identity = identityOf(world, incoming);
  const entry = log(world, incoming, identity);
  const answer = (): Reaction => {
    const fault = world.faults.take(incoming.method, incoming.target);
    return reactTo(fault, () => refusing(() => api(world, { incoming, url, identity })));
  };
  const reaction = await inTime(world, incoming, answer);
  entry.status = typeof reaction === 'string' ? 0 : reaction.status;
  return reaction;
}

/** An answer takes `latencyMs`, its own work included: a read looks as it comes, a write happens at the end. */
async function inTime(world: World, { cameMs, method }: Incoming, answer: () => Reaction): Promise<Reaction> {
  const { latencyMs } = world.behaviour;
  if (latencyMs === 0) return answer();
  if (method !== 'GET') return world.sleep(latencyMs).then(answer);
  const reaction = answer();
  await world.sleep(Math.max(0, latencyMs - (performance.now() - cameMs)));
  return reaction;
}

function reactTo(fault: Fault | undefined, run: () => Answer): Reaction {
  if (fault === undefined) return printAnswer(run());
  if (fault.kind === 'status-after' || fault.kind === 'drop-after') run();
  return FAULT_REACTIONS[fault.kind](fault);
}

const FAULT_REACTIONS: Readonly<Record<Fault['kind'], (fault: Fault) => Reaction>> = {
  status: faultAnswer,
  'status-after': faultAnswer,
  drop: () => 'drop',
  'drop-after': () => 'drop',
  hang: () => 'hang',
  html: () => ({ status: 200, headers: { 'content-type': 'text/html' }, text: LOGIN_PAGE }),
};

function faultAnswer(fault: Fault): PrintedAnswer {
  const usual = {
    error_code: 'TEMPORARILY_UNAVAILABLE',
    message: 'A fault of the sandbox, as it was asked for.',
  };
  const { status = 503, body = usual, headers = {} } = fault;
  return printAnswer({ status, headers, body: typeof body === 'string' ? Buffer.from(body) : body });
}

const OPEN = [...OPEN_ROUTES, ...AZURE_ROUTES];

type ApiCall = { readonly incoming: Incoming; readonly url: URL; readonly identity: Identity | undefined };

function api(world: World, { incoming, url, identity }: ApiCall): Answer {
  const open = findRoute(OPEN, incoming.method, url.pathname);
  if (open !== undefined)
    return open.route.answer({ world, params: open.params, query: url.searchParams, ...incoming });
  if (hasEnded(world.workspace, tokenOf(incoming))) return endedToken();
  if (identity === undefined) return badToken(world);
  requireMember(world.workspace, identity, incoming.headers);
  const found = findRoute(ROUTES, incoming.method, url.pathname);
  if (found === undefined) throw noRoute(incoming, url);
  const { rateLimits } = world.behaviour;
  if (found.route.rate !== undefined && rateLimits !== null) {
    world.limiter.admit(found.route.rate, rateLimits, world.workspace.now());
  }
  return found.route.answer({
    world,
    identity,
    params: found.params,
    query: url.searchParams,
    bytes: incoming.bytes,
  });
}

function control(world: World, incoming: Incoming, url: URL): Answer {
  const found = findRoute(CONTROL_ROUTES, incoming.method, url.pathname);
  if (found === undefined) throw noRoute(incoming, url);
  return found.route.answer({ world, params: found.params, bytes: incoming.bytes });
}

function refusing(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error);
    return refusalAnswer(new Refusal(500, 'INTERNAL_ERROR', `The sandbox failed: ${String(error)}`));
  }
}

/** The code is a number here and the status is not 401: so the service answers a wrong token. */
function badToken(world: World): Answer {
  return {
    status: 403,
    body: { error_code: 403, message: `Invalid access token. [ReqId: ${world.received}]` },
  };
}

/** A wrong token is a 403, one that is over a 401. */
function endedToken(): Answer {
  return { status: 401, body: { error_code: 401, message: 'The access token is expired.' } };
}

function noRoute(incoming: Incoming, url: URL): Refusal {
  const message = `No API found for '${incoming.method} ${url.pathname}'`;
  return new Refusal(404, 'ENDPOINT_NOT_FOUND', message);
}

function identityOf(world: World, incoming: Incoming): Identity | undefined {
  return holderOf(world.workspace, tokenOf(incoming));
}

function tokenOf({ headers }: Incoming): string | undefined {
  return /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1];
}

function log(world: World, incoming: Incoming, identity: Identity | undefined): { status: number } {
  const entry: LoggedRequest & { status: number } = {
    atMs: world.workspace.now(),
    method: incoming.method,
    path: incoming.target,
    body: incoming.bytes.toString('utf8'),
    headers: incoming.headers,
    status: 0,
    identity: identity?.name ?? null,
  };
  world.requests.push(entry);
  return entry;
}
