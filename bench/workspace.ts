import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { ruledWorkspaceOf } from './rules-workload.ts';
import { workspaceOf } from './workload.ts';

/** A simulated workspace in a process of its own, so that its work counts for nobody. */
export type Workspace = {
  readonly env: Readonly<Record<string, string>>;
  readonly setLatency: (latencyMs: number) => Promise<void>;
  /** Asks its control API. @throws Error when it refuses. */
  readonly ask: (control: string, init?: RequestInit) => Promise<Response>;
  readonly close: () => Promise<void>;
};

/** @param what `named`: what the configurations of jobs by name are for; `ruled`: what the one with a rule is for. */
export async function openWorkspace(jobs: number, what: 'named' | 'ruled' = 'named'): Promise<Workspace> {
  const child = fork(fileURLToPath(import.meta.url), [String(jobs), what]);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { readonly url: string }).url));
    child.once('exit', () => reject(new Error('the simulated workspace did not start')));
  });
  const ask = async (control: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await fetch(`${url}/__sandbox/${control}`, init);
    if (!answer.ok) throw new Error(`the simulated workspace refused: ${await answer.text()}`);
    return answer;
  };
  return {
    ask,
    env: { DATABRICKS_HOST: url, DATABRICKS_TOKEN: 'sandbox-token' },
    setLatency: async (latencyMs) => {
      await ask('behaviour', { method: 'PATCH', body: JSON.stringify({ latencyMs }) });
    },
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.disconnect();
      }),
  };
}

// This file is also what runs in that process.
if (process.argv[1] === fileURLToPath(import.meta.url) && process.send !== undefined) {
  const [, , jobs, what] = process.argv;
  const seedOf = what === 'ruled' ? ruledWorkspaceOf : workspaceOf;
  const sandbox = await startSandbox({ seed: seedOf(Number(jobs)) });
  process.on('disconnect', () => void sandbox.close());
  process.send({ url: sandbox.url });
}
