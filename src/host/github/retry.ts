import type { getOctokit } from '@actions/github';

const RETRIES = 2;
/** Before the first retry; four times as long before the second. */
const PAUSE_MS = 1_000;

/** Lets a client ask again after a pause where GitHub itself failed or asks to slow down. What it refuses stays refused. */
export function askAgain(
  { hook }: Pick<ReturnType<typeof getOctokit>, 'hook'>,
  sleep: (ms: number) => Promise<void>,
): void {
  hook.wrap('request', async (request, options) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request(options);
      } catch (error) {
        if (attempt > RETRIES || !mayPass(error)) throw error;
        await sleep(PAUSE_MS * attempt ** 2);
      }
    }
  });
}

/** Octokit gives the status 500 to a request that got no answer. */
function mayPass(error: unknown): boolean {
  const { status } = error as { readonly status?: unknown };
  return typeof status === 'number' && (status >= 500 || status === 429);
}
