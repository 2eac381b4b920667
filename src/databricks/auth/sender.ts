import type { Json } from '../../kinds/client.ts';
import { readSuccess } from '../exchange.ts';
import { chooseProxy, createAgents, type ProxySettings } from '../proxy.ts';
import { DEFAULT_POLICY, nextStep, type RetryPolicy } from '../retry.ts';
import { createTransport } from '../transport.ts';
import type { Exchange, Retry, Transport, WireRequest } from '../wire.ts';

/** How requests for tokens leave this machine: as all others do. */
export type Connection = {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
  /** For one try; a minute by default. */
  readonly timeoutMs?: number | undefined;
  readonly proxy?: ProxySettings | undefined;
  /** See `formatUserAgent`. */
  readonly userAgent: string;
  /** Told before each wait. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
};

/** The last exchange; `body` is there where it was a success with JSON. */
export type Sent = {
  readonly exchange: Exchange;
  readonly attempts: number;
  readonly body: Json | undefined;
};

/** Sends to one origin, again where that may help; never throws for what the network or the far side does. */
export type Send = (request: WireRequest, policy: RetryPolicy) => Promise<Sent>;

/** A minute of patience, as the Databricks SDKs have it. */
export const PATIENT: RetryPolicy = { ...DEFAULT_POLICY, deadlineMs: 60_000 };

/** For what can be done without: no wait is short enough. */
export const ONE_TRY: RetryPolicy = { ...DEFAULT_POLICY, attempts: 1, deadlineMs: -1 };

/** @throws SettingsError for a proxy that is no URL. */
export function createSender(origin: string, connection: Connection): Send {
  const transport = createTransport({
    origin,
    timeoutMs: connection.timeoutMs ?? 60_000,
    agents: createAgents(chooseProxy(origin, connection.proxy ?? {})),
  });
  return (request, policy) => {
    const headers = { ...request.headers, accept: 'application/json', 'user-agent': connection.userAgent };
    return send({ ...request, headers }, { policy, transport, ...connection });
  };
}

type Manners = Connection & { readonly policy: RetryPolicy; readonly transport: Transport };

async function send(request: WireRequest, manners: Manners): Promise<Sent> {
  const { clock, policy } = manners;
  const startedAt = clock();
  let waitedMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    const exchange = await manners.transport(request);
    const body = readSuccess(exchange, 'json')?.body;
    if (body !== undefined) return { exchange, attempts: attempt, body };
    const spentMs = Math.max(clock() - startedAt, waitedMs);
    const turn = { attempt, spentMs, nowMs: clock(), random: manners.random() };
    // A second token does no harm.
    const step = nextStep('repeat', exchange, turn, policy);
    if (step.verb !== 'wait') return { exchange, attempts: attempt, body: undefined };
    const { method, path } = request;
    const status = exchange.outcome === 'answer' ? exchange.status : 0;
    manners.onRetry?.({ method, path, status, attempt, waitMs: step.ms });
    waitedMs += step.ms;
    await manners.sleep(step.ms);
  }
}
