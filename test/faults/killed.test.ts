import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type Bench, openBench } from '../support/cli.ts';
import { EVERY_VERB } from './every-verb.ts';
import { prepare, reopen, told, twins } from './scenario.ts';

/** Where types are not stripped, the bundle stands in. */
const ENTRY = process.features.typescript === false ? '../../dist/cli.js' : '../../src/cli.ts';

describe('a process that is killed', () => {
  test.each([0.5, 0.7, 0.9])(
    'after %f of its requests leaves a workspace that the next run brings to the end',
    async (share) => {
      const seed = await prepare(EVERY_VERB);
      const smooth = await reopen(EVERY_VERB, seed);
      expect((await smooth.lakebell('apply', '--auto-approve')).code).toBe(0);

      const at = Math.round(smooth.sandbox.requests.length * share);
      const state: { kill?: () => void } = {};
      const bench = await openBench(
        {
          seed,
          behaviour: { latencyMs: 1 },
          sleep: () => {
            if (bench.sandbox.requests.length === at) state.kill?.();
            return Promise.resolve();
          },
        },
        EVERY_VERB.after,
      );
      const { digest } = await bench.document('plan');
      bench.sandbox.resetRequests();
      await runAndKill(bench, ['apply', '--approve', digest], state);
      const lock = bench.sandbox.snapshot().files.find(({ path }) => path.endsWith('.lock'));
      if (lock !== undefined) {
        const refused = await bench.lakebell('apply', '--approve', digest);
        const { id } = JSON.parse(lock.content) as { id: string };
        expect([refused.code, refused.err.includes(`lakebell unlock ${id}`)]).toEqual([5, true]);
        expect((await bench.lakebell('unlock', id)).code).toBe(0);
      }
      const again = await bench.lakebell('apply', '--approve', digest);
      expect(again.code === 0 ? '' : again.out + again.err).toBe('');
      expect(twins(bench.sandbox.snapshot())).toEqual([]);
      expect(told(bench.sandbox.snapshot())).toEqual(told(smooth.sandbox.snapshot()));
      expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    },
  );
});

async function runAndKill(
  bench: Bench,
  argv: readonly string[],
  state: { kill?: () => void },
): Promise<void> {
  const entry = fileURLToPath(new URL(ENTRY, import.meta.url));
  const child = spawn(process.execPath, [entry, ...argv, '--config', bench.path('notifications.yml')], {
    env: { ...bench.env, PATH: process.env['PATH'], HOME: bench.folder },
    stdio: 'ignore',
  });
  state.kill = () => child.kill('SIGKILL');
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  delete state.kill;
  expect([code, signal]).toEqual([null, 'SIGKILL']);
}
