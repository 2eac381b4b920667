import { EXIT, type ExitCode, SettingsError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { fileDiff, renderAcceptText } from '../report/accept.ts';
import { renderJson } from '../report/json.ts';
import { driftTarget } from './drift.ts';
import { eachTarget } from './each-target.ts';
import type { DriftOptions, PlanOptions } from './options.ts';
import type { Result } from './plan.ts';
import type { Planned } from './planning.ts';
import { pageOf, printPlans } from './print.ts';
import type { EditedFile } from './accept-edits.ts';
import { takeOver } from './take-over.ts';

/** Takes over into the file what somebody changed by hand. Writes the file, never the workspace. */
export async function runAccept(host: Host, options: DriftOptions): Promise<ExitCode> {
  const { documents, code } = await eachTarget(host, options, (target) =>
    acceptTarget(host, options, target),
  );
  if (options.format === 'json' && documents.length > 0) printPlans(host, options, documents);
  if (options.out !== undefined && documents.length > 0)
    await write(host, [{ path: options.out, after: renderJson(documents, documents.length > 1) }]);
  return code;
}

/** The change to the files that `runAccept` would make, as lines of a unified diff; empty where it would make none. */
export async function acceptPreview(
  host: Host,
  options: PlanOptions,
  target: string | undefined,
  planned: Planned,
): Promise<readonly string[]> {
  const { files } = await takeOver({ host, options, target }, planned);
  return files.flatMap(fileDiff);
}

async function acceptTarget(host: Host, options: DriftOptions, target: string | undefined): Promise<Result> {
  const { document, code, planned } = await driftTarget(host, options, target);
  // What could not be read must not be taken for what is there.
  if (!document.complete || document.changes.length === 0) {
    if (options.format !== 'json') printPlans(host, options, [document]);
    return { document, code };
  }
  const taken = await takeOver({ host, options, target }, planned);
  await write(host, taken.files);
  const text = renderAcceptText(taken, pageOf(host, options));
  // Standard output is the document's where one was asked for.
  if (options.format === 'json') host.err(text);
  else host.out(text);
  if (taken.left.length > 0) return { document, code: EXIT.pending };
  return { document, code: document.unreadable.length > 0 ? EXIT.permission : EXIT.done };
}

async function write(host: Host, files: readonly Pick<EditedFile, 'path' | 'after'>[]): Promise<void> {
  const done: string[] = [];
  for (const { path, after } of files) {
    await host.writeFile(path, after).catch((cause: unknown) => {
      const hint =
        done.length === 0
          ? 'check its permissions; nothing was written'
          : `check its permissions; written already: ${done.join(', ')}`;
      throw new SettingsError(`${path} cannot be written`, { cause, hint });
    });
    done.push(path);
  }
}
