import type { RecordDocument } from './record.ts';
import type { GuardLimits } from './guard.ts';

/** What guards what, as the file says it now. */
export type GuardSettings = {
  readonly limits: GuardLimits;
  readonly protect: readonly string[];
  readonly prune: boolean;
};

/** A setting that lets more through than the one that was last applied; values as people write them. */
export type Loosened = { readonly setting: string; readonly before: string; readonly after: string };

/** Compared with the last apply. Before the first one there is nothing that could have been loosened. */
export function loosened(now: GuardSettings, record: RecordDocument | null): readonly Loosened[] {
  const before = record?.guards ?? {};
  return [
    ...Object.entries(now.limits).flatMap(([name, limit]) => raised(name, before[name], limit)),
    ...unprotected(before['protect'], now.protect),
    ...(before['prune'] === false && now.prune
      ? [{ setting: 'settings.prune', before: 'false', after: 'true' }]
      : []),
  ];
}

function raised(name: string, before: unknown, limit: number): readonly Loosened[] {
  if (typeof before !== 'number' || limit <= before) return [];
  return [{ setting: `settings.limits.${name}`, before: String(before), after: String(limit) }];
}

function unprotected(before: unknown, now: readonly string[]): readonly Loosened[] {
  const gone = (Array.isArray(before) ? before : []).map(String).filter((pattern) => !now.includes(pattern));
  return gone.map((pattern) => ({ setting: 'settings.protect', before: pattern, after: 'not there' }));
}
