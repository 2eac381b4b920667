import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SettingsError } from '../core/errors.ts';
import { uuidOf } from './arbitrary.ts';
import { react, type Reaction } from './dispatch.ts';
import type { World } from './world.ts';

type RunningServer = {
  readonly url: string;
  /** Cuts every open connection; may be called twice. */
  readonly close: () => Promise<void>;
};

/** @throws SettingsError when the port cannot be had. */
export async function serve(world: World, port: number): Promise<RunningServer> {
  const server = createServer((request, response) => void exchange(world, request, response));
  // A connection that times out just as a client reuses it would look like a fault that nobody asked for.
  server.keepAliveTimeout = 0;
  const boundPort = await listen(server, port);
  return { url: `http://127.0.0.1:${boundPort}`, close: () => close(server) };
}

async function exchange(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const cameMs = performance.now();
  try {
    const bytes = await readBytes(request);
    world.received += 1;
    const requestId = uuidOf(`${world.workspace.id}/request/${world.received}`);
    const { method = '', url: target = '/' } = request;
    const reaction = await react(world, { cameMs, method, target, headers: headersOf(request), bytes });
    const date = new Date(world.workspace.now()).toUTCString();
    send(response, reaction, { 'x-request-id': requestId, date });
  } catch (error) {
    // The client went away while it was still sending, or sent no valid URL.
    response.destroy(error instanceof Error ? error : undefined);
  }
}

function send(response: ServerResponse, reaction: Reaction, common: Readonly<Record<string, string>>): void {
  if (reaction === 'hang') return;
  if (reaction === 'drop') {
    response.destroy();
    return;
  }
  const { status, text, headers } = reaction;
  response.writeHead(status, { ...common, ...headers });
  response.end(text);
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const entries = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(entries);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new SettingsError(`the sandbox cannot listen on port ${port}`, { cause, hint: cause.message }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
