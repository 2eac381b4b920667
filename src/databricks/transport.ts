import { type AxiosResponse, create as createAxios } from 'axios';
import { toNoAnswer } from './fault.ts';
import type { Agents } from './proxy.ts';
import type { Answer, Transport, WireRequest } from './wire.ts';

export type TransportOptions = {
  /** `https://host[:port]`; every request goes there and nowhere else. */
  readonly origin: string;
  /** Limit for one whole request, connection and body included. */
  readonly timeoutMs: number;
  readonly agents: Agents;
};

/** One request over the wire. No AxiosError leaves this file: it carries the Authorization header and the body. */
export function createTransport(options: TransportOptions): Transport {
  const wire = createAxios({
    adapter: 'http',
    ...options.agents,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
  });
  return async (request) => {
    const timer = AbortSignal.timeout(options.timeoutMs);
    try {
      return toAnswer(await wire.request<Buffer>({ ...toConfig(options.origin, request), signal: timer }));
    } catch (error) {
      return timer.aborted
        ? { outcome: 'no-answer', reason: 'timeout', fault: 'ETIMEDOUT' }
        : toNoAnswer(error);
    }
  };
}

/** Far above any page of an API; stops an endless body. */
const MAX_ANSWER_BYTES = 128 * 1024 * 1024;

function toConfig(origin: string, request: WireRequest) {
  return {
    url: origin + request.target,
    method: request.method,
    headers: { ...request.headers },
    ...(request.text === undefined ? {} : { data: request.text }),
    ...(request.maxBytes === undefined ? {} : { maxContentLength: request.maxBytes }),
  };
}

function toAnswer(response: AxiosResponse<Buffer>): Answer {
  return {
    outcome: 'answer',
    status: response.status,
    headers: flatten(Object.entries(response.headers)),
    text: response.data.toString('utf8'),
  };
}

function flatten(headers: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(
    headers.map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  );
}
