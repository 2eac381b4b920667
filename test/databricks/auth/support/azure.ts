import { inspect } from 'node:util';
import { afterEach, expect } from '@jest/globals';
import { givenAttributes } from '../../../../src/databricks/auth/attributes.ts';
import type { Finished, Machine, RunOptions } from '../../../../src/databricks/auth/machine.ts';
import type { Method, SignedIn } from '../../../../src/databricks/auth/method.ts';
import type { Connection } from '../../../../src/databricks/auth/sender.ts';
import { createClient, type DatabricksClient } from '../../../../src/databricks/client.ts';
import { type Identity, readIdentity } from '../../../../src/databricks/identity.ts';
import type { Retry } from '../../../../src/databricks/wire.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/sandbox.ts';
import type { SeedIdentity } from '../../../../src/sandbox/seed.ts';
import { BARE_MACHINE } from '../../../support/machine.ts';

export const TENANT = '7a1c0de0-1111-4222-8333-944445555666';
export const RESOURCE_ID =
  '/subscriptions/5ab5c21b-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.Databricks/workspaces/w';
export const APP_ID = '0f3a9c1e-77d2-4a51-9a8e-3c5b2f60d1aa';
export const APP_SECRET = 'Q~8secret/of+the=app.registration';
export const WORKSPACE_RESOURCE = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';
export const MANAGEMENT_RESOURCE = 'https://management.core.windows.net/';
export const ME = '/api/2.0/preview/scim/v2/Me';
export const START = Date.UTC(2026, 0, 1);

export const APP: SeedIdentity = {
  token: 'token-that-is-not-used',
  user_name: APP_ID,
  azure: { client_id: APP_ID, client_secret: APP_SECRET, managed: true },
};

type Environment = Readonly<Record<string, string>>;

/** A workspace on Azure with its services on loopback, a clock that sleeps and tests move, and a way in. */
export async function openAzure(of: Partial<SeedIdentity['azure']> = {}) {
  const time = { nowMs: START, sleeps: [] as number[] };
  const identity = { ...APP, azure: { client_id: APP_ID, ...APP.azure, ...of } };
  const seed = { azure: { tenant_id: TENANT, resource_id: RESOURCE_ID }, identities: [identity] };
  const sandbox = await startSandbox({ seed, now: () => time.nowMs });
  opened.push(sandbox);
  const services = { AZURE_AUTHORITY_HOST: sandbox.url, AZURE_POD_IDENTITY_AUTHORITY_HOST: sandbox.url };
  return {
    sandbox,
    time,
    ...partsOf(sandbox.url, time, services),
    sent: () => sandbox.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`),
  };
}

const opened: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

type Time = { nowMs: number; readonly sleeps: number[] };

/** The same for any workspace. */
export function partsOf(origin: string, time: Time = { nowMs: START, sleeps: [] }, base: Environment = {}) {
  const retries: Retry[] = [];
  const connection: Connection = {
    clock: () => time.nowMs,
    sleep: (ms) => {
      time.sleeps.push(ms);
      time.nowMs += ms;
      return Promise.resolve();
    },
    random: () => 0,
    userAgent: 'lakebell-test',
    onRetry: (retry) => retries.push(retry),
  };
  const signIn = (
    method: Method,
    env: Environment = {},
    machine: Machine = BARE_MACHINE,
    more: Partial<Connection> = {},
  ): SignedIn => {
    const prepared = method.prepare(givenAttributes({}, { ...base, ...env }), { origin, isAzure: true });
    if ('missing' in prepared) throw new Error(prepared.missing);
    return prepared.open(origin, { ...connection, ...more }, machine);
  };
  const open = (signedIn: SignedIn): DatabricksClient =>
    createClient({ ...connection, ...signedIn, host: origin, access: 'read' });
  const whoAmI = (...how: Parameters<typeof signIn>): Promise<Identity> => readIdentity(open(signIn(...how)));
  return { signIn, open, whoAmI, retries };
}

/** Asks as a command does, in the middle of a run. */
export async function ask(client: DatabricksClient): Promise<number> {
  return (await client.send({ method: 'GET', path: ME, delivery: 'repeat' })).status;
}

type Answer = Finished | undefined;

/** A machine on which programs answer as the test says; a number is how often they were started. */
export function fakeMachine(play: (command: string, started: number) => Answer | Promise<Answer>) {
  const commands: string[] = [];
  const options: RunOptions[] = [];
  const machine: Machine = {
    readText: () => Promise.resolve(undefined),
    run: async (program, args, how = {}) => {
      commands.push([program, ...args].join(' '));
      options.push(how);
      return play(commands.at(-1) ?? '', commands.length);
    },
  };
  return { machine, commands, options };
}

export function printed(body: unknown): Finished {
  return { code: 0, out: typeof body === 'string' ? body : JSON.stringify(body), err: '' };
}

export function complained(err: string, out = ''): Finished {
  return { code: 1, out, err };
}

/** Everything that an error may show to somebody holds none of these. */
export function expectHidden(error: unknown, secrets: readonly string[]): void {
  const text = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error)].join(
    '\n',
  );
  for (const secret of secrets.flatMap((one) => [one, encodeURIComponent(one)])) {
    expect(secret.length).toBeGreaterThan(7);
    expect(text).not.toContain(secret);
  }
}
