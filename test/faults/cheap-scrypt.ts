import { type BinaryLike, scrypt, type ScryptOptions } from 'node:crypto';

const real = scrypt;

/**
 * Thousands of applies fingerprint the same few secrets over and over, and what is tried with them does not depend on how
 * dear that is.
 */
export function cheapScrypt(...[password, salt, length, options, done]: Call): void {
  real(password, salt, length, { ...options, N: 16 }, done);
}

type Call = [
  password: BinaryLike,
  salt: BinaryLike,
  length: number,
  options: ScryptOptions,
  done: (error: Error | null, key: Buffer) => void,
];
