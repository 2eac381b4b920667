import { authenticate, authorize } from './access.ts';
import { type Answer, notFound, Refusal, refusalAnswer } from './answer.ts';
import { takeFault } from './faults.ts';
import { answerGraphql } from './graphql.ts';
import { ROUTES } from './routes.ts';
import { type Identity, repositoryNamed, type World } from './state.ts';

export type Incoming = {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly text: string;
};

/** @param api where the API is for its clients. */
export function react(world: World, api: string, incoming: Incoming): Answer {
  world.now += 1_000;
  const answer = answerOrFault(world, api, incoming);
  const url = new URL(incoming.target, api);
  world.requests.push({
    method: incoming.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body: parsed(incoming.text) ?? null,
    identity: identityOf(world, incoming)?.login ?? null,
    status: answer.status,
  });
  return answer;
}

function answerOrFault(world: World, api: string, incoming: Incoming): Answer {
  const fault = takeFault(world.faults, incoming.method, incoming.target);
  if (fault === undefined) return truth(world, api, incoming);
  return fault.answer(fault.isHandled ? truth(world, api, incoming) : null);
}

function truth(world: World, api: string, incoming: Incoming): Answer {
  const url = new URL(api + incoming.target);
  const { pathname } = new URL(incoming.target, api);
  const route = ROUTES.find(({ method, path }) => method === incoming.method && path.test(pathname));
  const docs = route?.docs ?? (pathname === '/graphql' ? 'graphql' : 'rest');
  try {
    const identity = authenticate(world, incoming.authorization);
    const body = bodyOf(incoming.text);
    if (`${incoming.method} ${pathname}` === 'POST /graphql') return graphql(world, identity, body);
    if (`${incoming.method} ${pathname}` === 'GET /rate_limit') return rateLimit(world);
    const groups = route?.path.exec(pathname)?.groups ?? {};
    const params = mapValues(groups, decodeURIComponent);
    const repository = repositoryNamed(world, `${params['owner']}/${params['repo']}`);
    if (route === undefined || repository === undefined) throw notFound();
    authorize(identity, route.accepted);
    return route.answer({ world, api, repository, identity, params, url, body });
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error, docs);
    throw error;
  }
}

/** As many as are left of the thousand that a repository has in an hour. */
function rateLimit(world: World): Answer {
  const reset = Math.ceil(world.now / 3_600_000) * 3_600;
  const core = { limit: 1000, remaining: world.requestsLeft, reset, used: 1000 - world.requestsLeft };
  return { status: 200, body: { resources: { core }, rate: core } };
}

function graphql(world: World, identity: Identity, body: Readonly<Record<string, unknown>>): Answer {
  const { query, variables } = body;
  if (typeof query !== 'string') {
    return {
      status: 200,
      body: { errors: [{ message: 'A query attribute must be specified and must be a string.' }] },
    };
  }
  return answerGraphql({ world, identity, query, variables: (variables ?? {}) as typeof body });
}

function bodyOf(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {};
  const body = parsed(text);
  if (typeof body !== 'object' || body === null) throw new Refusal(400, { message: 'Problems parsing JSON' });
  return body as Readonly<Record<string, unknown>>;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function identityOf(world: World, incoming: Incoming): Identity | undefined {
  try {
    return authenticate(world, incoming.authorization);
  } catch {
    return undefined;
  }
}

function mapValues(
  object: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
