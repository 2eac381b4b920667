import { Secret } from '../../core/secret.ts';
import type { Json } from '../../kinds/client.ts';
import { isVisible } from './bearer.ts';
import { isObject, parseJson, wordOf } from '../json.ts';
import type { Exchange } from '../wire.ts';
import type { Issued } from './keep-fresh.ts';

/**
 * A token as Entra ID, a machine's metadata service and `az` give it; undefined for everything else. Spans and moments come as numbers or as their digits.
 * @param nowMs when it was asked for
 */
export function readAzureToken(body: Json | undefined, nowMs: number): Issued | undefined {
  if (!isObject(body)) return undefined;
  const token = bearerIn(body['access_token'], body['token_type'] ?? 'Bearer');
  const expiresAtMs = endOf(body, nowMs);
  if (token === undefined || expiresAtMs === undefined) return undefined;
  return { token, issuedAtMs: nowMs, expiresAtMs };
}

/** An access token that may stand in a header; undefined for everything else, and for one of another type. */
export function bearerIn(text: Json | undefined, type: Json = 'Bearer'): Secret | undefined {
  if (typeof text !== 'string' || !isVisible(text)) return undefined;
  const isBearer = typeof type === 'string' && type.toLowerCase() === 'bearer';
  return isBearer ? Secret.of('(secret access token)', [], text) : undefined;
}

/** The span first: it does not depend on both clocks being right. */
function endOf({ expires_in: span, expires_on: moment }: Record<string, Json>, nowMs: number) {
  const seconds = secondsOf(span);
  if (seconds !== undefined) return nowMs + seconds * 1_000;
  const atSeconds = secondsOf(moment);
  return atSeconds === undefined ? undefined : atSeconds * 1_000;
}

export function secondsOf(value: Json | undefined): number | undefined {
  const word = wordOf(value) ?? '';
  return /^\d{1,12}(\.\d+)?$/.test(word) ? Number(word) : undefined;
}

/** What a service says that refuses in the words of OAuth; undefined for everything else. */
export function refusalIn(exchange: Exchange): string | undefined {
  if (exchange.outcome === 'no-answer') return undefined;
  const { status, text } = exchange;
  if (status < 400 || status > 499 || status === 429) return undefined;
  const body = bodyOf(text);
  return isObject(body) ? (wordOf(body['error_description']) ?? wordOf(body['error'])) : undefined;
}

function bodyOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
