import { createTwoFilesPatch } from 'diff';
import type { Position } from '../core/diagnostic.ts';
import { inert, inertName, printable } from './inert.ts';
import { type Page, type TextOptions, pageOf, spaced } from './page.ts';
import { plural } from './words.ts';
import { wrap } from './wrap.ts';

/** What was taken over into files, and what was not. */
export type Accepted = {
  readonly files: readonly FileChange[];
  readonly left: readonly {
    readonly what: string;
    readonly at: Position | null;
    readonly why: string;
    readonly hint: string;
  }[];
  readonly notes: readonly string[];
};

export type FileChange = { readonly path: string; readonly before: string; readonly after: string };

/** A unified diff with three lines around each change; every line is safe to print. */
export function fileDiff({ path, before, after }: FileChange): readonly string[] {
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3 });
  const lines = patch.split('\n').map((line) => inert(line.replace(/\r$/, '')));
  return lines.slice(lines.findIndex((line) => line.startsWith('--- '))).filter((line) => line !== '');
}

/** For a terminal: the change to each file, what other targets have to do with it, and what could not be taken over. */
export function renderAcceptText(accepted: Accepted, options: TextOptions = {}): string {
  const page = pageOf(options);
  const { files, left, notes } = accepted;
  return printable(
    spaced([
      ...files.map((file) => fileDiff(file).map((line) => painted(line, page))),
      notes.flatMap((note) => wrap(`note: ${inert(note)}`, page.width, { first: '', rest: '  ' })),
      ...left.map((one) => leftText(one, page)),
      endText(accepted, page),
    ]),
  );
}

function painted(line: string, { paint }: Page): string {
  if (line.startsWith('+++') || line.startsWith('---')) return paint.strong(line);
  if (line.startsWith('@@')) return paint.faint(line);
  if (line.startsWith('+')) return paint.added(line);
  return line.startsWith('-') ? paint.removed(line) : line;
}

function leftText({ what, at, why, hint }: Accepted['left'][number], page: Page): readonly string[] {
  const place = at === null ? '' : ` (${inertName(at.file)}:${at.line})`;
  const text = `cannot be taken over: ${inert(what)}${place}: ${inert(why)}`;
  // Something to copy must stay in one piece.
  return [
    ...wrap(text, page.width, { first: '', rest: '  ' }),
    `  ${page.paint.faint('hint:')} ${inert(hint)}`,
  ];
}

function endText({ files, left }: Accepted, { paint }: Page): readonly string[] {
  const open = left.length > 0 ? `; ${plural(left.length, 'thing')} left` : '';
  if (files.length === 0) return [paint.strong(`Nothing was written${open}`)];
  return [paint.strong(`Wrote ${files.map(({ path }) => inertName(path)).join(', ')}${open}`)];
}
