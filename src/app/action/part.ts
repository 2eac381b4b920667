import { hasErrors } from '../../core/diagnostic.ts';
import type { DiagnosticDocument, PlanDocument } from '../../core/document.ts';
import { AuthError, ConfigError, EXIT, type ExitCode, ToolError } from '../../core/errors.ts';
import { diagnosticDocument } from '../../report/plan-document.ts';
import type { Content, Failure } from '../../report/review.ts';
import { type Ended, codeOf, endOf } from '../each-target.ts';
import { check, targetsOf } from '../load.ts';
import type { Result } from '../plan.ts';
import { printDiagnostics, printError } from '../print.ts';
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

/** The file alone, without a look at the workspace. */
export type CheckedAlone = Pick<Content & { readonly is: 'checked' }, 'why' | 'diagnostics'> & {
  readonly code: ExitCode;
};

type Came = Result | Stopped | CheckedAlone;

/** Runs a use-case for each target that the inputs name, several in a group of the log each; one that fails stops no other. */
export async function eachPart(
  stage: Stage,
  run: (target: string | undefined) => Promise<Came>,
): Promise<readonly Part[]> {
  const targets = await endOfList(stage);
  if ('error' in targets) return [await partOf(stage, targets)];
  const parts: Part[] = [];
  for (const target of targets.names) {
    const isGrouped = targets.names.length > 1;
    if (isGrouped) await stage.runner.startGroup(target ?? '');
    parts.push(await partOf(stage, await endOf(target, run)));
    if (isGrouped) await stage.runner.endGroup();
  }
  return parts;
}

/** Schema, references and cross-checks, told in the log. @param why there is no plan */
export async function checkAlone(
  { host, ...stage }: Pick<Stage, 'host' | 'settings'>,
  target: string | undefined,
  why: string,
): Promise<CheckedAlone> {
  const options = optionsOf({ host, ...stage });
  const { diagnostics } = await check(host, options, target);
  await printDiagnostics(host, options, diagnostics);
  const code = hasErrors(diagnostics) ? EXIT.config : EXIT.done;
  return { why, diagnostics: diagnostics.map(diagnosticDocument), code };
}

/** The plan that a part is about, or the one that it had made before it was stopped. */
export function documentOf({ content }: Part): PlanDocument | null {
  return 'document' in content ? content.document : null;
}

export function diagnosticsOf({ content }: Part): readonly DiagnosticDocument[] {
  switch (content.is) {
    case 'plan':
    case 'drift':
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
    return { target: undefined, error, code: codeOf(error) };
  }
}

async function partOf(stage: Stage, ended: Ended<Came>): Promise<Part> {
  if ('document' in ended) {
    if ('error' in ended) await printError(stage.host, optionsOf(stage), ended.error);
    return { ...contentOf(ended), naming: namingOf(ended.document), code: ended.code };
  }
  const { target } = ended;
  const naming = await readNaming(stage.host, stage.settings, target);
  if ('why' in ended) return { naming, ...checkedPart(ended) };
  if (isWithoutSecrets(stage, ended.error)) {
    stage.host.err(`${NO_SECRETS}\n`);
    return { naming, ...checkedPart(await checkAlone(stage, target, NO_SECRETS)) };
  }
  await printError(stage.host, optionsOf(stage), ended.error);
  return { naming, content: { is: 'failure', failure: failureOf(ended.error) }, code: ended.code };
}

function contentOf(ended: Result | Stopped): Pick<Part, 'content'> {
  const { document } = ended;
  if ('error' in ended) return { content: { is: 'stopped', document, failure: failureOf(ended.error) } };
  if (document.drift !== undefined) return { content: { is: 'drift', document } };
  return { content: { is: document.outcomes === undefined ? 'plan' : 'outcome', document } };
}

/** What a stranger's pull request gets: its file is checked, and nobody's credentials are missed. */
function isWithoutSecrets({ event, mode }: Stage, error: unknown): boolean {
  return (
    event.isUntrusted && mode === 'plan' && error instanceof AuthError && error.code === 'no-credentials'
  );
}

const NO_SECRETS =
  'pull requests from forks and from Dependabot get no credentials, so the workspace was not looked at: ' +
  'names, permissions and limits there were not checked, and merging applies nothing without a plan that was approved';

function checkedPart({ why, diagnostics, code }: CheckedAlone): Pick<Part, 'content' | 'code'> {
  return { content: { is: 'checked', why, diagnostics }, code };
}
