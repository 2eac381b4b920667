import { resolve } from 'node:path';
import { type Move, renameRecorded } from '../core/move.ts';
import type { Writer } from '../core/access.ts';
import type { PlanDocument } from '../core/document.ts';
import type { RecordDocument } from '../core/record.ts';
import { Secret } from '../core/secret.ts';
import { type Credentials, type CredentialSources, resolveCredentials } from '../databricks/auth/resolve.ts';
import { type ClientLimits, type DatabricksClient, createClient } from '../databricks/client.ts';
import type { Retry } from '../databricks/deliver.ts';
import { type Identity, readIdentity } from '../databricks/identity.ts';
import { ciIn, formatUserAgent } from '../databricks/user-agent.ts';
import { SettingsError, UnavailableError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { KINDS } from '../kinds/index.ts';
import type { Kind, KindApi } from '../kinds/kind.ts';
import { fileRecord } from '../record/file.ts';
import { githubRun } from '../record/holder.ts';
import { noRecord } from '../record/none.ts';
import type { LockOwner, LockTiming, RecordStore } from '../record/port.ts';
import { type RecordScope, type RecordStamp, emptyRecord } from '../record/record.ts';
import { defaultRecordPath, workspaceRecord } from '../record/workspace.ts';
import type { Loaded } from './load.ts';
import type { CommonOptions } from './options.ts';
import { type StatusLine, statusLine, watchReads } from './progress.ts';
import type { Source } from './source.ts';
import { TOOL } from './tool.ts';

/** One configuration, signed in to one workspace. */
export type Session = Loaded & {
  readonly host: Host;
  readonly credentials: Credentials;
  readonly client: DatabricksClient;
  readonly identity: Identity;
  readonly ports: readonly { readonly kind: Kind; readonly api: KindApi }[];
  readonly store: RecordStore;
  readonly scope: RecordScope;
  readonly fingerprintKey: Secret | undefined;
  readonly status: StatusLine;
  /** Left out where plans are made of the file. */
  readonly source?: Source;
  /** Whether what rules say may go on record as applied; left out where it may. */
  readonly learnsRules?: boolean;
};

export type SessionOptions = CommonOptions & { readonly lockTimeoutMs?: number };

type Opening = {
  readonly loaded: Loaded;
  /** `read` for every command that must not write: its client refuses to. */
  readonly access: 'read' | 'write';
  /** Begins what need not wait until it is known who we are. */
  readonly begin?: (ports: Session['ports']) => void;
};

export async function openSession(
  host: Host,
  options: SessionOptions,
  { loaded, access, begin }: Opening,
): Promise<Session> {
  const credentials = await signIn(host, options, loaded);
  const status = statusLine(host, options);
  const fingerprintKey = keyOf(host.env['LAKEBELL_FINGERPRINT_KEY']);
  const secrets = [...loaded.config.secrets, ...(fingerprintKey === undefined ? [] : [fingerprintKey])];
  const client = watchReads(openClient(host, options, { credentials, access, secrets }), status);
  const ports = KINDS.map((kind) => ({ kind, api: kind.connect(client) }));
  begin?.(ports);
  const identity = await whoAmI(client, credentials);
  const { name, target } = loaded.config;
  const scope = { config: name, target: target.name, workspaceId: identity.workspaceId };
  const timing = { lockTimeoutMs: options.lockTimeoutMs ?? 0, clock: host.clock, sleep: host.sleep };
  return {
    ...loaded,
    host,
    credentials,
    client,
    identity,
    ports,
    store: openStore(loaded, { client, identity, scope, timing }),
    scope,
    status,
    fingerprintKey,
  };
}

/** What fails here is most often the address. */
async function whoAmI(client: DatabricksClient, { host, source }: Credentials): Promise<Identity> {
  try {
    return await readIdentity(client);
  } catch (error) {
    if (!(error instanceof UnavailableError) || error.status !== 0) throw error;
    const { method, path, status, hint } = error;
    const message = `${host} (from ${source.host}) could not be reached: ${error.message}`;
    throw new UnavailableError(message, { method, path, status, ...(hint === undefined ? {} : { hint }) });
  }
}

/** What is remembered, under the keys that the file has now, and what is worth saying of it. */
export type Recorded = {
  readonly document: RecordDocument | null;
  readonly notes: readonly string[];
  /** What `moved` renamed since the record was saved. */
  readonly moved?: readonly Move[];
  /** What it could not rename, as the new key is on record already. */
  readonly stuck?: readonly Move[];
};

/** The record as it is, or null where nothing is remembered on purpose. */
export async function loadRecord(session: Session): Promise<Recorded> {
  if (session.config.settings.record === 'none') return { document: null, notes: [] };
  const document = await session.store.load();
  if (document !== null) {
    const { record, moved, stuck } = renameRecorded(document, session.config.moved, isPart);
    return { document: record, notes: [], moved, stuck };
  }
  const where = `${session.store.describe()}, read as ${session.identity.userName}`;
  const notes = [`no record was found (${where}): nothing that is there already is known to be ours`];
  return { document: emptyRecord(session.scope, stampOf(session)), notes };
}

function isPart(name: string): boolean {
  return KINDS.some((kind) => kind.name === name && kind.ownership === 'part');
}

/** Where and as whom we are, as every document says it. */
export function workspaceOf({ config, credentials, identity }: Session): PlanDocument['workspace'] {
  return {
    target: config.target.name,
    host: credentials.host,
    workspace_id: identity.workspaceId,
    identity: identity.userName,
  };
}

/** As whom an apply writes. */
export function writerOf({ credentials, identity: { userName, isAdmin, groups } }: Session): Writer {
  return { userName, isAdmin, groups, host: credentials.host };
}

export function stampOf({ identity, host }: Session): RecordStamp {
  return { tool: TOOL, identity: identity.userName, at: host.clock() };
}

/** Who holds the lock: a GitHub run names itself, so that its re-run may take over. */
export function lockOwnerOf({ identity, host }: Session): LockOwner {
  return { owner: identity.userName, run: runName(host) };
}

export function runName({ env, processName }: Host): string {
  const { GITHUB_RUN_ID: runId, GITHUB_REPOSITORY: repository, GITHUB_RUN_ATTEMPT: attempt } = env;
  if (env['GITHUB_ACTIONS'] !== 'true' || !runId || !repository) return processName;
  const serverUrl = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  return githubRun({ serverUrl, repository, runId, attempt: Number(attempt ?? '1') });
}

function signIn(host: Host, options: CommonOptions, { config }: Loaded): Promise<Credentials> {
  return resolveCredentials(credentialSources(host, options, config.target));
}

/** Everywhere that a workspace and credentials may be named; `target` is what the configuration says. */
export function credentialSources(
  host: Host,
  options: CommonOptions,
  target: { readonly host?: string | undefined; readonly profile?: string | undefined },
): CredentialSources {
  return {
    hostOption: options.host,
    profileOption: options.profile,
    targetHost: target.host,
    targetProfile: target.profile,
    env: host.env,
    readProfileFile: host.readProfileFile,
    allowedHosts: (host.env['LAKEBELL_ALLOWED_HOSTS'] ?? '').split(/[\s,]+/).filter((one) => one !== ''),
    connection: connectionOf(host, options),
    machine: host.machine,
    userAgent: (authType) => userAgentOf(host, authType),
  };
}

/** How requests leave this host, those that sign in and all others. */
export function connectionOf(host: Host, options: CommonOptions) {
  const { env } = host;
  return {
    clock: host.clock,
    sleep: host.sleep,
    random: host.random,
    onRetry: options.verbose ? (retry: Retry) => host.err(`${retryLine(retry)}\n`) : undefined,
    timeoutMs: secondsOf(env['DATABRICKS_HTTP_TIMEOUT_SECONDS']),
    proxy: {
      httpsProxy: env['HTTPS_PROXY'] ?? env['https_proxy'],
      httpProxy: env['HTTP_PROXY'] ?? env['http_proxy'],
      noProxy: env['NO_PROXY'] ?? env['no_proxy'],
    },
  };
}

export function userAgentOf({ env, nodeVersion, platform }: Host, authType: string): string {
  return formatUserAgent({ version: TOOL.version, nodeVersion, platform, authType, ci: ciIn(env) });
}

type Access = {
  readonly credentials: Credentials;
  readonly access: 'read' | 'write';
  readonly secrets: readonly Secret[];
  /** Where another patience than the usual one is right. */
  readonly retry?: ClientLimits['retry'];
  /** Told before each wait, besides whoever asked for all that is told. */
  readonly onRetry?: (retry: Retry) => void;
};

export function openClient(
  host: Host,
  options: CommonOptions,
  { credentials, access, secrets, retry, onRetry }: Access,
): DatabricksClient {
  const connection = connectionOf(host, options);
  return createClient({
    ...connection,
    host: credentials.host,
    token: credentials.token,
    headers: credentials.headers,
    secrets,
    access,
    userAgent: userAgentOf(host, credentials.authType),
    limits: { perSecond: numberOf(host.env['DATABRICKS_RATE_LIMIT']), retry },
    onRetry: (tried) => {
      onRetry?.(tried);
      connection.onRetry?.(tried);
    },
  });
}

function retryLine({ method, path, status, attempt, waitMs }: Retry): string {
  const what = status === 0 ? 'no answer' : `status ${status}`;
  return `${method} ${path}: ${what} to try ${attempt}; trying again in ${Math.round(waitMs / 1000)} s`;
}

export type StoreParts = {
  readonly client: DatabricksClient;
  readonly identity: Identity;
  readonly scope: RecordScope;
  readonly timing: LockTiming;
};

export function openStore(
  { config }: Pick<Loaded, 'config'>,
  { client, identity, scope, timing }: StoreParts,
): RecordStore {
  const { record } = config.settings;
  if (record === 'none') return noRecord();
  if (record === 'workspace') {
    const path = defaultRecordPath(identity.userName, config.name, config.target.name);
    return workspaceRecord(client, path, scope, timing);
  }
  if ('file' in record) return fileRecord(resolve(record.file), scope, timing);
  return workspaceRecord(client, record.workspace, scope, timing);
}

function keyOf(text: string | undefined): Secret | undefined {
  const key = Secret.of('(LAKEBELL_FINGERPRINT_KEY)', ['LAKEBELL_FINGERPRINT_KEY'], text);
  return key.isAvailable ? key : undefined;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

function secondsOf(text: string | undefined): number | undefined {
  const seconds = numberOf(text);
  if (seconds === undefined) return undefined;
  if (seconds > 0) return seconds * 1000;
  throw new SettingsError('DATABRICKS_HTTP_TIMEOUT_SECONDS must be a number above 0');
}
