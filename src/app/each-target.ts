import type { PlanDocument } from '../core/document.ts';
import { EXIT, type ExitCode, ToolError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { targetsOf } from './load.ts';
import type { CommonOptions } from './options.ts';
import type { Result } from './plan.ts';
import { printError } from './print.ts';

export type Results = { readonly documents: readonly PlanDocument[]; readonly code: ExitCode };

/** Runs a command for each target in turn; one that fails is reported and does not stop the others. */
export async function eachTarget(
  host: Host,
  options: CommonOptions,
  run: (target: string | undefined) => Promise<Result>,
): Promise<Results> {
  const ended: Ended<Result>[] = [];
  for (const target of await targetsOf(options)) {
    const end = await endOf(target, run);
    ended.push(end);
    if (!('error' in end)) continue;
    if (options.allTargets) host.err(`target ${String(target)}:\n`);
    await printError(host, options, end.error);
  }
  const documents = ended.flatMap((end) => ('document' in end ? [end.document] : []));
  return { documents, code: worst(ended.map(({ code }) => code)) };
}

/** What a command came to for one target: what it gave, or what stopped it. */
export type Ended<Given> = { readonly target: string | undefined } & (
  Given | { readonly error: unknown; readonly code: ExitCode }
);

export async function endOf<Given>(
  target: string | undefined,
  run: (target: string | undefined) => Promise<Given>,
): Promise<Ended<Given>> {
  try {
    return { target, ...(await run(target)) };
  } catch (error) {
    return { target, error, code: codeOf(error) };
  }
}

export function codeOf(error: unknown): ExitCode {
  return error instanceof ToolError ? error.exitCode : EXIT.config;
}

/** Of several targets, the first of these that is present (contract §2). */
const ORDER: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.config,
  EXIT.permission,
  EXIT.api,
  EXIT.partial,
  EXIT.refused,
  EXIT.pending,
];

export function worst(codes: readonly ExitCode[]): ExitCode {
  return ORDER.find((code) => codes.includes(code)) ?? EXIT.done;
}
