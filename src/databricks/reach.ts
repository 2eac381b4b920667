import { type HostMetadata, METADATA_REQUEST, metadataIn } from './auth/host-metadata.ts';
import { type Connection, createSender, ONE_TRY } from './auth/sender.ts';
import { decodeError } from './decode-error.ts';
import type { Exchange } from './wire.ts';

/** What a host tells before anybody signs in. */
export type Reached = {
  /** How far its clock is ahead of ours, in milliseconds; undefined where it does not tell the time. */
  readonly aheadMs: number | undefined;
  /** What it says about itself; older hosts say nothing. */
  readonly metadata: HostMetadata | undefined;
};

/**
 * Asks once, without credentials.
 * @throws UnavailableError where no answer came, SettingsError for a proxy that is no URL
 */
export async function reach(origin: string, connection: Connection): Promise<Reached> {
  const before = connection.clock();
  const { exchange, body } = await createSender(origin, connection)(METADATA_REQUEST, ONE_TRY);
  const middle = (before + connection.clock()) / 2;
  if (exchange.outcome === 'no-answer') {
    const { method, path } = METADATA_REQUEST;
    const attempted = { method, path, origin, attempts: 1 };
    throw decodeError(exchange, { ...attempted, mask: (text) => text });
  }
  return { aheadMs: aheadOf(exchange, middle), metadata: metadataIn(body) };
}

/** The header tells whole seconds, so the time was about half a second later. */
const HALF_MS = 500;

function aheadOf(exchange: Exchange, nowMs: number): number | undefined {
  const date = exchange.outcome === 'answer' ? Date.parse(exchange.headers['date'] ?? '') : NaN;
  return Number.isNaN(date) ? undefined : date + HALF_MS - nowMs;
}
