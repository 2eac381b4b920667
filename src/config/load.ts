import { dirname } from 'node:path';
import { hasErrors, sortDiagnostics, type Diagnostic, type Position } from '../core/diagnostic.ts';
import { type Entry, type EntryPath, asEntry } from '../core/entry.ts';
import type { Move } from '../core/move.ts';
import type { Secret } from '../core/secret.ts';
import type { Address } from '../core/value.ts';
import { build, type Built } from './build.ts';
import { readSources, type Sources } from './include.ts';
import { dropLater } from './later.ts';
import { LIMITS } from './limits.ts';
import { readMoved } from './moved.ts';
import { readFile } from './read-file.ts';
import type { Reader } from './reader.ts';
import { readRemoved } from './removed.ts';
import { composeSchema, type Section } from './schema.ts';
import { readSettings, type Settings } from './settings.ts';
import { chooseTarget, targetNames } from './targets.ts';
import { mappingAt, positionAt, toEntryValue, type Mapping, type Tree } from './tree.ts';

export type LoadOptions = {
  readonly reader: Reader;
  /** As the user named it: relative to the working directory, or absolute. */
  readonly file: string;
  readonly target: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kinds: readonly Section[];
};

/** `config` is there exactly where no diagnostic is an error. */
export type LoadedConfig = {
  readonly config: Config | undefined;
  /** The same in spite of errors, to look for further ones; undefined where there is no text to speak of. */
  readonly draft: Config | undefined;
  readonly diagnostics: readonly Diagnostic[];
};

/** One configuration for one target, checked, with variables, secrets and references put in. */
export type Config = {
  readonly name: string;
  /** The main file first, as the user named it; then the included ones, sorted. */
  readonly files: readonly string[];
  /** Over the contents of `files`. */
  readonly sha256: string;
  readonly target: { readonly name: string | null; readonly host?: string; readonly profile?: string };
  readonly settings: Settings;
  /** Section -> key -> entry; every section of `kinds` is there. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
  /** What is let go of: it stays in the workspace, and is forgotten. */
  readonly removed: readonly Address[];
  /** Entries that got another key. */
  readonly moved: readonly Move[];
  /** Where the key or list item at a path stands, for example `['jobs', 'etl', 'mode']`; else its nearest ancestor. */
  readonly positionOf: (path: EntryPath) => Position;
  /** Everything that must never be shown, parts of composed secrets too. */
  readonly secrets: readonly Secret[];
};

/** Reads, merges and checks a configuration. A user's mistake is a diagnostic, never an exception. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const sources = await readSources(options.reader, options.file);
  if (sources.tree === undefined)
    return { config: undefined, draft: undefined, diagnostics: sortDiagnostics(sources.diagnostics) };
  const schema = composeSchema(options.kinds);
  const { tree, diagnostics: later } = dropLater(sources.tree, schema);
  const choice = chooseTarget(tree, options.target);
  const surroundings = { env: options.env, schema, sections: options.kinds.map(({ section }) => section) };
  const built = build(tree, choice.name, surroundings);
  const others = targetNames(tree)
    .filter((name) => name !== choice.name)
    .flatMap((name) =>
      mistakesWithin(mappingAt(mappingAt(tree, 'targets'), name), build(tree, name, surroundings)),
    );
  const all = [...sources.diagnostics, ...later, ...choice.diagnostics, ...built.diagnostics, ...others];
  const diagnostics = sortDiagnostics(withoutRepeats(all));
  const draft = toConfig(sources, built, options);
  return { config: hasErrors(diagnostics) ? undefined : draft, draft, diagnostics };
}

/** The targets of a configuration, in the order of the file, for a run over all of them. */
export async function listTargets(
  reader: Reader,
  file: string,
): Promise<{ readonly names: readonly string[]; readonly diagnostics: readonly Diagnostic[] }> {
  const { tree, diagnostics } = await readFile(reader, file, LIMITS.totalBytes);
  return { names: tree === undefined ? [] : targetNames(tree), diagnostics: sortDiagnostics(diagnostics) };
}

/** What is wrong in the text of a target that this run is not about. What it reads of the environment is not there today. */
function mistakesWithin(target: Mapping, { diagnostics }: Built): readonly Diagnostic[] {
  const places = new Set(placesIn(target));
  return diagnostics.filter(
    ({ code, severity, at }) =>
      severity === 'error' &&
      code !== 'undefined-environment' &&
      at !== undefined &&
      places.has(`${at.file}:${at.line}`),
  );
}

function* placesIn(tree: Tree): Generator<string> {
  yield `${tree.at.file}:${tree.at.line}`;
  if (tree.shape === 'list') for (const item of tree.items) yield* placesIn(item);
  if (tree.shape !== 'mapping') return;
  for (const { at, value } of tree.fields.values()) {
    yield `${at.file}:${at.line}`;
    yield* placesIn(value);
  }
}

function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const keyed = diagnostics.map((diagnostic): [string, Diagnostic] => {
    const { file, line, column } = diagnostic.at ?? { file: '', line: 0, column: 0 };
    return [`${file}:${line}:${column} ${diagnostic.code} ${diagnostic.message}`, diagnostic];
  });
  return [...new Map(keyed).values()];
}

function toConfig({ files, sha256 }: Sources, built: Built, { file, kinds }: LoadOptions): Config {
  const root = asEntry(toEntryValue(built.tree));
  const { host, profile } = asEntry(asEntry(root['targets'])[built.target ?? '']);
  return {
    name: typeof root['name'] === 'string' ? root['name'] : 'notifications',
    files,
    sha256,
    target: {
      name: built.target ?? null,
      ...(typeof host === 'string' ? { host } : {}),
      ...(typeof profile === 'string' ? { profile } : {}),
    },
    settings: readSettings(asEntry(root['settings']), dirname(file)),
    sections: Object.fromEntries(kinds.map(({ section }) => [section, entriesOf(root[section])])),
    removed: readRemoved(root['removed']),
    moved: readMoved(root['moved']),
    positionOf: (path) => positionAt(built.tree, path),
    secrets: built.secrets,
  };
}

function entriesOf(section: Entry[string] | undefined): Readonly<Record<string, Entry>> {
  return Object.fromEntries(Object.entries(asEntry(section)).map(([key, entry]) => [key, asEntry(entry)]));
}
