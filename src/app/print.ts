import type { Diagnostic } from '../core/diagnostic.ts';
import { digestPlan } from '../core/digest.ts';
import type { PlanDocument, ValidateDocument } from '../core/document.ts';
import { ConfigError, ToolError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { renderDiagnosticsText } from '../report/diagnostics-text.ts';
import { renderDriftMarkdown, renderDriftText } from '../report/drift.ts';
import { inert } from '../report/inert.ts';
import { renderJson } from '../report/json.ts';
import { renderPlanMarkdown } from '../report/markdown.ts';
import { renderOutcomesMarkdown } from '../report/outcomes-markdown.ts';
import { renderOutcomesText } from '../report/outcomes-text.ts';
import { PLAIN, type Paint, terminalPaint } from '../report/paint.ts';
import { diagnosticDocument, PLAN_FORMAT_VERSION } from '../report/plan-document.ts';
import { renderPlanText } from '../report/text.ts';
import type { CommonOptions } from './options.ts';
import { TOOL } from './tool.ts';

/** Results on standard output in the format that was asked for; documents are collected for JSON, which is one text. */
export function printPlans(host: Host, options: CommonOptions, documents: readonly PlanDocument[]): void {
  if (options.format === 'json') return host.out(renderJson(documents, options.allTargets));
  for (const document of documents) host.out(planText(host, options, document));
}

export function printOutcomes(host: Host, options: CommonOptions, documents: readonly PlanDocument[]): void {
  if (options.format === 'json') return host.out(renderJson(documents, options.allTargets));
  const approve = (document: PlanDocument): { approve: string } => ({ approve: digestOfRest(document) });
  for (const document of documents) {
    const isMarkdown = options.format === 'markdown';
    const text = isMarkdown
      ? renderOutcomesMarkdown(document, approve(document))
      : renderOutcomesText(document, { ...pageOf(host, options), ...approve(document) });
    host.out(isMarkdown ? text : `\n${text}`);
  }
}

/** What the next plan will be called if nothing else happens: the operations that are left. */
function digestOfRest({ changes, outcomes = [], workspace, config }: PlanDocument): string {
  const isOver = new Set(
    outcomes.filter(({ state }) => state === 'done' || state === 'already').map(({ address }) => address),
  );
  const ops = changes.flatMap(({ address, op }) => (op === null || isOver.has(address) ? [] : [op]));
  return digestPlan(ops, workspace.workspace_id, config.name);
}

/** The plan before somebody is asked: with text it is part of the result, otherwise it goes to standard error. */
export function showPlan(host: Host, options: CommonOptions, document: PlanDocument): void {
  if (options.format === 'text')
    host.out(renderPlanText(document, { ...pageOf(host, options), ending: 'cost' }));
}

export async function printDiagnostics(
  host: Host,
  options: Pick<Look, 'color'>,
  diagnostics: readonly Diagnostic[],
): Promise<void> {
  const sources = await sourcesOf(host, diagnostics);
  const paint = paintFor(host, options, host.isErrTerminal);
  host.err(renderDiagnosticsText(diagnostics.map(diagnosticDocument), { paint, sources }));
}

export function validateDocument(
  files: readonly string[],
  diagnostics: readonly Diagnostic[],
): ValidateDocument {
  return {
    format_version: PLAN_FORMAT_VERSION,
    tool: TOOL,
    files,
    valid: diagnostics.every(({ severity }) => severity !== 'error'),
    diagnostics: diagnostics.map(diagnosticDocument),
  };
}

export type Look = Pick<CommonOptions, 'color' | 'verbose'>;

/** What stopped a run: what happened, then what to do. A stack is shown for our own bugs only. */
export async function printError(host: Host, options: Look, error: unknown): Promise<void> {
  // A status line may still stand there.
  if (host.isErrTerminal) host.err('\r\u001b[K');
  if (error instanceof ConfigError) return printDiagnostics(host, options, error.diagnostics);
  const paint = paintFor(host, options, host.isErrTerminal);
  const message = error instanceof Error ? error.message : String(error);
  const isOurs = !(error instanceof ToolError) || error.source === 'us';
  const hint = error instanceof ToolError ? error.hint : 'this is a bug in lakebell: please report it';
  host.err(`${paint.error('error:')} ${inert(message)}\n`);
  if (hint !== undefined) host.err(`  ${paint.faint('hint:')} ${inert(hint)}\n`);
  if (isOurs && options.verbose && error instanceof Error) host.err(`${String(error.stack)}\n`);
}

function planText(host: Host, options: CommonOptions, document: PlanDocument): string {
  if (document.drift !== undefined)
    return options.format === 'markdown'
      ? renderDriftMarkdown(document)
      : renderDriftText(document, pageOf(host, options));
  return options.format === 'markdown'
    ? renderPlanMarkdown(document)
    : renderPlanText(document, pageOf(host, options));
}

/** How a text is laid out for this terminal. */
export function pageOf(
  host: Host,
  options: CommonOptions,
): { paint: Paint; width: number; verbose: boolean } {
  return {
    paint: paintFor(host, options, host.isOutTerminal),
    width: widthOf(host),
    verbose: options.verbose,
  };
}

/** Wider lines than this are hard to follow. */
function widthOf({ columns }: Host): number {
  return Math.min(Math.max(columns, 40), 120);
}

/** NO_COLOR wins over everything but is itself nothing when empty (no-color.org). */
function paintFor({ env }: Host, { color }: Pick<Look, 'color'>, isTerminal: boolean): Paint {
  const isRefused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb' || !color;
  return isTerminal && !isRefused ? terminalPaint() : PLAIN;
}

async function sourcesOf(
  host: Host,
  diagnostics: readonly Diagnostic[],
): Promise<ReadonlyMap<string, string>> {
  const files = new Set(diagnostics.flatMap(({ at }) => (at === undefined ? [] : [at.file])));
  const texts = [...files].map(async (file) => [file, await host.readFile(file).catch(() => '')] as const);
  return new Map(await Promise.all(texts));
}
