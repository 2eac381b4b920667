import { AuthError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import { maskAll } from '../mask.ts';

/** A token made ready for one request. */
export type Bearer = {
  /** The Authorization header. */
  readonly header: string;
  /** Takes the token out of a text that the far side wrote. */
  readonly mask: (text: string) => string;
};

/** @throws AuthError for a token that is not set or cannot stand in a header. */
export function toBearer(token: Secret): Bearer {
  if (!token.isAvailable)
    throw new AuthError(`${token.label} is not set`, { hint: 'set it to a personal access token' });
  const text = token.reveal();
  // A line break would end the header; nothing but visible ASCII is ever issued.
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new AuthError(`${token.label} holds characters that no token has`, {
      hint: 'copy the token again, without quotes, spaces or line breaks inside',
    });
  }
  return { header: `Bearer ${text}`, mask: (message) => maskAll(message, [text]) };
}
