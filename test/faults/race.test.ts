import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Bench, withBench } from './bench.ts';
import { startProcess } from './process.ts';
import { stateOf, twins } from './scenario.ts';

const ROUNDS = 10;
/** Two tokens of one identity: so the log tells the processes apart, and both have the same record. */
const TOKENS = ['first', 'second'];
const identity = { user_name: 'admin@sandbox.test', admin: true };
const jobs = ['etl', 'billing'].map((name, index) => ({ job_id: String(100 + index), settings: { name } }));
const seed: Seed = { identities: TOKENS.map((token) => ({ token, ...identity })), jobs };

const config = `version: 1
destinations:
  one: { email: { addresses: [one@company.test] } }
  two: { email: { addresses: [two@company.test] } }
  three: { generic_webhook: { url: "https://hook.test/three" } }
jobs:
  etl: { notify: { on_failure: [one, three] } }
  billing: { notify: { on_failure: [two, first@company.test] } }
registry_webhooks:
  made: { model_name: made, events: [COMMENT_CREATED], http_url_spec: { url: "https://hook.test/m" } }
`;

describe('two processes that apply the same file at the same time', () => {
  test('never write in between one another, and never make twins', async () => {
    const goal = await withBench({ seed, config, env: signedIn('first') }, async (bench) => {
      expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
      return stateOf(bench.sandbox.snapshot());
    });
    const refused: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { codes, wrong } = await race(round);
      expect([round, ...wrong]).toEqual([round]);
      // Who comes when everything is done has nothing to do.
      expect([...codes].sort((a, b) => Number(a) - Number(b))).toEqual([0, codes.includes(5) ? 5 : 0]);
      refused.push(...codes.filter((code) => code === 5));
    }
    expect(refused.length).toBeGreaterThanOrEqual(ROUNDS / 2);

    async function race(
      round: number,
    ): Promise<{ codes: readonly (number | null)[]; wrong: readonly string[] }> {
      return withBench({ seed, config, env: signedIn('first') }, async (bench) => {
        const acted = watch(bench, round);
        const ends = await Promise.all(
          TOKENS.map((token) => startProcess(bench, ['apply', '--auto-approve'], signedIn(token)).ended),
        );
        const snapshot = bench.sandbox.snapshot();
        const isThere = stateOf(snapshot) === goal;
        const codes = ends.map(({ code }) => code);
        const wrong = [
          ...interleaved(acted),
          ...twins(snapshot).map((name) => `twin ${name}`),
          ...(isThere ? [] : [`ended elsewhere: ${stateOf(snapshot)}`]),
          ...ends.filter(({ code, err }) => code === 5 && !/locked by/.test(err)).map(({ err }) => err),
        ];
        return { codes, wrong };
      });
    }
  }, 120_000);
});

function signedIn(token: string): Readonly<Record<string, string>> {
  return { DATABRICKS_TOKEN: token };
}

type Acted = {
  readonly who: string;
  readonly line: string;
  readonly isLock: boolean;
  readonly status: () => number;
};

/**
 * The workspace takes a while for every answer, and at the start up to the time that an apply takes. In every other round the
 * first lock is given only when both have asked for it.
 * @returns what was done, in the order in which it was done.
 */
function watch(bench: Bench, round: number): readonly Acted[] {
  const acted: Acted[] = [];
  const asking = new Set<string>();
  let bothAsk: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    bothAsk = resolve;
  });
  bench.onRequest = async (at) => {
    const request = bench.sandbox.requests[at];
    if (request === undefined) return;
    const { method, path, body, headers } = request;
    const who = headers['authorization'] ?? '';
    const isFirst = !acted.some((one) => one.who === who);
    const isLock = /\.lock\?overwrite=false/.test(path);
    await wait(arbitrary(`${round} ${at} ${who}`) % (isFirst ? 150 : 5));
    if (isLock) asking.add(who);
    if (asking.size === TOKENS.length) bothAsk();
    if (isLock && round % 2 === 0) await gate;
    const status = (): number => bench.sandbox.requests[at]?.status ?? 0;
    acted.push({ who, line: `${method} ${path} ${body.slice(0, 80)}`, isLock, status });
  };
  return acted;
}

/** Writes of one run between the lock of the other and its release. */
function interleaved(acted: readonly Acted[]): readonly string[] {
  let holder: string | null = null;
  const wrong: string[] = [];
  for (const { who, line, isLock, status } of acted) {
    const isRefused = status() >= 400;
    if (line.startsWith('GET') || isRefused) continue;
    if (holder === null && isLock) holder = who;
    else if (holder !== who && !line.includes('/mkdirs')) wrong.push(`${who}: ${line}`);
    else if (line.includes('/workspace/delete')) holder = null;
  }
  return wrong;
}

function arbitrary(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE();
}
