/** GitHub did not do what we asked. */
export class GitHubError extends Error {
  /** 0 where no answer came. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = 'GitHubError';
    this.status = status;
  }

  /** GitHub refuses a text for its length with this status, and says no more that could be relied on. */
  get isRefusedText(): boolean {
    return this.status === 422;
  }

  /** A locked conversation and too many requests are refused with the same status, and in other words. */
  get isMissingPermission(): boolean {
    return this.status === 403 && this.message.includes('Resource not accessible by ');
  }
}

/** @param what completes "GitHub did not let us …". Nothing of the request, which holds the token, is kept. */
export function gitHubError(what: string, error: unknown): GitHubError {
  const failed: Failed = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const status = statusOf(failed);
  const said = saidBy(failed);
  const why = status === 0 ? `no answer (${said})` : `${status} ${said}`;
  return new GitHubError(`GitHub did not let us ${what}: ${why}`, status);
}

/** What Octokit throws: of REST with a status, of GraphQL with `errors` in an answer that says 200. */
type Failed = {
  readonly message?: unknown;
  readonly status?: unknown;
  readonly response?: unknown;
  readonly errors?: readonly { readonly type?: unknown; readonly message?: unknown }[];
};

const GRAPHQL_STATUS: ReadonlyMap<unknown, number> = new Map([
  ['FORBIDDEN', 403],
  ['INSUFFICIENT_SCOPES', 403],
  ['NOT_FOUND', 404],
  ['RATE_LIMITED', 429],
]);

function statusOf({ status, response, errors }: Failed): number {
  if (response === undefined) return 0;
  if (typeof status === 'number') return status;
  return GRAPHQL_STATUS.get(errors?.[0]?.type) ?? 200;
}

// An answer that is not JSON, a proxy's page for example, is a message as a whole.
const LONGEST = 500;

function saidBy({ message, errors }: Failed): string {
  const said = errors?.[0]?.message ?? message;
  if (typeof said !== 'string') return 'no reason given';
  // `fetch` quotes the header that it cannot send, and the token with it.
  if (said.startsWith('Headers.')) return 'the token holds a character that cannot be sent';
  const [first = ''] = said.split('\n', 1);
  return first.replace(/ - https:\/\/docs\.github\.com\/\S+$/u, '').slice(0, LONGEST);
}

/** What GitHub answers, or a GitHubError that says what we asked for. */
export async function asked<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw gitHubError(what, error);
  }
}
