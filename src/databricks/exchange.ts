import { InternalError } from '../core/errors.ts';
import type { ApiRequest, ApiResponse, Json, Query } from '../kinds/client.ts';
import { isHtml } from './error-body.ts';
import { parseJson, printJson } from './json.ts';
import type { Answer, Exchange, WireRequest } from './wire.ts';

/** @throws InternalError for a path that is not under `/api/` or that a URL parser would rewrite. */
export function toWire(request: ApiRequest, origin: string, headers: WireRequest['headers']): WireRequest {
  const { method, path } = request;
  if (!path.startsWith('/api/') || pathOf(origin + path) !== path) {
    throw new InternalError(`${path} is not the path of an API`);
  }
  const body = bodyOf(request);
  return {
    method,
    path,
    target: path + printQuery(request.query ?? {}),
    headers: { accept: request.answer === 'text' ? '*/*' : 'application/json', ...headers, ...body.headers },
    ...(body.text === undefined ? {} : { text: body.text }),
    ...(request.maxBytes === undefined ? {} : { maxBytes: request.maxBytes }),
  };
}

export function isSuccess(exchange: Exchange): exchange is Answer {
  return exchange.outcome === 'answer' && exchange.status >= 200 && exchange.status <= 299;
}

/** What was asked for, or undefined where the exchange is no success. */
export function readSuccess(exchange: Exchange, wanted: ApiRequest['answer']): ApiResponse | undefined {
  if (!isSuccess(exchange)) return undefined;
  // A wrong host or workspace answers every path with its login page.
  if (isHtml(exchange)) return undefined;
  const body = wanted === 'text' ? exchange.text : parseBody(exchange);
  return body === undefined ? undefined : { status: exchange.status, headers: exchange.headers, body };
}

function parseBody({ text }: Answer): Json | undefined {
  const json = text.replace(/^\uFEFF/, '');
  if (json.trim() === '') return null;
  try {
    return parseJson(json);
  } catch {
    return undefined;
  }
}

function pathOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}

function printQuery(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

type WireBody = { readonly text?: string; readonly headers: WireRequest['headers'] };

function bodyOf({ body, bytes }: ApiRequest): WireBody {
  if (bytes !== undefined) return { text: bytes, headers: { 'content-type': 'application/octet-stream' } };
  if (body === undefined) return { headers: {} };
  return { text: printJson(body), headers: { 'content-type': 'application/json' } };
}
