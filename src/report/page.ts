import { PLAIN, type Paint } from './paint.ts';
import type { Headings } from './words.ts';

export type TextOptions = {
  /** No colours where it is left out. */
  readonly paint?: Paint;
  /** Columns of the terminal; 80 where it is left out. */
  readonly width?: number;
  /** Also ids, digests of operations and members of lists that stay. */
  readonly verbose?: boolean;
  /** What a plan ends with: the command that applies it (where left out), or only what it cost, as it is being applied. */
  readonly ending?: 'command' | 'cost';
  readonly headings?: Headings;
};

/** Options with their defaults. */
export type Page = Required<TextOptions>;

export function pageOf({
  paint = PLAIN,
  width = 80,
  verbose = false,
  ending = 'command',
  headings = {},
}: TextOptions): Page {
  return { paint, width, verbose, ending, headings };
}

/** Sections with an empty line between them; empty sections are left out. */
export function spaced(sections: readonly (readonly string[])[]): readonly string[] {
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, at) => (at === 0 ? section : ['', ...section]));
}
