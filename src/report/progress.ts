import { plural, thousands } from './words.ts';

/** `reading the workspace, 37 requests …` */
export function readingLine(requests: number): string {
  return `reading the workspace, ${plural(requests, 'request')} …`;
}

/** `perSecond`: lately; null where it is not known. */
export type Progress = {
  readonly done: number;
  readonly total: number;
  readonly perSecond: number | null;
};

/** `applying 40 of 200, 9.1/s, about 18 s left`; no estimate before the pace is known. */
export function applyingLine({ done, total, perSecond }: Progress): string {
  const line = `applying ${thousands(done)} of ${thousands(total)}`;
  if (perSecond === null || done >= total) return line;
  return `${line}, ${pace(perSecond)}, about ${roughly(((total - done) * 1000) / perSecond)} left`;
}

/** `columns`: of the terminal; `isAscii`: for one that may not have the signs of a bar. */
export type BarLook = { readonly columns: number; readonly isAscii: boolean };

const WIDEST = 30;
const NARROWEST = 8;
// Brackets, the space before the text, and the last column, in which some terminals begin a new line.
const AROUND = 4;

/** The same line behind a bar as wide as there is room for; without one where there is hardly any. */
export function applyingBar(progress: Progress, { columns, isAscii }: BarLook): string {
  const line = applyingLine(progress);
  const width = Math.min(WIDEST, columns - line.length - AROUND);
  if (width < NARROWEST) return line;
  const { done, total } = progress;
  const filled = Math.min(width, Math.floor((width * done) / Math.max(1, total)));
  const [full, empty] = isAscii ? ['#', '-'] : ['█', '░'];
  return `[${full.repeat(filled)}${empty.repeat(width - filled)}] ${line}`;
}

function pace(perSecond: number): string {
  return perSecond >= 1 ? `${perSecond.toFixed(1)}/s` : `${Math.max(1, Math.round(perSecond * 60))}/min`;
}

function roughly(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
