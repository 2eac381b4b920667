import { plural } from './words.ts';

/** `reading the workspace, 37 requests …` */
export function readingLine(requests: number): string {
  return `reading the workspace, ${plural(requests, 'request')} …`;
}

export type Progress = { readonly done: number; readonly total: number; readonly elapsedMs: number };

// Earlier than this the pace says nothing.
const ENOUGH = 3;

/** `applying 40 of 200, about 2 min left`; no estimate before the pace is known. */
export function applyingLine({ done, total, elapsedMs }: Progress): string {
  const line = `applying ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
  if (done < ENOUGH || done >= total || elapsedMs <= 0) return line;
  return `${line}, about ${roughly((elapsedMs / done) * (total - done))} left`;
}

function roughly(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
