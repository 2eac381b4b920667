import type { Json, JsonObject } from '../kinds/client.ts';
import { type Connection, createSender, ONE_TRY } from './auth/sender.ts';
import { decodeError } from './decode-error.ts';
import { isObject, wordOf } from './json.ts';
import type { Exchange } from './wire.ts';

/** What a host tells before anybody signs in. */
export type Reached = {
  /** How far its clock is ahead of ours, in milliseconds; undefined where it does not tell the time. */
  readonly aheadMs: number | undefined;
  /** What it says about itself; older hosts say nothing. */
  readonly metadata: HostMetadata | undefined;
};

export type HostMetadata = {
  /** `workspace`, `account` or `unified`. */
  readonly hostType: string | undefined;
  readonly cloud: string | undefined;
  readonly accountId: string | undefined;
  readonly workspaceId: string | undefined;
};

const METADATA_PATH = '/.well-known/databricks-config';

/**
 * Asks once, without credentials.
 * @throws UnavailableError where no answer came, SettingsError for a proxy that is no URL
 */
export async function reach(origin: string, connection: Connection): Promise<Reached> {
  const request = { method: 'GET', path: METADATA_PATH, target: METADATA_PATH, headers: {} } as const;
  const before = connection.clock();
  const { exchange, body } = await createSender(origin, connection)(request, ONE_TRY);
  const middle = (before + connection.clock()) / 2;
  if (exchange.outcome === 'no-answer') {
    const attempted = { method: 'GET', path: METADATA_PATH, origin, attempts: 1 } as const;
    throw decodeError(exchange, { ...attempted, mask: (text) => text });
  }
  return { aheadMs: aheadOf(exchange, middle), metadata: metadataOf(body) };
}

/** The header tells whole seconds, so the time was about half a second later. */
const HALF_MS = 500;

function aheadOf(exchange: Exchange, nowMs: number): number | undefined {
  const date = exchange.outcome === 'answer' ? Date.parse(exchange.headers['date'] ?? '') : NaN;
  return Number.isNaN(date) ? undefined : date + HALF_MS - nowMs;
}

function metadataOf(body: Json | undefined): HostMetadata | undefined {
  if (!isObject(body)) return undefined;
  const word = (key: keyof JsonObject): string | undefined => wordOf(body[key]);
  return {
    hostType: word('host_type')?.toLowerCase(),
    cloud: word('cloud'),
    accountId: word('account_id'),
    workspaceId: word('workspace_id'),
  };
}
