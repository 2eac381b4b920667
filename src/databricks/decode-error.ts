import {
  ApiError,
  type ApiFailure,
  AuthError,
  ConflictError,
  LostAnswerError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  StaleWriteError,
  type ToolError,
  UnavailableError,
} from '../core/errors.ts';
import type { ApiRequest } from '../kinds/client.ts';
import { type ErrorBody, readErrorBody } from './error-body.ts';
import { tidy } from './mask.ts';
import type { Answer, Exchange, NoAnswer } from './wire.ts';

/** What an error may know about the request: nothing that it carried. */
export type Attempted = {
  readonly method: ApiRequest['method'];
  readonly path: string;
  readonly origin: string;
  /** How often it was sent. */
  readonly attempts: number;
  /** Takes secrets out of what the far side wrote. */
  readonly mask: (text: string) => string;
  /** False where it may matter that the request named no workspace. */
  readonly isRouted?: boolean;
};

/** The error for an exchange that was no success. */
export function decodeError(exchange: Exchange, attempted: Attempted): ToolError {
  if (exchange.outcome === 'no-answer') return decodeNoAnswer(exchange, attempted);
  const body = readErrorBody(exchange);
  const decoder = DECODERS.find(({ fits }) => fits(exchange, body, attempted.path));
  const hint = decoder?.hint?.(attempted, exchange, body);
  const failure = { ...failureOf(exchange, body, attempted), ...(hint === undefined ? {} : { hint }) };
  const message = messageOf(exchange, body, attempted);
  return decoder === undefined ? new ApiError(message, failure) : decoder.make(message, failure);
}

/** The error for a create of which nobody knows whether it was done. */
export function decodeLost(exchange: Exchange, attempted: Attempted): LostAnswerError {
  const known = decodeError(exchange, attempted);
  return new LostAnswerError(`${known.message}; it may have been done all the same`, {
    method: attempted.method,
    path: attempted.path,
    status: exchange.outcome === 'answer' ? exchange.status : 0,
    ...(known instanceof ApiError && known.requestId !== undefined ? { requestId: known.requestId } : {}),
    ...(known instanceof ApiError && known.errorCode !== undefined ? { errorCode: known.errorCode } : {}),
    hint: 'look whether it exists before sending it again',
  });
}

type Decoder = {
  readonly fits: (answer: Answer, body: ErrorBody, path: string) => boolean;
  readonly make: (message: string, failure: ApiFailure) => ToolError;
  readonly hint?: (attempted: Attempted, answer: Answer, body: ErrorBody) => string;
};

/** The first that fits. */
const DECODERS: readonly Decoder[] = [
  {
    fits: ({ status }) => status >= 300 && status < 400,
    make: (message, failure) => new ApiError(message, failure),
    hint: (attempted) =>
      `redirects are not followed, as they would carry the token along: check the host ${attempted.origin}${routeHint(attempted)}`,
  },
  {
    // Unrouted requests get a login page with status 200.
    fits: ({ status }, { form }) => status < 300 && form === 'html',
    make: (message, failure) => new ApiError(message, failure),
    hint: (attempted) =>
      `${attempted.origin} does not answer as a workspace: check the host and the workspace that it routes to${routeHint(attempted)}`,
  },
  { fits: ({ status }) => status < 300, make: (message, failure) => new UnavailableError(message, failure) },
  {
    fits: isBadToken,
    make: (message, { hint }) => new AuthError(message, hint === undefined ? {} : { hint }),
    hint: (attempted, _, { message }) =>
      UNSUPPORTED_CREDENTIAL.test(message) && attempted.isRouted === false
        ? `the host may serve several workspaces${routeHint(attempted)}`
        : `the token is wrong, expired or not one of ${attempted.origin}: create a new one there`,
  },
  {
    fits: ({ status }) => status === 403,
    make: (message, failure) => new PermissionError(message, failure),
    hint: () => 'give this identity the permission, or run as one that has it',
  },
  {
    fits: ({ status }) => status === 407,
    make: (message, failure) => new ApiError(message, failure),
    hint: () => 'the proxy wants credentials: put them into HTTPS_PROXY',
  },
  { fits: isNotFound, make: (message, failure) => new NotFoundError(message, failure) },
  {
    // Not "absent": nothing about the object is known where the API itself is missing.
    fits: ({ status }) => status === 404,
    make: (message, failure) => new ApiError(message, failure),
    hint: ({ origin }) =>
      `${origin} does not offer this API: check the host, or whether the feature is available there`,
  },
  { fits: isStale, make: (message, failure) => new StaleWriteError(message, failure) },
  { fits: isConflict, make: (message, failure) => new ConflictError(message, failure) },
  {
    fits: ({ status }) => status === 429,
    make: (message, failure) => new RateLimitError(message, failure),
    hint: () => 'other clients share the limits of this workspace: try later, or lower DATABRICKS_RATE_LIMIT',
  },
  {
    fits: ({ status }) => status === 408 || status === 499 || (status >= 500 && status !== 501),
    make: (message, failure) => new UnavailableError(message, failure),
    hint: () => 'the workspace or something on the way fails: try later',
  },
];

