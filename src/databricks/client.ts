import { SettingsError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import type { ApiClient, ApiRequest, ApiResponse } from '../kinds/client.ts';
import type { HeaderSource, TokenSource } from './auth/method.ts';
import { deliver, type Line, type Peek, type Retry } from './deliver.ts';
import { isLoopback, parseHost } from './host.ts';
import { type ClientStats, createMeter } from './meter.ts';
import { begun, followPages } from './pages.ts';
import { chooseProxy, createAgents, type ProxySettings } from './proxy.ts';
import { createLimiter, type Limiter } from './rate.ts';
import { readOnly } from './read-only.ts';
import { DEFAULT_POLICY, type RetryPolicy } from './retry.ts';
import { createTransport } from './transport.ts';
import type { Transport } from './wire.ts';

export type ClientLimits = {
  /** DATABRICKS_RATE_LIMIT, of all requests together; 20 by default, none on loopback. */
  readonly perSecond?: number | undefined;
  /** Whether every API keeps below its published limit; false by default on loopback without `perSecond`, else true. */
  readonly isPublished?: boolean | undefined;
  /** Requests on their way at one time; 16 by default. */
  readonly concurrency?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
};

export type ClientOptions = {
  readonly host: string;
  /** Asked before every request, so that it may renew, and after a 401. */
  readonly token: TokenSource;
  /** Asked before every request, too. */
  readonly headers?: HeaderSource | undefined;
  /** `read` refuses everything but GET. */
  readonly access: 'read' | 'write';
  /** See `formatUserAgent`. */
  readonly userAgent: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
  readonly limits?: ClientLimits | undefined;
  /** For one try, connection and body included; a minute by default. */
  readonly timeoutMs?: number | undefined;
  readonly proxy?: ProxySettings | undefined;
  /** Replaced in whatever the server says, besides the token and what a request sends in secret fields. */
  readonly secrets?: readonly Secret[] | undefined;
  /** Told before each wait; logging is the caller's. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
};

export type DatabricksClient = ApiClient & { stats(): ClientStats };

/**
 * The door to one workspace. The token goes to that host alone.
 * @throws SettingsError for a host, proxy or limit that makes no sense.
 */
export function createClient(options: ClientOptions): DatabricksClient {
  const { origin, hostname } = parseHost(options.host, 'the host');
  const meter = createMeter(options.clock);
  const line: Line = {
    ...options,
    origin,
    meter,
    transport: openTransport(origin, options),
    limiter: openLimiter(hostname, options),
    policy: { ...DEFAULT_POLICY, ...options.limits?.retry },
  };
  const send = (request: ApiRequest, peek?: Peek): Promise<ApiResponse> => deliver(request, line, peek);
  return {
    send: (request) => send(request),
    pages: (path, query, how = {}) => {
      const pages = followPages(send, path, { ...how, ...(query === undefined ? {} : { query }) });
      return how.isBegun === true ? begun(pages) : pages;
    },
    stats: () => meter.stats(),
  };
}

function openTransport(origin: string, options: ClientOptions): Transport {
  const transport = createTransport({
    origin,
    timeoutMs: options.timeoutMs ?? 60_000,
    agents: createAgents(chooseProxy(origin, options.proxy ?? {})),
  });
  return options.access === 'write' ? transport : readOnly(transport);
}

/**
 * A change of a job is one read and one write. The official clients' 15 a second would leave a quarter of the 10 writes
 * that a workspace allows unused; this allows both at nine tenths of the write's limit.
 */
const PER_SECOND = 20;

function openLimiter(hostname: string, { limits = {}, clock, sleep }: ClientOptions): Limiter {
  // A simulated workspace on loopback has no limits, unless somebody wants to see them.
  const isFree = isLoopback(hostname) && limits.perSecond === undefined;
  const { perSecond = isFree ? Infinity : PER_SECOND, isPublished = !isFree, concurrency = 16 } = limits;
  if (!(perSecond > 0))
    throw new SettingsError('the rate limit must be a number above 0 (DATABRICKS_RATE_LIMIT)');
  return createLimiter({ perSecond, isPublished, concurrency, clock, sleep });
}
