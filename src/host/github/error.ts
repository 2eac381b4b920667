/** GitHub did not do what we asked. `permission` is what the token lacks, where GitHub says so. */
export class GitHubError extends Error {
  /** 0 where no answer came. */
  readonly status: number;
  readonly permission: string | null;

  constructor(message: string, status: number, permission: string | null) {
    super(message);
    this.name = 'GitHubError';
    this.status = status;
    this.permission = permission;
  }

  /** GitHub refuses a text for its length with this status, and says no more that could be relied on. */
  get isRefusedText(): boolean {
    return this.status === 422;
  }
}

/** @param what completes "GitHub did not let us …". Nothing of the request, which holds the token, is kept. */
export function gitHubError(what: string, error: unknown): GitHubError {
  const failed: Failed = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const status = statusOf(failed);
  const said = saidBy(failed);
  const why = status === 0 ? `no answer (${said})` : `${status} ${said}`;
  return new GitHubError(`GitHub did not let us ${what}: ${why}`, status, permissionIn(failed, status));
}

/** What Octokit throws: of REST with a status, of GraphQL with `errors` in an answer that says 200. */
type Failed = {
  readonly message?: unknown;
  readonly status?: unknown;
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>> };
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
  return typeof said === 'string' ? (said.split('\n', 1)[0] ?? '').slice(0, LONGEST) : 'no reason given';
}

function permissionIn({ response }: Failed, status: number): string | null {
  const accepted = response?.headers?.['x-accepted-github-permissions'];
  return status === 403 && typeof accepted === 'string' && accepted !== '' ? accepted : null;
}
