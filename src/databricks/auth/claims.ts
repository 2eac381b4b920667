import { Secret } from '../../core/secret.ts';
import { isObject, parseJson } from '../json.ts';
import { tidy } from '../mask.ts';

/** A signed statement of somebody else about who we are. */
export type IdToken = { readonly token: Secret; readonly claims: Claims };

/** What it says, ready to be shown; milliseconds since 1970 where it says from when and until when it is valid. */
export type Claims = {
  readonly subject: string;
  readonly audience: string;
  readonly issuer: string;
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
};

/** Without a look at the signature: the claims are shown, never believed. */
export function toIdToken(text: string): IdToken {
  const { sub, aud, iss, nbf, iat, exp } = payloadOf(text);
  const claims = {
    subject: shown(sub),
    audience: [aud].flat().map(shown).join(' and '),
    issuer: shown(iss),
    fromMs: momentOf(nbf ?? iat),
    untilMs: momentOf(exp),
  };
  return { token: Secret.of('(secret identity token)', [], text), claims };
}

function payloadOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const payload = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return isObject(payload) ? payload : {};
  } catch {
    return {};
  }
}

function shown(claim: unknown): string {
  return typeof claim === 'string' ? tidy(claim, 300) : 'unknown';
}

/** The last moment that a Date can hold. */
const LAST_MS = 8.64e15;

function momentOf(seconds: unknown): number | undefined {
  if (typeof seconds !== 'number' || seconds < 0 || seconds * 1000 > LAST_MS) return undefined;
  return seconds * 1000;
}
