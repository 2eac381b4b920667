import picocolors from 'picocolors';

type Brush = (text: string) => string;

/** What colours a text; every brush leaves the text's own characters as they are. */
export type Paint = {
  readonly strong: Brush;
  readonly faint: Brush;
  readonly added: Brush;
  readonly removed: Brush;
  readonly changed: Brush;
  readonly warning: Brush;
  readonly error: Brush;
};

const same: Brush = (text) => text;

/** No colours at all. */
export const PLAIN: Paint = {
  strong: same,
  faint: same,
  added: same,
  removed: same,
  changed: same,
  warning: same,
  error: same,
};

/** The colours of a terminal. */
export function terminalPaint(): Paint {
  const { bold, dim, green, red, yellow, cyan } = picocolors.createColors(true);
  return { strong: bold, faint: dim, added: green, removed: red, changed: cyan, warning: yellow, error: red };
}
