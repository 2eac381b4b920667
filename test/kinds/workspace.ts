import { afterEach } from '@jest/globals';
import type { KindApi } from '../../src/kinds/kind.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { aClient, TOKEN } from '../databricks/support/a-client.ts';
import { kindNamed } from '../support/builders.ts';

const open: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

export type Ported = { readonly sandbox: Sandbox; readonly api: KindApi };

/** A sandbox and one kind's API on it through the real client; closed after the test. */
export async function openKind(name: string, { seed, ...options }: SandboxOptions = {}): Promise<Ported> {
  const identities = seed?.identities ?? [{ token: TOKEN, user_name: 'admin@company.test', admin: true }];
  const sandbox = await startSandbox({ ...options, seed: { ...seed, identities } });
  open.push(sandbox);
  return { sandbox, api: kindNamed(name).connect(aClient(sandbox)) };
}

/** `METHOD path` of every request, with the query. */
export function asked({ requests }: Sandbox): readonly string[] {
  return requests.map(({ method, path }) => `${method} ${path}`);
}

/** Bodies of the requests that are no reads, as JSON. */
export function sent({ requests }: Sandbox): readonly unknown[] {
  return requests
    .filter(({ method }) => method !== 'GET')
    .map(({ body }) => (body === '' ? null : (JSON.parse(body) as unknown)));
}

export { TOKEN };
