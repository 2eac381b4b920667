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
  const documents: PlanDocument[] = [];
  const codes: ExitCode[] = [];
  for (const target of await targetsOf(options)) {
    try {
      const { document, code } = await run(target);
      documents.push(document);
      codes.push(code);
    } catch (error) {
      if (options.allTargets) host.err(`target ${String(target)}:\n`);
      await printError(host, options, error);
      codes.push(error instanceof ToolError ? error.exitCode : EXIT.config);
    }
  }
  return { documents, code: worst(codes) };
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

function worst(codes: readonly ExitCode[]): ExitCode {
  return ORDER.find((code) => codes.includes(code)) ?? EXIT.done;
}
