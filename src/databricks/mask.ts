import type { Secret } from '../core/secret.ts';
import type { Json } from '../kinds/client.ts';

/** Replaces every occurrence, also percent-encoded and JSON-escaped, by `(secret)`. */
export function maskAll(text: string, secrets: readonly string[]): string {
  return [...new Set(secrets.flatMap(spellings))]
    .sort((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, '(secret)'), text);
}

/** Whatever else a server quotes, what the configuration calls a secret is not repeated. */
export function maskSecrets(text: string, secrets: readonly Secret[]): string {
  const texts = secrets.flatMap((secret) => (secret.isAvailable ? partsOf(secret.reveal()) : []));
  return maskAll(text, texts);
}

/**
 * What a request body sends in fields that may hold secrets. Servers quote what they refuse ("invalid url
 * 'https://…'"), and a chat webhook's address is its password.
 */
export function secretTexts(body: Json | undefined): readonly string[] {
  if (body === undefined || typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([field, value]: [string, Json]) =>
    typeof value === 'string' && SECRET_FIELDS.has(field) ? partsOf(value) : secretTexts(value),
  );
}

/** One line for people: no control or invisible characters, at most `limit` characters. */
export function tidy(text: string, limit = 500): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

/** The secret fields of the configuration, by their API names, and `url`. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'url',
  'integration_key',
  'password',
  'oauth_token',
  'oauth_client_secret',
  'auth_secret',
  'access_token',
  'authorization',
  'secret',
]);

/** A shorter text would blot out ordinary words. */
const SHORTEST = 4;

function partsOf(value: string): readonly string[] {
  const path = /^https?:\/\/[^/]+(\/.{7,})$/i.exec(value)?.[1];
  return path === undefined ? [value] : [value, path];
}

function spellings(secret: string): readonly string[] {
  if (secret.length < SHORTEST) return [];
  // encodeURI throws on half a surrogate pair; the round trip through UTF-8 replaces it.
  const text = Buffer.from(secret).toString();
  return [
    secret,
    encodeURIComponent(text),
    new URLSearchParams([['', text]]).toString().slice(1),
    encodeURI(text),
    JSON.stringify(text).slice(1, -1),
  ];
}
