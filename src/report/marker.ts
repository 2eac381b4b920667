/** What the first line of a comment says to machines: whose it is, and which run wrote it last. Never an approval. */
export type Marker = {
  readonly config: string;
  /** The targets that the comment is about, sorted; `''` where the configuration has none. */
  readonly targets: readonly string[];
  /** The commit that was planned. */
  readonly head: string;
  /** Id of the workflow run and number of its attempt, both greater for a later one; and the run's number for people. */
  readonly run: string;
  readonly attempt: number;
  readonly number: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};

const VERSION = 1;
const LINE = /^<!-- lakebell:(\d+) (\{.*\}) -->$/u;

export function renderMarker(marker: Marker): string {
  return `<!-- lakebell:${VERSION} ${inComment(marker)} -->`;
}

/** The marker of a comment; null where it has none of this version. */
export function readMarker(body: string): Marker | null {
  const [, version, json] = LINE.exec(body.split(/\r?\n/u, 1)[0] ?? '') ?? [];
  if (json === undefined || version !== String(VERSION)) return null;
  try {
    return markerOf(JSON.parse(json) as Partial<Record<keyof Marker, unknown>>);
  } catch {
    return null;
  }
}

/** Whether the first was written by an earlier run than the second. */
export function isEarlier(one: Marker, other: Marker): boolean {
  const [a, b] = [BigInt(one.run), BigInt(other.run)];
  return a === b ? one.attempt < other.attempt : a < b;
}

/** The first line of a comment that another one has taken the place of: it is never looked at again. */
export const OUTDATED = '<!-- lakebell:outdated -->';

/** A place in a comment that a later run writes into, for one target. */
export type Slot = { readonly name: 'status' | 'outlook' | 'checked'; readonly target: string | null };

/** Whole lines: what is written by somebody else always has markup before it on its line. */
export function slotMarkdown(slot: Slot, lines: readonly string[]): readonly string[] {
  return [slotStart(slot), ...(lines.length === 0 ? [] : ['', ...lines, '']), SLOT_END];
}

/** The text with that slot filled anew; null where it has no such slot. */
export function fillSlot(body: string, slot: Slot, lines: readonly string[]): string | null {
  const all = body.split(/\r?\n/u);
  const start = all.indexOf(slotStart(slot));
  const end = all.indexOf(SLOT_END, start);
  if (start < 0 || end < 0) return null;
  return [...all.slice(0, start), ...slotMarkdown(slot, lines), ...all.slice(end + 1)].join('\n');
}

/** What stands in a slot; null where there is no such slot. */
export function readSlot(body: string, slot: Slot): string | null {
  const all = body.split(/\r?\n/u);
  const start = all.indexOf(slotStart(slot));
  const end = all.indexOf(SLOT_END, start);
  return start < 0 || end < 0
    ? null
    : all
        .slice(start + 1, end)
        .join('\n')
        .trim();
}

const SLOT_END = '<!-- lakebell:end -->';

function slotStart({ name, target }: Slot): string {
  return `<!-- lakebell:${name} ${inComment(target)} -->`;
}

/** JSON that cannot end a comment. */
export function inComment(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]|[-<>&]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isDigits(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/u.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** The last moment that a Date can hold: a comment can be edited, and what it says is written as a date again. */
const LATEST = 8.64e15;

function markerOf(json: Partial<Record<keyof Marker, unknown>>): Marker | null {
  const { config, targets, head, run, attempt, number, at } = json;
  if (typeof config !== 'string' || typeof head !== 'string') return null;
  if (!isDigits(run) || !isDigits(number)) return null;
  if (!Array.isArray(targets) || !targets.every((target) => typeof target === 'string')) return null;
  if (!isCount(attempt) || !isCount(at) || at > LATEST) return null;
  return { config, targets, head, run, attempt, number, at };
}
