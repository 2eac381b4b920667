import { AuthError } from '../../core/errors.ts';
import { isVisible } from './bearer.ts';
import { type IdToken, toIdToken } from './claims.ts';

/**
 * @param place where the text was found, for messages, which never quote it
 * @throws AuthError for anything but one word
 */
export function readStored(text: string, place: string): IdToken {
  const token = text.trim();
  if (token === '') throw noToken(`${place} is empty`);
  if (/[\r\n]/.test(token)) throw noToken(`${place} holds several lines, and an identity token is one`);
  // What is issued is three parts of base64url.
  if (!isVisible(token)) throw noToken(`${place} holds characters that no identity token has`);
  return toIdToken(token);
}

function noToken(what: string): AuthError {
  return new AuthError(what, { hint: 'it must hold one identity token (a JWT) and nothing else' });
}
