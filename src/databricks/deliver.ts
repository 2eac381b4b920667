import { Secret } from '../core/secret.ts';
import type { ApiRequest, ApiResponse } from '../kinds/client.ts';
import { toBearer, toHeader } from './auth/bearer.ts';
import type { HeaderSource, TokenSource } from './auth/method.ts';
import { type Attempted, decodeError, decodeLost } from './decode-error.ts';
import { isSuccess, readSuccess, toWire } from './exchange.ts';
import { maskAll, maskSecrets, secretTexts } from './mask.ts';
import type { Meter } from './meter.ts';
import { bucketOf } from './buckets.ts';
import { Patience } from './patience.ts';
import type { Limiter } from './rate.ts';
import { nextStep, type RetryPolicy, type Step } from './retry.ts';
import type { Exchange, Retry, Transport } from './wire.ts';
import { WORKSPACE_HEADER } from './workspace-header.ts';

export type { Retry } from './wire.ts';

/** Everything that stands between a request and the wire. */
export type Line = {
  readonly origin: string;
  readonly transport: Transport;
  readonly limiter: Limiter;
  readonly meter: Meter;
  readonly policy: RetryPolicy;
  readonly token: TokenSource;
  readonly headers?: HeaderSource | undefined;
  readonly userAgent: string;
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly secrets?: readonly Secret[] | undefined;
  readonly onRetry?: ((retry: Retry) => void) | undefined;
};

/** Shown a success as it came, before it is read as JSON; that waits for it. */
export type Peek = (text: string) => Promise<void>;

/** Sends until it succeeds or the retry table says stop; throws the errors of core/errors and nothing else. */
export async function deliver(request: ApiRequest, line: Line, peek?: Peek): Promise<ApiResponse> {
  const { limiter, clock } = line;
  const bucket = bucketOf(request);
  const patience = new Patience(() => limiter.progress(bucket));
  for (let attempt = 1; ; attempt += 1) {
    const { exchange, mask, sentAtMs, isRouted } = await attemptOnce(request, attempt, line);
    const response = await read(exchange, request, peek);
    if (isPassed(exchange)) limiter.pass(bucket);
    if (response !== undefined) return response;
    const failed = { isRefused: statusOf(exchange) === 429, sentAtMs, endedAtMs: clock() };
    const turn = { ...patience.count(failed), nowMs: clock(), random: line.random() };
    const step = nextStep(request.delivery, exchange, turn, line.policy);
    // A refusal is for all requests of the bucket: they wait together.
    if (failed.isRefused) limiter.refuse(bucket, { sentAtMs, waitMs: step.verb === 'wait' ? step.ms : 0 });
    const { method, path } = request;
    if (step.verb !== 'wait')
      throw toError(step, exchange, { method, path, origin: line.origin, attempts: attempt, mask, isRouted });
    line.onRetry?.({ method, path, status: statusOf(exchange), attempt, waitMs: step.ms });
    patience.wait(failed, step.ms);
    if (!failed.isRefused) await line.sleep(step.ms);
  }
}

async function read(
  exchange: Exchange,
  { answer }: ApiRequest,
  peek: Peek | undefined,
): Promise<ApiResponse | undefined> {
  if (peek !== undefined && isSuccess(exchange)) await peek(exchange.text);
  return readSuccess(exchange, answer);
}

type Attempt = {
  readonly exchange: Exchange;
  readonly token: Secret;
  readonly mask: (text: string) => string;
  /** When its turn had come. */
  readonly sentAtMs: number;
  /** Whether it named its workspace. */
  readonly isRouted: boolean;
};

/** A refused token is renewed once, where it can be: a 401 says that nothing was done. */
async function attemptOnce(request: ApiRequest, attempt: number, line: Line): Promise<Attempt> {
  const first = await sendSigned(request, attempt, line);
  if (statusOf(first.exchange) !== 401) return first;
  const token = await line.token(first.token);
  return token.isSameAs(first.token) ? first : sendSigned(request, attempt + 1, line);
}

function sendSigned(request: ApiRequest, attempt: number, line: Line): Promise<Attempt> {
  return line.limiter.run(bucketOf(request), async () => {
    // Not before its turn has come: a token may end while it waits.
    const token = await line.token();
    const bearer = toBearer(token);
    const further = Object.entries((await line.headers?.()) ?? {});
    const headers = {
      ...Object.fromEntries(further.map(([name, value]) => [name, toHeader(value)])),
      authorization: bearer.header,
      'user-agent': line.userAgent,
    };
    const hidden = further.flatMap(([, value]) => (value instanceof Secret ? [value] : []));
    const wire = toWire(request, line.origin, headers);
    const mask = (text: string): string =>
      maskSecrets(maskAll(bearer.mask(text), secretTexts(request.body)), [
        ...hidden,
        ...(line.secrets ?? []),
      ]);
    const sentAtMs = line.clock();
    line.meter.begin(attempt);
    try {
      const isRouted = WORKSPACE_HEADER in headers;
      return { exchange: await line.transport(wire), token, mask, sentAtMs, isRouted };
    } finally {
      line.meter.end();
    }
  });
}

/** Whether it got past the limits; what a server that is down would have said is not known. */
function isPassed(exchange: Exchange): boolean {
  const status = statusOf(exchange);
  return status !== 429 && status >= 200 && status < 500;
}

function statusOf(exchange: Exchange): number {
  return exchange.outcome === 'answer' ? exchange.status : 0;
}

function toError(step: Step, exchange: Exchange, attempted: Attempted): Error {
  return step.verb === 'lost' ? decodeLost(exchange, attempted) : decodeError(exchange, attempted);
}
