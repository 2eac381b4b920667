import type { Host } from '../host/host.ts';
import type { ApiClient } from '../kinds/client.ts';
import { applyingBar, applyingLine, type Progress, readingLine } from '../report/progress.ts';
import type { CommonOptions } from './options.ts';
import { RecentRate } from './recent-rate.ts';

/** A line on standard error that is written over; `''` takes it away. Silent where nobody watches. */
export type StatusLine = (text: string) => void;

export function statusLine(host: Host, { quiet }: Pick<CommonOptions, 'quiet'>): StatusLine {
  if (!host.isErrTerminal || quiet || host.env['TERM'] === 'dumb') return () => undefined;
  // A line that wraps could not be written over.
  return (text) => host.err(`\r\u001b[K${text.slice(0, Math.max(0, host.columns - 1))}`);
}

/** Tells how many of the changes are through, how fast that goes lately, and about how long the rest takes. */
export function applyProgress(host: Host, status: StatusLine): (done: number, total: number) => void {
  const rate = new RecentRate(host.clock());
  const tell = host.isLog ? nowAndThen(host) : drawn(host, status);
  return (done, total) => {
    rate.mark(done, host.clock());
    tell({ done, total, perSecond: rate.perSecond() });
  };
}

function drawn(host: Host, status: StatusLine): (progress: Progress) => void {
  const look = { columns: host.columns, isAscii: (host.env['NO_COLOR'] ?? '') !== '' };
  return (progress) => status(progress.done < progress.total ? applyingBar(progress, look) : '');
}

/** Whoever looks at a log that stands still longer than this thinks that the run hangs. */
const LOG_EVERY_MS = 30_000;

function nowAndThen(host: Host): (progress: Progress) => void {
  let toldAt = host.clock();
  return (progress) => {
    const now = host.clock();
    if (now - toldAt < LOG_EVERY_MS || progress.done >= progress.total) return;
    toldAt = now;
    host.err(`${applyingLine(progress)}\n`);
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
    pages: (path, query, how) => ticking(client.pages(path, query, how), tick),
  };
}

async function* ticking<Page>(pages: AsyncIterable<Page>, tick: () => void): AsyncIterable<Page> {
  for await (const page of pages) {
    tick();
    yield page;
  }
}
