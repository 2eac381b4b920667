import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { type Behaviour, DEFAULT_BEHAVIOUR } from './behaviour.ts';
import { type Fault, Faults } from './faults.ts';
import { createPoke, type Poke } from './poke.ts';
import { RateLimiter } from './rate-limiter.ts';
import { checkedSeed } from './parse-seed.ts';
import type { Seed } from './seed.ts';
import { serve } from './server.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';
import { createWorkspace } from './workspace.ts';
import type { LoggedRequest, World } from './world.ts';

export type SandboxOptions = {
  readonly seed?: Seed;
  /** On 127.0.0.1; default 0, a free one. */
  readonly port?: number;
  readonly behaviour?: Partial<Behaviour>;
  /** Milliseconds since 1970, for timestamps and rate limits; default the system's clock. */
  readonly now?: () => number;
  /** How `latencyMs` is waited for; default real time, to a fraction of a millisecond. */
  readonly sleep?: (ms: number) => Promise<void>;
};

/** A simulated Databricks workspace on loopback. */
export type Sandbox = {
  readonly url: string;
  /** In the order of arrival; live. */
  readonly requests: readonly LoggedRequest[];
  readonly resetRequests: () => void;
  readonly snapshot: () => Snapshot;
  readonly fault: (fault: Fault) => void;
  readonly clearFaults: () => void;
  /** Changes how the workspace behaves from now on. */
  readonly behave: (behaviour: Partial<Behaviour>) => void;
  readonly poke: Poke;
  /** Cuts open connections, hanging ones included. */
  readonly close: () => Promise<void>;
};

/** @throws SettingsError when the seed is not valid or the port cannot be had. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const world = createWorld(options);
  const server = await serve(world, options.port ?? 0);
  return {
    url: server.url,
    requests: world.requests,
    resetRequests: () => {
      world.requests.length = 0;
    },
    snapshot: () => snapshotOf(world.workspace),
    fault: (fault) => world.faults.add(fault),
    clearFaults: () => world.faults.clear(),
    behave: (behaviour) => {
      world.behaviour = { ...world.behaviour, ...behaviour };
    },
    poke: createPoke(world.workspace),
    close: server.close,
  };
}

function createWorld(options: SandboxOptions): World {
  return {
    workspace: createWorkspace(checkedSeed(options.seed ?? {}), options.now ?? Date.now),
    faults: new Faults(),
    limiter: new RateLimiter(),
    behaviour: { ...DEFAULT_BEHAVIOUR, ...options.behaviour },
    requests: [],
    received: 0,
    sleep: options.sleep ?? wait,
  };
}

/** Timers come up to so much too late, which would count for whoever is measured against the latency. */
const LATENESS_MS = 2;

async function wait(ms: number): Promise<void> {
  const dueMs = performance.now() + ms;
  if (ms > LATENESS_MS) await sleep(ms - LATENESS_MS);
  while (performance.now() < dueMs) await turn();
}
