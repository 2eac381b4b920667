import { AuthError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import { maskAll } from '../mask.ts';

/** A secret made ready for one request. */
export type Authorization = {
  /** The Authorization header. */
  readonly header: string;
  /** Takes the secret out of a text that the far side wrote. */
  readonly mask: (text: string) => string;
};

/** Whether a text may stand in a header: a line break would end it, and nothing but visible ASCII is ever issued. */
export function isVisible(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** @throws AuthError for a token that is not set or cannot stand in a header. */
export function toBearer(token: Secret): Authorization {
  if (!token.isAvailable)
    throw new AuthError(`${token.label} is not set`, { hint: 'set it to a personal access token' });
  const text = token.reveal();
  if (!isVisible(text)) {
    throw new AuthError(`${token.label} holds characters that no token has`, {
      hint: 'copy the token again, without quotes, spaces or line breaks inside',
    });
  }
  return { header: `Bearer ${text}`, mask: (message) => maskAll(message, [text]) };
}

/**
 * Both go in as they are, as in the Databricks SDKs. RFC 6749 would have them percent-encoded first, hyphens
 * included, and a server that does not expect that finds no such client.
 */
export function toBasic(clientId: string, secret: Secret): Authorization {
  const text = secret.reveal();
  const pair = Buffer.from(`${clientId}:${text}`).toString('base64');
  return { header: `Basic ${pair}`, mask: (message) => maskAll(message, [text, pair]) };
}

/** A secret that is the whole of a header. */
export function toHeader(value: string | Secret): string {
  return typeof value === 'string' ? value : value.reveal();
}

/** A token that is sent in a form, and what takes it, or a part of it, out of a text. */
export function toField(token: Secret): { readonly text: string } & Pick<Authorization, 'mask'> {
  const text = token.reveal();
  return { text, mask: (message) => maskAll(message, [text, ...text.split('.')]) };
}
