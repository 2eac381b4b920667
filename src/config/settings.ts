import { isAbsolute, join } from 'node:path';
import { type Finding, type Entry, type EntryValue, asEntryList } from '../core/entry.ts';
import { isEntry } from '../core/entry.ts';
import { GUARDS, type Guard } from '../core/guard.ts';
import type { AgeLimit } from '../core/secret-age.ts';
import { readAge } from './age.ts';
import { judgeMutes, readMutes, type Mute } from './mutes.ts';

/** Where the record is kept; a `file` path is relative to the working directory, or absolute. */
export type RecordPlace = 'workspace' | 'none' | { readonly workspace: string } | { readonly file: string };

/** A guard that is switched off for one plan, visible in the pull request. */
export type Allowance = { readonly guard: Guard; readonly digest: string; readonly reason: string };

export type Limits = {
  readonly max_deletes: number;
  readonly max_delete_percent: number;
  readonly max_changes: number;
  readonly silenced: number;
};

/** `settings` of the file with every default filled in. */
export type Settings = {
  readonly record: RecordPlace;
  readonly prune: boolean;
  readonly bundle_jobs: 'report' | 'manage' | 'skip';
  /** Globs over addresses. */
  readonly protect: readonly string[];
  readonly limits: Limits;
  readonly allow_plaintext_secrets: boolean;
  readonly rotate: 'auto' | 'manual';
  readonly test_webhooks: boolean;
  readonly allow: readonly Allowance[];
  readonly mutes: readonly Mute[];
  /** Undefined where secrets may grow as old as they like. */
  readonly secret_max_age?: AgeLimit;
};

export const BUNDLE_JOBS = ['report', 'manage', 'skip'] as const;
export const ROTATE = ['auto', 'manual'] as const;

export const DEFAULT_SETTINGS: Settings = Object.freeze({
  record: 'workspace',
  prune: false,
  bundle_jobs: 'report',
  protect: Object.freeze([]),
  limits: Object.freeze({ max_deletes: 5, max_delete_percent: 20, max_changes: 200, silenced: 0 }),
  allow_plaintext_secrets: false,
  rotate: 'auto',
  test_webhooks: false,
  allow: Object.freeze([]),
  mutes: Object.freeze([]),
});

/** Reads settings that the schema has accepted; what it would have refused falls back to the default. */
export function readSettings(entry: Entry, folder: string): Settings {
  const limits = isEntry(entry['limits']) ? entry['limits'] : {};
  const age = readAge(entry['secret_max_age']);
  return Object.freeze({
    record: recordPlace(entry['record'], folder),
    prune: flag(entry['prune'], DEFAULT_SETTINGS.prune),
    bundle_jobs: choice(entry['bundle_jobs'], BUNDLE_JOBS, DEFAULT_SETTINGS.bundle_jobs),
    protect: Object.freeze(asEntryList(entry['protect']).filter((glob) => typeof glob === 'string')),
    limits: Object.freeze({
      max_deletes: count(limits['max_deletes'], DEFAULT_SETTINGS.limits.max_deletes),
      max_delete_percent: count(limits['max_delete_percent'], DEFAULT_SETTINGS.limits.max_delete_percent),
      max_changes: count(limits['max_changes'], DEFAULT_SETTINGS.limits.max_changes),
      silenced: count(limits['silenced'], DEFAULT_SETTINGS.limits.silenced),
    }),
    allow_plaintext_secrets: flag(entry['allow_plaintext_secrets'], DEFAULT_SETTINGS.allow_plaintext_secrets),
    rotate: choice(entry['rotate'], ROTATE, DEFAULT_SETTINGS.rotate),
    test_webhooks: flag(entry['test_webhooks'], DEFAULT_SETTINGS.test_webhooks),
    allow: Object.freeze(asEntryList(entry['allow']).flatMap(allowance)),
    mutes: Object.freeze(readMutes(entry['mutes'])),
    ...(age === undefined ? {} : { secret_max_age: age }),
  });
}

/** What contradicts itself although each key is right; paths from `settings` down. */
export function judgeSettings(entry: Entry): readonly Finding[] {
  return [
    ...judgeRecord(entry),
    ...judgeAllowances(asEntryList(entry['allow'])),
    ...judgeMutes(entry['mutes']),
  ];
}

function judgeRecord(entry: Entry): readonly Finding[] {
  const record = entry['record'];
  if (record === 'none' && entry['prune'] === true) {
    const message = '`prune: true` needs a record, and `record: none` keeps none';
    return [
      contradiction(
        ['prune'],
        message,
        'set one of them otherwise: without a record nothing is ours, so nothing is ever deleted',
      ),
    ];
  }
  const file = isEntry(record) ? record['file'] : undefined;
  if (typeof file !== 'string' || !file.split(/[\\/]/).includes('node_modules')) return [];
  const hint = 'a package manager empties that folder';
  return [contradiction(['record', 'file'], 'the record may not lie below node_modules', hint)];
}

function judgeAllowances(allowed: readonly EntryValue[]): readonly Finding[] {
  const keys = allowed.flatMap(allowance).map(({ guard, digest }) => `${guard} ${digest}`);
  return keys.flatMap((key, index) =>
    keys.indexOf(key) < index
      ? [
          contradiction(
            ['allow', index],
            'the same guard is allowed twice for the same plan',
            'keep one of them',
          ),
        ]
      : [],
  );
}

function contradiction(path: Finding['path'], message: string, hint: string): Finding {
  return { code: 'settings', severity: 'error', path, message, hint };
}

function recordPlace(value: EntryValue | undefined, folder: string): RecordPlace {
  if (value === 'none') return 'none';
  if (!isEntry(value)) return DEFAULT_SETTINGS.record;
  const { workspace, file } = value;
  if (typeof workspace === 'string') return Object.freeze({ workspace });
  if (typeof file !== 'string') return DEFAULT_SETTINGS.record;
  return Object.freeze({ file: isAbsolute(file) ? file : join(folder, file) });
}

function allowance(value: EntryValue): readonly Allowance[] {
  if (!isEntry(value)) return [];
  const { digest, reason } = value;
  const guard = GUARDS.find((name) => name === value['guard']);
  if (guard === undefined || typeof digest !== 'string' || typeof reason !== 'string') return [];
  return [Object.freeze({ guard, digest, reason })];
}

function flag(value: EntryValue | undefined, fallback: boolean): boolean {
  return typeof value === 'boolean' ? value : fallback;
}

function count(value: EntryValue | undefined, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

function choice<T extends string>(value: EntryValue | undefined, allowed: readonly T[], fallback: T): T {
  return allowed.find((word) => word === value) ?? fallback;
}
