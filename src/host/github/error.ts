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
  const { status, message, response } = error as {
    status?: unknown;
    message?: unknown;
    response?: { headers?: Record<string, unknown> };
  };
  const code = typeof status === 'number' && response !== undefined ? status : 0;
  const accepted = response?.headers?.['x-accepted-github-permissions'];
  const permission = code === 403 && typeof accepted === 'string' && accepted !== '' ? accepted : null;
  const said = typeof message === 'string' ? message.split('\n', 1)[0] : String(error);
  const why = code === 0 ? `no answer (${said})` : `${code} ${said}`;
  return new GitHubError(`GitHub did not let us ${what}: ${why}`, code, permission);
}
