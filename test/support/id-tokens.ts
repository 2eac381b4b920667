import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
export const SUBJECT = 'repo:acme/notifications:environment:prod';

/** What the next identity tokens say. */
export type IdTokenClaims = {
  readonly subject?: string;
  readonly issuer?: string;
  /** Where set, instead of the audience that is asked for. */
  readonly audience?: string | readonly string[];
  /** Five minutes by default; a negative one makes tokens that are over. */
  readonly lifetimeSeconds?: number;
  /** When it begins to be valid; at once by default. */
  readonly delaySeconds?: number;
};

/** A stand-in for the service of a GitHub runner that tells a job who it is. */
export type IdTokens = {
  /** What the runner sets for a job with `permissions: id-token: write`. */
  readonly env: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  /** In the order of arrival. */
  readonly requests: readonly IdTokenRequest[];
  /** Every token that was given. */
  readonly issued: readonly string[];
  /** One that somebody else hands to the job. */
  readonly mint: (audience: string) => string;
  /** Changes what is said from now on. */
  readonly say: (claims: IdTokenClaims) => void;
  readonly close: () => Promise<void>;
};

type IdTokenRequest = {
  readonly method: string;
  readonly url: string;
  readonly audience: string | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

/** @param now milliseconds since 1970 */
export async function startIdTokens(
  claims: IdTokenClaims = {},
  now: () => number = Date.now,
): Promise<IdTokens> {
  const requests: IdTokenRequest[] = [];
  const issued: string[] = [];
  let said = claims;
  const mint = (audience: string): string => {
    const token = printToken(claimsOf(said, audience, now()), issued.length);
    issued.push(token);
    return token;
  };
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const audience = new URL(url, 'http://github.test').searchParams.get('audience');
    requests.push({ method, url, audience, headers });
    if (!isAllowed(request)) {
      answer(response, 401, { message: 'Bad credentials' });
      return;
    }
    const token = mint(audience ?? 'https://github.com/acme');
    answer(response, 200, { count: token.length, value: token });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/86//idtoken/run/job?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    },
    requests,
    issued,
    mint,
    say: (next) => {
      said = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const REQUEST_TOKEN = 'request-token-of-the-runner';
const PATH = '/86//idtoken/run/job?api-version=2.0&audience=';

function isAllowed({ method, url = '', headers }: IncomingMessage): boolean {
  return method === 'GET' && url.startsWith(PATH) && headers['authorization'] === `Bearer ${REQUEST_TOKEN}`;
}

function claimsOf(said: IdTokenClaims, audience: string, nowMs: number): object {
  const iat = Math.floor(nowMs / 1000);
  return {
    iss: said.issuer ?? GITHUB_ISSUER,
    sub: said.subject ?? SUBJECT,
    aud: said.audience ?? audience,
    iat,
    nbf: iat + (said.delaySeconds ?? 0),
    exp: iat + (said.lifetimeSeconds ?? 300),
  };
}

/** Signed with a key that nobody knows; no two are alike. */
function printToken(claims: object, serial: number): string {
  const parts = [
    { alg: 'HS256', typ: 'JWT' },
    { ...claims, jti: `token ${serial}` },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', 'a key of the test').update(signed).digest('base64url')}`;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
