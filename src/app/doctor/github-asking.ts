import { Secret } from '../../core/secret.ts';
import { toBearer } from '../../databricks/auth/bearer.ts';
import { type Connection, createSender, ONE_TRY } from '../../databricks/auth/sender.ts';
import { readRun, type Run } from '../../host/github/run.ts';
import { asObject, type JsonObject } from '../../kinds/client.ts';

/** What GitHub answered; status 0 where it did not. */
export type Told = { readonly status: number; readonly body: JsonObject; readonly text: string };

/** Reads from GitHub's API; `path` begins with a slash. */
export type Ask = (path: string) => Promise<Told>;

/** Undefined where no token was handed to this step. @throws AuthError for one that cannot be sent */
export function askGitHub(
  env: Readonly<Record<string, string | undefined>>,
  connection: Connection,
): { readonly run: Run; readonly ask: Ask } | undefined {
  const variable = ['GITHUB_TOKEN', 'GH_TOKEN'].find((name) => (env[name] ?? '').trim() !== '');
  if (variable === undefined) return undefined;
  const token = Secret.of(`(secret ${variable})`, [variable], env[variable]?.trim());
  const run = readRun(env);
  const { origin, pathname } = new URL(run.apiUrl);
  const send = createSender(origin, connection);
  const { header } = toBearer(token);
  // On a GitHub Enterprise server the API lies below a path.
  const base = pathname.replace(/\/$/, '');
  const ask: Ask = async (path) => {
    const target = base + path;
    const headers = { authorization: header };
    const request = { method: 'GET', path: target.replace(/\?.*$/, ''), target, headers } as const;
    const { exchange, body } = await send(request, ONE_TRY);
    if (exchange.outcome === 'no-answer') return { status: 0, body: {}, text: exchange.fault };
    return { status: exchange.status, body: asObject(body), text: exchange.text };
  };
  return { run, ask };
}
