import { diskReader } from '../config/disk-reader.ts';
import { type Config, type LoadOptions, type LoadedConfig, listTargets, loadConfig } from '../config/load.ts';
import { judgeMoved } from '../config/moved.ts';
import { expiredMutes } from '../config/mutes.ts';
import type { Reader } from '../config/reader.ts';
import { judgeRemoved } from '../config/removed.ts';
import { type Diagnostic, hasErrors, sortDiagnostics } from '../core/diagnostic.ts';
import { ConfigError, SettingsError } from '../core/errors.ts';
import type { Resource } from '../core/resource.ts';
import type { Rule } from '../core/rule.ts';
import { desire } from '../engine/desired.ts';
import type { Host } from '../host/host.ts';
import { KINDS, SECTIONS } from '../kinds/index.ts';
import type { CommonOptions } from './options.ts';

export type Loaded = {
  readonly config: Config;
  readonly resources: readonly Resource[];
  readonly rules: readonly Rule[];
  readonly diagnostics: readonly Diagnostic[];
};

export type Checked = {
  readonly loaded: Loaded | undefined;
  readonly diagnostics: readonly Diagnostic[];
};

/** Text -> checked configuration and canonical resources; everything that is wrong at once. */
export async function check(
  host: Host,
  options: CommonOptions & { readonly requireSecrets?: boolean },
  target: string | undefined,
): Promise<Checked> {
  const read = await examine(diskReader, { file: options.config, target, env: host.env });
  const { config, draft, resources, rules } = read;
  const expired = draft === undefined ? [] : judgeExpired(draft, host.clock());
  const all = [...read.diagnostics, ...expired].map((one) => (options.requireSecrets ? required(one) : one));
  const diagnostics = sortDiagnostics(all);
  if (config === undefined || hasErrors(diagnostics)) return { loaded: undefined, diagnostics };
  return { loaded: { config, resources, rules, diagnostics }, diagnostics };
}

export type Examined = Pick<LoadedConfig, 'config' | 'draft' | 'diagnostics'> & {
  readonly resources: readonly Resource[];
  readonly rules: readonly Rule[];
};

/** What a text comes to by itself, whatever the day is: of a file on the disk, or of one as it would be. */
export async function examine(
  reader: Reader,
  wanted: Pick<LoadOptions, 'file' | 'target' | 'env'>,
): Promise<Examined> {
  const { config, draft, diagnostics: found } = await loadConfig({ ...wanted, reader, kinds: SECTIONS });
  if (draft === undefined) return { config, draft, resources: [], rules: [], diagnostics: found };
  const { resources, rules, diagnostics: desired } = desire(draft, KINDS);
  const further = [...desired, ...judgeAddresses(draft, resources)].filter((one) => !isTold(one, found));
  return { config, draft, resources, rules, diagnostics: [...found, ...further] };
}

/** @throws ConfigError with every diagnostic where there is an error among them. */
export async function load(
  host: Host,
  options: CommonOptions & { readonly requireSecrets?: boolean },
  target: string | undefined,
): Promise<Loaded> {
  const { loaded, diagnostics } = await check(host, options, target);
  if (loaded === undefined) throw new ConfigError(diagnostics);
  return loaded;
}

/** The targets that a command is about; `undefined` lets the configuration choose. */
export async function targetsOf(options: CommonOptions): Promise<readonly (string | undefined)[]> {
  if (!options.allTargets) return [options.target];
  if (options.target !== undefined) {
    throw new SettingsError('--target and --all-targets contradict each other', { hint: 'keep one of them' });
  }
  const { names, diagnostics } = await listTargets(diskReader, options.config);
  if (hasErrors(diagnostics)) throw new ConfigError(diagnostics);
  return names.length === 0 ? [undefined] : names;
}

/** Whether addresses under `removed` and `moved` mean what they can mean. */
function judgeAddresses(
  { removed, moved, positionOf }: Config,
  resources: readonly Resource[],
): readonly Diagnostic[] {
  const declared = { resources, kinds: KINDS.map(({ name }) => name), positionOf };
  return [...judgeRemoved(removed, declared), ...judgeMoved({ ...declared, moved, removed })];
}

function judgeExpired({ settings, positionOf }: Config, now: number): readonly Diagnostic[] {
  return expiredMutes(settings.mutes, { positionOf, now });
}

/** What follows from a mistake in the same place is not said as well. */
function isTold({ at }: Diagnostic, found: readonly Diagnostic[]): boolean {
  return found.some(
    ({ severity, at: other }) =>
      severity === 'error' &&
      other?.file === at?.file &&
      other?.line === at?.line &&
      other?.column === at?.column,
  );
}

/** `--require-secrets`: what could not be concluded without a secret is an error. */
function required(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === 'secret-unavailable' ? { ...diagnostic, severity: 'error' } : diagnostic;
}
