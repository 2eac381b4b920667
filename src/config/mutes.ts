import type { Diagnostic, Position } from '../core/diagnostic.ts';
import { isEntry, type EntryPath, type EntryValue, type Finding, asEntryList } from '../core/entry.ts';

/** Drift that nobody wants to hear of for a while. */
export type Mute = {
  /** A glob over addresses. */
  readonly address: string;
  /** Globs over field paths; `*` where the file names none. */
  readonly fields: readonly string[];
  /** Milliseconds since 1970 at the end of its last day, in UTC. */
  readonly until: number;
  readonly why: string;
};

/** Mutes that the schema has accepted and whose date exists, in the order of the file. */
export function readMutes(value: EntryValue | undefined): readonly Mute[] {
  return asEntryList(value).flatMap((mute) => {
    if (!isEntry(mute)) return [];
    const { address, fields, until: day, why } = mute;
    const until = endOfDay(day);
    if (typeof address !== 'string' || until === undefined || typeof why !== 'string') return [];
    const globs = asEntryList(fields ?? ['*']).filter((glob) => typeof glob === 'string');
    return [Object.freeze({ address, fields: Object.freeze(globs), until, why })];
  });
}

/** Dates that have the right form and are in no calendar; paths from `settings` down. */
export function judgeMutes(value: EntryValue | undefined): readonly Finding[] {
  return asEntryList(value).flatMap((mute, index) => {
    const day = isEntry(mute) ? mute['until'] : undefined;
    if (typeof day !== 'string' || !FORM.test(day) || endOfDay(day) !== undefined) return [];
    return [
      {
        code: 'settings',
        severity: 'error',
        path: ['mutes', index, 'until'],
        message: `there is no day ${day}`,
        hint: 'a day of the calendar as YYYY-MM-DD, for example 2026-12-31',
      } as const,
    ];
  });
}

type Place = { readonly positionOf: (path: EntryPath) => Position; readonly now: number };

/** Mutes whose last day is over: what they hid is told again, and nobody would look why they are there. */
export function expiredMutes(mutes: readonly Mute[], { positionOf, now }: Place): readonly Diagnostic[] {
  return mutes.flatMap(({ address, until }, index) => {
    if (until >= now) return [];
    const day = new Date(until).toISOString().slice(0, 10);
    return [
      {
        code: 'mute-expired',
        severity: 'warning',
        message: `the mute of ${address} ended on ${day}, so its drift is told again`,
        at: positionOf(['settings', 'mutes', index, 'until']),
        hint: 'take it out, or give it a later day',
      } as const,
    ];
  });
}

const FORM = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 24 * 60 * 60 * 1000;

function endOfDay(day: EntryValue | undefined): number | undefined {
  if (typeof day !== 'string' || !FORM.test(day)) return undefined;
  const start = Date.parse(`${day}T00:00:00Z`);
  // Some days that do not exist are read as one of the next month.
  const isReal = !Number.isNaN(start) && new Date(start).toISOString().startsWith(day);
  return isReal ? start + DAY_MS - 1 : undefined;
}
