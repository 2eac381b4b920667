import { diskReader } from '../../config/disk-reader.ts';
import { loadConfig } from '../../config/load.ts';
import type { PlanDocument } from '../../core/document.ts';
import type { Host } from '../../host/host.ts';
import { SECTIONS } from '../../kinds/index.ts';
import type { CommonOptions } from '../options.ts';

/** What checks and comments go by. */
export type Naming = { readonly config: string; readonly target: string | null };

/** The name of a configuration and of its target, as far as a file with mistakes still tells. */
export async function readNaming(
  host: Host,
  { config: file }: Pick<CommonOptions, 'config'>,
  target: string | undefined,
): Promise<Naming> {
  const { draft } = await loadConfig({ reader: diskReader, file, target, env: host.env, kinds: SECTIONS });
  if (draft !== undefined) return { config: draft.name, target: target ?? draft.target.name };
  // Not even YAML: the stale plan of the same configuration is to be replaced all the same.
  const text = await host.readFile(file).catch(() => '');
  const name = /^name:[ \t]*["']?([\w][\w .-]*?)["']?[ \t]*(?:#.*)?$/mu.exec(text)?.[1];
  return { config: name ?? 'notifications', target: target ?? null };
}

export function namingOf({ config, workspace }: PlanDocument): Naming {
  return { config: config.name, target: workspace.target };
}

/** `lakebell/<name>/<target>`, or `lakebell/<name>` where the configuration has no targets. */
export function checkName({ config, target }: Naming): string {
  return ['lakebell', config, ...(target === null ? [] : [target])].join('/');
}
