import { hasErrors } from '../../core/diagnostic.ts';
import { EXIT } from '../../core/errors.ts';
import { diagnosticDocument } from '../../report/plan-document.ts';
import { check, targetsOf } from '../load.ts';
import { printDiagnostics } from '../print.ts';
import { readNaming } from './naming.ts';
import type { Ended } from './plan-mode.ts';
import { type Stage, optionsOf } from './stage.ts';

/** Schema, references and cross-checks; no credentials, no workspace. */
export async function validateMode(stage: Stage): Promise<Ended> {
  const { host, settings } = stage;
  const options = optionsOf(stage);
  const names = settings.targets === '*' ? await targetsOf(options) : settings.targets;
  const told = [];
  for (const target of names.length === 0 ? [undefined] : names) {
    const { diagnostics } = await check(host, options, target);
    await printDiagnostics(host, options, diagnostics);
    const why = 'validate looks at no workspace';
    const content = { is: 'checked', why, diagnostics: diagnostics.map(diagnosticDocument) } as const;
    const code = hasErrors(diagnostics) ? EXIT.config : EXIT.done;
    told.push({ part: { naming: await readNaming(host, options, target), content, code }, outlook: null });
  }
  return { told, urls: { comment: null, check: null } };
}
