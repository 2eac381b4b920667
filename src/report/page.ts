import { PLAIN, type Paint } from './paint.ts';

export type TextOptions = {
  /** No colours where it is left out. */
  readonly paint?: Paint;
  /** Columns of the terminal; 80 where it is left out. */
  readonly width?: number;
  /** Also ids, digests of operations and members of lists that stay. */
  readonly verbose?: boolean;
};

/** Options with their defaults. */
export type Page = Required<TextOptions>;

export function pageOf({ paint = PLAIN, width = 80, verbose = false }: TextOptions): Page {
  return { paint, width, verbose };
}

/** Sections with an empty line between them; empty sections are left out. */
export function spaced(sections: readonly (readonly string[])[]): readonly string[] {
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, at) => (at === 0 ? section : ['', ...section]));
}
