import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** One line of `history.jsonl`: one scenario of one run. */
export type Line = {
  readonly date: string;
  /** With `+` where the checkout had changes of its own; null outside a repository. */
  readonly commit: string | null;
  readonly node: string;
  /** `dist`: the built command line; `src`: its sources, which Node strips of types first. */
  readonly entry: 'dist' | 'src';
  readonly scenario: string;
  readonly latency_ms: number | null;
  readonly requests: number | null;
  readonly request_budget: number | null;
  readonly seconds: number;
  readonly seconds_floor: number | null;
  readonly cpu_seconds: number;
  readonly peak_mb: number;
  /** Of a file; left out where nothing but time is measured. */
  readonly bytes?: number;
  /** Of the writes that the workspace allowed, from 0 to 1, and requests that it refused; left out where it allows all. */
  readonly allowance_share?: number;
  readonly refused?: number;
};

const FILE = new URL('history.jsonl', import.meta.url);

export function readHistory(): readonly Line[] {
  if (!existsSync(FILE)) return [];
  const lines = readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Line);
}

export function append(lines: readonly Line[]): void {
  appendFileSync(FILE, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** The newest earlier line about the same thing. */
export function previousOf(line: Line, history: readonly Line[]): Line | undefined {
  return history.findLast(
    ({ scenario, latency_ms, entry }) =>
      scenario === line.scenario && latency_ms === line.latency_ms && entry === line.entry,
  );
}
