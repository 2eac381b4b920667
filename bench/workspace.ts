import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { workspaceOf } from './workload.ts';

/** A simulated workspace in a process of its own, so that its work counts for nobody. */
export type Workspace = {
  readonly env: Readonly<Record<string, string>>;
  readonly setLatency: (latencyMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function openWorkspace(jobs: number): Promise<Workspace> {
  const child = fork(fileURLToPath(import.meta.url), [String(jobs)]);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { readonly url: string }).url));
    child.once('exit', () => reject(new Error('the simulated workspace did not start')));
  });
  return {
    env: { DATABRICKS_HOST: url, DATABRICKS_TOKEN: 'sandbox-token' },
    setLatency: async (latencyMs) => {
      const body = JSON.stringify({ latencyMs });
      const answer = await fetch(`${url}/__sandbox/behaviour`, { method: 'PATCH', body });
      if (!answer.ok) throw new Error(`the simulated workspace took no latency: ${await answer.text()}`);
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
  const sandbox = await startSandbox({ seed: workspaceOf(Number(process.argv[2])) });
  process.on('disconnect', () => void sandbox.close());
  process.send({ url: sandbox.url });
}
