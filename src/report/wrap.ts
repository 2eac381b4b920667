const ZERO = /\p{M}/u;
// Colour sequences are ours: foreign text has lost its control characters by then.
const COLOUR = new RegExp(String.raw`${String.fromCharCode(27)}\[[0-9;]*m`, 'gu');
// Ideographs, kana, hangul, full-width forms and emoji take two columns.
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** Columns that a text takes on a terminal, colours not counted; it must be free of other control characters. */
export function columns(text: string): number {
  let count = 0;
  for (const character of text.replace(COLOUR, ''))
    count += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return count;
}

export type Indent = { readonly first: string; readonly rest: string };

/** Breaks a text between words so that lines fit; a word that is longer than a line stays whole. */
export function wrap(text: string, width: number, indent: Indent): readonly string[] {
  return flow(text.split(' '), ' ', { width, indent });
}

/** Joins pieces by a separator, and begins a new line where the next piece would not fit. */
export function flow(
  pieces: readonly string[],
  separator: string,
  { width, indent }: { readonly width: number; readonly indent: Indent },
): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const piece of pieces) {
    const longer: string = line === undefined ? indent.first + piece : line + separator + piece;
    if (line !== undefined && columns(longer) > width) {
      lines.push(line);
      line = indent.rest + piece;
    } else {
      line = longer;
    }
  }
  return line === undefined ? lines : [...lines, line];
}
