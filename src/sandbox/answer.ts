import { type Json, printJson } from './json.ts';

/** What a route says; `body` is JSON unless it is bytes or text of its own content type. */
export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Json | Buffer;
};

/** An answer as it goes over the wire. */
export type PrintedAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: Buffer | string;
};

export function printAnswer({ status, headers = {}, body }: Answer): PrintedAnswer {
  const isBytes = Buffer.isBuffer(body);
  const contentType = isBytes ? 'text/plain; charset=utf-8' : 'application/json';
  return {
    status,
    headers: { 'content-type': contentType, ...headers },
    text: isBytes ? body : printJson(body),
  };
}

/** Thrown by a route to refuse a request in the API's own error shape. */
export class Refusal extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    errorCode: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.headers = headers;
  }
}

export function ok(body: Json | Buffer = {}, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers, body };
}

export function invalid(message: string): Refusal {
  return new Refusal(400, 'INVALID_PARAMETER_VALUE', message);
}

export function malformed(message: string): Refusal {
  return new Refusal(400, 'MALFORMED_REQUEST', message);
}

export function denied(message: string): Refusal {
  return new Refusal(403, 'PERMISSION_DENIED', message);
}

export function missing(message: string): Refusal {
  return new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', message);
}

/** No `details` list: the official JavaScript SDK loses the code of an error that has one. */
export function refusalAnswer(refusal: Refusal): Answer {
  return {
    status: refusal.status,
    headers: refusal.headers,
    body: { error_code: refusal.errorCode, message: refusal.message },
  };
}
