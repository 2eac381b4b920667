import type { Host } from '../host/host.ts';
import { applyingLine } from '../report/progress.ts';
import type { CommonOptions } from './options.ts';

/** A line on standard error that is written over; only where somebody watches. */
export function progressOn(host: Host, { quiet }: CommonOptions): (done: number, total: number) => void {
  if (!host.isErrTerminal || quiet) return () => undefined;
  const startedAt = host.clock();
  return (done, total) => {
    const line = applyingLine({ done, total, elapsedMs: host.clock() - startedAt });
    host.err(`\r\u001b[K${done < total ? line : ''}`);
  };
}
