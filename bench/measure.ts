import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What one command took, and what it printed. */
export type Cost = {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly out: string;
};

export type Command = {
  /** The script that is measured. */
  readonly entry: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** Runs a command in a process of its own. @throws Error when it does not end with 0. */
export async function measure({ entry, argv, env }: Command): Promise<Cost> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', USAGE, entry, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [out, err, usage, code] = await Promise.all([
    textOf(child.stdio[1]),
    textOf(child.stdio[2]),
    textOf(child.stdio[3]),
    new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)),
  ]);
  const seconds = (performance.now() - startedAt) / 1000;
  if (code !== 0) throw new Error(`lakebell ${argv.join(' ')} ended with ${String(code)}: ${err}`);
  return { seconds, out, ...(JSON.parse(usage) as { cpuSeconds: number; peakMb: number }) };
}

/** The middle of several measurements, figure by figure; of the peaks the highest. */
export function middle(costs: readonly Cost[]): Cost {
  return {
    seconds: median(costs.map(({ seconds }) => seconds)),
    cpuSeconds: median(costs.map(({ cpuSeconds }) => cpuSeconds)),
    peakMb: Math.max(...costs.map(({ peakMb }) => peakMb)),
    out: costs[0]?.out ?? '',
  };
}

const USAGE = fileURLToPath(new URL('usage.mjs', import.meta.url));

async function textOf(stream: unknown): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
