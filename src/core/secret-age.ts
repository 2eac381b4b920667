import type { Diagnostic, Position } from './diagnostic.ts';
import { type RecordDocument, indexRecord } from './record.ts';
import type { Resource } from './resource.ts';
import { Secret } from './secret.ts';

/** The longest that a secret should go without being applied anew; `text` as the file has it. */
export type AgeLimit = { readonly text: string; readonly ms: number };

export type Ageing = {
  readonly resources: readonly Resource[];
  readonly record: RecordDocument | null;
  readonly limit: AgeLimit;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly positionOf: (resource: Resource, path: string) => Position;
};

/** Secrets on record that were applied longer ago than the file allows, each at its place in the file. */
export function agedSecrets({ resources, record, ...ageing }: Ageing): readonly Diagnostic[] {
  const recordedOf = indexRecord(record);
  return resources.flatMap((resource) => {
    const secrets = recordedOf(resource)?.secrets ?? {};
    return Object.entries(secrets).flatMap(([path, { applied_at }]) =>
      resource.wishes[path]?.value instanceof Secret ? judgeAge(ageing, { resource, path, applied_at }) : [],
    );
  });
}

/** For people, rounded down: `93 days`, `5 hours`, `less than an hour`. */
export function ageText(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  if (hours < 1) return 'less than an hour';
  const days = Math.floor(hours / 24);
  return days < 2 ? counted(hours, 'hour') : counted(days, 'day');
}

const HOUR_MS = 60 * 60 * 1000;

type Applied = { readonly resource: Resource; readonly path: string; readonly applied_at: string };

function judgeAge(
  { limit, now, positionOf }: Omit<Ageing, 'resources' | 'record'>,
  { resource, path, applied_at }: Applied,
): readonly Diagnostic[] {
  const age = now - Date.parse(applied_at);
  if (!(age > limit.ms)) return [];
  const { address } = resource;
  const message = `${address}: the secret in ${path} was applied ${ageText(age)} ago, and settings.secret_max_age is ${limit.text}`;
  const hint = `give it a new value; the next apply writes it, or: lakebell apply --rotate ${address}`;
  return [{ code: 'secret-age', severity: 'warning', message, at: positionOf(resource, path), hint }];
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
