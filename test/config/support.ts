import { posix } from 'node:path';
import { loadConfig, type Config, type LoadedConfig } from '../../src/config/load.ts';
import type { Reader } from '../../src/config/reader.ts';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { SECTIONS } from '../../src/kinds/index.ts';

export const FILE = 'notifications.yml';

/** Files in memory; a glob is a list of the files that it stands for. */
export function memoryReader(
  files: Readonly<Record<string, string>>,
  globs: Readonly<Record<string, string[]>> = {},
): Reader {
  const read = async (path: string): Promise<string> => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  };
  return {
    read,
    size: async (path) => Buffer.byteLength(await read(path)),
    realPath: async (path) => posix.resolve('/memory', path),
    glob: async (pattern) => globs[pattern] ?? [],
  };
}

export type Given = { readonly target?: string; readonly env?: Readonly<Record<string, string>> };

export function loadText(text: string, { target, env = {} }: Given = {}): Promise<LoadedConfig> {
  return loadConfig({ reader: memoryReader({ [FILE]: text }), file: FILE, target, env, kinds: SECTIONS });
}

/** The configuration, for a text that is right. */
export async function configOf(text: string, given: Given = {}): Promise<Config> {
  const { config, diagnostics } = await loadText(text, given);
  if (config === undefined) throw new Error(shown(diagnostics).join('\n'));
  return config;
}

/** `line:column code: message; hint`, in order. */
export function shown(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(
    ({ at, code, message, hint }) => `${at?.line}:${at?.column} ${code}: ${message}; ${hint}`,
  );
}

export async function mistakesIn(text: string, given: Given = {}): Promise<readonly string[]> {
  return shown((await loadText(text, given)).diagnostics);
}
