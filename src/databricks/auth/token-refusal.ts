import { AuthError, type ToolError } from '../../core/errors.ts';
import { type Attempted, decodeError } from '../decode-error.ts';
import { isHtml } from '../error-body.ts';
import { isObject, parseJson, wordOf } from '../json.ts';
import type { Answer } from '../wire.ts';
import type { Sent } from './sender.ts';
import { tooSlow } from './token-trouble.ts';

/** Of a host that serves one workspace. */
export const TOKEN_PATH = '/oidc/v1/token';

export const WRONG_HOST_HINT =
  'check that the host is a workspace, and its name; one that serves several also needs DATABRICKS_WORKSPACE_ID';

/** What a method adds to a refusal. */
export type Refused = {
  /** Takes what was sent in secret out of what the server wrote. */
  readonly mask: (text: string) => string;
  /** @param said what the server answered, ready to be shown */
  readonly explain: (said: string) => AuthError;
};

export type TokenPlace = { readonly origin: string; readonly path: string };

/** The error for a request for a token that was no success. */
export function decodeRefusal({ exchange, attempts }: Sent, place: TokenPlace, refused: Refused): ToolError {
  const { origin, path } = place;
  const attempted: Attempted = { method: 'POST', path, origin, attempts, mask: refused.mask };
  if (exchange.outcome === 'no-answer') {
    const known = decodeError(exchange, attempted);
    return exchange.reason === 'timeout' ? tooSlow(`${origin} does not sign in`, known) : known;
  }
  const known = decodeError(inWordsOfApi(exchange), attempted);
  if (isOtherHost(exchange)) {
    return new AuthError(`${origin} does not sign in as a workspace: ${known.message}`, {
      hint: WRONG_HOST_HINT,
    });
  }
  return isRefusal(exchange, known) ? refused.explain(known.message) : known;
}

/** Pages for people, redirects to a login, and no such path. */
function isOtherHost(answer: Answer): boolean {
  const { status } = answer;
  return (status < 500 && isHtml(answer)) || (status >= 300 && status < 400) || status === 404;
}

/** Bad credentials come as 403 with a number for a code, too. */
function isRefusal(answer: Answer, known: ToolError): boolean {
  return answer.status === 400 || known instanceof AuthError || oauthErrorOf(answer) !== undefined;
}

type OAuthError = { readonly error: string; readonly description: string };

/** `{error, error_description}` of RFC 6749 in the shape of every other answer. */
function inWordsOfApi(answer: Answer): Answer {
  const said = oauthErrorOf(answer);
  if (said === undefined) return answer;
  return { ...answer, text: JSON.stringify({ error_code: said.error, message: said.description }) };
}

function oauthErrorOf({ status, text }: Answer): OAuthError | undefined {
  if (status < 400 || status > 499) return undefined;
  try {
    const body = parseJson(text);
    if (!isObject(body)) return undefined;
    const error = wordOf(body['error']);
    if (error === undefined) return undefined;
    return { error, description: wordOf(body['error_description']) ?? '' };
  } catch {
    return undefined;
  }
}
