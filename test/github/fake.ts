import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Answer } from './fake/answer.ts';
import { changeOf, type FaultAnswer, faultOf } from './fake/faults.ts';
import { type Pokes, pokesOf } from './fake/pokes.ts';
import { react } from './fake/react.ts';
import {
  type Identity,
  type LoggedRequest,
  newWorld,
  type Repository,
  repositoryNamed,
  type Seed,
  type World,
} from './fake/state.ts';

export type { Identity } from './fake/state.ts';
export { GITHUB_ACTIONS, shaOf } from './fake/state.ts';

export type FakeOptions = Seed & {
  /** Where clients find the API, for addresses in answers; its own address where it is left out. */
  readonly publicUrl?: string;
};

/** GitHub's API in memory. The methods that come from `Pokes` are about the first repository. */
export type FakeGitHub = Pokes & {
  readonly url: string;
  /** Changes where clients find the API: behind a proxy that is started later, it is not known before. */
  readonly servePublicly: (url: string) => void;
  /** The same for another repository. */
  readonly repository: (fullName: string) => Pokes;
  /** What came in since the last reset, oldest first. */
  readonly requests: readonly LoggedRequest[];
  readonly resetRequests: () => void;
  /** Everything anew at the same address. */
  readonly reset: (seed?: Seed) => void;
  readonly setToken: (token: string, identity: Identity) => void;
  /** Answers the next matching requests wrongly; `path` is looked for in path and query. */
  readonly fail: (method: string, path: RegExp, fault: FaultAnswer) => void;
  /** Answers the next matching request with a changed body. */
  readonly falsify: (method: string, path: RegExp, change: (body: never) => unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly advance: (milliseconds: number) => void;
  readonly close: () => Promise<void>;
};

type Running = { world: World; api: string };

export async function startFakeGitHub(options: FakeOptions = {}): Promise<FakeGitHub> {
  const running: Running = { world: newWorld(options), api: '' };
  const server = createServer((request, response) => void exchange(running, request, response));
  // A connection that times out just as a proxy reuses it would look like a fault that nobody asked for.
  server.keepAliveTimeout = 0;
  const url = await listen(server);
  running.api = options.publicUrl ?? url;
  return { url, ...controls(running), ...pokesOf(() => at(running)), close: () => close(server) };
}

function controls(running: Running): Omit<FakeGitHub, 'url' | 'close' | keyof Pokes> {
  return {
    servePublicly: (url) => void (running.api = url),
    repository: (fullName) => pokesOf(() => at(running, fullName)),
    requests: running.world.requests,
    resetRequests: () => void running.world.requests.splice(0),
    reset: (seed = {}) => {
      const { requests } = running.world;
      requests.splice(0);
      running.world = { ...newWorld(seed), requests };
    },
    setToken: (token, identity) => void running.world.tokens.set(token, identity),
    fail: (method, path, fault) => void running.world.faults.push(faultOf(method, path, fault)),
    falsify: (method, path, change) => void running.world.faults.push(changeOf(method, path, change)),
    now: () => running.world.now,
    advance: (milliseconds) => void (running.world.now += milliseconds),
  };
}

function at(
  { world }: Running,
  fullName?: string,
): { readonly world: World; readonly repository: Repository } {
  const repository = fullName === undefined ? world.repositories[0] : repositoryNamed(world, fullName);
  if (repository === undefined) throw new Error(`there is no repository ${fullName ?? 'at all'}`);
  return { world, repository };
}

async function exchange(running: Running, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const text = await readText(request);
    const { method = '', url: target = '/', headers } = request;
    const { authorization } = headers;
    send(running, response, react(running.world, running.api, { method, target, authorization, text }));
  } catch (error) {
    const message = `the fake of GitHub failed: ${error instanceof Error ? error.stack : String(error)}`;
    send(running, response, { status: 500, body: { message } });
  }
}

function send({ world }: Running, response: ServerResponse, answer: Answer): void {
  const { status, headers, body } = answer;
  if (status === 0) {
    response.destroy();
    return;
  }
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'content-type': isText ? 'text/html' : 'application/json; charset=utf-8',
    date: new Date(world.now).toUTCString(),
    'x-github-request-id': `FAKE:${world.requests.length}`,
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the fake of GitHub got no port');
  return `http://127.0.0.1:${address.port}`;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
