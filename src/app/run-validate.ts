import { hasErrors, type Diagnostic } from '../core/diagnostic.ts';
import { EXIT, type ExitCode } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { renderValidateJson } from '../report/json.ts';
import { check, targetsOf } from './load.ts';
import type { PlanOptions } from './options.ts';
import { printDiagnostics, validateDocument } from './print.ts';

/** Schema, references, cross-checks and lint; no network, no credentials. */
export async function runValidate(host: Host, options: PlanOptions): Promise<ExitCode> {
  const files = new Set<string>([options.config]);
  const found = new Map<string, Diagnostic>();
  for (const target of await targetsOf(options)) {
    const { loaded, diagnostics } = await check(host, options, target);
    for (const file of loaded?.config.files ?? []) files.add(file);
    // What all targets share is said once.
    for (const diagnostic of diagnostics) found.set(JSON.stringify(diagnostic), diagnostic);
  }
  const report = { files: [...files], diagnostics: [...found.values()] };
  await print(host, options, report);
  return hasErrors(report.diagnostics) ? EXIT.config : EXIT.done;
}

type Report = { readonly files: readonly string[]; readonly diagnostics: readonly Diagnostic[] };

async function print(host: Host, options: PlanOptions, { files, diagnostics }: Report): Promise<void> {
  if (options.format === 'json') return host.out(renderValidateJson(validateDocument(files, diagnostics)));
  await printDiagnostics(host, options, diagnostics);
  if (!hasErrors(diagnostics) && !options.quiet) host.out(`${files.join(', ')}: valid\n`);
}
