import pLimit from 'p-limit';
import type { Comparison } from '../core/diff.ts';
import type { Pending } from '../core/change.ts';
import type { Fingerprint, RecordDocument } from '../core/record.ts';
import { type FieldRule, type Resource, sentTogether } from '../core/resource.ts';
import { Secret } from '../core/secret.ts';
import type { Address } from '../core/value.ts';

export type CompareSecret = (secret: Secret, fingerprint: Fingerprint | null) => Promise<Comparison>;

/** scrypt takes tens of milliseconds and 32 MB each. */
const CONCURRENCY = 2;

/** Compares every secret that is on record under the same reference with what it was when it was applied. */
export async function compareSecrets(
  resources: readonly Resource[],
  record: RecordDocument | null,
  compare: CompareSecret,
): Promise<(address: Address, path: string) => Comparison> {
  const limit = pLimit(CONCURRENCY);
  const results = new Map<string, Comparison>();
  const work = resources.flatMap(({ address, wishes }) =>
    Object.entries(wishes).map(([path, { value }]) =>
      limit(async () => {
        const recorded = record?.objects[address]?.secrets[path];
        if (!(value instanceof Secret) || !value.isAvailable || recorded?.label !== value.label) return;
        results.set(`${address} ${path}`, await compare(value, recorded.fingerprint));
      }),
    ),
  );
  await Promise.all(work);
  return (address, path) => results.get(`${address} ${path}`) ?? 'unknown';
}

/** Secrets that an operation would send and that this run does not have. */
export function missingSecrets(
  changes: readonly Pending[],
  rulesOf: (kind: string) => readonly FieldRule[],
): readonly MissingSecret[] {
  return changes.flatMap((change) => {
    if (!('resource' in change)) return [];
    const { wishes } = change.resource;
    const changed = change.fields.map(({ path }) => path);
    const sent = sentTogether(Object.keys(wishes), changed, rulesOf(change.kind));
    return sent.flatMap((path) => {
      const value = wishes[path]?.value;
      return value instanceof Secret && !value.isAvailable ? [{ change, path, secret: value }] : [];
    });
  });
}

export type MissingSecret = { readonly change: Pending; readonly path: string; readonly secret: Secret };
