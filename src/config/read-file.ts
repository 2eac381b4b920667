import type { Diagnostic, Position } from '../core/diagnostic.ts';
import { LIMITS } from './limits.ts';
import { parse } from './parse.ts';
import type { Reader } from './reader.ts';
import type { Mapping } from './tree.ts';

type FileRead = {
  readonly tree: Mapping | undefined;
  /** Undefined where the file could not be read. */
  readonly text: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Reads and parses one file.
 * @param budgetBytes how much may still be read in this run.
 * @param at what names the file, for a file that cannot be read.
 */
export async function readFile(
  reader: Reader,
  file: string,
  budgetBytes: number,
  at?: Position,
): Promise<FileRead> {
  try {
    const size = await reader.size(file);
    if (size > LIMITS.fileBytes)
      return refused('too-large', `${file} is larger than 1 MiB`, 'split it, with `include`', at);
    if (size > budgetBytes)
      return refused(
        'too-large',
        'all files together are larger than 4 MiB',
        'use fewer or smaller ones',
        at,
      );
    const text = await reader.read(file);
    return { text, ...parse(file, text) };
  } catch (error) {
    const [message, hint] = wordReadError(file, codeOf(error));
    return refused('file-unreadable', message, hint, at);
  }
}

/** The `code` of an error of the file system. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}

function wordReadError(file: string, code: string): readonly [string, string] {
  switch (code) {
    case 'ENOENT':
      return [`there is no file ${file}`, 'name another one with --config, or start from one of examples/'];
    case 'EISDIR':
      return [`${file} is a folder`, 'name a file'];
    case 'EACCES':
      return [`${file} may not be read`, 'check its permissions'];
    case 'NOT_UTF8':
      return [`${file} is not UTF-8 text`, 'save it as UTF-8'];
    default:
      return [`${file} cannot be read (${code})`, 'check the file'];
  }
}

function refused(code: string, message: string, hint: string, at: Position | undefined): FileRead {
  const diagnostic: Diagnostic = {
    code,
    severity: 'error',
    message,
    hint,
    ...(at === undefined ? {} : { at }),
  };
  return { tree: undefined, text: undefined, diagnostics: [diagnostic] };
}
