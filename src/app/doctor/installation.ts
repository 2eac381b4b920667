import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Finding } from '../../core/doctor.ts';
import type { Host } from '../../host/host.ts';
import { diagnosticCounts } from '../../report/diagnostics-text.ts';
import { diagnosticDocument } from '../../report/plan-document.ts';
import { type Checked, check } from '../load.ts';
import type { CommonOptions } from '../options.ts';
import { TOOL } from '../tool.ts';

/** What runs here. */
export function versionFinding({ nodeVersion, platform }: Host): Finding {
  const about = { group: 'installation', code: 'versions', title: 'Versions' } as const;
  const detail = `${TOOL.name} ${TOOL.version}, Node.js ${nodeVersion}, ${platform}`;
  if (isNewEnough(nodeVersion)) return { ...about, status: 'ok', detail };
  return { ...about, status: 'problem', detail, remedy: 'install Node.js 20.19 or newer' };
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

export type CheckedConfig = Pick<Checked, 'loaded'> & { readonly finding: Finding };

/** Whether there is a configuration, and whether it is right; doctor goes on without one. */
export async function checkConfig(
  host: Host,
  options: CommonOptions,
  target: string | undefined,
): Promise<CheckedConfig> {
  const text = await host.readFile(options.config).catch(() => undefined);
  if (text === undefined) return { loaded: undefined, finding: absent(options.config) };
  const { loaded, diagnostics } = await check(host, options, target);
  return { loaded, finding: judged(options.config, loaded !== undefined, diagnostics) };
}

const ABOUT = { group: 'installation', title: 'Configuration' } as const;

function absent(file: string): Finding {
  return {
    ...ABOUT,
    code: 'config-absent',
    status: 'warning',
    detail: `${file} is not here, so what it would need was not looked at`,
    remedy: 'name the file with `--config FILE`, or write one that begins with `version: 1`',
  };
}

function judged(file: string, isRight: boolean, diagnostics: readonly Diagnostic[]): Finding {
  const counts = diagnosticCounts(diagnostics.map(diagnosticDocument));
  const remedy = `\`lakebell validate --config ${file}\` shows each with its line and what to do`;
  if (!isRight)
    return { ...ABOUT, code: 'config-invalid', status: 'problem', detail: `${file} has ${counts}`, remedy };
  const isClean = diagnostics.every(({ severity }) => severity === 'note');
  if (isClean) return { ...ABOUT, code: 'config', status: 'ok', detail: `${file} is valid` };
  return {
    ...ABOUT,
    code: 'config',
    status: 'warning',
    detail: `${file} is valid, with ${counts}`,
    remedy,
  };
}
