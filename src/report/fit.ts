import { type Detail, LADDER } from './detail.ts';

/** GitHub takes 65,536 "characters" and does not say which: this is kept below in units and in bytes, with room for a status. */
export const COMMENT_LIMIT = 56_000;
/** Of `output.summary`: 65,535. */
export const CHECK_LIMIT = 60_000;
/** A step's summary may take 1 MiB, and beyond that all of it is dropped. */
export const SUMMARY_LIMIT = 1_000_000;

/**
 * The text in as much detail as a limit allows, then with less and less, for who is told that even that is too long.
 * `bare` is the last of them, and must be short whatever there is to tell.
 * @param changes how many are named where nothing is left out
 */
export function* fitting(
  limit: number,
  render: (detail: Detail) => string,
  bare: () => string,
  changes = 0,
): Generator<string, void> {
  for (const detail of LADDER) {
    // What cannot fit is not laid out: with thousands of names that takes longest.
    if (Math.min(changes, detail.names) * SHORTEST_NAME > limit) continue;
    const text = render(detail);
    if (fits(text, limit)) yield text;
  }
  yield bare();
}

/** `- `, two code spans and what parts them. */
const SHORTEST_NAME = 12;

/** The longest text that a limit allows. */
export function fit(
  limit: number,
  render: (detail: Detail) => string,
  bare: () => string,
  changes = 0,
): string {
  const [first] = fitting(limit, render, bare, changes);
  return first ?? bare();
}

/** UTF-8 never takes fewer bytes than UTF-16 has units. */
function fits(text: string, limit: number): boolean {
  return text.length <= limit && Buffer.byteLength(text) <= limit;
}
