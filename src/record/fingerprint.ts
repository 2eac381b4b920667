import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Fingerprint } from '../core/record.ts';
import type { Secret } from '../core/secret.ts';

/** `unknown`: the two cannot be compared, which must not be taken for a rotation. */
export type FingerprintMatch = 'same' | 'different' | 'unknown';

/**
 * A salted fingerprint of a secret, keyed where LAKEBELL_FINGERPRINT_KEY is given (and available).
 * @throws Error when the secret is unavailable.
 */
export async function fingerprint(secret: Secret, key?: Secret): Promise<Fingerprint> {
  const isKeyed = key?.isAvailable === true;
  const salt = randomBytes(SALT_BYTES);
  const hash = await stretch(isKeyed ? keyed(secret, key) : plain(secret), salt);
  return {
    scheme: isKeyed ? 'hmac-scrypt' : 'scrypt',
    salt: salt.toString('base64'),
    hash: hash.toString('base64'),
  };
}

/**
 * Whether a secret still is the recorded one. A keyed fingerprint needs its key, a plain one ignores it;
 * an unavailable secret, a missing fingerprint or a missing key gives `unknown`.
 */
export async function matches(
  secret: Secret,
  recorded: Fingerprint | null,
  key?: Secret,
): Promise<FingerprintMatch> {
  const material = recorded === null ? null : comparable(secret, recorded.scheme, key);
  if (recorded === null || material === null) return 'unknown';
  const expected = Buffer.from(recorded.hash, 'base64');
  if (expected.length !== HASH_BYTES) return 'unknown';
  const actual = await stretch(material, Buffer.from(recorded.salt, 'base64'));
  return timingSafeEqual(actual, expected) ? 'same' : 'different';
}

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** One run takes 128 * N * r bytes, here 32 MiB, which is also Node's limit and therefore has to be raised. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
/** Node's thread pool has four threads, and name look-ups and files need some of them too. */
const PARALLEL = 2;

let running = 0;
const waiting: (() => void)[] = [];

function comparable(secret: Secret, scheme: Fingerprint['scheme'], key: Secret | undefined): Buffer | null {
  if (!secret.isAvailable) return null;
  if (scheme === 'scrypt') return plain(secret);
  return key?.isAvailable === true ? keyed(secret, key) : null;
}

function plain(secret: Secret): Buffer {
  return Buffer.from(secret.reveal(), 'utf8');
}

function keyed(secret: Secret, key: Secret): Buffer {
  return createHmac('sha256', key.reveal()).update(secret.reveal(), 'utf8').digest();
}

async function stretch(material: Buffer, salt: Buffer): Promise<Buffer> {
  if (running < PARALLEL) running += 1;
  else await new Promise<void>((resume) => waiting.push(resume));
  try {
    return await scryptAsync(material, salt);
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

function scryptAsync(material: Buffer, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(material, salt, HASH_BYTES, COST, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    );
  });
}
