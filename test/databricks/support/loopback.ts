import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export type Received = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
};

export type Reply = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
};

/** What the server does with one request: a reply, perhaps to what came, a broken connection, or silence. */
export type Script = Reply | ((request: Received) => Reply) | 'hang-up' | 'cut-body' | 'silence';

export type Loopback = {
  readonly url: string;
  readonly received: readonly Received[];
  /** How many connections were opened. */
  connections(): number;
  close(): Promise<void>;
};

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, text: JSON.stringify(body) };
}

/** Plays the script in order; the last line repeats. */
export async function startServer(...script: readonly Script[]): Promise<Loopback> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void readText(request).then((text) => {
      const { method = '', url = '', headers } = request;
      const came = { method, url, headers, text };
      received.push(came);
      const line = script[Math.min(received.length, script.length) - 1] ?? {};
      play(typeof line === 'function' ? line(came) : line, response);
    });
  });
  return listen(server, received);
}

/** A proxy that opens tunnels, all of them to the given port of loopback, whatever host is asked for. */
export async function startProxy(targetPort: number): Promise<Loopback> {
  const received: Received[] = [];
  const server = createServer((_, response) => response.writeHead(501).end());
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    received.push({ method: 'CONNECT', url: request.url ?? '', headers: request.headers, text: '' });
    const target = connect(targetPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('error', () => target.destroy());
    client.on('close', () => target.destroy());
  });
  return listen(server, received);
}

/** An origin on which nobody listens. */
export async function closedOrigin(): Promise<string> {
  const server = await startServer({});
  await server.close();
  return server.url;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function play(script: Exclude<Script, (request: Received) => Reply>, response: ServerResponse): void {
  if (script === 'silence') return;
  if (script === 'hang-up') {
    response.destroy();
    return;
  }
  if (script === 'cut-body') {
    response.writeHead(200, { 'content-length': '100', 'content-type': 'application/json' });
    response.write('{"half":', () => response.destroy());
    return;
  }
  response.writeHead(script.status ?? 200, script.headers ?? { 'content-type': 'application/json' });
  response.end(script.text ?? '{}');
}

async function listen(server: Server, received: readonly Received[]): Promise<Loopback> {
  const sockets = new Set<Socket>();
  let opened = 0;
  server.on('connection', (socket) => {
    opened += 1;
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    connections: () => opened,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
