import type { EntryValue } from '../core/entry.ts';
import type { AgeLimit } from '../core/secret-age.ts';

/** What an age looks like in the file: a number and a unit. */
export const AGE_PATTERN = '^[1-9][0-9]{0,4} ?(?:hours?|days?|weeks?|months?)$';

/** Reads `90 days`; a month has 30 of them. Undefined where it is none. */
export function readAge(value: EntryValue | undefined): AgeLimit | undefined {
  if (typeof value !== 'string' || !new RegExp(AGE_PATTERN).test(value)) return undefined;
  const unit = Object.entries(UNIT_MS).find(([name]) => value.includes(name));
  return unit && Object.freeze({ text: value, ms: Number.parseInt(value, 10) * unit[1] });
}

const HOUR_MS = 60 * 60 * 1000;
const UNIT_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS };
