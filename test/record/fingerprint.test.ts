import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../src/core/secret.ts';
import { fingerprint, matches } from '../../src/record/fingerprint.ts';
import { violation } from '../../src/record/check.ts';
import { RECORD_SCHEMA } from '../../src/record/schema.ts';
import { aRecord, aRecordedObject } from './support/builders.ts';

const url = secret('https://hooks.example.test/a');
const rotated = secret('https://hooks.example.test/b');
const key = secret('the key');
const unset = Secret.of('(secret GONE)', ['GONE'], undefined);

describe('fingerprint', () => {
  test('differs each time and holds nothing of the secret', async () => {
    const [first, second] = await Promise.all([fingerprint(url), fingerprint(url)]);
    expect(first.scheme).toBe('scrypt');
    expect(first.hash).not.toBe(second.hash);
    expect(first.salt).not.toBe(second.salt);
    expect(JSON.stringify(first)).not.toContain('hooks');
  });

  test('fits the record', async () => {
    const made = await fingerprint(url, key);
    const secrets = { url: { label: 'x', fingerprint: made, applied_at: '2026-11-20T08:00:00Z' } };
    const document = aRecord({ objects: { 'destination/a': aRecordedObject({ secrets }) } });
    expect(violation(RECORD_SCHEMA, document)).toBeNull();
  });

  test('is plain when the key is unavailable', async () => {
    expect((await fingerprint(url, unset)).scheme).toBe('scrypt');
  });

  test('refuses an unavailable secret', async () => {
    await expect(fingerprint(unset)).rejects.toThrow('(secret GONE) is not available');
  });
});

describe('matches', () => {
  test('tells the same secret from a rotated one, with and without a key', async () => {
    const [plain, keyed] = await Promise.all([fingerprint(url), fingerprint(url, key)]);
    const verdicts = await Promise.all([
      matches(url, plain),
      matches(rotated, plain),
      matches(url, plain, key),
      matches(url, keyed, key),
      matches(rotated, keyed, key),
      matches(url, keyed, secret('another key')),
    ]);
    expect(verdicts).toEqual(['same', 'different', 'same', 'same', 'different', 'different']);
  });

  test('concludes nothing without the key, the secret, or a whole fingerprint', async () => {
    const keyed = await fingerprint(url, key);
    expect(keyed.scheme).toBe('hmac-scrypt');
    const verdicts = await Promise.all([
      matches(url, keyed),
      matches(url, keyed, unset),
      matches(unset, keyed, key),
      matches(url, null, key),
      matches(url, { ...keyed, hash: 'AAAA' }, key),
    ]);
    expect(verdicts).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'unknown']);
  });

  test('goes on after more requests than may run at once', async () => {
    const recorded = await fingerprint(url);
    const verdicts = await Promise.all(
      Array.from({ length: 7 }, (_, n) => matches(n === 3 ? rotated : url, recorded)),
    );
    expect(verdicts.map((verdict) => verdict === 'same')).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
      true,
    ]);
  });
});

function secret(text: string): Secret {
  return Secret.of('(secret TEST)', ['TEST'], text);
}
