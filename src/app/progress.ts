import type { Host } from '../host/host.ts';
import type { ApiClient } from '../kinds/client.ts';
import { applyingLine, readingLine } from '../report/progress.ts';
import type { CommonOptions } from './options.ts';

/** A line on standard error that is written over; `''` takes it away. Silent where nobody watches. */
export type StatusLine = (text: string) => void;

export function statusLine(host: Host, { quiet }: Pick<CommonOptions, 'quiet'>): StatusLine {
  if (!host.isErrTerminal || quiet) return () => undefined;
  return (text) => host.err(`\r\u001b[K${text}`);
}

/** Tells how many of the changes are through, and about how long the rest takes. */
export function applyProgress(host: Host, status: StatusLine): (done: number, total: number) => void {
  const startedAt = host.clock();
  return (done, total) => {
    status(done < total ? applyingLine({ done, total, elapsedMs: host.clock() - startedAt }) : '');
  };
}

/** The same client, telling of every request that it is asked for. */
export function watchReads<Client extends ApiClient>(client: Client, status: StatusLine): Client {
  let count = 0;
  let isWriting = false;
  const tick = (): void => {
    count += 1;
    if (!isWriting) status(readingLine(count));
  };
  return {
    ...client,
    send: (request) => {
      // From the first write on (the lock), the apply has a line of its own.
      isWriting ||= request.method !== 'GET';
      tick();
      return client.send(request);
    },
    async *pages(path, query) {
      for await (const page of client.pages(path, query)) {
        tick();
        yield page;
      }
    },
  };
}
