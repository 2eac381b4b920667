/** What takes the place of the text from one offset to another. */
export type Splice = { readonly from: number; readonly to: number; readonly text: string };

/** The text with every splice made; undefined where two of them are about the same letters. */
export function splice(text: string, splices: readonly Splice[]): string | undefined {
  const sorted = [...splices].sort((a, b) => a.from - b.from || a.to - b.to);
  const parts: string[] = [];
  let done = 0;
  for (const { from, to, text: by } of sorted) {
    if (from < done) return undefined;
    parts.push(text.slice(done, from), by);
    done = to;
  }
  return parts.join('') + text.slice(done);
}

/** The offset at which the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset behind the end of the line of an offset. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}

/** What stands before an offset in its line. */
export function before(text: string, offset: number): string {
  return text.slice(lineStart(text, offset), offset);
}

export function isBlankText(text: string): boolean {
  return text.trim() === '';
}
