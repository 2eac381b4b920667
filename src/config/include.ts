import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Diagnostic, Position } from '../core/diagnostic.ts';
import { LIMITS } from './limits.ts';
import { mergeFile } from './merge-file.ts';
import { codeOf, readFile } from './read-file.ts';
import type { Reader } from './reader.ts';
import type { Leaf, Mapping, Tree } from './tree.ts';

export type Sources = {
  /** The main file with all that it includes; undefined where the main file itself cannot be used. */
  readonly tree: Mapping | undefined;
  /** The main file first, then the included ones, sorted. */
  readonly files: readonly string[];
  /** Over the contents of all files, in that order. */
  readonly sha256: string;
  readonly diagnostics: readonly Diagnostic[];
};

/** Reads the main file and every file that it includes. A file that cannot be used leaves the others alone. */
export async function readSources(reader: Reader, file: string): Promise<Sources> {
  const main = await readFile(reader, file, LIMITS.totalBytes);
  const hash = createHash('sha256').update(main.text ?? '');
  const diagnostics = [...main.diagnostics];
  if (main.tree === undefined)
    return { tree: undefined, files: [file], sha256: hash.digest('hex'), diagnostics };
  const included = await findIncluded(reader, file, main.tree, diagnostics);
  let tree = main.tree;
  let budgetBytes = LIMITS.totalBytes - Buffer.byteLength(main.text ?? '');
  for (const { path, at } of included) {
    const part = await readFile(reader, path, budgetBytes, at);
    budgetBytes -= Buffer.byteLength(part.text ?? '');
    // The zero byte keeps a line that moves from one file to the next from going unnoticed.
    hash.update('\0').update(part.text ?? '');
    diagnostics.push(...part.diagnostics);
    if (part.tree === undefined) continue;
    const merged = mergeFile(tree, part.tree);
    tree = merged.tree;
    diagnostics.push(...merged.diagnostics);
  }
  return {
    tree,
    files: [file, ...included.map(({ path }) => path)],
    sha256: hash.digest('hex'),
    diagnostics,
  };
}

type Included = { readonly path: string; readonly at: Position };

async function findIncluded(
  reader: Reader,
  file: string,
  tree: Mapping,
  found: Diagnostic[],
): Promise<readonly Included[]> {
  const root = await reader.realPath(dirname(file));
  // By real path: a file counts once, however many globs and links lead to it.
  const seen = new Set([await reader.realPath(file)]);
  const included: Included[] = [];
  for (const pattern of patternsOf(tree.fields.get('include')?.value)) {
    const matches = await matchesOf(reader, dirname(file), pattern, found);
    for (const path of matches) {
      const real = await realPathWithin(reader, root, path, { at: pattern.at, found });
      if (real === undefined || seen.has(real)) continue;
      seen.add(real);
      included.push({ path, at: pattern.at });
    }
  }
  const allowed = included.sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, LIMITS.files - 1);
  const firstTooMany = included[allowed.length];
  if (firstTooMany !== undefined) {
    found.push(
      error('too-large', `more than ${LIMITS.files} files`, firstTooMany.at, 'use fewer, larger ones'),
    );
  }
  return allowed;
}

type Pattern = { readonly at: Position; readonly text: string };

function patternsOf(tree: Tree | undefined): readonly Pattern[] {
  const leaves: readonly Tree[] = tree?.shape === 'list' ? tree.items : tree === undefined ? [] : [tree];
  return leaves
    .filter((leaf): leaf is Leaf => leaf.shape === 'leaf')
    .flatMap(({ at, value }) => (typeof value === 'string' && value !== '' ? [{ at, text: value }] : []));
}

async function matchesOf(
  reader: Reader,
  folder: string,
  { at, text }: Pattern,
  found: Diagnostic[],
): Promise<readonly string[]> {
  if (isAbsolute(text) || text.split(/[\\/]/).includes('..')) {
    found.push(outside(`include "${text}" leads out of the configuration's folder`, at));
    return [];
  }
  const fault = faultOf(text);
  if (fault !== undefined) {
    found.push(
      error(
        'include-pattern',
        `include "${text}" ${fault}`,
        at,
        'name the files that are wanted, for example "teams/*.yml"',
      ),
    );
    return [];
  }
  const matches = await globSafely(reader, text, folder);
  if (matches.length === 0) {
    const hint = 'paths are relative to the file that holds `include`';
    found.push({
      code: 'include-empty',
      severity: 'warning',
      message: `include "${text}" matches no file`,
      at,
      hint,
    });
  }
  return matches.map((match) => join(folder, match).split(sep).join('/'));
}

/** A pattern that the file system cannot take, for example one with a zero byte, matches nothing. */
async function globSafely(reader: Reader, pattern: string, folder: string): Promise<readonly string[]> {
  try {
    return await reader.glob(pattern, folder);
  } catch {
    return [];
  }
}

function faultOf(pattern: string): string | undefined {
  if (pattern.startsWith('!')) return 'may not begin with "!"';
  // Glob libraries backtrack: a dozen `*` and a file of a chosen name take minutes.
  const isCostly =
    pattern.length > 500 || pattern.split('/').some((segment) => segment.split('*').length > 5);
  return isCostly ? 'has too many wildcards' : undefined;
}

type Place = { readonly at: Position; readonly found: Diagnostic[] };

async function realPathWithin(
  reader: Reader,
  root: string,
  path: string,
  { at, found }: Place,
): Promise<string | undefined> {
  try {
    const real = await reader.realPath(path);
    const fromRoot = relative(root, real);
    if (fromRoot !== '..' && !fromRoot.startsWith(`..${sep}`) && !isAbsolute(fromRoot)) return real;
    found.push(outside(`${path} is a link out of the configuration's folder`, at));
  } catch (cause) {
    found.push(error('file-unreadable', `${path} cannot be read (${codeOf(cause)})`, at, 'check the file'));
  }
  return undefined;
}

function outside(message: string, at: Position): Diagnostic {
  return error('include-outside', message, at, 'included files must lie in that folder or below it');
}

function error(code: string, message: string, at: Position, hint: string): Diagnostic {
  return { code, severity: 'error', message, at, hint };
}
