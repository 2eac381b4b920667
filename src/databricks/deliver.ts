import type { Secret } from '../core/secret.ts';
import type { ApiRequest, ApiResponse } from '../kinds/client.ts';
import { toBearer } from './auth/bearer.ts';
import { type Attempted, decodeError, decodeLost } from './decode-error.ts';
import { readSuccess, toWire } from './exchange.ts';
import { maskAll, maskSecrets, secretTexts } from './mask.ts';
import type { Meter } from './meter.ts';
import type { Bucket, Limiter } from './rate.ts';
import { nextStep, type RetryPolicy, type Step } from './retry.ts';
import type { Exchange, Transport } from './wire.ts';

/** A try that failed and will be repeated. */
export type Retry = {
  readonly method: string;
  readonly path: string;
  /** 0 when no answer came. */
  readonly status: number;
  /** Which try failed, from 1. */
  readonly attempt: number;
  readonly waitMs: number;
};

/** Everything that stands between a request and the wire. */
export type Line = {
  readonly origin: string;
  readonly transport: Transport;
  readonly limiter: Limiter;
  readonly meter: Meter;
  readonly policy: RetryPolicy;
  readonly token: () => Promise<Secret> | Secret;
  readonly userAgent: string;
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly secrets?: readonly Secret[] | undefined;
  readonly onRetry?: ((retry: Retry) => void) | undefined;
};

/** Sends until it succeeds or the retry table says stop; throws the errors of core/errors and nothing else. */
export async function deliver(request: ApiRequest, line: Line): Promise<ApiResponse> {
  const startedAt = line.clock();
  let waitedMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    const { exchange, mask } = await attemptOnce(request, attempt, line);
    const response = readSuccess(exchange, request.answer);
    signalRate(exchange, request, line.limiter);
    if (response !== undefined) return response;
    // The sum of the waits counts where an injected clock stands still.
    const spentMs = Math.max(line.clock() - startedAt, waitedMs);
    const turn = { attempt, spentMs, nowMs: line.clock(), random: line.random() };
    const step = nextStep(request.delivery, exchange, turn, line.policy);
    const { method, path } = request;
    if (step.verb !== 'wait')
      throw toError(step, exchange, { method, path, origin: line.origin, attempts: attempt, mask });
    line.onRetry?.({ method, path, status: statusOf(exchange), attempt, waitMs: step.ms });
    waitedMs += step.ms;
    await line.sleep(step.ms);
  }
}

type Attempt = { readonly exchange: Exchange; readonly mask: (text: string) => string };

async function attemptOnce(request: ApiRequest, attempt: number, line: Line): Promise<Attempt> {
  const bearer = toBearer(await line.token());
  const headers = { authorization: bearer.header, 'user-agent': line.userAgent };
  const wire = toWire(request, line.origin, headers);
  const exchange = await line.limiter.run(bucketOf(request), async () => {
    line.meter.begin(attempt);
    try {
      return await line.transport(wire);
    } finally {
      line.meter.end();
    }
  });
  const mask = (text: string): string =>
    maskSecrets(maskAll(bearer.mask(text), secretTexts(request.body)), line.secrets ?? []);
  return { exchange, mask };
}

function bucketOf({ path }: ApiRequest): Bucket {
  return path.endsWith('/jobs/update') ? 'jobs/update' : 'all';
}

function signalRate(exchange: Exchange, request: ApiRequest, limiter: Limiter): void {
  const status = statusOf(exchange);
  if (status === 429) limiter.slowDown(bucketOf(request));
  if (status >= 200 && status < 300) limiter.speedUp(bucketOf(request));
}

function statusOf(exchange: Exchange): number {
  return exchange.outcome === 'answer' ? exchange.status : 0;
}

function toError(step: Step, exchange: Exchange, attempted: Attempted): Error {
  return step.verb === 'lost' ? decodeLost(exchange, attempted) : decodeError(exchange, attempted);
}