/** What hosts that serve several workspaces say to a workspace's own token where they are not told which one. */
const UNSUPPORTED_CREDENTIAL = /credential was not sent or was of an unsupported type/i;

/** Without the header, a host that serves several workspaces answers with a page for people. */
function routeHint({ isRouted }: Attempted): string {
  return isRouted === false
    ? '; no workspace id was sent: if the host serves several workspaces, set DATABRICKS_WORKSPACE_ID, or keep the ?o= of its address'
    : '';
}

/** A wrong token is a 403 whose error_code is a number (recorded), a missing or expired one a 401. */
function isBadToken({ status }: Answer, { errorCode, message }: ErrorBody): boolean {
  if (status === 401) return true;
  return status === 403 && (/^\d+$/.test(errorCode ?? '') || /invalid access token/i.test(message));
}

function isNotFound({ status }: Answer, body: ErrorBody, path: string): boolean {
  // The Jobs API says so with 400, and with the same words that a cluster or destination named by the job is missing.
  if (status === 400) return /^\/api\/2\.\d\/jobs\//.test(path) && MISSING_JOB.test(body.message);
  if (status !== 404) return false;
  if (body.errorCode === undefined || /^\d+$/.test(body.errorCode))
    return body.form === 'json' && isAboutObject(body.message);
  return /^NOT_FOUND$|_DOES_NOT_EXIST$/.test(body.errorCode);
}

const MISSING_JOB = /^job (?:with id )?['"]?\d+['"]? does not exist/i;

/** A text that names what is missing; a bare "Not Found" comes from a router. */
function isAboutObject(message: string): boolean {
  const start = message.slice(0, 500);
  return /does not exist|\S .*not found/i.test(start) && !/\b(api|endpoint|page)\b/i.test(start);
}

function isStale({ status }: Answer, body: ErrorBody): boolean {
  return status === 409 && !saysExists(body);
}

function isConflict({ status }: Answer, body: ErrorBody): boolean {
  return status === 409 || (status === 400 && saysExists(body));
}

function saysExists({ errorCode, message }: ErrorBody): boolean {
  return errorCode?.endsWith('ALREADY_EXISTS') === true || /already exists/i.test(message);
}

const NO_ANSWERS: Readonly<Record<NoAnswer['reason'], { readonly what: string; readonly hint: string }>> = {
  refused: {
    what: 'could not connect',
    hint: 'check that the host is right and can be reached from here, or needs HTTPS_PROXY',
  },
  untrusted: {
    what: 'does not trust the certificate',
    hint: 'name your own certificate authority in NODE_EXTRA_CA_CERTS',
  },
  broken: { what: 'lost the connection', hint: 'try again; if it lasts, look at the network and the proxy' },
  timeout: {
    what: 'got no answer in time',
    hint: 'try again; if it lasts, look at the network and the proxy',
  },
  'too-large': {
    what: 'got an answer that is larger than we read',
    hint: 'look what lies there: it is not what we expect',
  },
};

function decodeNoAnswer({ reason, fault }: NoAnswer, attempted: Attempted): ApiError {
  const { method, path } = attempted;
  const { what, hint } = NO_ANSWERS[reason];
  if (reason === 'too-large')
    return new ApiError(`${method} ${path} ${what}`, { method, path, status: 0, hint }, reason);
  const message = `${method} ${path} ${what} (${tidy(fault, 60)})${triesOf(attempted)}`;
  return new UnavailableError(message, { method, path, status: 0, errorCode: fault, hint });
}

function failureOf(answer: Answer, body: ErrorBody, attempted: Attempted): ApiFailure {
  const { method, path, mask, attempts } = attempted;
  const errorCode = body.errorCode === undefined ? undefined : tidy(mask(body.errorCode), 100);
  return {
    method,
    path,
    status: answer.status,
    attempts,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(body.requestId === undefined ? {} : { requestId: mask(body.requestId) }),
  };
}

function messageOf(answer: Answer, body: ErrorBody, attempted: Attempted): string {
  const { errorCode, requestId } = failureOf(answer, body, attempted);
  const said = tidy(attempted.mask(saidBy(answer, body)));
  const request = requestId === undefined ? '' : ` (request ${requestId})`;
  const code = errorCode === undefined || errorCode === String(answer.status) ? '' : ` ${errorCode}`;
  const what = said === '' ? '' : `: ${said}`;
  return `${attempted.method} ${attempted.path} answered ${answer.status}${code}${what}${request}${triesOf(attempted)}`;
}

function saidBy({ status, headers }: Answer, { form, message }: ErrorBody): string {
  if (status >= 300 && status < 400) return `a redirect to ${originOf(headers['location'])}`;
  if (status < 300) return form === 'html' ? 'a web page instead of JSON' : 'something that is not JSON';
  return message;
}

/** Only the origin: the rest of a Location may carry a session. */
function originOf(location: string | undefined): string {
  return /^https?:\/\/[^/?#@\s]+/i.exec(location ?? '')?.[0] ?? 'another page';
}

function triesOf({ attempts }: Attempted): string {
  return attempts > 1 ? `, tried ${attempts} times` : '';
}
