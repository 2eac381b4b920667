import { SettingsError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import type { ApiClient } from '../kinds/client.ts';
import type { TokenSource } from './auth/method.ts';
import { deliver, type Line, type Retry } from './deliver.ts';
import { isLoopback, parseHost } from './host.ts';
import { type ClientStats, createMeter } from './meter.ts';
import { followPages } from './pages.ts';
import { chooseProxy, createAgents, type ProxySettings } from './proxy.ts';
import { createLimiter, type Limiter } from './rate.ts';
import { readOnly } from './read-only.ts';
import { DEFAULT_POLICY, type RetryPolicy } from './retry.ts';
import { createTransport } from './transport.ts';
import type { Transport } from './wire.ts';

export type ClientLimits = {
  /** DATABRICKS_RATE_LIMIT; 15 by default, 1000 on loopback. */
  readonly perSecond?: number | undefined;
  /** Requests on their way at one time; 16 by default. */
  readonly concurrency?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
};

export type ClientOptions = {
  readonly host: string;
  /** Asked before every request, so that it may renew, and after a 401. */
  readonly token: TokenSource;
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
  const send: ApiClient['send'] = (request) => deliver(request, line);
  return { send, pages: (path, query) => followPages(send, path, query), stats: () => meter.stats() };
}

function openTransport(origin: string, options: ClientOptions): Transport {
  const transport = createTransport({
    origin,
    timeoutMs: options.timeoutMs ?? 60_000,
    agents: createAgents(chooseProxy(origin, options.proxy ?? {})),
  });
  return options.access === 'write' ? transport : readOnly(transport);
}

function openLimiter(hostname: string, { limits = {}, clock, sleep }: ClientOptions): Limiter {
  // The published limits are 20 and more; a simulated workspace on loopback has none.
  const { perSecond = isLoopback(hostname) ? 1_000 : 15, concurrency = 16 } = limits;
  if (!(perSecond > 0))
    throw new SettingsError('the rate limit must be a number above 0 (DATABRICKS_RATE_LIMIT)');
  return createLimiter({ perSecond, concurrency, clock, sleep });
}
