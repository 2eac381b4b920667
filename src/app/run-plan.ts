import type { PlanDocument } from '../core/document.ts';
import { type ExitCode, SettingsError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { renderJson } from '../report/json.ts';
import { type Assignment, applyTarget } from './apply.ts';
import { readApprover } from './approve.ts';
import { driftTarget } from './drift.ts';
import { eachTarget } from './each-target.ts';
import type { ApplyOptions, PlanOptions } from './options.ts';
import { planTarget } from './plan.ts';
import { printOutcomes, printPlans, showPlan } from './print.ts';

export async function runPlan(host: Host, options: PlanOptions): Promise<ExitCode> {
  const { documents, code } = await eachTarget(host, options, (target) => planTarget(host, options, target));
  if (documents.length > 0) printPlans(host, options, documents);
  await save(host, options.out, documents);
  return code;
}

export async function runDrift(host: Host, options: PlanOptions): Promise<ExitCode> {
  const { documents, code } = await eachTarget(host, options, (target) => driftTarget(host, options, target));
  if (documents.length > 0) printPlans(host, options, documents);
  await save(host, options.out, documents);
  return code;
}

export async function runApply(
  host: Host,
  options: ApplyOptions,
  prepare?: Assignment['prepare'],
): Promise<ExitCode> {
  if (options.allTargets && (options.approve !== undefined || options.plan !== undefined)) {
    const hint = 'apply each target by itself, or all of them with --auto-approve';
    throw new SettingsError('one approval is for one target', { hint });
  }
  const shown = new Map<string | undefined, PlanDocument>();
  const { documents, code } = await eachTarget(host, options, async (target) => {
    const result = await applyTarget(host, options, {
      target,
      approver: await readApprover(host, options),
      ...(prepare === undefined ? {} : { prepare }),
      showPlan: (document) => {
        shown.set(target, document);
        showPlan(host, options, document);
      },
    });
    shown.delete(target);
    return result;
  });
  // A run that was refused after its plan was made still has that plan to give.
  const all = options.format === 'text' ? documents : [...documents, ...shown.values()];
  const told = all.filter(
    ({ outcomes }) => options.format !== 'text' || outcomes === undefined || outcomes.length > 0,
  );
  if (told.length > 0) printOutcomes(host, options, told);
  await save(host, options.out, all);
  return code;
}

async function save(host: Host, path: string | undefined, documents: readonly PlanDocument[]): Promise<void> {
  if (path === undefined || documents.length === 0) return;
  await host.writeFile(path, renderJson(documents, documents.length > 1)).catch((error: unknown) => {
    throw new SettingsError(`${path} cannot be written`, { cause: error });
  });
}
