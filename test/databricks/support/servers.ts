import { afterEach } from '@jest/globals';
import { type Loopback, type Script, startProxy, startServer } from './loopback.ts';

/** Servers that are closed after each test of the file that calls this. */
export function useServers() {
  const open: Loopback[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });
  const keep = (server: Loopback): Loopback => {
    open.push(server);
    return server;
  };
  return {
    serve: async (...script: readonly Script[]) => keep(await startServer(...script)),
    tunnel: async (server: Loopback) => keep(await startProxy(Number(new URL(server.url).port))),
  };
}
