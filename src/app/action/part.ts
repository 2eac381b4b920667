import { hasErrors } from '../../core/diagnostic.ts';
import type { DiagnosticDocument, PlanDocument } from '../../core/document.ts';
import { AuthError, ConfigError, EXIT, type ExitCode, ToolError } from '../../core/errors.ts';
import { diagnosticDocument } from '../../report/plan-document.ts';
import type { Content, Failure } from '../../report/review.ts';
import { type Ended, codeOf, endOf } from '../each-target.ts';
import { check, targetsOf } from '../load.ts';
import type { Result } from '../plan.ts';
import { printError } from '../print.ts';
import { type Naming, namingOf, readNaming } from './naming.ts';
import { type Stage, optionsOf } from './stage.ts';

/** What a run came to for one target. */
export type Part = {
  readonly naming: Naming;
  readonly content: Content;
  readonly code: ExitCode;
};

/** Planned, and stopped after that. */
export type Stopped = {
  readonly document: PlanDocument;
  readonly error: unknown;
  readonly code: ExitCode;
};

/** Runs a use-case for each target that the inputs name, several in a group of the log each; one that fails stops no other. */
export async function eachPart(
  stage: Stage,
  run: (target: string | undefined) => Promise<Result | Stopped>,
): Promise<readonly Part[]> {
  const targets = await endOfList(stage);
  if ('error' in targets) return [await partOf(stage, targets)];
  const parts: Part[] = [];
  for (const target of targets.names) {
    const isGrouped = targets.names.length > 1;
    if (isGrouped) await stage.runner.startGroup(target ?? '');
    const ended = await endOf(target, run);
    if ('error' in ended) await printError(stage.host, optionsOf(stage), ended.error);
    if (isGrouped) await stage.runner.endGroup();
    parts.push(await partOf(stage, ended));
  }
  return parts;
}

/** The plan that a part is about, or the one that it had made before it was stopped. */
export function documentOf({ content }: Part): PlanDocument | null {
  return 'document' in content ? content.document : null;
}

export function diagnosticsOf({ content }: Part): readonly DiagnosticDocument[] {
  switch (content.is) {
    case 'plan':
    case 'outcome':
      return content.document.diagnostics;
    case 'stopped':
      return [...content.document.diagnostics, ...content.failure.diagnostics];
    case 'checked':
      return content.diagnostics;
    case 'failure':
      return content.failure.diagnostics;
  }
}

function failureOf(error: unknown): Failure {
  return {
    message: error instanceof Error ? error.message : String(error),
    hint: error instanceof ToolError ? (error.hint ?? null) : 'this is a bug in lakebell: please report it',
    diagnostics: error instanceof ConfigError ? error.diagnostics.map(diagnosticDocument) : [],
  };
}

type Named =
  { readonly names: readonly (string | undefined)[] } | (Ended<never> & { readonly error: unknown });

async function endOfList(stage: Stage): Promise<Named> {
  const { targets } = stage.settings;
  if (targets !== '*') return { names: targets.length === 0 ? [undefined] : targets };
  try {
    return { names: await targetsOf(optionsOf(stage)) };
  } catch (error) {
    await printError(stage.host, optionsOf(stage), error);
    return { target: undefined, error, code: codeOf(error) };
  }
}

async function partOf(stage: Stage, ended: Ended<Result | Stopped>): Promise<Part> {
  if ('document' in ended) return { ...contentOf(ended), naming: namingOf(ended.document), code: ended.code };
  const naming = await readNaming(stage.host, stage.settings, ended.target);
  if (isWithoutSecrets(stage, ended.error)) return { naming, ...(await checked(stage, ended.target)) };
  return { naming, content: { is: 'failure', failure: failureOf(ended.error) }, code: ended.code };
}

function contentOf(ended: Result | Stopped): Pick<Part, 'content'> {
  const { document } = ended;
  if ('error' in ended) return { content: { is: 'stopped', document, failure: failureOf(ended.error) } };
  return { content: { is: document.outcomes === undefined ? 'plan' : 'outcome', document } };
}

/** What a stranger's pull request gets: its file is checked, and nobody's credentials are missed. */
function isWithoutSecrets({ event, mode }: Stage, error: unknown): boolean {
  return (
    event.isUntrusted && mode === 'plan' && error instanceof AuthError && error.code === 'no-credentials'
  );
}

async function checked(stage: Stage, target: string | undefined): Promise<Pick<Part, 'content' | 'code'>> {
  const { diagnostics } = await check(stage.host, optionsOf(stage), target);
  const why =
    'pull requests from forks and from Dependabot get no credentials, so the workspace was not looked at: ' +
    'names, permissions and limits there were not checked, and merging applies nothing without a plan that was approved';
  const content = { is: 'checked', why, diagnostics: diagnostics.map(diagnosticDocument) } as const;
  return { content, code: hasErrors(diagnostics) ? EXIT.config : EXIT.done };
}
