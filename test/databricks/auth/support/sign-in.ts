import { afterEach } from '@jest/globals';
import {
  type Credentials,
  type CredentialSources,
  resolveCredentials,
} from '../../../../src/databricks/auth/resolve.ts';
import { createClient, type DatabricksClient } from '../../../../src/databricks/client.ts';
import { type Identity, readIdentity } from '../../../../src/databricks/identity.ts';
import { formatUserAgent } from '../../../../src/databricks/user-agent.ts';
import type { Retry } from '../../../../src/databricks/wire.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../src/sandbox/sandbox.ts';
import type { SeedIdentity } from '../../../../src/sandbox/seed.ts';
import {
  GITHUB_ISSUER,
  type IdTokenClaims,
  type IdTokens,
  startIdTokens,
  SUBJECT,
} from '../../../support/id-tokens.ts';
import { BARE_MACHINE } from '../../../support/machine.ts';

export const CLIENT_ID = '0f3a9c1e-77d2-4a51-9a8e-3c5b2f60d1aa';
export const CLIENT_SECRET = 'dose-5ecret-of/the+service=principal';
export const ACCOUNT_ID = 'c1c1c1c1-0000-4000-8000-00000000acc7';

/** A service principal that may sign in in both ways. */
export const PRINCIPAL: SeedIdentity = {
  token: 'token-that-is-not-used',
  user_name: CLIENT_ID,
  client_id: CLIENT_ID,
  client_secret: CLIENT_SECRET,
  federation: [{ issuer: GITHUB_ISSUER, subject: SUBJECT }],
};

/** A clock that its sleeps and tests move. */
export type Time = { nowMs: number; readonly sleeps: number[] };

/** A workspace, perhaps GitHub's service too, and a way to sign in; all on one clock, closed after the test. */
export type Scene = {
  readonly time: Time;
  readonly sandbox: Sandbox;
  readonly idTokens: IdTokens;
  readonly retries: readonly Retry[];
  /** The environment of a workflow for each method. */
  readonly m2m: Readonly<Record<string, string>>;
  readonly oidc: Readonly<Record<string, string>>;
  readonly signIn: (
    env: Readonly<Record<string, string>>,
    sources?: Partial<CredentialSources>,
  ) => Promise<Credentials>;
  readonly open: (credentials: Credentials) => DatabricksClient;
  /** Signs in and asks who that is. */
  readonly whoAmI: (env: Readonly<Record<string, string>>) => Promise<Identity>;
  /** Requests to the workspace as `METHOD path`. */
  readonly sent: () => readonly string[];
};

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

export async function openScene(options: SandboxOptions = {}, claims: IdTokenClaims = {}): Promise<Scene> {
  const time: Time = { nowMs: Date.UTC(2026, 0, 1), sleeps: [] };
  const now = (): number => time.nowMs;
  const seed = { account_id: ACCOUNT_ID, identities: [PRINCIPAL] };
  const sandbox = await startSandbox({ seed, now, ...options });
  const idTokens = await startIdTokens(claims, now);
  opened.push(sandbox.close, idTokens.close);
  const base = { DATABRICKS_HOST: sandbox.url, DATABRICKS_CLIENT_ID: CLIENT_ID };
  return {
    ...partsOf(time),
    time,
    sandbox,
    idTokens,
    m2m: { ...base, DATABRICKS_CLIENT_SECRET: CLIENT_SECRET },
    oidc: { ...base, ...idTokens.env },
    sent: () => sandbox.requests.map(({ method, path }) => `${method} ${path}`),
  };
}

/** The same without a workspace of its own. */
export function partsOf(time: Time): Pick<Scene, 'signIn' | 'open' | 'whoAmI' | 'retries'> {
  const retries: Retry[] = [];
  const connection = connectionOn(time, retries);
  const signIn: Scene['signIn'] = (env, sources = {}) =>
    resolveCredentials({
      env,
      readProfileFile: () => undefined,
      allowedHosts: [],
      connection,
      machine: BARE_MACHINE,
      userAgent,
      ...sources,
    });
  const open: Scene['open'] = ({ host, token, headers, authType }) =>
    createClient({ ...connection, host, token, headers, access: 'read', userAgent: userAgent(authType) });
  return { signIn, open, retries, whoAmI: async (env) => readIdentity(open(await signIn(env))) };
}

function connectionOn(time: Time, retries: Retry[]): CredentialSources['connection'] {
  return {
    clock: () => time.nowMs,
    sleep: (ms) => {
      time.sleeps.push(ms);
      time.nowMs += ms;
      return Promise.resolve();
    },
    random: () => 0,
    onRetry: (retry) => retries.push(retry),
  };
}

function userAgent(authType: string): string {
  return formatUserAgent({ version: '0.0.0', nodeVersion: '24.0.0', platform: 'test', authType });
}

/** The error with which a promise ends. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { readonly hint?: string }> {
  return promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error as Error,
  );
}
